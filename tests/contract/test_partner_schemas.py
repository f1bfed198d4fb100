"""A published schema takes what intake reads whole, and refuses what it leaves out or parks for its shape."""

import json
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contract.partner_formats import (
    GAPS,
    OURS,
    faults,
    file_of,
    files,
    is_read,
    is_taken,
    outcome,
    resolved,
    source_of,
    validator,
    wrong_in,
)
from contract.schema_documents import Documents, changed
from onward.contracts import paths
from onward.contracts.outcome import Parked
from onward.intake.domain.parts import PARTS
from onward.intake.domain.unread import names_read
from onward.intake.partners import adapters

EXAMPLES = sorted(path for source in OURS for path in (paths.schemas() / "examples" / f"in.{source}").glob("*.json"))
FORMATS = sorted(name for name in files() if name.startswith("in."))
DOCUMENTS = Documents(resolved)
SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large, HealthCheck.large_base_example]


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
    schema = files()[file_of("custody", DISPOSED)]
    outcome = schema["properties"]["outcome"]
    assert {"bailed", "no_further_action"} <= set(outcome["examples"])
    assert "enum" not in outcome
    assert "docs/partners/words.md" in outcome["description"]


def test_every_file_says_which_event_it_is_of() -> None:
    for name in FORMATS:
        schema = files()[name]
        if source_of(name) in OURS or schema["title"] == "facts.answered":
            assert schema["properties"]["eventType"]["examples"] == [schema["title"]]
            assert schema["properties"]["eventType"]["anyOf"][0] == {"const": schema["title"]}
        assert "CloudEvent" in schema["description"]


def judged_alike(name: str, document: Any) -> None:
    told = outcome(source_of(name), document)
    wrong = wrong_in(told)
    # What no schema can see stands by itself: whatever else is wrong, both must see.
    seen = [each for each in wrong if not any(gap.excuses(each) for gap in GAPS.values())]
    found = [f"{error.json_path}: {error.message}" for error in validator(name).iter_errors(document)]
    # Parked for whom it is about, it is not read whole either, and nothing else is told of it.
    refused = bool(wrong) or isinstance(told, Parked)
    assert bool(found) is bool(seen) or (found and refused), f"{found or wrong}\n{json.dumps(document)}"


def made_for(name: str) -> "st.SearchStrategy[Any]":
    return DOCUMENTS.of(files()[name]).flatmap(changed)


@pytest.mark.parametrize("name", FORMATS)
def test_what_validates_is_read_and_what_is_read_validates(name: str) -> None:
    @settings(max_examples=8, deadline=None, suppress_health_check=SLOW)
    @given(made_for(name))
    def holds(document: Any) -> None:
        judged_alike(name, document)

    holds()


@pytest.mark.nightly
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", FORMATS)
def test_what_validates_is_read_and_what_is_read_validates_of_very_many(name: str) -> None:
    @settings(max_examples=2000, deadline=None, suppress_health_check=SLOW)
    @given(made_for(name))
    def holds(document: Any) -> None:
        judged_alike(name, document)

    holds()


def test_documents_are_made_of_both_sorts() -> None:
    """The property above would hold of a generator that makes nothing but rubbish, or nothing wrong."""
    seen: set[bool] = set()

    @settings(max_examples=20, deadline=None, suppress_health_check=SLOW)
    @given(made_for(file_of("custody", DISPOSED)))
    def look(document: Any) -> None:
        seen.add(is_read(outcome("custody", document)))

    look()
    assert seen == {True, False}


@pytest.mark.parametrize("name", GAPS)
def test_a_difference_that_no_schema_can_help_is_one(name: str) -> None:
    gap = GAPS[name]
    assert (faults(gap.source, gap.document) == []) is gap.valid
    assert is_read(outcome(gap.source, gap.document)) is not gap.valid


@pytest.mark.parametrize("source", ["hmpps", "courts"])
def test_an_example_of_a_format_that_is_the_partners_own_is_judged_alike_too(source: str) -> None:
    names = [name for name in FORMATS if source_of(name) == source]
    for path in (paths.schemas() / "examples" / f"in.{source}").glob("*.json"):
        document = json.loads(path.read_text())
        if (
            isinstance(document, dict)
            and ("hearing" in document or document.get("eventType"))
            and "Type" not in document
        ):
            fits = [name for name in names if validator(name).is_valid(document)]
            assert bool(fits) is is_read(outcome(source, document)), path.name


def test_no_schema_of_a_partner_is_longer_than_people_read() -> None:
    for path in (paths.schemas() / "events").glob("in.*.json"):
        assert len(path.read_text().splitlines()) <= 300, path.name


def every_part(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from every_part(each)


def test_each_file_is_called_by_its_id_and_its_version() -> None:
    for name, schema in files().items():
        assert schema["$id"] == f"https://onward.example/schemas/events/{name}"
        assert re.fullmatch(r"(in\..+|shared)\.v1\.schema\.json", name)


def test_what_the_files_share_stands_once_and_is_there_for_somebody() -> None:
    shared = files()["shared.v1.schema.json"]["$defs"]
    referred = {part["$ref"] for schema in files().values() for part in every_part(schema) if "$ref" in part}
    assert {ref.removeprefix("shared.v1.schema.json").removeprefix("#/$defs/") for ref in referred} == set(shared)
    written = [json.dumps(each, sort_keys=True) for each in shared.values()]
    assert len(written) == len(set(written))


def test_no_schema_holds_titles_and_defaults_that_say_nothing() -> None:
    for schema in files().values():
        inside = (part for name in ("properties", "$defs") for part in every_part(schema.get(name, {})))
        for part in inside:
            assert not isinstance(part.get("title"), str)
            assert "default" not in part


@pytest.mark.parametrize(
    ("source", "never"),
    [
        ("custody", {"cas1", "cas3", "supervisionTier", "arrivedAtPlaceOfSafety", "dutyToRefer", "notAsked"}),
        ("cautions", {"cas1", "relevantTime", "custodyLimitHours", "arrivedAtPlaceOfSafety", "substance"}),
        ("control-room", {"cas1", "relevantTime", "arrivedAtPlaceOfSafety", "substance", "dutyToRefer"}),
        ("street-triage", {"cas1", "relevantTime", "custodyLimitHours", "supervisionTier"}),
        ("probation", {"relevantTime", "arrivedAtPlaceOfSafety", "notAsked", "custodyRecordNo"}),
        ("liaison", {"cas1", "cas3", "supervisionTier", "custodyRecordNo", "incidentNo"}),
    ],
)
def test_a_partner_is_offered_only_what_it_may_send(source: str, never: set[str]) -> None:
    for event_type in adapters()[source].catalogue.models:
        offered = set(files()[file_of(source, event_type)]["properties"])
        assert {"person", "consent", "occurredAt", "reference"} <= offered
        assert not offered & never


def test_the_page_says_who_may_send_which_part() -> None:
    page = (paths.schemas().parent / "docs" / "partners" / "shared-shape.md").read_text()
    rows = re.findall(r"^\| (`.+`) \| ([a-z-]+(?:, [a-z-]+)*) \|$", page, re.MULTILINE)
    said = {field: {*sources.split(", ")} for fields, sources in rows for field in re.findall(r"`(\w+)`", fields)}
    may = {
        field: {
            source
            for source in OURS
            for each in adapters()[source].catalogue.models
            if field in files()[file_of(source, each)]["properties"]
        }
        for part in PARTS
        for field in names_read(part)
    }
    assert said == {field: sources for field, sources in may.items() if sources != {*OURS}}


def test_the_page_shows_how_a_validator_is_given_both_files(monkeypatch: pytest.MonkeyPatch) -> None:
    page = (paths.schemas().parent / "docs" / "partners" / "README.md").read_text()
    (shown,) = re.findall(r"^```python\n(.+?)^```$", page, re.MULTILINE | re.DOTALL)
    monkeypatch.chdir(paths.schemas().parent)
    made: dict[str, Any] = {}
    exec(shown, made)
    assert made["validator"].is_valid(an_event(RISK, reference="BW/0001/26"))
    assert not made["validator"].is_valid(an_event(RISK, person={"age": 180}))


def test_a_partner_is_offered_only_the_facts_that_it_may_be_asked_for() -> None:
    facts = files()[file_of("courts", "facts.answered")]["properties"]["facts"]
    assert {path for path in facts["properties"] if not path.startswith("person.")} == {"event.order"}
    assert facts["additionalProperties"] is False
