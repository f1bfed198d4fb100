"""A life at risk, a detention under section 136 and safeguarding are answered each time, whatever was made before."""

from datetime import timedelta
from typing import Any

import pytest

from onward.contracts.decision import LegalBasis
from unit.tracking.ledger_builders import CONSENT, MONDAY_9AM, Desk, a_contact, a_decision, a_proposal


def a_basis(kind: Any) -> LegalBasis:
    return CONSENT.model_copy(update={"kind": kind})


def a_crisis(contact: str, kind: str = "vital_interests", service: Any = "crisis_team") -> Any:
    return a_proposal("crisis", contact=contact, category="MENTAL_HEALTH", service=service, legal_basis=a_basis(kind))


@pytest.mark.parametrize(
    ("kind", "service", "own"),
    [
        ("vital_interests", "crisis_team", True),
        ("public_task", "place_of_safety", True),
        ("safeguarding", "marac", True),
        ("consent", "crisis_team", False),
        ("statutory_duty", "housing_authority", False),
    ],
)
@pytest.mark.parametrize("stands", ["READY", "SENT", "ACCEPTED", "IN_SERVICE"])
def test_the_next_event_is_answered_however_the_first_stands(
    kind: str, service: str, stands: str, *, own: bool
) -> None:
    desk = Desk()
    first, second = (a_crisis(contact, kind, service) for contact in ("monday", "wednesday"))
    desk.decide(a_decision(first, contact="monday", episode=a_contact("monday")))
    if stands != "READY":
        desk.receipt(first.referral_id)
    if stands in ("ACCEPTED", "IN_SERVICE"):
        desk.reply(first.referral_id, stands)
    desk.later(days=2)
    desk.decide(a_decision(second, contact="wednesday", at=desk.now, episode=a_contact("wednesday")))
    assert (desk.book.referral(second.referral_id) is not None) is own


def test_one_incident_that_is_told_twice_within_four_hours_is_one_event() -> None:
    for hours, made in ((1, 1), (5, 2)):
        desk = Desk()
        incident = a_contact("first word of the incident")
        desk.decide(a_decision(a_crisis("first"), contact="first", episode=incident))
        desk.later(hours=hours)
        desk.decide(a_decision(a_crisis("second"), contact="second", at=desk.now, episode=incident))
        assert len(desk.deliveries()) == made, hours


def test_two_partners_words_of_two_incidents_are_two_events_however_near() -> None:
    desk = Desk()
    desk.decide(a_decision(a_crisis("call"), contact="call", source="custody", episode=a_contact("call")))
    desk.decide(a_decision(a_crisis("street"), contact="street", source="liaison", episode=a_contact("street")))
    assert len(desk.deliveries()) == 2


def test_the_same_contact_decided_anew_is_no_new_event() -> None:
    desk = Desk()
    for _ in range(2):
        desk.decide(a_decision(a_crisis("call"), contact="call"))
    assert len(desk.deliveries()) == 1


def to_the_conference(contact: str, **more: Any) -> Any:
    return a_crisis(contact, "safeguarding", "marac").model_copy(update=more)


@pytest.mark.parametrize("answer", ["ACCEPTED", "COMPLETED", None])
@pytest.mark.parametrize("days", [7, 29, 120])
def test_what_rests_on_a_score_of_before_is_not_told_anew_with_each_contact(days: int, answer: str | None) -> None:
    desk = Desk()
    first = to_the_conference("first")
    second = to_the_conference("second", said_on=MONDAY_9AM.date())
    desk.decide(a_decision(first, contact="first", episode=a_contact("first")))
    desk.receipt(first.referral_id)
    if answer:
        desk.reply(first.referral_id, answer)
    desk.later(days=days)
    desk.decide(a_decision(second, contact="second", at=desk.now, episode=a_contact("second")))
    assert len(desk.deliveries()) == 1


def test_a_score_that_was_said_since_the_last_referral_is_told_whenever_it_is_seen() -> None:
    desk = Desk()
    desk.decide(a_decision(to_the_conference("first"), contact="first", episode=a_contact("first")))
    desk.later(days=7)
    since = to_the_conference("second", said_on=MONDAY_9AM.date() + timedelta(days=3))
    desk.decide(a_decision(since, contact="second", at=desk.now, episode=a_contact("second")))
    assert len(desk.deliveries()) == 2


def test_a_conference_that_never_heard_of_it_is_told_at_the_next_contact() -> None:
    desk = Desk()
    first = to_the_conference("first")
    desk.decide(a_decision(first, contact="first", episode=a_contact("first")))
    desk.receipt(first.referral_id, "refused", reason="channel_unknown")
    desk.later(days=1)
    second = to_the_conference("second", said_on=MONDAY_9AM.date())
    desk.decide(a_decision(second, contact="second", at=desk.now, episode=a_contact("second")))
    assert len(desk.deliveries()) == 2


def test_one_custody_record_that_tells_it_from_arrest_to_release_is_one_event() -> None:
    desk, record = Desk(), a_contact("custody record")
    desk.decide(a_decision(to_the_conference("arrest"), contact="arrest", episode=record))
    desk.later(hours=11)
    desk.decide(a_decision(to_the_conference("release"), contact="release", at=desk.now, episode=record))
    assert len(desk.deliveries()) == 1
