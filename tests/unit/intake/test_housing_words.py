"""What probation tells of applications, tiers and the present place becomes facts, in our words."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from onward.contracts.contact import Contact
from onward.intake.partners import read

RECEIVED = datetime(2026, 3, 3, 8, tzinfo=UTC)


def told(**changes: Any) -> dict[str, Any]:
    body = {
        "eventType": "probation.accommodation.changed",
        "occurredAt": "2026-03-02T09:15:00Z",
        "reference": "P-1",
        "accommodation": {"current": "street"},
        **changes,
    }
    answer = read("probation", json.dumps(body).encode(), [], received_at=RECEIVED)
    assert isinstance(answer, tuple), answer
    (made,) = answer
    assert isinstance(made, Contact), made
    return {path: value for path, value in made.facts.items() if not path.startswith("event.")}


def test_the_words_of_the_approved_premises_service_become_ours() -> None:
    known = told(
        cas1={
            "application": "AWAITING_PLACEMENT",
            "placementRequest": "REQUEST_UNSUBMITTED",
            "placement": "notArrived",
        },
        cas3={"application": "requestedFurtherInformation", "assessment": "ready_to_place", "booking": "none"},
    )

    assert known == {
        "accommodation.current": "street",
        "cas1.application": "awaiting_placement",
        "cas1.placement_request": "unsubmitted",
        "cas1.placement": "not_arrived",
        "cas3.application": "requested_further_information",
        "cas3.assessment": "ready_to_place",
        "cas3.booking": "none",
    }


@pytest.mark.parametrize("word", ["notMinusArrived", "NOT_MINUS_ARRIVED", "not_arrived"])
def test_a_booking_that_nobody_arrived_for_is_read_however_the_service_writes_it(word: str) -> None:
    """CAS3 writes the one word, and its code names, and so Jackson accepts, the other."""
    assert told(cas3={"booking": word})["cas3.booking"] == "not_arrived"


def test_a_place_that_is_no_other_can_be_named_and_said_to_be_settled_or_not() -> None:
    """Such as a care home, or accommodation of the Home Office: without a word for it the message could not be sent."""
    known = told(accommodation={"current": "OTHER", "currentSettled": True})

    assert known == {"accommodation.current": "other", "accommodation.current_settled": True}


def test_a_present_place_may_have_an_end_and_be_settled() -> None:
    known = told(accommodation={"current": "cas1", "currentEndsOn": "2026-06-01", "currentSettled": False})

    assert known == {
        "accommodation.current": "cas1",
        "accommodation.current_ends_on": date(2026, 6, 1),
        "accommodation.current_settled": False,
    }


@pytest.mark.parametrize(("tier", "known"), [("b2", "B2"), (" C3S ", "C3S"), ("Z9", None), (7, None), ("", None)])
def test_a_tier_is_read_and_what_is_no_tier_is_not_known(tier: object, known: str | None) -> None:
    assert told(supervisionTier=tier).get("supervision.tier") == known
