"""For how long what was said may decide: older, it is unknown again to rules, and history to people."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from onward.contracts.contact import Consent
from onward.contracts.facts import FACTS
from onward.contracts.situation import PastStatement
from onward.contracts.validity import validity_of
from unit.people.people_builders import File, a_contact, an_answer, named, on_day

NOMS = "NOMS A1234BC"


def consent(day: int, purpose: Any = "SUBSTANCE_DRUGS", *, given: bool = True, recipient: str | None = None) -> Consent:
    return Consent(purpose=purpose, given=given, recipient=recipient, said_at=on_day(day), how="verbal")


def seen_after(days: int, facts: dict[str, Any], **more: Any) -> Any:
    """The situation of a caution that many days after a custody suite said *facts*."""
    file = File(a_contact("custody", NOMS, day=1, facts=facts, reference="CR/1", **more))
    return file.situation(a_contact("caution", NOMS, day=1 + days, source="cautions", type="caution.issued"))


def test_every_fact_that_a_partner_can_say_declares_for_how_long_it_may_decide() -> None:
    assert [path for path, fact in FACTS.items() if not fact.derived and validity_of(path) is None] == []
    assert all(validity_of(path).why for path, fact in FACTS.items() if not fact.derived)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("path", "value", "days"),
    [
        ("risk.self_harm", 4, 7),
        ("risk.dash_score", 19, 365),
        ("accommodation.status", "homeless", 28),
        ("needs.accommodation", 3, 28),
        ("needs.substance_drugs", 3, 183),
        ("consent.substance_drugs", True, 183),
        ("substance.in_treatment", True, 84),
        ("custody.status", "police_custody", 4),
        ("person.area", "E08000025", 365),
    ],
)
def test_a_fact_decides_to_its_last_day_and_is_history_on_the_next(path: str, value: Any, days: int) -> None:
    last = seen_after(days, {path: value})
    assert (last.facts[path], last.observed[path], last.said_by[path]) == (value, date(2026, 3, 2), "custody")
    assert path not in last.history
    after = seen_after(days + 1, {path: value})
    assert path not in after.facts
    assert path not in after.observed
    assert path not in after.said_by
    assert after.history == {path: PastStatement(value=value, on=date(2026, 3, 2), by="custody")}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("person.sex", "female"),
        ("person.veteran", True),
        ("person.care_leaver", True),
        ("custody.status", "in_prison"),
        ("registrations", [{"code": "MAPP", "active": True}]),
    ],
)
def test_who_somebody_is_and_what_ends_by_an_event_of_its_own_never_grows_old(path: str, value: Any) -> None:
    assert seen_after(3650, {path: value}).facts[path] == value


def test_who_has_died_and_was_not_met_since_stays_dead() -> None:
    file = File(a_contact("died", NOMS, day=1, source="hmpps", type="prison.movement", facts={"person.deceased": True}))
    late = a_contact("late", NOMS, day=3651, source="hmpps", type="probation.registration-added")
    assert file.situation(late).facts["person.deceased"] is True


def test_the_newest_word_counts_and_where_it_is_too_old_nothing_older_takes_its_place() -> None:
    file = File(
        a_contact("prison", NOMS, day=1, source="hmpps", facts={"custody.status": "in_prison"}),
        a_contact("arrest", NOMS, day=2, facts={"custody.status": "police_custody"}),
    )
    situation = file.situation(a_contact("met", NOMS, day=60))
    assert "custody.status" not in situation.facts
    assert situation.history["custody.status"].value == "police_custody"


def test_a_contact_decides_by_its_own_word_however_late_it_arrives() -> None:
    late = a_contact("late", NOMS, day=1, received_at=on_day(200), facts={"risk.self_harm": 4})
    assert File().situation(late).facts["risk.self_harm"] == 4


def test_what_was_said_before_it_is_as_old_as_the_day_on_which_the_record_arrived() -> None:
    file = File(a_contact("housing", NOMS, day=1, facts={"accommodation.status": "homeless"}))
    late = a_contact("met", NOMS, day=20, received_at=on_day(40))
    assert "accommodation.status" in file.situation(late).history


def test_days_are_counted_in_london_and_not_in_hours() -> None:
    first = a_contact("custody", NOMS, at=datetime(2026, 3, 1, 23, 30, tzinfo=UTC), facts={"risk.self_harm": 4})
    same = a_contact("met", NOMS, at=datetime(2026, 3, 8, 23, 45, tzinfo=UTC))
    assert "risk.self_harm" in File(first).situation(same).facts
    next_day = a_contact("met", NOMS, at=datetime(2026, 3, 9, 0, 15, tzinfo=UTC))
    assert "risk.self_harm" in File(first).situation(next_day).history


def test_the_same_contacts_give_the_same_situation_whenever_they_are_read_again() -> None:
    told = {"risk.self_harm": 4, "accommodation.status": "homeless", "person.sex": "female"}
    assert seen_after(9, told) == seen_after(9, told)


def test_an_answer_about_a_crisis_is_decided_with_the_crisis() -> None:
    file = File(a_contact("custody", NOMS, day=1, reference="CR/1", facts={"risk.self_harm": 4}))
    answer = an_answer("answer", "custody", day=2, reference="CR/1", facts={"person.area": "E08000025"})
    assert file.situation(answer).facts["risk.self_harm"] == 4


@pytest.mark.parametrize(
    "facts", [{"event.outcome": "s136"}, {"event.outcome": "conveyed"}, {"custody.status": "hospital"}]
)
def test_a_crisis_that_somebody_took_over_decides_no_more(facts: dict[str, Any]) -> None:
    file = File(a_contact("control room", NOMS, at=on_day(1, 2), facts={"risk.self_harm": 4}))
    taken = file.situation(a_contact("triage", NOMS, at=on_day(1, 3), source="street-triage", facts=facts))
    assert "risk.self_harm" in taken.history
    after = file.situation(a_contact("met", NOMS, at=on_day(1, 5)))
    assert "risk.self_harm" in after.history


def test_what_the_contact_that_takes_over_says_of_the_crisis_decides_there_and_no_more_afterwards() -> None:
    file = File()
    triage = a_contact("triage", NOMS, day=1, facts={"event.outcome": "s136", "risk.self_harm": 4})
    assert file.situation(triage).facts["risk.self_harm"] == 4
    assert "risk.self_harm" in file.situation(a_contact("met", NOMS, day=2)).history


def test_a_crisis_told_after_somebody_took_over_an_earlier_one_decides() -> None:
    file = File(
        a_contact("triage", NOMS, at=on_day(1, 3), facts={"event.outcome": "s136"}),
        a_contact("again", NOMS, at=on_day(1, 20), facts={"risk.self_harm": 4}),
    )
    assert file.situation(a_contact("met", NOMS, day=2)).facts["risk.self_harm"] == 4


def test_a_consent_is_as_old_as_the_day_on_which_it_was_given_not_told() -> None:
    told = a_contact(
        "screening",
        NOMS,
        day=400,
        facts={"consent.substance_drugs": True, "consent.accommodation": True},
        consents=(consent(1), consent(400, "ACCOMMODATION")),
    )
    situation = File().situation(told)
    assert situation.facts["consent.accommodation"] is True
    assert situation.history == {
        "consent.substance_drugs": PastStatement(value=True, on=date(2026, 3, 2), by="custody")
    }
    assert [each.purpose for each in situation.consents] == ["ACCOMMODATION"]


def test_a_consent_told_late_does_not_undo_what_was_said_after_it() -> None:
    file = File(
        a_contact("no", NOMS, day=5, facts={"consent.substance_drugs": False}, consents=(consent(5, given=False),))
    )
    late = a_contact("letter", NOMS, day=9, facts={"consent.substance_drugs": True}, consents=(consent(2),))
    assert file.situation(late).facts["consent.substance_drugs"] is False


def test_a_consent_given_to_one_provider_grows_old_and_a_refusal_of_one_never_does() -> None:
    consents = (consent(1, recipient="northgate"), consent(1, recipient="southgate", given=False))
    file = File(a_contact("custody", NOMS, day=1, consents=consents))
    assert file.situation(a_contact("met", NOMS, day=400)).consents == (consents[1],)


def disposed(day: int, status: str) -> Any:
    facts = {"custody.status": status}
    return a_contact("disposed", NOMS, day=day, type="custody.disposed", reference="CR/1", facts=facts)


def in_custody(day: int = 1) -> Any:
    facts = {"consent.substance_drugs": True, "needs.substance_drugs": 3}
    return a_contact("custody", NOMS, day=day, reference="CR/1", facts=facts, consents=(consent(day),))


def test_a_consent_given_in_a_cell_ends_with_the_detention_and_the_need_stays() -> None:
    file = File(in_custody())
    assert file.situation(disposed(2, "community")).facts["consent.substance_drugs"] is True
    later = file.situation(a_contact("triage", NOMS, day=3, source="street-triage", reference="I/1"))
    assert later.history["consent.substance_drugs"].by == "custody"
    assert later.facts["needs.substance_drugs"] == 3
    assert later.consents == ()


def test_an_answer_about_a_detention_that_ended_is_decided_with_the_consent_given_in_it() -> None:
    file = File(in_custody(), disposed(2, "community"))
    answer = an_answer("answer", "custody", day=3, reference="CR/1", facts={"person.area": "E08000025"})
    assert file.situation(answer).facts["consent.substance_drugs"] is True


def test_who_is_remanded_is_still_held_and_the_consent_goes_on() -> None:
    file = File(in_custody(), disposed(2, "police_custody"))
    assert file.situation(a_contact("met", NOMS, day=3, source="liaison")).facts["consent.substance_drugs"] is True


def test_the_end_of_one_episode_ends_no_consent_that_was_given_in_another() -> None:
    given = a_contact(
        "screening", NOMS, day=1, source="liaison", reference="LD/1", facts={"consent.substance_drugs": True}
    )
    file = File(given, disposed(2, "community"))
    assert file.situation(a_contact("met", NOMS, day=3)).facts["consent.substance_drugs"] is True


def test_nothing_goes_round_again_for_what_only_became_history() -> None:
    file = File(in_custody())
    taken = file.take(a_contact("met", NOMS, day=400))
    assert [draft.situation.contact_id for draft in taken.drafts] == [named("met")]


def test_history_of_a_year_stays_visible_with_its_day_and_its_partner() -> None:
    situation = seen_after(782, {"risk.self_harm": 4, "accommodation.status": "homeless"})
    assert {path: (past.on, past.by) for path, past in situation.history.items()} == dict.fromkeys(
        ("accommodation.status", "risk.self_harm"), (date(2026, 3, 2), "custody")
    )
    assert on_day(783) - on_day(1) == timedelta(days=782)
