"""
Which partner tells which fact: found out by reading messages, so that no list can be wrong about an adapter.

For each type of event messages are made from its shape, with every field and every value that the shape lists; those
and the partner's examples are read, and what intake makes of them is what that partner can tell. Answers to questions
add what the topic file lets it answer.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from onward.contracts import paths
from onward.contracts.contact import Contact
from onward.contracts.facts import FACTS
from onward.contracts.facts_by_source import FILE, ToldFacts
from onward.contracts.topics import files
from onward.diagnostics.json_text import as_file
from onward.intake.domain.answers import EVENT_TYPE, may_answer
from onward.intake.domain.catalogue import Event
from onward.intake.partners import adapters, read
from onward.intake.schema_kinds import JsonSchema, schema_of

_RECEIVED: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)
_TEXTS: Final = (
    "female",
    "2026-03-02T09:00:00+00:00",
    "2026-03-03",
    "1990-05-01",
    "E08000025",
    "pl",
    "A1234BC",
    "07700900123",
)
"""What a text is tried with whose schema lists no words: the first that it takes."""
_MOST: Final = 60
"""Values of a field that are tried; no list of words is longer."""


def found_facts() -> ToldFacts:
    """What every partner can tell, with each type of contact that it makes."""
    return {source: _of_partner(source) for source in sorted(adapters())}


def facts_file(told: ToldFacts) -> dict[str, str]:
    """`schemas/facts-by-source.json`."""
    listed = {source: {kind: sorted(facts) for kind, facts in types.items()} for source, types in told.items()}
    return {FILE: as_file({"told": listed})}


def _of_partner(source: str) -> dict[str, frozenset[str]]:
    found = {kind: {"event.source", "event.type"} for kind in adapters()[source].makes}
    catalogue = adapters()[source].catalogue
    made = (contact for event in catalogue.events.values() for contact in _contacts(source, event))
    for contact in (*made, *_of_examples(source)):
        found.setdefault(contact.type, set()).update(contact.facts)
    topic = files().get(f"in.{source}")
    if topic is not None and topic.answers:
        answers = (path for path in FACTS if may_answer(topic, path))
        found.setdefault(EVENT_TYPE, {"event.source", "event.type"}).update(answers)
    return {kind: frozenset(facts) for kind, facts in sorted(found.items())}


def _contacts(source: str, event: Event[Any]) -> Iterator[Contact]:
    """What intake makes of messages of one type."""
    schema = schema_of(event.shape, adapters()[source].catalogue.words)
    for number, body in enumerate(_bodies(schema)):
        body |= {
            "eventType": event.name,
            "eventId": f"{event.name}-{number}",
            "occurredAt": "2026-03-02T09:00:00+00:00",
        }
        yield from _read(source, json.dumps(body).encode())


def _of_examples(source: str) -> Iterator[Contact]:
    for path in sorted((paths.schemas() / "examples" / f"in.{source}").glob("*.json")):
        yield from _read(source, path.read_bytes())


def _read(source: str, value: bytes) -> Iterator[Contact]:
    made = read(source, value, (), received_at=_RECEIVED)
    yield from (each for each in (made if isinstance(made, tuple) else (made,)) if isinstance(each, Contact))


def _bodies(schema: JsonSchema) -> Iterator[dict[str, Any]]:
    """Messages that say everything, as many as the longest list of words has."""
    yield from _of_object(schema, schema.get("$defs", {}))


def _values(schema: JsonSchema, defs: Mapping[str, JsonSchema]) -> list[Any]:
    """Values that a schema takes."""
    if "$ref" in schema:
        return _values(defs[schema["$ref"].rpartition("/")[2]], defs)
    if "properties" in schema:
        return _of_object(schema, defs)
    if listed := [schema["const"]] if "const" in schema else schema.get("enum") or schema.get("examples"):
        return list(listed)[:_MOST]
    if several := schema.get("anyOf") or schema.get("allOf") or schema.get("oneOf"):
        return [value for each in several for value in _values(each, defs)][:_MOST]
    return _of_type(schema, defs)


def _of_type(schema: JsonSchema, defs: Mapping[str, JsonSchema]) -> list[Any]:
    match schema.get("type"):
        case _ if "items" in schema:
            items = _values(schema["items"], defs)
            return [items, *([each] for each in items)][:_MOST]
        case "boolean":
            return [True, False]
        case "integer" | "number":
            return [schema.get("maximum", 1), schema.get("minimum", 0)]
        case "null" | ["string", "null"]:  # nothing, or a word that says so
            return []
        case _:
            return [_text(schema)]


def _text(schema: JsonSchema) -> str:
    pattern = schema.get("pattern", "")
    return next((text for text in _TEXTS if re.search(pattern, text)), _TEXTS[0])


def _of_object(schema: JsonSchema, defs: Mapping[str, JsonSchema]) -> list[dict[str, Any]]:
    """Objects with every field, that between them have every value of each."""
    fields = {name: values for name, each in schema.get("properties", {}).items() if (values := _values(each, defs))}
    most = max(map(len, fields.values()), default=0)
    numbered = list(enumerate(fields.items()))
    return [{name: values[(at + shift) % len(values)] for shift, (name, values) in numbered} for at in range(most)]
