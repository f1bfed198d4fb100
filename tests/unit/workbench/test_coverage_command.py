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


TWO = """\
  - id: aa-veterans
    why: For tests
    when: {person.age: ">= 18", person.veteran: true}
    # Whom it tells.
    notify: {kind: told, to: duty-practitioner}
    tests:
      - {name: a man, given: {person.age: 34, person.veteran: true}, expect: match}  # the usual
      # and of this test

  # About the other rule.
  - id: bb-adults
    why: For tests
    when: {person.age: ">= 18"}
    notify: {kind: told, to: crisis-line}
"""


def test_written_tests_stand_in_their_own_rule_and_no_other_line_changes(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, need=TWO)
    file = folder / "need.yaml"
    before = file.read_text()
    result = run("coverage", folder, "--rule", "aa-veterans", "--write")
    assert result.exit_code == 0, result.output
    assert file.read_text() == before.replace("      # and of this test\n", f"      # and of this test\n{SUGGESTED}")
    assert run("then", folder, "--write").exit_code == 0
    assert run("coverage", folder, "--rule", "aa-veterans").exit_code == 0
    assert run("coverage", folder, "--rule", "bb-adults").exit_code == 1


def test_all_rules_of_a_folder_are_written_at_once(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, need=TWO)
    assert run("coverage", folder, "--write").exit_code == 0
    assert run("then", folder, "--write").exit_code == 0
    assert run("coverage", folder).exit_code == 0
    text = (folder / "need.yaml").read_text()
    assert text.index("# About the other rule.") > text.index("not veteran")
    assert text.rstrip().endswith("because: person.age") or "    tests:\n" in text.split("bb-adults")[1]
    again = run("coverage", folder, "--write")
    assert (again.exit_code, again.stdout) == (0, "0 tests added: they say what the rules do now; read each\n")


def test_what_stands_after_the_tests_stays_there(tmp_path: Path) -> None:
    moved = TWO.replace("    # Whom it tells.\n    notify: {kind: told, to: duty-practitioner}\n", "").replace(
        "      # and of this test\n", "    notify: {kind: told, to: duty-practitioner}\n"
    )
    folder = folder_of(tmp_path, need=moved)
    assert run("coverage", folder, "--rule", "aa-veterans", "--write").exit_code == 0
    written = (folder / "need.yaml").read_text()
    assert f"# the usual\n{SUGGESTED}    notify: " in written


def test_an_overlay_s_tests_go_to_its_own_condition(tmp_path: Path) -> None:
    overlay = (
        "schema: routing/v1\narea: E07000008\nnarrows:\n  - rule: veterans\n    why: Only older people here\n"
        '    when: {person.age: ">= 30"}\n  - rule: others\n    why: Nothing else\n    when: {person.veteran: true}\n'
    )
    others = RULES.replace("veterans", "others")
    folder = folder_of(tmp_path, need=RULES + others)
    (folder / "local.yaml").write_text(overlay)
    assert run("coverage", folder, "--rule", "veterans", "--write").exit_code == 0
    assert run("then", folder, "--write").exit_code == 0
    assert run("coverage", folder, "--rule", "veterans").exit_code == 0
    written = (folder / "local.yaml").read_text()
    assert written.index("tests:") < written.index("rule: others")


def test_tests_in_brackets_are_left_alone(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, need=RULES.replace("tests:\n      - {", "tests: [{").replace("match}\n", "match}]\n"))
    before = (folder / "need.yaml").read_bytes()
    result = run("coverage", folder, "--write")
    assert result.exit_code != 0
    assert "stand in brackets; put each on lines of its own" in " ".join(result.output.split())
    assert (folder / "need.yaml").read_bytes() == before


def test_line_ends_stay_as_they_are(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, need=RULES)
    file = folder / "need.yaml"
    file.write_bytes(file.read_bytes().rstrip(b"\n").replace(b"\n", b"\r\n"))
    assert run("coverage", folder, "--write").exit_code == 0
    assert b"\n" not in file.read_bytes().replace(b"\r\n", b"")
    assert run("then", folder, "--write").exit_code == 0
    assert run("coverage", folder).exit_code == 0
