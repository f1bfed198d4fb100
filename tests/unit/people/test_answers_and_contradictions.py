"""An answer is believed of the person who was asked about, and a reference joins nobody who cannot be one person."""

from itertools import permutations
from typing import Any

import pytest

from onward.contracts.contact import Consent
from onward.contracts.outcome import Parked
from unit.people.people_builders import File, a_contact, a_link, a_release, a_screening, an_answer, born, named, on_day

ANNE: dict[str, Any] = {"name": "Anne Test-One", "date_of_birth": born("1990-05-01"), "facts": {"person.sex": "female"}}
BERT: dict[str, Any] = {"name": "Bert Test-Two", "date_of_birth": born("1971-01-09"), "facts": {"person.sex": "male"}}

BORN_A_DAY_LATER: dict[str, Any] = {**ANNE, "date_of_birth": born("1990-05-02")}


def called(name: str) -> dict[str, Any]:
    return {**ANNE, "name": name}


def refused(file: File, contact: Any) -> str:
    outcome = file.join(contact)
    assert isinstance(outcome, Parked), outcome
    assert outcome.detail
    assert outcome.pointer == "/in_reply_to"
    return outcome.reason


def a_suite() -> File:
    """Custody has told of two people."""
    return File(a_contact("anne", reference="CR/1", **ANNE), a_contact("bert", reference="CR/2", **BERT))


def test_an_answer_joins_the_person_who_was_asked_about() -> None:
    file = File(a_release("release", "NOMS A1234BC", day=1))
    situation = file.situation(an_answer("answer", "release", source="hmpps"))
    assert situation.person == file.person("release")
    assert situation.in_reply_to == named("release")
    assert situation.facts["custody.status"] == "released"


@pytest.mark.parametrize("reference", ["", "CR/1"])
def test_an_answer_gives_the_reference_of_the_question_or_none(reference: str) -> None:
    file = a_suite()
    situation = file.take(an_answer("answer", "anne", reference=reference)).drafts[0]
    assert situation.situation.person == file.person("anne")
    assert situation.references == {"custody": "CR/1"}


def test_an_answer_whose_reference_leads_to_somebody_else_joins_nobody() -> None:
    assert refused(a_suite(), an_answer("answer", "anne", reference="CR/2")) == "identifier_conflict"


def test_an_answer_whose_reference_its_partner_never_gave_for_this_person_joins_nobody() -> None:
    """A variable that still holds what it held before: of somebody whom nobody has told of yet."""
    assert refused(a_suite(), an_answer("answer", "anne", reference="CR/3")) == "identifier_conflict"


def test_an_answer_whose_number_leads_to_somebody_else_joins_nobody() -> None:
    file = a_suite()
    file.take(a_release("release", "NOMS A1234BC", day=1))
    assert refused(file, an_answer("answer", "anne", "NOMS A1234BC")) == "identifier_conflict"


def test_an_answer_whose_number_contradicts_that_of_the_person_asked_about_joins_nobody() -> None:
    file = File(a_release("release", "NOMS A1234BC", day=1))
    assert refused(file, an_answer("answer", "release", "NOMS A9999ZZ")) == "identifier_conflict"


def test_an_answer_that_names_its_person_by_a_number_which_nobody_knew_joins_nobody() -> None:
    """Were it believed, the next word on whom the number is truly of would make one person of two."""
    assert refused(a_suite(), an_answer("answer", "anne", "PNC 2002/0073319Z")) == "identifier_conflict"


def test_a_number_that_an_answer_gives_beside_a_known_one_joins_nobody() -> None:
    file = File(a_release("release", "NOMS A1234BC", day=1))
    situation = file.situation(an_answer("answer", "release", "NOMS A1234BC", "PNC 2002/0073319Z"))
    assert situation.person == file.person("release")
    assert situation.identity_fields == ("identifiers.NOMS",)
    file.take(a_contact("arrest", "PNC 2002/0073319Z", day=3))
    assert file.person("arrest") != file.person("release")


@pytest.mark.parametrize(
    "told",
    [{"facts": {"person.sex": "male"}, "date_of_birth": born("1971-01-09")}, {"date_of_birth": born("1971-01-09")}],
)
def test_an_answer_that_contradicts_what_is_known_of_the_person_joins_nobody(told: dict[str, Any]) -> None:
    assert refused(a_suite(), an_answer("answer", "anne", **told)) == "identifier_conflict"


def test_an_answer_that_tells_what_was_not_known_is_believed() -> None:
    file = File(a_contact("arrest", reference="CR/1", name="Anne Test-One"))
    told = an_answer("answer", "arrest", date_of_birth=born("1990-05-01"), facts={"person.sex": "female"})
    assert file.situation(told).person == file.person("arrest")


@pytest.mark.parametrize("number", [(), ("NOMS A1234BC",)])
def test_an_answer_to_what_nobody_was_asked_joins_nobody_whoever_it_names(number: tuple[str, ...]) -> None:
    file = File(a_release("release", "NOMS A1234BC", day=1))
    assert refused(file, an_answer("answer", "never told", *number)) == "unknown_question"


def test_a_consent_in_a_refused_answer_is_nobodys() -> None:
    file = a_suite()
    consent = Consent(purpose="MENTAL_HEALTH", given=True, said_at=on_day(2))
    file.offer(
        an_answer("answer", "anne", reference="CR/2", consents=(consent,), facts={"consent.mental_health": True})
    )
    for event, who in (("anne again", "CR/1"), ("bert again", "CR/2")):
        situation = file.situation(a_contact(event, reference=who, day=3))
        assert situation.consents == ()
        assert "consent.mental_health" not in situation.facts


def test_one_reference_for_two_people_joins_neither_and_each_keeps_their_own() -> None:
    told = [
        a_contact("anne", reference="INC/1", **ANNE),
        a_contact("anne again", reference="INC/1", day=2, **called("Ann Test-One")),
        a_contact("bert", reference="INC/1", day=3, **BERT),
        a_contact("nobody", reference="INC/1", day=4),
    ]
    for order in permutations(told):
        file = File(*order)
        assert file.together() == {
            frozenset({named("anne"), named("anne again")}),
            frozenset({named("bert")}),
            frozenset({named("nobody")}),  # of either, for all that anybody can say
        }


def test_a_contact_that_is_kept_apart_is_counted_as_such() -> None:
    file = File(a_contact("anne", reference="CR/1", **ANNE))
    assert file.take(a_contact("bert", reference="CR/1", **BERT)).result == "kept_apart"
    assert file.take(a_contact("stranger", reference="CR/9")).result == "new_person"


def test_a_number_outweighs_what_is_said_of_the_person() -> None:
    file = File(a_contact("anne", "PNC 2002/0073319Z", **ANNE), a_contact("bert", "PNC 2002/0073319Z", day=2, **BERT))
    assert file.person("anne") == file.person("bert")


def test_a_person_known_by_two_names_is_joined_by_a_reference_under_either() -> None:
    file = File(
        a_contact("anne", "NOMS A1234BC", reference="CR/1", **ANNE),
        a_contact("married", "NOMS A1234BC", day=2, name="Anne Somebody", date_of_birth=born("1990-05-01")),
        a_contact("by her new name", reference="CR/1", day=3, name="A Somebody"),
    )
    assert len(file.together()) == 1


def test_two_people_under_one_reference_are_not_joined_by_a_third_who_shares_a_number_and_another_reference() -> None:
    """A chain of references, each of whose links is possible, and whose ends are not one person."""
    told = [
        a_contact("anne", reference="CR/1", **ANNE),
        a_contact("middle", "CRN X111111", reference="CR/1", day=2),
        a_contact("other middle", "CRN X111111", source="liaison", reference="LD/1", day=3),
        a_contact("bert", source="liaison", reference="LD/1", day=4, **BERT),
    ]
    for order in permutations(told):
        assert File(*order).together() == {
            frozenset({named("anne")}),
            frozenset({named("middle"), named("other middle")}),
            frozenset({named("bert")}),
        }


def test_an_answer_that_no_longer_fits_leaves_the_person_with_its_consent() -> None:
    """What was taken for one record turns out to be two: the answer goes with the contact that it answers."""
    file = File(
        a_contact("one", "CRN X111111", day=1),
        a_contact("other", "CRN X222222", day=1),
        a_link("merge", "merged", "CRN X111111", "CRN X222222", day=2),
        an_answer("answer", "other", day=3, facts={"consent.accommodation": True}),
    )
    assert file.person("answer") == file.person("one")
    file.take(a_link("unmerge", "unmerged", "CRN X111111", "CRN X222222", day=4))
    assert file.person("answer") == file.person("other") != file.person("one")


def test_what_liaison_screened_is_joined_though_custody_mistyped_the_birthday() -> None:
    file = File(a_contact("arrest", reference="CR/1", **ANNE))
    file.take(a_contact("review", reference="CR/1", day=2, **BORN_A_DAY_LATER))
    file.take(a_screening("screening", day=3))
    assert file.person("review") == file.person("arrest") != file.person("screening")
