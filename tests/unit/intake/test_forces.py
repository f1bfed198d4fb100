"""Whose number a reference is: the force, however it is written."""

import json
from datetime import UTC, datetime

import pytest

from onward.contracts.outcome import Ignored, Parked
from onward.intake.partners import read


def force_of(told: object) -> str:
    body = {
        "eventType": "control-room.mh-incident.recorded",
        "occurredAt": "2026-03-02T22:00:00Z",
        "incidentNo": "1234",
        "threshold": "none",
        "force": told,
    }
    made = read("control-room", json.dumps(body).encode(), [], received_at=datetime(2026, 3, 2, 22, tzinfo=UTC))
    assert not isinstance(made, Ignored | Parked), made
    return made[0].force


@pytest.mark.parametrize("told", ["West Midlands", "west-midlands police", "WEST MIDLANDS POLICE", " West  Midlands "])
def test_a_force_is_one_however_it_is_written(told: str) -> None:
    assert force_of(told) == "west_midlands"


def test_a_force_may_be_its_number() -> None:
    assert force_of(20) == force_of("20") == "20"


@pytest.mark.parametrize("told", [None, "", "unknown", "n/a", "Police", True, 1.5, [], {"name": "x"}, "x" * 500])
def test_what_names_no_force_holds_nothing_up(told: object) -> None:
    assert force_of(told) == ""
