"""The JSON Schema of every message of ours."""

from typing import Any, Final

from onward.contracts import topics
from onward.contracts.topics import Topic
from onward.diagnostics.json_text import as_file

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def event_schemas() -> dict[str, str]:
    """Each schema by the name of its file in `schemas/events/`: `onward.referral.v1.schema.json`."""
    return {f"{topic.event_type}.schema.json": as_file(_schema(topic)) for topic in topics.ALL}


def _schema(topic: Topic[Any]) -> dict[str, Any]:
    schema = topic.model.model_json_schema(mode="serialization")
    return {**schema, "$schema": DIALECT, "title": topic.event_type}
