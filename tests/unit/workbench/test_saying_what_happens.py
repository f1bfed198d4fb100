"""Each value of what a rule does is said by a test of it, and what is unsaid can be written into its tests."""

from pathlib import Path

import pytest

from onward.routing.bundle_files import load_bundle, read_files
from onward.routing.domain.language import Rule
from onward.routing.domain.rule_tests import check_tests
from onward.workbench.coverage.covering import cover_rule
from onward.workbench.coverage.writing_then import missing_then, written
from unit.workbench.pack_folders import folder_of, run

HEAD = """\
  - id: a-rule
    why: For tests
    when: {event.source: custody}
"""
REFERS = """\
    refer: {category: MENTAL_HEALTH, service: crisis_team, urgency: immediate, advice: "Call first of all; then go"}
    notify: [{kind: told, to: duty-practitioner}, {kind: called, to: crisis-line, urgency: immediate}]
    legal_basis: life
"""
TESTS = """\
    tests:
      - {name: not here, given: {event.source: courts}, expect: no_match, because: event.source}
      - {name: here, given: {event.source: custody}, expect: match}
      - name: here too
        given: {event.source: custody, person.age: 30}
        expect: match
"""
SAID = """\
        then:
          refer: {category: MENTAL_HEALTH, service: crisis_team, urgency: immediate, advice: Call first of all}
          notify: [{kind: told, to: duty-practitioner}, {kind: called, to: crisis-line, urgency: immediate}]
          legal_basis: life
"""


def unsaid(folder: Path, does: str, tests: str = TESTS, *, theme: str = "safety") -> list[str]:
    """What no test says of what a rule does."""
    (rule,) = load_bundle(folder_of(folder, **{theme: HEAD + does + tests})).rules
    return [each.what for each in cover_rule(rule).unsaid]


def test_each_value_of_what_a_rule_does_is_asked_for_once(tmp_path: Path) -> None:
    assert unsaid(tmp_path, REFERS) == [
        "refer category: MENTAL_HEALTH",
        "refer service: crisis_team",
        "refer urgency: immediate",
        "refer advice: Call first of all; then go",
        "notify kind: told",
        "notify to: duty-practitioner",
        "notify kind: called",
        "notify to: crisis-line",
        "notify urgency: immediate",
        "legal_basis: life",
    ]
    assert unsaid(tmp_path, REFERS, TESTS + SAID) == []


@pytest.mark.parametrize(
    ("does", "asked"),
    [
        ("    suppress: {reason: x, what: release, closes: none}\n", ["reason: x", "what: release"]),
        ("    suppress: {reason: x, what: [MENTAL_HEALTH, FINANCE_DEBT]}\n", ["what: [FINANCE_DEBT, MENTAL_HEALTH]"]),
    ],
)
def test_of_a_stop_the_usual_value_need_not_be_said(tmp_path: Path, does: str, asked: list[str]) -> None:
    found = unsaid(tmp_path, does, theme="suppress")
    assert found[-len(asked) :] == [f"suppress {each}" for each in asked]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("immediate, advice", "within_4_weeks, advice"),
        ("crisis_team", "place_of_safety"),
        ('advice: "Call first of all; then go"', "advice: Go"),
        (', advice: "Call first of all; then go"', ""),
        ("to: crisis-line, urgency: immediate", "to: crisis-line"),
        ("to: crisis-line", "to: offender-manager"),
        ("{kind: told, to: duty-practitioner}, ", ""),
        ("kind: told", "kind: tolled"),
        ("legal_basis: life", "legal_basis: duty"),
    ],
)
def test_any_other_value_then_fails_a_test(tmp_path: Path, old: str, new: str) -> None:
    assert old in REFERS
    rules = load_bundle(folder_of(tmp_path, safety=HEAD + REFERS.replace(old, new) + TESTS + SAID))
    assert len(check_tests(rules)) == 1


@pytest.mark.parametrize(
    ("old", "new", "unsaid_now"),
    [
        ("to: duty-practitioner}", "to: duty-practitioner, urgency: immediate}", "notify urgency: immediate"),
        ("urgency: immediate, advice", "urgency: immediate, providers: [x], advice", "refer providers: [x]"),
        ("[{kind: told", "[{kind: new, to: crisis-line}, {kind: told", "notify kind: new"),
    ],
)
def test_what_is_added_to_what_a_rule_does_is_asked_for(tmp_path: Path, old: str, new: str, unsaid_now: str) -> None:
    assert old in REFERS
    assert unsaid_now in unsaid(tmp_path, REFERS.replace(old, new), TESTS + SAID)


def test_what_is_unsaid_is_written_under_the_first_test_that_matches_and_then_nothing_is(tmp_path: Path) -> None:
    folder_of(tmp_path, safety=HEAD + REFERS + TESTS)
    made = {file.name: file.content.decode() for file in written(read_files(tmp_path), load_bundle(tmp_path))}
    (text,) = [text for name, text in made.items() if name.endswith("safety.yaml")]
    assert f"      - name: here\n        given: {{event.source: custody}}\n        expect: match\n{SAID}" in text
    (tmp_path / "safety.yaml").write_text(text)
    rules = load_bundle(tmp_path)
    assert check_tests(rules) == []
    assert [missing_then(rule) for rule in rules.rules] == [None]
    assert cover_rule(rules.rules[0]).unsaid == []


PLANNED = REFERS + "    plan: {kind: joint, lead: true}\n    instead_of: [other, another]\n"
OTHERS = "".join(
    f"  - id: {name}\n    why: For tests of {name}\n    when: {{event.source: courts}}\n{REFERS}"
    for name in ("other", "another")
)


def of_a_rule(folder: Path) -> Rule:
    return next(each for each in load_bundle(folder).rules if each.id == "a-rule")


@pytest.mark.parametrize("said", [SAID, "        then: {legal_basis: life}\n"])
def test_who_leads_and_whom_a_rule_wins_over_are_asked_for_and_written_beside_what_is_said(
    tmp_path: Path, said: str
) -> None:
    folder_of(tmp_path, safety=HEAD + PLANNED + TESTS + said + OTHERS)
    lacking = [each.what for each in cover_rule(of_a_rule(tmp_path)).unsaid]
    assert lacking[-3:] == ["plan kind: joint", "plan lead: true", "instead_of: [another, other]"]
    run("then", tmp_path, "--write")
    rule = of_a_rule(tmp_path)
    assert cover_rule(rule).unsaid == []
    assert check_tests(load_bundle(tmp_path)) == []
    assert sum(test.then is not None for test in rule.tests) == 1


@pytest.mark.parametrize(
    ("old", "new"), [("lead: true", "lead: false"), ("kind: joint", "kind: release"), ("[other, another]", "[other]")]
)
def test_another_lead_or_one_rule_less_to_win_over_then_fails_a_test(tmp_path: Path, old: str, new: str) -> None:
    said = SAID + "          plan: {kind: joint, lead: true}\n          instead_of: [another, other]\n"
    folder_of(tmp_path, safety=HEAD + PLANNED + TESTS + said + OTHERS)
    assert check_tests(load_bundle(tmp_path)) == []
    folder_of(tmp_path, safety=HEAD + PLANNED.replace(old, new) + TESTS + said + OTHERS)
    assert len(check_tests(load_bundle(tmp_path))) == 1


def test_the_command_shows_what_it_would_write_and_writes_it(tmp_path: Path) -> None:
    folder_of(tmp_path, safety=HEAD + REFERS + TESTS)
    before = (tmp_path / "safety.yaml").read_text()
    shown = run("then", tmp_path)
    assert "+          legal_basis: life" in shown.stdout
    assert (tmp_path / "safety.yaml").read_text() == before
    assert run("then", tmp_path, "--write").stdout == f"written: {tmp_path.name}/safety.yaml\n1 file written\n"
    assert run("then", tmp_path, "--write").stdout == "0 files written\n"
    assert run("test", tmp_path).exit_code == run("coverage", tmp_path).exit_code == 0


def test_suggestions_put_what_is_unsaid_beside_and_a_test_for_a_value_that_decides_nowhere(tmp_path: Path) -> None:
    text = HEAD.replace("custody", "[custody, courts]") + REFERS + TESTS.replace("courts", "hmpps")
    folder_of(tmp_path, safety=text)
    made = run("coverage", tmp_path, "--suggest")
    assert "legal_basis: life" in made.stderr
    assert "then" not in made.stdout
    assert "given: {event.source: courts}" in made.stdout
