"""`onward rules analyse` as an author sees it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from onward.cli.main import app
from onward.routing.domain.diagnostics import SourceFile
from unit.routing.routing_builders import BASES
from unit.workbench.analysed import a_file, a_rule

NEVER = a_rule("never", "person.area: E08000025, person.nation: wales")
WIDE, NARROW = a_rule("a-wide", 'person.age: ">= 18"'), a_rule("b-other", "person.age: 10..20")


def rules(folder: Path, *files: SourceFile) -> Path:
    for file in (SourceFile("bases.yaml", BASES.encode()), *files):
        (folder / file.name).write_bytes(file.content)
    return folder


def ran(folder: Path, *options: str, colour: bool = False) -> Result:
    return CliRunner().invoke(app, ["rules", "analyse", str(folder), *options], color=colour)


def test_an_error_ends_it_with_1_and_shows_where_and_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = ran(rules(tmp_path, a_file(NEVER)))
    assert done.exit_code == 1
    assert "error[A001] never matches: correct the conditions" in done.stdout
    assert "need.yaml:5:5: `never` can never match" in done.stdout
    assert "\x1b[" not in done.stdout
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[31m" in ran(tmp_path, colour=True).stdout


def test_what_is_only_worth_knowing_ends_with_0_and_shows_when_asked_for(tmp_path: Path) -> None:
    done = ran(rules(tmp_path, a_file(WIDE, NARROW)))
    assert done.exit_code == 0
    assert "A005" not in done.stdout
    assert "1 more with `--severity info`" in done.stdout
    shown = ran(tmp_path, "--severity", "info").stdout
    assert "info[A005] match together" in shown
    assert "given: {event.day: 2026-03-02, person.age: " in shown
    assert "A010" not in ran(tmp_path, "--severity", "error").stdout


def test_one_sort_only(tmp_path: Path) -> None:
    done = ran(rules(tmp_path, a_file(NEVER, WIDE, NARROW)), "--only", "A005")
    assert done.exit_code == 0
    assert "A005" in done.stdout
    assert "A001" not in done.stdout


def test_one_rule_alone(tmp_path: Path) -> None:
    folder = rules(tmp_path, a_file(NEVER, WIDE, NARROW))
    about = {
        rule: {
            each["code"]
            for each in json.loads(ran(folder, "--rule", rule, "--severity", "info", "--json").stdout)["findings"]
        }
        for rule in ("never", "a-wide", "b-other")
    }
    assert "A001" in about["never"]
    assert "A001" not in about["a-wide"] | about["b-other"]
    assert "A005" in about["a-wide"] & about["b-other"]
    assert [ran(folder, "--rule", rule).exit_code for rule in ("never", "a-wide", "c")] == [1, 0, 2]


def test_the_document_for_programs_has_the_example_as_values(tmp_path: Path) -> None:
    done = ran(rules(tmp_path, a_file(WIDE, NARROW)), "--only", "A005", "--json")
    document = json.loads(done.stdout)
    assert document["ok"] is True
    (finding,) = document["findings"]
    assert finding["rules"] == ["a-wide", "b-other"]
    assert finding["example"]["person.age"] in (18, 19, 20)


@pytest.mark.parametrize("options", [["--only", "A099"], ["--severity", "grave"], ["--on", "2026-02-30"]])
def test_what_does_not_exist_is_misuse(options: list[str], tmp_path: Path) -> None:
    assert ran(rules(tmp_path, a_file(WIDE)), *options).exit_code == 2


def test_rules_that_cannot_be_loaded_are_refused(tmp_path: Path) -> None:
    assert ran(tmp_path).exit_code == 2


def test_a_goal_is_proved_for_the_year_from_a_day(tmp_path: Path) -> None:
    goal = "cover:\n  - {why: every adult, when: {person.age: 18..120}}\n"
    ending = a_rule("ends", "person.age: known", more="    effective: {from: 2020-01-01, until: 2026-12-31}\n")
    folder = rules(tmp_path, a_file(ending, head=goal))
    assert ran(folder, "--on", "2025-06-01", "--only", "A013").exit_code == 0
    assert ran(folder, "--on", "2026-06-01", "--only", "A013").exit_code == 1
