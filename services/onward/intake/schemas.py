"""The JSON Schemas of partners' messages: one for each, and one that holds what they share."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import BaseModel, Field

from onward.contracts import topics
from onward.contracts.codes import Category
from onward.contracts.contact import ConsentPurpose
from onward.contracts.fact_kinds import Choice, Code, Kind, Records, Whole, YesNo
from onward.contracts.fact_kinds import Day as DayFact
from onward.contracts.facts import ASKABLE_ONLY, FACTS
from onward.contracts.schemas import identified
from onward.contracts.topics import TopicFile
from onward.diagnostics.json_text import as_file
from onward.intake.domain import shapes, vocabulary
from onward.intake.domain.answers import EVENT_TYPE, FactsAnswered, may_answer
from onward.intake.domain.partner import Adapter
from onward.intake.domain.parts import PARTS, IdentifierIn
from onward.intake.domain.reader import fields_of_events
from onward.intake.domain.shapes import Day, Listed, Maybe, NeedCode, Severity, Shape, Text, When, coded
from onward.intake.domain.vocabulary import OwnWords
from onward.intake.partners import adapters
from onward.intake.schema_kinds import NULL, UNKNOWN_WORD, JsonSchema, nullable, pinned, schema_of, trimmed

SHARED: Final = "shared.v1.schema.json"
_LOCAL: Final = "#/$defs/"

_ABOUT = (
    "The message as bare JSON, out of its envelope. In a CloudEvent, `eventType` and `occurredAt` may be left out "
    "where the attributes `type` and `time` say them. Fields that are not listed here are not read."
)


class SharedKinds(Shape):
    """What several fields are, by the name that it has in the shared file: the smaller before what is made of it."""

    text: Text
    text_or_unknown: Maybe[Text]
    yes_no: shapes.YesNo
    yes_no_or_unknown: Maybe[shapes.YesNo]
    yes_no_or_null: shapes.YesNo | None = None
    time: When
    time_or_unknown: Maybe[When]
    day: Day
    day_or_unknown: Maybe[Day]
    day_or_null: Day | None = None
    need: NeedCode
    category: Annotated[Category, coded(vocabulary.CATEGORIES)]
    purpose: Annotated[ConsentPurpose, coded(vocabulary.PURPOSES)]
    severity: Severity
    setting: Annotated[str, coded(vocabulary.SETTINGS)]
    how: Maybe[Annotated[str, Field(max_length=40)]]
    setting_or_unknown: Maybe[Annotated[str, coded(vocabulary.SETTINGS)]]
    identifiers: Listed[IdentifierIn] | None = None


def partner_schemas() -> dict[str, str]:
    """
    The schemas by file name: `shared.v1.schema.json`, and `in.<source>.<type>.v1.schema.json` for each event.

    Where the shapes are a partner's own, there is one for each shape, called after it; and one for the answers of each
    partner that can be asked. They take what intake takes and refuse what it parks for its shape.
    """
    defs = shared_definitions()
    about = "What the messages of partners have in common."
    documents = {SHARED: {**identified(SHARED), "$defs": defs, "description": about, "title": "shared.v1"}}
    for source, adapter in adapters().items():
        topic = topics.files().get(f"in.{source}")
        named = {**_events(adapter), **({EVENT_TYPE: _answer(adapter, topic)} if topic and topic.answers else {})}
        for name, schema in named.items():
            file = f"in.{source}.{name}.v1.schema.json"
            description = f"{schema.get('description', '')}\n\n{_ABOUT}".strip()
            whole = {**_abroad(_hoisted(schema, defs)), "title": name, "description": description}
            documents[file] = {**whole, **identified(file)}
    return {name: as_file(document) for name, document in documents.items()}


def shared_definitions() -> dict[str, JsonSchema]:
    """What the shared file holds: each kind of value, and each part of events by the name of its field."""
    defs: dict[str, JsonSchema] = {"unknown": UNKNOWN_WORD}
    theirs = [shared for adapter in adapters().values() if (shared := adapter.catalogue.shared)]
    for part in (SharedKinds, *PARTS, *theirs):
        for name, value in schema_of(part)["properties"].items():
            hoisted = _hoisted(value, defs)
            if hoisted and hoisted.keys() != {"$ref"}:
                defs[name] = hoisted
    return defs


def _events(adapter: Adapter) -> dict[str, JsonSchema]:
    known = adapter.catalogue
    if known.ours:
        return {each.name: _event(each.shape, [each.name], known.words) for each in known.events.values()}
    by_shape: dict[type[BaseModel], list[str]] = {known.untyped: []} if known.untyped else {}
    for each in known.events.values():
        by_shape.setdefault(each.shape, []).append(each.name)
    return {_kebab(shape): _event(shape, types, known.words) for shape, types in by_shape.items()}


def _kebab(shape: type[BaseModel]) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", shape.__name__).lower()


def _event(shape: type[BaseModel], types: list[str], words: OwnWords) -> JsonSchema:
    schema = schema_of(shape, words)
    if types:
        schema["properties"]["eventType"] = {**pinned({"$ref": f"{_LOCAL}text"}, *types), "examples": types[:1]}
    return schema


def _answer(adapter: Adapter, topic: TopicFile) -> JsonSchema:
    """The answers of one partner: the facts that it may be asked for, and nothing that only its events say."""
    schema = _event(FactsAnswered, [EVENT_TYPE], {})
    facts = {path: _fact(fact.kind) for path, fact in FACTS.items() if may_answer(topic, path)}
    facts |= {path: _fact(DayFact()) for path in ASKABLE_ONLY if may_answer(topic, path)}
    schema["properties"]["facts"] = {
        "type": "object",
        "minProperties": 1,
        "additionalProperties": False,
        "properties": facts,
        "description": "By path; null for one that you do not know. docs/partners/words.md says what each is.",
    }
    schema["properties"] |= dict.fromkeys(fields_of_events(adapter), NULL)
    return schema


def _fact(kind: Kind) -> JsonSchema:
    match kind:
        case YesNo():
            return schema_of(shapes.YesNo | None)
        case DayFact():
            return schema_of(Day | None)
        case _:
            return nullable(_value(kind))


def _value(kind: Kind) -> JsonSchema:
    match kind:
        case YesNo():
            return schema_of(shapes.YesNo)
        case DayFact():
            return schema_of(Day)
        case Whole(low, high):
            return {"type": "integer", "minimum": low, "maximum": high}
        case Choice(values):
            return {"enum": list(values)}
        case Code(pattern, _):
            return trimmed(pattern.removeprefix("^").removesuffix("$"))
        case Records(fields):
            record = {name: _value(field) for name, field in fields.items()}
            return {"type": "array", "items": {"type": "object", "properties": record, "additionalProperties": False}}


def _hoisted(value: Any, defs: Mapping[str, JsonSchema]) -> Any:
    """*value* with a reference in the place of whatever is one of *defs*."""
    if isinstance(value, list):
        return [_hoisted(each, defs) for each in value]
    if not isinstance(value, dict):
        return value
    made = {name: _hoisted(each, defs) for name, each in value.items()}
    for name, each in defs.items():
        if "type" in each and made == nullable(each) != each:
            made = {"anyOf": [{"$ref": _LOCAL + name}, NULL]}
        if "type" in made and each == nullable(made) != made:
            return {"$ref": _LOCAL + name, "type": made["type"]}
        if each == made:
            return {"$ref": _LOCAL + name}
    return made


def _abroad(value: Any) -> Any:
    """*value* with its references led into the shared file."""
    if isinstance(value, list):
        return [_abroad(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        name: SHARED + each if name == "$ref" and isinstance(each, str) else _abroad(each)
        for name, each in value.items()
    }
