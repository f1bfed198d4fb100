"""Every message of ours has an example, and every example is what its schema and its model say."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from onward.contracts import paths, topics
from onward.contracts.topics import Topic

EXAMPLES = paths.schemas() / "examples"
FILES = sorted(EXAMPLES.glob("onward.*/*.json"))


def the_topic(path: Path) -> Topic[Any]:
    return next(topic for topic in topics.ALL if topic.event_type == path.parent.name)


@pytest.mark.parametrize("topic", topics.ALL, ids=lambda topic: topic.event_type)
def test_every_message_of_ours_has_an_example(topic: Topic[Any]) -> None:
    assert [path for path in FILES if path.parent.name == topic.event_type]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_an_example_is_valid_and_reads_back_as_it_was_written(path: Path) -> None:
    document = json.loads(path.read_text())
    schema = json.loads((paths.schemas() / "events" / f"{path.parent.name}.schema.json").read_text())
    jsonschema.validate(document, schema, cls=jsonschema.Draft202012Validator)
    assert json.loads(the_topic(path).model.model_validate(document).model_dump_json()) == document
