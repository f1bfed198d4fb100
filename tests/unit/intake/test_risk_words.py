"""What could say that a life is at risk, and that nobody could read, calls the operator; nothing else does."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from onward.contracts.outcome import Noted
from onward.intake.domain.reader import RISKS_LEFT_OUT
from onward.intake.partners import understand

RECEIVED = datetime(2026, 3, 3, 8, tzinfo=UTC)
ASSESSED = "custody.detention.risk-assessed"
CALLED = "control-room.mh-incident.recorded"


def calls(source: str, kind: str, /, **more: Any) -> bool:
    body = {"eventType": kind, "occurredAt": "2026-03-02T09:15:00Z", "reference": "1", **more}
    return calls_of(source, body)


def calls_of(source: str, body: object) -> bool:
    noted = understand(source, json.dumps(body).encode(), [], received_at=RECEIVED).noted
    found = [each for each in noted if each.counter == RISKS_LEFT_OUT]
    assert found in ([], [Noted(RISKS_LEFT_OUT, (source,))])
    return bool(found)


@pytest.mark.parametrize("said", [{"selfHarm": "constant watch"}, {"selfHarm": ["4"]}, "suicidal", ["high"], True])
def test_a_risk_of_self_harm_that_nobody_can_read_calls_the_operator(said: object) -> None:
    assert calls("custody", ASSESSED, riskAssessment=said)


@pytest.mark.parametrize("more", [{"threshold": "grade one"}, {"threshold": 1}, {}])
def test_a_threshold_that_nobody_can_read_or_that_is_not_there_calls_the_operator(more: dict[str, Any]) -> None:
    assert calls("control-room", CALLED, **more)


@pytest.mark.parametrize(
    "more",
    [
        {"needs": [{"category": "Suicidal thoughts", "severity": 4}]},
        {"needs": [{"category": "drugs", "severity": "SELF-HARM"}]},
        {"needs": [{"category": "overdose last night"}]},
        {"setting": "cell, ligature removed"},
        {"person": {"phone": "none, risk to life"}},
    ],
)
def test_a_word_about_it_anywhere_else_calls_the_operator(more: dict[str, Any]) -> None:
    assert calls("custody", ASSESSED, **more)


def test_a_misspelt_field_of_risk_calls_the_operator() -> None:
    assert calls("custody", ASSESSED, riskAssessment={"selfHarn": 4})
    assert calls("custody", ASSESSED, selfHarm=4)


@pytest.mark.parametrize("facts", [{"risk.self_harm": "high"}, {"risk.suicide": 4, "person.sex": "female"}])
def test_an_answer_about_it_that_nobody_can_read_calls_the_operator(facts: dict[str, Any]) -> None:
    body = {"eventType": "facts.answered", "inReplyTo": "6f6e7761-7264-8000-8000-00000000000a"}
    assert calls_of("liaison", {**body, "facts": {"person.sex": "female", **facts}})


def test_a_risk_inside_an_envelope_calls_the_operator() -> None:
    event = {"eventType": ASSESSED, "occurredAt": "2026-03-02T09:15:00Z", "reference": "1"}
    inner = json.dumps({**event, "needs": [{"category": "suicidal"}]})
    assert calls_of("custody", {"Type": "Notification", "Message": inner})


@pytest.mark.parametrize(
    "more",
    [
        {"riskAssessment": {"selfHarm": "high"}},
        {"riskAssessment": {"selfHarm": "not assessed"}},
        {"needs": [{"category": "shoplifting", "severity": 4}]},
        {"riskAssessment": {"selfHarm": 4}, "person": {"postcode": "??", "dateOfBirth": "1990"}},
        {"notes": "talked about suicide"},
    ],
)
def test_what_was_read_and_what_says_nothing_of_it_calls_nobody(more: dict[str, Any]) -> None:
    assert not calls("custody", ASSESSED, **more)
