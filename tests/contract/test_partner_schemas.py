"""The published schemas of partners' events refuse nothing that is taken, and what must be there they ask for."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID

import jsonschema
import pytest

from onward.contracts import paths
from onward.contracts.outcome import Ignored, Parked
from onward.intake.domain.vocabulary import spelled
from onward.intake.partners import adapters, read

RECEIVED = datetime(2026, 3, 3, 8, tzinfo=UTC)
OURS = [source for source, adapter in adapters().items() if adapter.catalogue.ours]
EXAMPLES = sorted(path for source in OURS for path in (paths.schemas() / "examples" / f"in.{source}").glob("*.json"))


@cache
def schemas(source: str) -> dict[str, jsonschema.Draft202012Validator]:
    """The schemas that a partner may use, by the type of the event as `spelled` writes it."""
    found: dict[str, jsonschema.Draft202012Validator] = {}
    for path in (paths.schemas() / "events").glob("in.*.schema.json"):
        schema = json.loads(path.read_text())
        if path.name in (f"in.{source}.{schema['title']}.schema.json", "in.facts.answered.schema.json"):
            jsonschema.Draft202012Validator.check_schema(schema)
            checker = jsonschema.FormatChecker()
            found[spelled(schema["title"])] = jsonschema.Draft202012Validator(schema, format_checker=checker)
    return found


def faults(source: str, document: dict[str, Any]) -> list[str]:
    validator = schemas(source)[spelled(document["eventType"])]
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)]


def is_taken(source: str, document: Any) -> bool:
    told = read(source, json.dumps(document).encode(), [], received_at=RECEIVED)
    return not isinstance(told, Ignored | Parked)


def taken() -> Iterator[Any]:
    for path in EXAMPLES:
        source, document = path.parent.name.removeprefix("in."), json.loads(path.read_text())
        if is_taken(source, document):
            yield pytest.param(source, document, id=f"{source}-{path.stem}")


@pytest.mark.parametrize(("source", "document"), list(taken()))
def test_every_example_that_is_taken_is_valid(source: str, document: dict[str, Any]) -> None:
    assert faults(source, document) == []


def an_event(event_type: str, **more: Any) -> dict[str, Any]:
    return {"eventType": event_type, "occurredAt": "2026-03-02T09:15:00Z", "reference": "1", **more}


RISK = "custody.detention.risk-assessed"
DISPOSED = "custody.detention.disposed"


@pytest.mark.parametrize(
    ("source", "document"),
    [
        ("custody", an_event("CUSTODY_DETENTION_RISK-ASSESSED")),
        ("custody", an_event(RISK, eventId=7, reference=12)),
        ("custody", an_event(RISK, needs=[{"category": "Drug misuse", "severity": "Very high"}], notAsked=["debt"])),
        ("custody", an_event(RISK, needs=None, person=None, consent=None, setting=None, riskAssessment=None)),
        ("custody", an_event(RISK, setting="A&E", domesticAbuseFlag="yes", custodyLimitHours="36")),
        ("custody", an_event(RISK, person={"age": "16", "sex": "unknown", "veteran": "N", "address": ["1", "2"]})),
        ("custody", an_event(RISK, person={"address": {"line": "1"}, "pncId": 7, "dateOfBirth": "01/05/1990"})),
        ("custody", an_event(RISK, person={"dateOfBirth": "not known", "age": "n/a", "veteran": " "})),
        ("custody", an_event(RISK, occurredAt="Mon Mar 02 09:15:00 GMT 2026", relevantTime="2026-03-02 09:00")),
        ("custody", an_event(RISK, consent={"given": "yes", "purposes": ["DTR", "housing"]})),
        ("custody", an_event(DISPOSED, outcome="NFA")),
        ("probation", an_event("probation.release.planned", plannedReleaseDate="2026-04-01")),
        ("probation", an_event("probation.requirement.made", requirement="DRR")),
        ("control-room", an_event("control-room.mh-incident.recorded", threshold="risk to life")),
        (
            "liaison",
            {"eventType": "facts.answered", "inReplyTo": str(UUID(int=7)), "facts": {"person.sex": "female"}},
        ),
    ],
)
def test_however_it_is_written_what_is_taken_is_valid(source: str, document: dict[str, Any]) -> None:
    assert is_taken(source, document)
    assert faults(source, document) == []


@pytest.mark.parametrize(
    ("source", "document"),
    [
        ("custody", {"eventType": RISK, "reference": "1"}),
        ("custody", an_event(RISK, needs={"category": "debt"})),
        ("custody", an_event(RISK, needs=[{"category": "debt"}])),
        ("custody", an_event(RISK, person=[])),
        ("custody", an_event(RISK, consent=True)),
        ("custody", an_event(RISK, consent={"given": True})),
        ("custody", an_event(RISK, consent={"given": True, "purposes": []})),
        ("custody", an_event(RISK, occurredAt=1_760_000_000)),
        ("custody", an_event(DISPOSED)),
        ("probation", an_event("probation.release.planned")),
        ("probation", an_event("probation.accommodation.changed")),
        ("liaison", {"eventType": "facts.answered", "reference": "1", "facts": {}}),
    ],
)
def test_what_lacks_a_field_or_has_another_kind_of_value_is_refused_by_both(
    source: str, document: dict[str, Any]
) -> None:
    assert not is_taken(source, document)
    assert faults(source, document)


def test_a_schema_names_our_codes_without_refusing_the_words_for_them() -> None:
    schema = json.loads((paths.schemas() / "events" / f"in.custody.{DISPOSED}.schema.json").read_text())
    outcome = schema["properties"]["outcome"]
    assert {"bailed", "no_further_action"} <= set(outcome["examples"])
    assert "enum" not in outcome
    assert "docs/partners/words.md" in outcome["description"]


def test_every_file_says_which_event_it_is_of() -> None:
    for path in (paths.schemas() / "events").glob("in.*.schema.json"):
        schema = json.loads(path.read_text())
        assert schema["properties"]["eventType"]["examples"] == [schema["title"]]
        assert "CloudEvent" in schema["description"]
