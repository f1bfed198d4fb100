"""`python -m onward.contracts` writes the JSON Schema of every message of ours to `schemas/events/`."""

import sys
from pathlib import Path
from typing import Any

from onward.contracts import generated, paths, topics
from onward.contracts.generated import Generated
from onward.contracts.topics import Topic


def event_schemas(folder: Path) -> Generated:
    """The schemas, for *folder*."""
    files = {f"{topic.event_type}.schema.json": _schema(topic) for topic in topics.ALL}
    return Generated(folder, files, "onward.*.schema.json")


def _schema(topic: Topic[Any]) -> str:
    schema = topic.model.model_json_schema(mode="serialization")
    dialect = "https://json-schema.org/draft/2020-12/schema"
    return generated.json_text({**schema, "$schema": dialect, "title": topic.event_type})


if __name__ == "__main__":
    sys.exit(generated.main("onward.contracts", event_schemas(paths.schemas() / "events")))
