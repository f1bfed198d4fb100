"""`onward rules coverage`: a table, the gaps with their places, tests to paste, and an exit code for a build."""

import json
from pathlib import Path

from unit.workbench.pack_folders import folder_of, run

RULES = """\
  - id: veterans
    why: For tests
    when: {person.age: ">= 18", person.veteran: true}
    notify: {kind: told, to: duty-practitioner}
    tests:
      - {name: a man, given: {person.age: 34, person.veteran: true}, expect: match}
"""
SUGGESTED = """\
      - name: the age is 17
        given: {person.age: 17, person.veteran: true}
        expect: no_match
        because: person.age
      - name: not veteran
        given: {person.age: 34, person.veteran: false}
        expect: no_match
        because: person.veteran
"""


def test_gaps_are_listed_with_their_places_and_the_command_fails(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, need=RULES)
    result = run("coverage", folder)
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "rule      conditions  branches  actions  asks",
        "veterans         0/2       1/1      0/2   0/2",
        f"{folder.name}/need.yaml:7:24: veterans: no test shows: only person.age fails",
        f"{folder.name}/need.yaml:7:49: veterans: no test shows: only person.veteran fails",
        f"{folder.name}/need.yaml:5:5: veterans: no test says: notify kind: told",
        f"{folder.name}/need.yaml:5:5: veterans: no test says: notify to: duty-practitioner",
        "20 %: 4 gaps in 1 of 1 rule; 0 more cannot be shown by any facts",
    ]


def test_less_can_be_enough(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, need=RULES)
    assert run("coverage", folder, "--at-least", "20").exit_code == 0
    assert run("coverage", folder, "--at-least", "21").exit_code == 1


def test_the_suggested_tests_pasted_under_the_rule_close_every_gap(tmp_path: Path) -> None:
    result = run("coverage", folder_of(tmp_path, need=RULES), "--suggest")
    assert result.stdout == SUGGESTED
    assert result.stderr == (
        f"{tmp_path.name}/need.yaml:10:9 veterans: add to `a man`, or let `onward rules then` do it\n"
        "        then:\n"
        "          notify: {kind: told, to: duty-practitioner}\n"
        f"{tmp_path.name}/need.yaml:5:5 veterans: add to its tests\n"
    )
    assert run("then", folder_of(tmp_path, need=RULES + SUGGESTED), "--write").exit_code == 0
    assert run("coverage", tmp_path).exit_code == 0
    assert run("test", tmp_path).exit_code == 0


def test_a_program_gets_every_obligation(tmp_path: Path) -> None:
    document = json.loads(run("coverage", folder_of(tmp_path, need=RULES), "--json", "--suggest").stdout)
    (rule,) = document["rules"]
    assert (document["ok"], document["percent"]) == (False, 20.0)
    assert [each["status"] for each in rule["obligations"]] == ["covered", "gap", "gap"]
    assert "".join(rule["suggested"]) == SUGGESTED


def test_an_unknown_rule_is_misuse(tmp_path: Path) -> None:
    assert run("coverage", folder_of(tmp_path, need=RULES), "--rule", "veteran").exit_code == 2
