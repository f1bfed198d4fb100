"""`onward rehearse`: what it prints, how it ends, what it never shows."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from onward.cli.main import app
from onward.contracts import paths
from unit.rehearsal.scenarios import AGREES, a_scenario

REFUSED = "at: +1 day\nreply: {category: ACCOMMODATION, status: REJECTED, reason: NO_CAPACITY}"
HOLDS = a_scenario(AGREES + "expect: {some: {sent: [{category: ACCOMMODATION}]}}", head="title: It holds")
FAILS = a_scenario(AGREES + "expect: {only: {sent: []}}", head="title: It does not hold")


def rehearsed(tmp_path: Path, *texts: str, arguments: tuple[str, ...] = ()) -> Result:
    for number, text in enumerate(texts):
        (tmp_path / f"story-{number}.yaml").write_text(text)
    return CliRunner().invoke(app, ["rehearse", str(tmp_path), *arguments])


def test_without_expectations_each_step_is_told_in_words(tmp_path: Path) -> None:
    result = rehearsed(tmp_path, a_scenario(AGREES, REFUSED))
    text = " ".join(result.stdout.split())
    assert result.exit_code == 0
    assert "Step 1: Monday 02 March 2026 at 10:00, custody sends in.custody/homeless-and-agrees.json" in text
    assert "Sent: ACCOMMODATION to birmingham-housing, within 5 working days, basis consent" in text
    assert "Step 2: Tuesday 03 March 2026 at 10:00, the provider answers REJECTED (no capacity)" in text
    assert "Stands: ACCOMMODATION at birmingham-housing: REJECTED" in text
    assert "Called: duty-practitioner, next working day: rejected." in text
    assert text.endswith("1 scenario, 2 steps; nothing is expected.")


def test_a_scenario_in_which_all_holds_is_one_line_unless_its_steps_are_wanted(tmp_path: Path) -> None:
    result = rehearsed(tmp_path, HOLDS)
    assert result.exit_code == 0
    assert "story-0.yaml: It holds" in " ".join(result.stdout.split())
    assert "Step 1" not in result.stdout
    assert "Step 1" in rehearsed(tmp_path, HOLDS, arguments=("--steps",)).stdout


def test_what_does_not_hold_is_said_with_its_place_and_ends_with_1(tmp_path: Path) -> None:
    result = rehearsed(tmp_path, HOLDS, FAILS)
    text = " ".join(result.stdout.split())
    assert result.exit_code == 1
    assert f"Not as expected: {tmp_path}/story-1.yaml:6:21: sent: not expected: category ACCOMMODATION" in text
    assert text.endswith("2 scenarios, 2 steps; 1 expectation not met.")


def test_for_machines_it_is_one_object_and_values_of_people_are_shown_only_when_asked_for(tmp_path: Path) -> None:
    result = rehearsed(tmp_path, FAILS, arguments=("--json",))
    assert result.exit_code == 1
    document: dict[str, Any] = json.loads(result.stdout)
    (scenario,) = document["scenarios"]
    (step,) = scenario["steps"]
    assert (document["ok"], scenario["ok"]) == (False, False)
    assert step["at"] == "2026-03-02T10:00:00+00:00"
    assert step["faults"][0]["line"] == 6
    assert set(step["effects"]["sent"][0]["disclosed"].values()) == {None}
    assert {value for facts in step["effects"]["facts"] for value in facts.values()} == {None}
    revealed = json.loads(rehearsed(tmp_path, FAILS, arguments=("--json", "--reveal")).stdout)
    assert revealed["scenarios"][0]["steps"][0]["effects"]["sent"][0]["disclosed"]["name"]


def test_a_scenario_that_cannot_be_used_ends_with_2_and_nothing_is_played(tmp_path: Path) -> None:
    result = rehearsed(tmp_path, HOLDS, "title: x\nsteps: [{reply: {status: MAYBE}}]", "title: y")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert f"{tmp_path}/story-1.yaml:2:26: error[D005]" in result.stderr
    assert f"{tmp_path}/story-2.yaml:1:1: error[D005]: `steps` is missing" in result.stderr
    told = rehearsed(tmp_path, arguments=("--json",))
    assert json.loads(told.stdout)["ok"] is False


def test_a_name_that_leads_nowhere_is_misuse(tmp_path: Path) -> None:
    for name in ("no-such.yaml", ""):
        result = CliRunner().invoke(app, ["rehearse", str(tmp_path / name)])
        assert result.exit_code == 2
        assert "there is no scenario at" in result.stderr


def test_rules_of_a_folder_decide_instead_of_those_of_the_project(tmp_path: Path) -> None:
    (tmp_path / "routing").mkdir()
    for path in (paths.schemas() / "routing").glob("*.yaml"):
        text = path.read_text()
        if path.name == "suppress.yaml":
            text = text.replace("rules:\n", STOPS_ALL, 1)
        (tmp_path / "routing" / path.name).write_text(text)
    stories = tmp_path / "routing" / "scenarios"
    stories.mkdir()
    ends = "expect: {only: {sent: []}, some: {suppressed: [{rule: stop-all}]}}"
    result = rehearsed(stories, a_scenario(AGREES + ends), arguments=("--rules", str(tmp_path / "routing")))
    assert result.exit_code == 0, result.output


STOPS_ALL = """rules:
  - id: stop-all
    why: Nobody is referred while this is tried out
    when: {event.source: custody}
    suppress: {reason: tried-out, what: everything}
    tests:
      - name: from custody
        given: {event.source: custody}
        expect: match
      - name: from elsewhere
        given: {event.source: liaison}
        expect: no_match
"""


@pytest.mark.parametrize("arguments", [("--json",), ()])
def test_rules_that_cannot_be_used_are_told_as_by_every_command(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "routing").mkdir()
    (tmp_path / "routing" / "need.yaml").write_text("schema: routing/v1\ntheme: nonsense\n")
    (tmp_path / "stories").mkdir()
    result = rehearsed(tmp_path / "stories", HOLDS, arguments=("--rules", str(tmp_path / "routing"), *arguments))
    assert result.exit_code == 2
    assert "need.yaml" in result.output
