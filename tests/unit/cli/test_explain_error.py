"""`onward rules explain-error` shows a code's page."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from onward.cli.main import app
from onward.contracts import paths
from unit.routing.routing_builders import BASES, HOUSING, rule_file


def run(*arguments: str, colour: bool = False) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["rules", *arguments], color=colour)
    return done.exit_code, done.stdout, done.stderr


@pytest.mark.parametrize("code", ["T001", "t001"])
def test_a_page_is_shown_with_its_examples_set_in(code: str) -> None:
    exit_code, out, err = run("explain-error", code)
    assert (exit_code, err) == (0, "")
    assert out.startswith("T001: no such fact\n\n")
    assert "\nWrong:\n\n    when:\n      acommodation.status: homeless  # T001\n" in out
    assert "```" not in out
    assert "\x1b" not in out


def test_headings_are_bold_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert run("explain-error", "T001", colour=True)[1].startswith("\x1b[1mT001: no such fact\x1b[0m\n")


@pytest.mark.parametrize(
    ("name", "value", "wanted"), [("NO_COLOR", "1", False), ("NO_COLOR", "", True), ("TERM", "dumb", False)]
)
def test_a_terminal_gets_no_colours_where_its_owner_wants_none(
    name: str, value: str, wanted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv(name, value)
    assert ("\x1b" in run("explain-error", "T001", colour=True)[1]) is wanted


def test_json_holds_the_page_as_written() -> None:
    document = json.loads(run("explain-error", "T001", "--json")[1])
    assert document == {
        "ok": True,
        "code": "T001",
        "title": "no such fact",
        "page": (paths.rule_errors() / "T001.md").read_text(),
    }


def test_an_unknown_code_is_misuse_and_the_nearest_is_named() -> None:
    code, out, err = run("explain-error", "T01")
    assert (code, out) == (2, "")
    assert "no error code `T01`; did you mean `T0" in err
    assert "lists every code" in run("explain-error", "nonsense")[2]
    assert json.loads(run("explain-error", "nonsense", "--json")[1])["ok"] is False


def test_without_a_code_every_code_is_listed() -> None:
    code, out, _ = run("explain-error")
    assert code == 0
    assert "\nT001  no such fact\n" in out
    assert json.loads(run("explain-error", "--json")[1])["codes"]["T001"] == "no such fact"


def test_rules_with_a_problem_end_with_where_to_read_about_it_once(tmp_path: Path) -> None:
    (tmp_path / "bases.yaml").write_text(BASES)
    wrong = HOUSING.replace("person.age", "person.agee").replace("status: homeless", "status: homles")
    (tmp_path / "need.yaml").write_bytes(rule_file("need", wrong).content)
    code, _, err = run("check", str(tmp_path))
    assert code == 2
    assert err.endswith("nothing was loaded\nwhat it means: onward rules explain-error T001\n")
    assert err.count("explain-error") == 1
    assert "explain-error" not in run("check", "--json", str(tmp_path))[2]
