"""The JSON Schema of every partner event whose shape is ours to define."""

from collections.abc import Iterator
from typing import Any

from pydantic import AliasChoices, BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from onward.contracts.schemas import DIALECT
from onward.diagnostics.json_text import as_file
from onward.intake.domain.answers import EVENT_TYPE, FactsAnswered
from onward.intake.partners import adapters

_NULL = {"type": "null"}
_ABOUT = (
    "The event as bare JSON. In a CloudEvent, `eventType` and `occurredAt` may be left out where the attributes `type` "
    "and `time` say them. Fields that are not listed here are not read; `onward try` says whether the words are."
)


def partner_schemas() -> dict[str, str]:
    """
    The schemas by file name: `in.<source>.<event type>.schema.json`, and one for answers, which every partner sends.

    They take whatever intake takes, and say which codes we know and which fields must be there. What a word means no
    schema can say: every way to write one would have to be listed. `onward try` says it.
    """
    files = {
        f"in.{source}.{event}.schema.json": _schema(event, model)
        for source, adapter in adapters().items()
        for event, model in adapter.catalogue.models.items()
    }
    return {**files, f"in.{EVENT_TYPE}.schema.json": _schema(EVENT_TYPE, FactsAnswered)}


def _schema(event: str, model: type[BaseModel]) -> str:
    schema = model.model_json_schema(by_alias=True, mode="validation", schema_generator=Tolerant)
    for each in _objects(schema):
        _allow_null(each)
    _allow_other_names(schema, model)
    schema["properties"]["eventType"]["examples"] = [event]
    about = f"{schema['description']}\n\n{_ABOUT}"
    return as_file({**schema, "$schema": DIALECT, "title": event, "description": about})


class Tolerant(GenerateJsonSchema):
    """Says of each kind of value what is really read as one."""

    def bool_schema(self, schema: core_schema.BoolSchema) -> JsonSchemaValue:
        """True or false, or a word for it."""
        del schema
        return {"type": ["boolean", "string", "integer"], "description": "Yes or no.", "examples": [True, False, "yes"]}

    def int_schema(self, schema: core_schema.IntSchema) -> JsonSchemaValue:
        """A whole number, or its digits."""
        return {**super().int_schema(schema), "type": ["integer", "string"]}

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        """Text, or a number for it."""
        made = super().str_schema(schema)
        made.pop("pattern", None)
        return {**made, "type": ["string", "number"]}

    def datetime_schema(self, schema: core_schema.DatetimeSchema) -> JsonSchemaValue:
        """A time in any of the forms that are read."""
        del schema
        about = "A time in ISO 8601; without an offset it is London time."
        return {"type": "string", "description": about, "examples": ["2026-03-01T09:30:00+00:00"]}

    def date_schema(self, schema: core_schema.DateSchema) -> JsonSchemaValue:
        """A day in any of the forms that are read."""
        del schema
        return {"type": "string", "description": "A day.", "examples": ["1990-05-01", "01/05/1990"]}


def _objects(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield schema
    yield from schema.get("$defs", {}).values()


def _allow_null(schema: dict[str, Any]) -> None:
    """A field that is null is one that is left out."""
    for name, field in schema.get("properties", {}).items():
        bound = field.keys() & {"type", "anyOf", "oneOf", "$ref"}
        if name not in schema.get("required", ()) and bound and not _may_be_null(field):
            schema["properties"][name] = {"anyOf": [field, _NULL]}


def _may_be_null(field: dict[str, Any]) -> bool:
    return _NULL in field.get("anyOf", ()) or "null" in field.get("type", ())


def _allow_other_names(schema: dict[str, Any], model: type[BaseModel]) -> None:
    """A field that must be there may have any of its names."""
    for field in model.model_fields.values():
        if field.is_required() and isinstance(field.validation_alias, AliasChoices):
            first, *others = map(str, field.validation_alias.choices)
            schema["required"].remove(first)
            schema["properties"] |= dict.fromkeys(others, schema["properties"][first])
            schema.setdefault("allOf", []).append({"anyOf": [{"required": [name]} for name in (first, *others)]})
