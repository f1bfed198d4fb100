"""
A number that names a case names everybody in it, and a wrong number names somebody else.

Whoever contradicts those who share a number is somebody else; nothing of the one is said of the other, and a person is
told, once.
"""

from itertools import permutations
from typing import Any

import pytest

from onward.contracts.contact import Consent
from onward.contracts.situation import Situation
from unit.people.people_builders import File, a_contact, a_link, a_release, a_screening, born, named, number, on_day

DISPUTED = "event.identity_disputed"
VICTIM: dict[str, Any] = {
    "name": "Anne Test-One",
    "date_of_birth": born("1988-01-02"),
    "phone": "01632 960001",
    "facts": {"person.sex": "female", "risk.domestic_abuse_role": "victim", "needs.accommodation": 3},
    "consents": (Consent(purpose="DOMESTIC_ABUSE", given=True, said_at=on_day(1)),),
}


def disputed(situation: Situation) -> bool:
    return situation.facts.get(DISPUTED) is True


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (
            {"name": "Bert Test-Two", "date_of_birth": born("1979-09-09"), "facts": {"person.sex": "male"}},
            "all differs",
        ),
        ({"name": "Bert Test-One"}, "the husband, of whom nobody wrote down a birthday"),
        ({"name": "Bert Other"}, "a name and nothing else"),
        ({"facts": {"person.sex": "male"}}, "nobody knows his name"),
        ({"facts": {"person.age": 15}}, "a child whose name nobody knows"),
        ({"facts": {"risk.domestic_abuse_role": "suspect"}}, "the suspect, of whom nothing else is known"),
    ],
)
def test_two_people_of_one_incident_share_nothing_and_a_person_is_told(other: dict[str, Any], why: str) -> None:
    file = File()
    assert not disputed(file.situation(a_contact("victim", reference="CAD 4471", **VICTIM)))
    situation = file.situation(a_contact("other", reference="CAD 4471", day=2, **other))
    assert file.person("victim") != file.person("other"), why
    assert disputed(situation)
    assert "needs.accommodation" not in situation.facts
    assert "phone" not in situation.identity_fields
    assert not situation.consents


@pytest.mark.parametrize(
    "again",
    [
        {"name": "A Test-One"},
        {"facts": {"person.age": 37}},
        {"date_of_birth": born("1988-01-02"), "name": "Anne Married"},
        {"name": "Anne Test-One", "facts": {"risk.domestic_abuse_role": "suspect"}},
        {},
    ],
)
def test_one_person_met_twice_in_one_incident_stays_one(again: dict[str, Any]) -> None:
    file = File(a_contact("first", reference="CAD 4471", **VICTIM))
    situation = file.situation(a_contact("again", reference="CAD 4471", day=2, **again))
    assert file.person("first") == file.person("again")
    assert not disputed(situation)


def test_two_forces_count_their_incidents_alike() -> None:
    told = [
        a_contact("here", reference="1234", force="west_midlands"),
        a_contact("here again", reference="1234", force="west_midlands", day=2),
        a_contact("there", reference="1234", force="cambridgeshire", day=3),
        a_contact("nobody says where", reference="1234", day=4),
    ]
    for order in permutations(told):
        assert File(*order).together() == {
            frozenset({named("here"), named("here again")}),
            frozenset({named("there")}),
            frozenset({named("nobody says where")}),
        }


def test_a_force_that_one_of_two_messages_names_parts_nobody() -> None:
    file = File(a_contact("first", reference="1234", force="20"), a_contact("again", reference="1234", day=2))
    assert file.person("first") == file.person("again")


def test_two_defendants_of_one_hearing_under_one_police_number_are_two_people() -> None:
    def in_court(event: str, **who: Any) -> Any:
        hearing: dict[str, Any] = {"source": "courts", "type": "court.hearing", "at": on_day(3)}
        return a_contact(event, "PNC 2002/0073319Z", reference=event, **hearing, **who)

    man: dict[str, Any] = {
        "name": "Bert Test-Two",
        "date_of_birth": born("1979-09-09"),
        "facts": {"person.sex": "male"},
    }
    for order in permutations(
        [
            in_court("woman", **VICTIM),
            in_court("man", **man),
            a_contact("arrest", "PNC 2002/0073319Z", name="Anne Test-One", date_of_birth=born("1988-01-02")),
            a_contact("nobody", "PNC 2002/0073319Z", day=4),
        ]
    ):
        file = File(*order)
        assert file.together() == {
            frozenset({named("woman"), named("arrest")}),
            frozenset({named("man")}),
            frozenset({named("nobody")}),  # of either, for all that anybody can say
        }


def test_an_alias_is_joined_by_the_police_number_and_is_no_dispute() -> None:
    file = File(a_contact("arrest", "PNC 2002/0073319Z", **VICTIM))
    alias: dict[str, Any] = {"name": "Carla Proof", "date_of_birth": born("1979-09-09")}
    assert not disputed(file.situation(a_contact("alias", "PNC 2002/0073319Z", day=2, **alias)))
    assert len(file.together()) == 1


def moved_between_cases() -> list[Any]:
    return [
        a_link("first", "same", "NOMS A1234BC", "CRN X111111", day=1, source="hmpps"),
        a_screening("anne", "CRN X111111", day=2, **{key: VICTIM[key] for key in ("name", "date_of_birth", "phone")}),
        a_link("second", "same", "NOMS A1234BC", "CRN X222222", day=3, source="hmpps"),
        a_release("bert", "NOMS A1234BC", day=4),
        a_contact("bert again", "CRN X222222", day=5),
    ]


def test_of_links_that_contradict_each_other_the_newest_holds_in_any_order() -> None:
    for order in permutations(moved_between_cases()):
        file = File(*order)
        assert file.person("bert") == file.person("bert again") != file.person("anne")


def test_a_prison_number_that_is_moved_to_another_case_takes_nothing_of_the_first_along() -> None:
    file = File()
    told = [file.situation(contact) for contact in moved_between_cases()]
    assert [disputed(situation) for situation in told] == [False, False, True, False, False]
    assert "needs.accommodation" in told[1].facts
    assert "needs.accommodation" not in told[3].facts
    assert told[3].identity_fields == ("identifiers.NOMS", "identifiers.CRN")


def test_whoever_repeats_a_link_that_was_overruled_follows_the_case_and_not_the_number() -> None:
    for order in permutations([*moved_between_cases()[:4], a_contact("liaison", "NOMS A1234BC", "CRN X111111", day=5)]):
        file = File(*order)
        assert file.person("liaison") == file.person("anne") != file.person("bert")
    seen = file.take(a_contact("late", "CRN X111111", day=6)).drafts[0]
    assert number("NOMS A1234BC") not in seen.identity.identifiers


def test_cases_that_were_merged_contradict_no_link() -> None:
    merge = a_link("merge", "merged", "CRN X222222", "CRN X111111", day=1, source="hmpps")
    for order in permutations([merge, *moved_between_cases()[:4]]):
        assert len(File(*order).together()) == 1


def test_what_a_partner_parts_is_no_dispute() -> None:
    file = File(
        a_contact("one", "CRN X111111"),
        a_contact("other", "CRN X222222"),
        a_link("merge", "merged", "CRN X111111", "CRN X222222", day=2),
    )
    assert not disputed(file.situation(a_link("unmerge", "unmerged", "CRN X111111", "CRN X222222", day=3)))
