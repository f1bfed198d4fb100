"""The JSON Schema of every message of ours."""

from typing import Any, Final

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from onward.contracts import topics
from onward.contracts.topics import Topic
from onward.diagnostics.json_text import as_file

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
BASE: Final = "https://onward.example/schemas/events/"
"""What identifies the schemas: a name, at which nothing can be fetched (RFC 2606 keeps `.example` free for that)."""


class WrittenJsonSchema(GenerateJsonSchema):
    """Leaves out titles, which repeat a name, and defaults: neither helps those who write what the schema describes."""

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """The value itself: what an absent field counts as is told in words."""
        return self.generate_inner(schema["schema"])

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Never."""
        del schema
        return False

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        """The model, without the name of its class."""
        made = super().model_schema(schema)
        made.pop("title", None)
        return made


def identified(file: str) -> dict[str, str]:
    """What every schema begins with, for the one in *file*: its dialect and its name in the world."""
    return {"$schema": DIALECT, "$id": BASE + file}


def event_schemas() -> dict[str, str]:
    """Each schema by the name of its file in `schemas/events/`: `onward.referral.v1.schema.json`."""
    files = {f"{topic.event_type}.schema.json": topic for topic in topics.ALL}
    return {file: as_file(_schema(file, topic)) for file, topic in files.items()}


def _schema(file: str, topic: Topic[Any]) -> dict[str, Any]:
    schema = topic.model.model_json_schema(mode="serialization")
    return {**schema, **identified(file), "title": topic.event_type}
