"""What is known of a person when something happens: the latest word at or before it, and never what came after."""

from datetime import date
from typing import Any

import pytest

from onward.contracts.contact import Consent
from onward.contracts.ids import derived_id
from onward.people.domain.join import known_from_facts
from unit.people.people_builders import (
    PEPPER,
    File,
    Joined,
    a_contact,
    a_link,
    a_release,
    a_screening,
    join,
    named,
    on_day,
)

NOMS = "NOMS A1234BC"


def test_a_release_is_seen_together_with_what_a_screening_found_before_it() -> None:
    file = File(a_screening("screening", NOMS, needs={"accommodation": 3}, day=1))
    situation = file.situation(a_release("release", NOMS, day=5))
    assert situation.facts["needs.accommodation"] == 3
    assert situation.facts["event.movement"] == "released"
    assert situation.observed == {"needs.accommodation": date(2026, 3, 2)}


def test_a_release_of_which_nothing_else_is_known_says_only_what_it_says() -> None:
    situation = File().situation(a_release("release", NOMS, day=5))
    assert situation.facts == {
        "custody.status": "released",
        "release.on": date(2026, 3, 6),
        "event.movement": "released",
        "person.contacts_90_days": 1,
        "person.days_met_90_days": 1,
    }
    assert situation.observed == {}


def test_what_happened_once_ends_with_its_contact() -> None:
    file = File(a_contact("triage", NOMS, facts={"event.outcome": "s136", "person.sex": "female"}))
    situation = file.situation(a_release("release", NOMS, day=5))
    assert "event.outcome" not in situation.facts
    assert situation.facts["person.sex"] == "female"


def test_what_is_computed_is_never_carried_over() -> None:
    file = File(a_contact("arrest", NOMS, facts={"person.nation": "wales"}))
    assert "person.nation" not in file.situation(a_release("release", NOMS, day=5)).facts


def test_the_latest_word_by_event_time_counts() -> None:
    file = File(
        a_screening("first", NOMS, needs={"accommodation": 1}, day=1),
        a_screening("second", NOMS, needs={"accommodation": 4}, day=2),
    )
    assert file.situation(a_release("release", NOMS, day=5)).facts["needs.accommodation"] == 4


def test_an_older_statement_that_arrives_later_overrides_nothing() -> None:
    file = File(
        a_screening("second", NOMS, needs={"accommodation": 4}, day=2),
        a_screening("first", NOMS, needs={"accommodation": 1}, day=1),
    )
    assert file.situation(a_release("release", NOMS, day=5)).facts["needs.accommodation"] == 4


def test_an_older_contact_that_arrives_later_sees_nothing_of_what_came_after_it() -> None:
    file = File(a_screening("screening", NOMS, day=9))
    assert "needs.accommodation" not in file.situation(a_release("release", NOMS, day=5)).facts


def test_of_where_a_person_is_and_whether_they_live_an_older_contact_sees_the_newest_word() -> None:
    file = File(
        a_release("release", NOMS, day=5),
        a_contact("death", NOMS, day=8, source="hmpps", facts={"person.deceased": True, "custody.status": "hospital"}),
    )
    situation = file.situation(a_screening("screening", NOMS, day=2))
    assert situation.facts == {
        "needs.accommodation": 3,
        "release.on": date(2026, 3, 6),
        "person.deceased": True,
        "custody.status": "hospital",
        "person.contacts_90_days": 1,
        "person.days_met_90_days": 1,
        "person.needs_found": 1,
    }
    assert situation.observed == {
        "release.on": date(2026, 3, 6),
        "person.deceased": date(2026, 3, 9),
        "custody.status": date(2026, 3, 9),
    }


def test_a_contact_s_own_word_on_where_a_person_is_counts_until_a_newer_event() -> None:
    file = File(a_contact("recall", NOMS, day=8, source="hmpps", facts={"custody.status": "in_prison"}))
    late = file.situation(a_release("release", NOMS, day=5))
    assert (late.facts["custody.status"], late.facts["event.movement"]) == ("in_prison", "released")
    same_moment = a_contact("same moment", NOMS, day=8, facts={"custody.status": "community"})
    assert file.situation(same_moment).facts["custody.status"] == "community"


def test_someone_received_back_into_prison_is_not_released_any_more() -> None:
    file = File(a_release("release", NOMS, day=5))
    back = a_contact("recall", NOMS, day=8, source="hmpps", facts={"custody.status": "in_prison"})
    assert file.situation(back).facts["custody.status"] == "in_prison"
    assert file.situation(a_screening("screening", NOMS, day=9)).facts["custody.status"] == "in_prison"


def test_a_reception_told_late_does_not_put_a_released_person_back() -> None:
    file = File(a_release("release", NOMS, day=5))
    file.take(a_contact("reception", NOMS, day=2, source="hmpps", facts={"custody.status": "in_prison"}))
    assert file.situation(a_screening("screening", NOMS, day=9)).facts["custody.status"] == "released"


def registered(event: str, day: int, *records: tuple[str, bool]) -> Any:
    return a_contact(
        event, NOMS, day=day, facts={"registrations": [{"code": code, "active": active} for code, active in records]}
    )


def test_registrations_are_added_up_code_by_code() -> None:
    file = File(registered("first", 1, ("MAPP", True)), registered("second", 2, ("RHRH", True)))
    facts = file.situation(a_release("release", NOMS, day=5)).facts
    assert facts["registrations"] == [{"code": "MAPP", "active": True}, {"code": "RHRH", "active": True}]


def test_a_registration_that_ended_is_no_longer_active_and_the_others_stay() -> None:
    file = File(
        registered("end", 3, ("MAPP", False)),  # arrives first, happened last
        registered("first", 1, ("MAPP", True), ("AVIS", True)),
    )
    facts = file.situation(a_release("release", NOMS, day=5)).facts
    assert facts["registrations"] == [{"code": "AVIS", "active": True}, {"code": "MAPP", "active": False}]


def consent(day: int, purpose: Any = "ACCOMMODATION", *, given: bool = True, recipient: str | None = None) -> Consent:
    return Consent(purpose=purpose, given=given, recipient=recipient, said_at=on_day(day), how="verbal")


def test_consent_is_kept_for_each_purpose_and_recipient() -> None:
    file = File(
        a_contact("one", NOMS, day=1, consents=(consent(1), consent(1, "MENTAL_HEALTH"))),
        a_contact("two", NOMS, day=2, consents=(consent(2, recipient="northgate", given=False),)),
    )
    assert file.situation(a_release("release", NOMS, day=5)).consents == (
        consent(1),
        consent(2, recipient="northgate", given=False),
        consent(1, "MENTAL_HEALTH"),
    )


def test_consent_that_was_taken_back_stays_taken_back_when_the_older_yes_arrives_later() -> None:
    file = File(
        a_contact("no", NOMS, day=2, consents=(consent(2, given=False),)),
        a_contact("yes", NOMS, day=1, consents=(consent(1),)),
    )
    assert file.situation(a_release("release", NOMS, day=5)).consents == (consent(2, given=False),)


def test_of_a_yes_and_a_no_at_one_moment_the_no_counts() -> None:
    contact = a_contact("both", NOMS, consents=(consent(1, given=False), consent(1)))
    assert File().situation(contact).consents == (consent(1, given=False),)


def test_each_partner_is_told_under_its_own_latest_reference() -> None:
    file = File(
        a_contact("old arrest", NOMS, day=1, reference="CR/1"),
        a_contact("arrest", NOMS, day=3, reference="CR/2"),
        a_screening("screening", NOMS, day=2, reference="LD/7"),
    )
    draft = file.take(a_release("release", NOMS, day=5, reference="A1234BC")).drafts[0]
    assert draft.references == {"custody": "CR/2", "liaison": "LD/7", "hmpps": "A1234BC"}
    assert draft.situation.references == {}, "nothing of it is in the situation before it is sealed"


def test_a_screening_told_late_sends_the_release_round_again_with_what_it_found() -> None:
    file = File(a_release("release", NOMS, day=5))
    joined = file.take(a_screening("screening", NOMS, needs={"accommodation": 3}, day=2))
    own, again = (one.situation for one in joined.drafts)
    assert own.contact_id == named("screening")
    assert (own.facts["custody.status"], own.observed["custody.status"]) == ("released", date(2026, 3, 6))
    assert "event.movement" not in own.facts
    assert (again.contact_id, again.revision) == (named("release"), 2)
    assert again.situation_id == derived_id("situation", str(named("release")), "2") != own.situation_id
    assert again.facts["event.movement"] == "released"
    assert again.facts["needs.accommodation"] == 3


def test_each_late_contact_gives_a_revision_of_its_own() -> None:
    file = File(a_release("release", NOMS, day=5))
    for revision, day in ((2, 2), (3, 3)):
        joined = file.take(a_screening(f"screening {day}", NOMS, needs={"mental_health": day}, day=day))
        assert [one.situation.revision for one in joined.drafts] == [1, revision]


def test_a_late_contact_that_changes_nothing_sends_nothing_round() -> None:
    file = File(
        a_screening("known", NOMS, needs={"accommodation": 3}, day=3),
        a_release("release", NOMS, day=5),
    )
    joined = file.take(a_screening("older", NOMS, needs={"accommodation": 1}, day=-100))
    assert [one.situation.contact_id for one in joined.drafts] == [named("older")]


def test_contacts_in_the_order_of_events_send_nothing_round() -> None:
    file = File(a_screening("screening", NOMS, day=1))
    assert len(file.take(a_release("release", NOMS, day=5)).drafts) == 1


def test_a_link_sends_the_latest_contact_round_with_the_facts_of_both_records() -> None:
    file = File(a_screening("screening", "CRN X123456", day=1), a_release("release", NOMS, day=5))
    joined = file.take(a_link("number added", "same", "CRN X123456", NOMS, day=6))
    own, again = (one.situation for one in joined.drafts)
    assert own.contact_id == named("number added")
    assert own.facts["needs.accommodation"] == 3
    assert (again.contact_id, again.revision) == (named("release"), 2)
    assert again.facts["needs.accommodation"] == 3
    assert again.person == own.person == file.person("screening")


def test_what_arrives_late_after_a_link_still_sends_the_release_round_and_not_the_link() -> None:
    file = File(a_release("release", NOMS, day=5), a_link("number added", "same", "CRN X123456", NOMS, day=6))
    joined = file.take(a_screening("screening", "CRN X123456", day=1))
    assert [one.situation.contact_id for one in joined.drafts] == [named("screening"), named("release")]


def test_parting_takes_from_each_what_only_the_other_had_said() -> None:
    file = File(
        a_screening("screening", "CRN X222222", needs={"mental_health": 4}, day=1),
        a_contact("licence", "CRN X111111", day=2, facts={"person.sex": "male"}),
        a_link("merge", "merged", "CRN X111111", "CRN X222222", day=3),
    )
    assert file.situation(a_contact("visit", "CRN X111111", day=4)).facts["needs.mental_health"] == 4
    joined = file.take(a_link("unmerge", "unmerged", "CRN X111111", "CRN X222222", day=5))
    shown = {one.situation.contact_id: one.situation for one in joined.drafts}
    assert shown.keys() == {named("unmerge"), named("visit")}
    assert shown[named("visit")].facts == {
        "person.sex": "male",
        "person.contacts_90_days": 2,
        "person.days_met_90_days": 2,
    }
    assert shown[named("visit")].person == file.person("licence") != file.person("screening")
    assert file.situation(a_contact("second visit", "CRN X222222", day=6)).facts == {
        "needs.mental_health": 4,
        "person.contacts_90_days": 2,
        "person.days_met_90_days": 2,
        "person.needs_found": 1,
    }


def test_facts_from_a_file_count_as_told_before_the_contact() -> None:
    contact = a_release("release", NOMS, day=5)
    known = known_from_facts(
        contact, {"needs.accommodation": 3, "event.threshold": "crime"}, at=on_day(1), pepper=PEPPER, id_key=PEPPER
    )
    joined = join(contact, known, pepper=PEPPER)
    assert isinstance(joined, Joined)
    (draft,) = joined.drafts
    assert draft.situation.facts["needs.accommodation"] == 3
    assert "event.threshold" not in draft.situation.facts
    assert draft.references == {}


def test_facts_from_a_file_must_be_facts() -> None:
    with pytest.raises(ValueError, match=r"needs\.money"):
        known_from_facts(
            a_release("release", NOMS, day=5), {"needs.money": 3}, at=on_day(1), pepper=PEPPER, id_key=PEPPER
        )
