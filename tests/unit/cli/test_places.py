"""`onward places`: a table is made whole or not at all, and says where a postcode is."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from onward.cli.main import app
from onward.places.areas import installed

ONSPD = "pcd,pcds,oslaua\nLE1 1AA,LE1 1AA,E06000016\nIM1 1AA,IM1 1AA,M99999999\nLE1 1AB,LE1 1AB,E06000099\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "ONSPD_UK.csv"
    file.write_text("\ufeff" + ONSPD, encoding="utf-8")
    return file


def test_a_file_becomes_a_table_that_messages_are_read_with(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "postcodes.table"
    told = CliRunner().invoke(app, ["places", "import", str(file), "--to", str(table)])
    assert told.exit_code == 0, told.output
    assert "2 postcodes in " in told.stdout
    assert "1 have no local authority" in told.stdout
    assert "E06000099: not in our list of local authorities" in told.stdout
    monkeypatch.setenv("ONWARD_POSTCODES", str(table))
    installed.cache_clear()
    try:
        found = CliRunner().invoke(app, ["places", "find", "le11aa", "--json"])
    finally:
        installed.cache_clear()
    assert json.loads(found.stdout) == {"area": "E06000016", "name": "Leicester"}


def test_a_file_with_a_mistake_leaves_the_table_as_it_was(file: Path, tmp_path: Path) -> None:
    table = tmp_path / "postcodes.table"
    table.write_bytes(b"as it was")
    file.write_text(ONSPD + "LE1,LE1,E06000016\n")
    told = CliRunner().invoke(app, ["places", "import", str(file), "--to", str(table)])
    assert told.exit_code == 1
    assert "ONSPD_UK.csv:5: no postcode where one should be" in told.stderr
    assert table.read_bytes() == b"as it was"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ONSPD_UK.csv", "postcodes.table"]


def test_what_is_told_of_the_file_is_one_document_with_json(file: Path, tmp_path: Path) -> None:
    table = tmp_path / "postcodes.table"
    told = CliRunner().invoke(app, ["places", "import", str(file), "--to", str(table), "--json"])
    assert json.loads(told.stdout) == {"postcodes": 2, "without": 1, "unknown": {"E06000099": 1}, "to": str(table)}


@pytest.mark.parametrize(
    ("asked", "code", "told"),
    [
        (["import", "nowhere.csv"], 2, "nowhere.csv: No such file"),
        (["find", "B11"], 2, "`B11` is no postcode"),
        (["find", "SW1A 1AA"], 1, "nobody knows where that is"),
    ],
)
def test_what_cannot_be_done_is_told_with_what_to_do(asked: list[str], code: int, told: str) -> None:
    done = CliRunner().invoke(app, ["places", *asked])
    assert (done.exit_code, told in done.stderr) == (code, True), done.stderr


def test_a_table_that_cannot_be_written_is_told(file: Path, tmp_path: Path) -> None:
    told = CliRunner().invoke(app, ["places", "import", str(file), "--to", str(tmp_path / "no" / "folder")])
    assert told.exit_code == 2
    assert "cannot be written" in told.stderr
