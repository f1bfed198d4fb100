"""A test for Class A drugs and what the police require after it; thresholds in the words of those who take calls."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from onward.contracts.outcome import Ignored, Parked
from onward.intake.partners import read

RECEIVED = datetime(2026, 3, 3, 8, tzinfo=UTC)
AT = "2026-03-02T09:15:00Z"


def facts(source: str, body: dict[str, Any]) -> dict[str, Any]:
    found = read(source, json.dumps({"occurredAt": AT, "reference": "1", **body}).encode(), [], received_at=RECEIVED)
    assert not isinstance(found, Ignored | Parked)
    (contact,) = found
    return contact.facts


@pytest.mark.parametrize(
    ("test", "required"),
    [
        ({"class": "A", "result": "positive", "requiredAssessment": True}, True),
        ({"result": "POSITIVE", "requiredAssessment": "yes"}, True),
        ({"requiredAssessment": True}, True),
        ({"result": "positive", "requiredAssessment": False}, False),
        ({"result": "negative", "requiredAssessment": True}, False),
        ({"result": "negative"}, False),
        ({"result": "positive"}, None),
        ({"result": "inconclusive", "requiredAssessment": "perhaps"}, None),
        ({}, None),
        (None, None),
    ],
)
@pytest.mark.parametrize("event", ["authorised", "risk-assessed"])
def test_custody_says_whether_an_assessment_is_required(test: object, required: bool | None, event: str) -> None:
    said = facts("custody", {"eventType": f"custody.detention.{event}", "drugTest": test})

    assert said.get("event.required_assessment") is required


@pytest.mark.parametrize(
    ("word", "threshold"),
    [
        ("life at risk", "immediate_risk_to_life"),
        ("Immediate threat to life", "immediate_risk_to_life"),
        ("REAL AND IMMEDIATE RISK TO LIFE", "immediate_risk_to_life"),
        ("Article 2", "immediate_risk_to_life"),
        ("risk of serious harm", "serious_harm"),
        ("serious injury", "serious_harm"),
        ("Art. 3", "serious_harm"),
        ("threshold not met", "none"),
        ("offence", "crime"),
    ],
)
@pytest.mark.parametrize(
    ("source", "event"),
    [
        ("control-room", "control-room.mh-incident.recorded"),
        ("street-triage", "street-triage.contact.recorded"),
    ],
)
def test_a_threshold_is_read_in_the_words_that_call_handlers_write(
    word: str, threshold: str, source: str, event: str
) -> None:
    assert facts(source, {"eventType": event, "threshold": word})["event.threshold"] == threshold


@pytest.mark.parametrize("place", ["police cell", "Custody", "police custody", "cells"])
def test_a_cell_is_a_police_station(place: str) -> None:
    said = facts("street-triage", {"eventType": "mha.s136.detained", "placeOfSafety": place})

    assert said["event.setting"] == "police_station"


@pytest.mark.parametrize("code", ["E06999999", "E08000099", "W06999999", "E10000003"])
def test_an_authority_that_never_was_is_not_known(code: str) -> None:
    homeless = {"status": "homeless", "chosenAuthority": code}
    body = {"eventType": "liaison-diversion.screened", "person": {"areaCode": code}, "accommodation": homeless}
    said = facts("liaison", body)

    assert "person.area" not in said
    assert "accommodation.chosen_authority" not in said


@pytest.mark.parametrize("code", ["E08000025", "W06000015", "e08000025", "E07000004"])
def test_an_authority_that_is_or_was_is_kept_as_it_was_said(code: str) -> None:
    said = facts("liaison", {"eventType": "liaison-diversion.screened", "person": {"areaCode": code}})

    assert said["person.area"] == code.upper()
