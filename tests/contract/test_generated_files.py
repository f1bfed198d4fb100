"""How generated files are written and compared. Whether those of the project are up to date, `make verify` says."""

from pathlib import Path

import pytest

from onward.cli.generated import Generated, generated, main
from onward.contracts import paths

ROOT = Path(__file__).resolve().parents[2]


def test_every_generator_makes_something_and_no_two_own_one_file() -> None:
    everything = [*generated(paths.schemas(), ROOT / "docs" / "partners")]
    assert all(each.files for each in everything)
    owned = [path for each in everything for pattern in each.patterns for path in each.folder.glob(pattern)]
    assert len(owned) == len(set(owned))
    assert {each.folder.name for each in everything} == {
        "schemas",
        "events",
        "routing",
        "partners",
        "words",
        "docs",
        "pathways",
        "data-protection",
        "kafka",
        "postgres",
        "base",
        "grafana",
    }


def test_a_file_that_differs_is_missing_or_is_not_made_any_more_is_named_and_mended(tmp_path: Path) -> None:
    made = Generated(tmp_path, {"one.json": "1\n", "two.json": "2\n"}, ("*.json",))
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
    (tmp_path / "schemas" / "topics").mkdir(parents=True)
    monkeypatch.setenv("ONWARD_SCHEMAS", str(tmp_path / "schemas"))
    made = [Generated(tmp_path / "schemas" / "events", {"one.json": "1\n"}, ("*.json",))]
    assert main(made, ["--check"]) == 1
    assert capsys.readouterr().err == "schemas/events/one.json is out of date; run `make schemas`\n"
    assert main(made, []) == 0
    assert main(made, ["--check"]) == 0
    assert main(made, ["--chekc"]) == 2
    assert "usage:" in capsys.readouterr().err
