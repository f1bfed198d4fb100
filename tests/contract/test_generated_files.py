"""Generated files are what their generators write now."""

from collections.abc import Callable
from pathlib import Path

import pytest

from onward.contracts import generated, paths
from onward.contracts.__main__ import event_schemas
from onward.contracts.generated import Generated
from onward.intake.contact_types import declared_types
from onward.intake.schemas import partner_schemas
from onward.intake.words_page import partner_pages

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("made", [event_schemas, partner_schemas])
def test_the_event_schemas_are_up_to_date(made: Callable[[Path], Generated]) -> None:
    assert made(paths.schemas() / "events").stale() == []


def test_the_list_of_types_of_contact_is_up_to_date() -> None:
    assert declared_types(paths.schemas()).stale() == []


def test_the_page_of_words_and_facts_is_up_to_date() -> None:
    assert partner_pages(ROOT / "docs" / "partners").stale() == []


def test_a_file_that_differs_is_missing_or_is_not_made_any_more_is_named_and_mended(tmp_path: Path) -> None:
    made = Generated(tmp_path, {"one.json": "1\n", "two.json": "2\n"}, "*.json")
    made.write()
    assert made.stale() == []
    (tmp_path / "one.json").write_text("changed")
    (tmp_path / "two.json").unlink()
    (tmp_path / "three.json").write_text("orphan")
    (tmp_path / "written.yaml").write_text("by a person")
    assert made.stale() == [tmp_path / "one.json", tmp_path / "two.json", tmp_path / "three.json"]
    made.write()
    assert made.stale() == []
    assert (tmp_path / "written.yaml").exists()


def test_the_command_writes_or_with_check_only_says_what_is_out_of_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "topics").mkdir()
    monkeypatch.setenv("ONWARD_SCHEMAS", str(tmp_path))
    made = Generated(tmp_path / "events", {"one.json": "1\n"}, "*.json")
    assert generated.main("a-module", made, ["--check"]) == 1
    assert capsys.readouterr().err == "events/one.json is out of date; run `make schemas`\n"
    assert generated.main("a-module", made, []) == 0
    assert generated.main("a-module", made, ["--check"]) == 0
