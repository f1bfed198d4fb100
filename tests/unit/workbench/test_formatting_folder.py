"""`onward rules fmt` writes whole files or none, leaves faulty ones alone and says what it did."""

import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from onward.cli.main import app
from onward.workbench.formatting import folder as formatting_folder
from onward.workbench.formatting.folder import FileChange, FormattingError, folder_form, write
from unit.routing.routing_builders import BASES, HOUSING, rule_file

LOOSE = rule_file("need", HOUSING.replace("    why:", "\n    why:   ")).content
FAULTY = rule_file("need", HOUSING.replace("person.age", "person.agee").replace("housing", "another")).content


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "rules"
    made.mkdir()
    (made / "bases.yaml").write_text(BASES)
    (made / "need.yaml").write_bytes(LOOSE)
    return made


def fmt(*arguments: str | Path) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["rules", "fmt", *map(str, arguments)])
    return done.exit_code, done.stdout, done.stderr


def swapping(right: str, wrong: str) -> Callable[[str], str]:
    """A formatter that is wrong."""

    def formatted(text: str) -> str:
        return text.replace(right, wrong)

    return formatted


def test_a_loose_file_is_written_in_the_form_and_then_left(folder: Path) -> None:
    assert fmt(folder) == (0, "formatted: rules/need.yaml\n2 files, 1 formatted\n", "")
    assert (folder / "need.yaml").read_bytes() == rule_file("need", HOUSING.replace("    why:", "\n    why:")).content
    assert fmt(folder) == (0, "2 files, 0 formatted\n", "")


def test_check_writes_nothing_and_ends_with_1(folder: Path) -> None:
    code, out, _ = fmt("--check", folder)
    assert code == 1
    assert "--- rules/need.yaml\n+++ rules/need.yaml (formatted)\n" in out
    assert "would change: rules/need.yaml\n2 files, 1 to format\n" in out
    assert "\x1b" not in out
    assert (folder / "need.yaml").read_bytes() == LOOSE
    fmt(folder)
    assert fmt("--check", folder)[0] == 0


def test_json_says_the_same(folder: Path) -> None:
    code, out, _ = fmt("--check", "--json", folder)
    document = json.loads(out)
    assert (code, document["ok"], document["files"], document["written"]) == (1, False, 2, False)
    assert [change["file"] for change in document["changes"]] == ["rules/need.yaml"]
    assert json.loads(fmt("--json", folder)[1])["ok"] is True


def test_a_faulty_file_is_left_alone_and_reported_and_the_others_are_formatted(folder: Path) -> None:
    (folder / "faulty.yaml").write_bytes(FAULTY + b"\n\n")
    code, out, err = fmt(folder)
    assert code == 2
    assert "rules/faulty.yaml:7:12: error[T001]" in err
    assert "onward rules explain-error T001" in err
    assert "formatted: rules/need.yaml\n3 files, 1 formatted, 1 with problems left alone\n" in out
    assert (folder / "faulty.yaml").read_bytes() == FAULTY + b"\n\n"
    assert (folder / "need.yaml").read_bytes() != LOOSE


def test_no_such_folder_is_misuse(tmp_path: Path) -> None:
    code, _, err = fmt(tmp_path / "none")
    assert code == 2
    assert "R003" in err


def test_permissions_stay_and_nothing_else_is_left_in_the_folder(folder: Path) -> None:
    (folder / "need.yaml").chmod(0o640)
    fmt(folder)
    assert stat.S_IMODE((folder / "need.yaml").stat().st_mode) == 0o640
    assert sorted(path.name for path in folder.iterdir()) == ["bases.yaml", "need.yaml"]


def test_a_link_stays_a_link(folder: Path, tmp_path: Path) -> None:
    (folder / "need.yaml").rename(tmp_path / "elsewhere.yaml")
    (folder / "need.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    fmt(folder)
    assert (folder / "need.yaml").is_symlink()
    assert (tmp_path / "elsewhere.yaml").read_bytes() != LOOSE


def test_a_file_that_changes_meanwhile_is_not_overwritten(folder: Path) -> None:
    form = folder_form(folder)
    (folder / "need.yaml").write_bytes(b"somebody else's work")
    with pytest.raises(FormattingError, match="changed in the meantime"):
        write(form.changes)
    assert (folder / "need.yaml").read_bytes() == b"somebody else's work"
    assert sorted(path.name for path in folder.iterdir()) == ["bases.yaml", "need.yaml"]


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(FormattingError, match=r"rules/gone.yaml cannot be written"):
        FileChange("rules/gone.yaml", tmp_path / "gone.yaml", b"", b"").write()


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [("homeless", "at_risk", "the words of rules/need.yaml"), ("need", "statutory", "the words of")],
)
def test_a_formatter_that_changes_a_word_writes_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, right: str, wrong: str, message: str
) -> None:
    monkeypatch.setattr(formatting_folder, "formatted", swapping(right, wrong))
    code, _, err = fmt(folder)
    assert code == 1
    assert message in err
    assert (folder / "need.yaml").read_bytes() == LOOSE


def test_a_formatter_that_changes_the_order_of_what_has_one_writes_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = 'person.age: ">= 18", accommodation.status: homeless'
    wrong = 'accommodation.status: homeless, person.age: ">= 18"'
    monkeypatch.setattr(formatting_folder, "formatted", swapping(right, wrong))
    code, _, err = fmt(folder)
    assert code == 1
    assert "what the rules mean" in err
    assert (folder / "need.yaml").read_bytes() == LOOSE
