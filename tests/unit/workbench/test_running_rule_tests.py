"""`onward rules test`: a failing test shows the whole rule, condition by condition."""

import json
from pathlib import Path

from unit.workbench.pack_folders import folder_of, run

RULES = """\
  - id: veterans
    why: For tests
    effective: {from: 2018-10-01}
    when: {person.age: ">= 18", person.veteran: true}
    any_of: [{person.sex: male}, {person.pregnant: true}]
    notify: {kind: told, to: duty-practitioner}
    tests:
      - {name: a man, given: {person.age: 34, person.veteran: true, person.sex: male}, expect: match}
      - {name: a boy, given: {person.age: 12, person.sex: male}, expect: match}
  - id: others
    why: For tests
    when: {person.veteran: false}
    notify: {kind: told, to: duty-practitioner}
"""


def test_a_failing_test_shows_every_condition_with_what_it_wanted_what_it_got_and_where(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, need=RULES)
    result = run("test", folder)
    name = folder.name
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert result.exit_code == 1
    assert lines == [
        f"{name}/need.yaml:13:9: veterans / a boy: expected match, got no_match because of person.age",
        f"true effective event.day from 2018-10-01 is 2018-10-01 {name}/need.yaml:7:16",
        f"false when person.age >= 18 is 12 {name}/need.yaml:8:24",
        f"not known when person.veteran true not known {name}/need.yaml:8:49",
        f"true any_of 1 person.sex male is male {name}/need.yaml:9:27",
        f"not known any_of 2 person.pregnant true not known {name}/need.yaml:9:52",
        "2 tests of 2 rules, 1 failed",
    ]
    assert "without any test: others" in result.stderr


def test_one_rule_can_be_run_alone(tmp_path: Path) -> None:
    result = run("test", folder_of(tmp_path, need=RULES), "--rule", "others")
    assert result.exit_code == 0
    assert "0 tests of 1 rule, 0 failed" in result.stdout


def test_an_unknown_rule_is_misuse(tmp_path: Path) -> None:
    result = run("test", folder_of(tmp_path, need=RULES), "--rule", "veteran")
    assert result.exit_code == 2
    assert "did you mean `veterans`?" in result.stderr


def test_a_program_gets_the_same_in_one_document(tmp_path: Path) -> None:
    result = run("test", folder_of(tmp_path, need=RULES), "--json")
    document = json.loads(result.stdout)
    (failed,) = document["failed"]
    assert (document["ok"], document["tests"], document["without_tests"]) == (False, 2, ["others"])
    assert (failed["expected"], failed["got"], failed["reasons"]) == ("match", "no_match", ["person.age"])
    assert [(each["part"], each["truth"]) for each in failed["conditions"]][1:3] == [("when", False), ("when", None)]
