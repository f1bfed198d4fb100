"""A crisis whose moment nobody can read is read as of the moment of receipt; anything else waits for the moment."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from onward.contracts.contact import Contact
from onward.contracts.outcome import Ignored, Parked
from onward.intake.partners import read

RECEIVED = datetime(2026, 3, 3, 8, tzinfo=UTC)
IN_DANGER: tuple[tuple[str, dict[str, Any]], ...] = (
    ("custody", {"eventType": "custody.detention.risk-assessed", "riskAssessment": {"selfHarm": "immediate"}}),
    (
        "control-room",
        {"eventType": "control-room.mh-incident.recorded", "threshold": "real and immediate risk to life"},
    ),
    ("control-room", {"eventType": "control-room.mh-incident.recorded", "threshold": "serious harm"}),
    ("street-triage", {"eventType": "mha.s136.detained"}),
    ("liaison", {"eventType": "liaison-diversion.screened", "riskAssessment": {"selfHarm": 4}}),
)
NO_MOMENTS: tuple[dict[str, Any], ...] = (
    {},
    {"occurredAt": None},
    {"occurredAt": "soon"},
    {"occurredAt": "1970-01-01T00:00:00Z"},
)


def told(source: str, body: dict[str, Any]) -> Contact | Parked:
    found = read(source, json.dumps(body).encode(), [], received_at=RECEIVED)
    if isinstance(found, Parked):
        return found
    assert not isinstance(found, Ignored)
    (contact,) = found
    return contact


@pytest.mark.parametrize(("source", "body"), IN_DANGER)
@pytest.mark.parametrize("moment", NO_MOMENTS)
def test_a_crisis_whose_moment_nobody_can_read_happened_when_it_arrived_and_the_partner_hears_of_it(
    source: str, body: dict[str, Any], moment: dict[str, Any]
) -> None:
    contact = told(source, {**body, "reference": "1", **moment})

    assert isinstance(contact, Contact)
    assert contact.occurred_at == RECEIVED
    assert "/occurredAt" in [one.pointer for one in contact.left_out]


@pytest.mark.parametrize("moment", NO_MOMENTS)
@pytest.mark.parametrize(
    "risk", [{}, {"riskAssessment": {"selfHarm": "low"}}, {"needs": [{"category": "drugs", "severity": 4}]}]
)
def test_anything_else_without_a_moment_waits_for_it(moment: dict[str, Any], risk: dict[str, Any]) -> None:
    parked = told("custody", {"eventType": "custody.detention.risk-assessed", "reference": "1", **risk, **moment})

    assert isinstance(parked, Parked)
    assert (parked.reason, parked.pointer) == ("schema", "/occurredAt")
