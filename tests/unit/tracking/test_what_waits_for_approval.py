"""What waits for an approval goes as it is known when it goes, or not at all."""

from typing import Any

import pytest

from onward.contracts.decision import MetCondition
from onward.contracts.outcome import Ignored
from unit.tracking.ledger_builders import MONDAY_9AM, PERSON, Desk, a_decision, a_proposal, a_suppression

ANOTHER_KEY = "1d" * 16


def met(field: str, actual: Any) -> MetCondition:
    return MetCondition(field=field, expected="", actual=actual, where="rules.yaml:1:1")


WAITS = a_proposal(
    approval="approving-practitioner",
    conditions=(met("needs.accommodation", 3), met("accommodation.status", "homeless"), met("event.source", "custody")),
)
KNOWN = {"needs.accommodation": 3, "accommodation.status": "homeless", "event.source": "custody"}


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    desk.decide(a_decision(WAITS, facts=KNOWN, sealed="of monday"))
    desk.later(days=2)
    return desk


def hears(desk: Desk, **more: Any) -> None:
    facts = KNOWN | {"event.source": "liaison"} | more.pop("facts", {})
    desk.decide(a_decision(contact="wednesday", source="liaison", at=desk.now, facts=facts, **more))


def test_an_address_and_a_safe_number_of_wednesday_are_what_goes_and_the_event_stays_monday_s(desk: Desk) -> None:
    hears(desk, sealed="of wednesday", facts={"person.pregnant": True})
    desk.approve(WAITS.referral_id)
    [delivery] = desk.deliveries()
    assert delivery.sealed == "of wednesday"
    assert delivery.facts == KNOWN | {"person.pregnant": True}


def test_a_late_word_of_sunday_is_not_what_is_known_by_now(desk: Desk) -> None:
    desk.decide(a_decision(contact="sunday", occurred_at=MONDAY_9AM.replace(day=1), sealed="of sunday"))
    desk.approve(WAITS.referral_id)
    assert desk.deliveries()[0].sealed == "of monday"


def test_what_was_sealed_since_the_records_were_merged_says_under_whose_key(desk: Desk) -> None:
    hears(desk, sealed="of both", person=ANOTHER_KEY, formerly=(PERSON,))
    desk.approve(WAITS.referral_id)
    [delivery] = desk.deliveries()
    assert (delivery.person, delivery.sealed, delivery.sealed_for) == (PERSON, "of both", ANOTHER_KEY)


def test_a_death_told_meanwhile_sends_nothing(desk: Desk) -> None:
    hears(desk, suppressed=[a_suppression("deceased")])
    assert isinstance(desk.approve(WAITS.referral_id), Ignored)
    assert desk.deliveries() == []


def test_a_need_that_is_none_by_now_sends_nothing(desk: Desk) -> None:
    hears(desk, facts={"needs.accommodation": 0})
    assert desk.status(WAITS.referral_id) == "WITHDRAWN"
    assert isinstance(desk.approve(WAITS.referral_id), Ignored)
    assert desk.deliveries() == []


def test_whoever_approves_is_told_that_something_is_not_as_it_was(desk: Desk) -> None:
    hears(desk, facts={"accommodation.status": "settled"})
    hears(desk, facts={"accommodation.status": "settled"})
    news = desk.escalations()[-1]
    assert (news.kind, news.revision) == ("approval-needed", 1)
    assert "accommodation.status" in news.why
    assert len(desk.book.cases) == 1


def test_a_yes_to_what_was_said_too_long_ago_sends_nothing_and_somebody_asks_anew(desk: Desk) -> None:
    desk.later(days=27)
    desk.approve(WAITS.referral_id)
    assert desk.status(WAITS.referral_id) == "EXPIRED"
    assert desk.deliveries() == []
    assert desk.escalations()[-1].kind == "approval-lapsed"


def test_a_yes_in_time_sends_it(desk: Desk) -> None:
    desk.later(days=20)
    desk.approve(WAITS.referral_id)
    assert desk.status(WAITS.referral_id) == "READY"


def test_a_case_that_a_provider_s_answer_opens_says_who_it_is_and_how_to_reach_them_by_now() -> None:
    desk, sent = Desk(), a_proposal()
    desk.decide(a_decision(sent, sealed="of monday"))
    desk.receipt(sent.referral_id)
    desk.later(days=1)
    desk.decide(a_decision(contact="tuesday", source="liaison", at=desk.now, sealed="of tuesday"))
    desk.reply(sent.referral_id, "REJECTED", reason="NO_CAPACITY")
    [case] = [case for case in desk.book.cases.values() if case.kind == "rejected"]
    assert case.card is not None
    assert (case.card.sealed, dict(case.card.references)) == (
        "of tuesday",
        {"custody": "custody-1", "liaison": "liaison-1"},
    )
    assert case.card.facts == {}
