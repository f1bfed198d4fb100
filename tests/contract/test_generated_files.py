"""Generated files are what their generator writes now."""

from pathlib import Path

from onward.contracts import __main__ as generator
from onward.contracts import paths


def test_the_event_schemas_are_up_to_date() -> None:
    assert generator.stale(paths.schemas() / "events") == []


def test_a_schema_that_differs_or_belongs_to_no_message_is_named(tmp_path: Path) -> None:
    generator.write(tmp_path)
    assert generator.stale(tmp_path) == []
    changed = tmp_path / "onward.contact.v1.schema.json"
    changed.write_text(changed.read_text() + " ")
    orphan = tmp_path / "onward.forgotten.v1.schema.json"
    orphan.write_text("{}")
    assert generator.stale(tmp_path) == [changed, orphan]
    generator.write(tmp_path)
    assert not orphan.exists()
