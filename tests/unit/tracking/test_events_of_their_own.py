"""A life at risk, a detention under section 136 and safeguarding are answered each time, whatever was made before."""

from typing import Any

import pytest

from onward.contracts.decision import LegalBasis
from unit.tracking.ledger_builders import CONSENT, Desk, a_contact, a_decision, a_proposal


def a_basis(kind: Any) -> LegalBasis:
    return CONSENT.model_copy(update={"kind": kind})


def a_crisis(contact: str, kind: str = "vital_interests", service: Any = "crisis_team") -> Any:
    return a_proposal("crisis", contact=contact, category="MENTAL_HEALTH", service=service, legal_basis=a_basis(kind))


@pytest.mark.parametrize(
    ("kind", "service", "own"),
    [
        ("vital_interests", "crisis_team", True),
        ("public_task", "place_of_safety", True),
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


@pytest.mark.parametrize(("days", "made"), [(7, 1), (29, 2)])
def test_safeguarding_that_rests_on_a_score_of_last_week_is_not_told_anew_with_each_contact(
    days: int, made: int
) -> None:
    desk = Desk()
    first, second = (a_crisis(contact, "safeguarding", "marac") for contact in ("first", "second"))
    desk.decide(a_decision(first, contact="first", episode=a_contact("first")))
    desk.receipt(first.referral_id)
    desk.reply(first.referral_id, "ACCEPTED")
    desk.later(days=days)
    desk.decide(a_decision(second, contact="second", at=desk.now, episode=a_contact("second")))
    assert len(desk.deliveries()) == made
