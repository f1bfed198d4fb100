"""What `onward rules lint` finds, and what it lets be."""

import json
from datetime import date
from pathlib import Path

import pytest

from onward.directory import files as directory_files
from onward.routing.bundle_files import load_bundle, read_files
from onward.workbench.linting.all_findings import lint
from onward.workbench.linting.findings import LintFinding
from unit.workbench.pack_folders import folder_of, run

HEAD = "  - id: a-rule\n    why: For tests\n"
TELLS = "    notify: {kind: told, to: duty-practitioner}\n"
REFERS = (
    "    refer: {category: MENTAL_HEALTH, service: crisis_team, urgency: within_24_hours}\n    legal_basis: agreed\n"
)


def found(folder: Path, rules: str, today: date | None = None) -> list[LintFinding]:
    """What is found in rules of theme need, but for bases, ends and values that most tests do not use."""
    folder_of(folder, need=rules)
    findings = lint(load_bundle(folder), read_files(folder), directory_files.load(), today=today)
    return [each for each in findings if each.code not in ("L005", "L013", "L014")]


def codes(folder: Path, rules: str, today: date | None = None) -> list[str]:
    return [each.code for each in found(folder, rules, today)]


def beside(rule: str, *tests: str) -> str:
    return rule + "    tests:\n" + "".join(f"      - {test}\n" for test in tests)


RULE = f'{HEAD}    when: {{person.age: ">= 18"}}\n{TELLS}'


def test_a_rule_that_is_well_written_has_no_finding(tmp_path: Path) -> None:
    child = "{name: a child, given: {person.age: 12}, expect: no_match, because: person.age}"
    assert codes(tmp_path, beside(RULE, "{name: an adult, given: {person.age: 34}, expect: match}", child)) == []


def test_the_day_that_a_test_leaves_out_is_the_first_day_of_its_rule(tmp_path: Path) -> None:
    rule = RULE.replace("    when", "    effective: {from: 2026-03-01}\n    when")
    same = (
        "{name: an adult, given: {person.age: 34}, expect: match}",
        "{name: that day, given: {event.day: 2026-03-01, person.age: 34}, expect: match}",
    )
    (finding,) = found(tmp_path, beside(rule, *same))
    assert str(finding) == (
        f"{tmp_path.name}/need.yaml:12:9: error[L001]: `that day` gives the same facts as `an adult`; "
        "change one of them or remove one"
    )


def test_another_day_is_another_test(tmp_path: Path) -> None:
    tests = (
        "{name: an adult, given: {person.age: 34}, expect: match}",
        "{name: later, given: {event.day: 2026-03-05, person.age: 34}, expect: match}",
    )
    assert codes(tmp_path, beside(RULE, *tests)) == []


@pytest.mark.parametrize("fact", ["event.age_days: 28", "event.local_hour: 3", "person.contacts_90_days: 4"])
def test_what_a_test_can_only_give_directly_it_may_give(tmp_path: Path, fact: str) -> None:
    assert codes(tmp_path, beside(RULE, f"{{name: one, given: {{person.age: 34, {fact}}}, expect: match}}")) == []


def test_a_derived_fact_that_agrees_with_the_others_may_stand(tmp_path: Path) -> None:
    facts = "event.day: 2026-03-02, release.on: 2026-02-02, release.days_since: 28, person.age: 34"
    assert codes(tmp_path, beside(RULE, f"{{name: four weeks, given: {{{facts}}}, expect: match}}")) == []


def test_a_set_of_one_file_is_not_used_by_another(tmp_path: Path) -> None:
    sets = "sets:\n  few: [custody]\n"
    folder_of(tmp_path, need=RULE)
    head = f"schema: routing/v1\ntheme: safety\nowner: tests\n{sets}rules:\n"
    (tmp_path / "safety.yaml").write_text(
        f"{head}{HEAD}    when: {{event.source: custody}}\n{TELLS}".replace("a-rule", "b")
    )
    (tmp_path / "sets.yaml").write_text("schema: routing/v1\nsets:\n  many: [custody, hmpps]\n")
    findings = lint(load_bundle(tmp_path), read_files(tmp_path), directory_files.load())
    assert [(each.code, each.message.split("`")[1]) for each in findings if each.code == "L004"] == [
        ("L004", "few"),
        ("L004", "many"),
    ]


def test_a_set_that_is_named_with_not_is_used(tmp_path: Path) -> None:
    folder_of(tmp_path, need=RULE.replace('person.age: ">= 18"', "event.source: not $few"))
    (tmp_path / "sets.yaml").write_text("schema: routing/v1\nsets:\n  few: [custody]\n")
    findings = lint(load_bundle(tmp_path), read_files(tmp_path), directory_files.load())
    assert "L004" not in [each.code for each in findings]


def test_a_basis_that_a_rule_names_is_used(tmp_path: Path) -> None:
    rule = f'{HEAD}    when: {{person.age: ">= 18", consent.mental_health: true}}\n{REFERS}'
    folder_of(tmp_path, need=rule)
    findings = lint(load_bundle(tmp_path), read_files(tmp_path), directory_files.load())
    unused = [each.message.split("`")[1] for each in findings if each.code == "L005"]
    assert unused == ["life", "duty"]


WAITS = f"{HEAD}    when: {{person.age: known}}\n    any_of: [{{person.sex: male}}, {{person.pregnant: true}}]\n{TELLS}"


def test_each_fact_that_alone_holds_a_rule_up_is_named_once(tmp_path: Path) -> None:
    found_here = found(tmp_path, WAITS)
    assert [each.code for each in found_here] == ["L009", "L009"]
    assert "asks for person.sex where only person.sex is not known" in found_here[0].message


def test_an_exception_that_holds_a_rule_up_is_to_be_written_as_alternatives(tmp_path: Path) -> None:
    asked = f"{HEAD}    when: {{person.age: known}}\n    unless: [{{person.veteran: true}}]\n{TELLS}"
    (waits,) = found(tmp_path, asked)
    assert "instead of `unless` what must hold in `any_of`, `person.veteran: unknown` among it" in waits.message
    meant = asked.replace(
        "unless: [{person.veteran: true}]", "any_of: [{person.veteran: false}, {person.veteran: unknown}]"
    )
    assert codes(tmp_path, meant) == []


@pytest.mark.parametrize("asked", ["event.source: hmpps", "event.type: custody.detention-authorised"])
def test_what_every_contact_tells_holds_nobody_up(tmp_path: Path, asked: str) -> None:
    assert codes(tmp_path, f"{HEAD}    when: {{person.age: known}}\n    unless: [{{{asked}}}]\n{TELLS}") == []


def test_a_test_that_shows_the_rule_asking_says_that_it_is_meant(tmp_path: Path) -> None:
    test = "{name: both open, given: {person.age: 3}, expect: needs_information, because: person.sex}"
    assert codes(tmp_path, beside(WAITS, test)) == []


def test_an_alternative_for_the_unknown_holds_nobody_up(tmp_path: Path) -> None:
    rule = WAITS.replace("{person.pregnant: true}", "{person.sex: unknown}")
    assert codes(tmp_path, rule) == []


def test_an_age_may_be_asked_in_every_alternative(tmp_path: Path) -> None:
    rule = f"{HEAD}    when: {{consent.mental_health: true}}\nGROUPS{REFERS}"
    groups = '    any_of: [{person.age: "18..30"}, {person.age: "> 60"}]\n'
    asks = "{name: no age, given: {consent.mental_health: true}, expect: needs_information, because: person.age}"
    assert codes(tmp_path, rule.replace("GROUPS", "")) == ["L011"]
    assert codes(tmp_path, beside(rule.replace("GROUPS", groups), asks)) == []


def test_a_child_who_is_meant_is_shown_by_a_test(tmp_path: Path) -> None:
    rule = f"{HEAD}    when: {{consent.mental_health: true}}\n{REFERS}"
    child = "{name: a child, given: {consent.mental_health: true, person.age: 12}, expect: match}"
    assert codes(tmp_path, beside(rule, child)) == []


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 2, 28), ["L010"]),
        (date(2026, 3, 1), []),
        (date(2026, 3, 31), []),
        (date(2026, 4, 1), ["L010"]),
        (None, []),
    ],
)
def test_a_rule_is_in_force_from_its_first_day_to_its_last(
    tmp_path: Path, day: date | None, expected: list[str]
) -> None:
    rule = RULE.replace("    when", "    effective: {from: 2026-03-01, until: 2026-03-31}\n    when")
    assert codes(tmp_path, rule, day) == expected


def test_warnings_fail_only_a_strict_run_and_errors_every_run(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, need=RULE)
    assert run("lint", folder).exit_code == 0
    assert run("lint", folder, "--strict").exit_code == 1
    test = "{name: an adult, given: {person.age: 34}, expect: match}"
    folder_of(tmp_path, need=beside(RULE, test, test.replace("an adult", "again")))
    result = run("lint", folder)
    assert result.exit_code == 1
    assert "1 rule: 1 error, 4 warnings" in result.stdout


def test_a_program_gets_one_document(tmp_path: Path) -> None:
    result = run("lint", folder_of(tmp_path, need=RULE), "--json", "--today", "2026-03-02")
    document = json.loads(result.stdout)
    assert document["ok"]
    assert {each["code"] for each in document["findings"]} == {"L005", "L013"}
    assert document["findings"][0]["line"] == 3


def test_the_day_is_today_unless_it_is_given_and_then_fails_no_strict_run(tmp_path: Path) -> None:
    ended = RULE.replace("    when", "    effective: {from: 2001-01-01, until: 2001-12-31}\n    when")
    days = "2000-12-31", "2001-01-01", "2001-12-31", "2002-01-01"
    tests = [
        f"{{name: {age} on {day}, given: {{event.day: {day}, person.age: {age}}}, expect: match}}"
        for day in days
        for age in (17, 18)
    ]
    folder = folder_of(tmp_path, need=beside(ended, *tests))
    (tmp_path / "bases.yaml").unlink()
    result = run("lint", folder, "--strict")
    assert "warning[L010]: `a-rule` ended on 2001-12-31" in result.stdout
    assert result.exit_code == 0
    assert run("lint", folder, "--strict", "--today", "2026-03-02").exit_code == 1
    assert run("lint", folder, "--strict", "--today", "2001-03-02").exit_code == 0


def test_a_day_that_is_none_is_misuse(tmp_path: Path) -> None:
    assert run("lint", folder_of(tmp_path, need=RULE), "--today", "2026-02-30").exit_code == 2


def test_one_rule_alone_is_told_with_what_stands_elsewhere_and_names_it(tmp_path: Path) -> None:
    other = RULE.replace("id: a-rule", "id: b-rule")
    assert other != RULE
    folder = folder_of(tmp_path, need=RULE + other)
    whole = json.loads(run("lint", folder, "--json").stdout)
    alone = {rule: json.loads(run("lint", folder, "--json", "--rule", rule).stdout) for rule in ("a-rule", "b-rule")}
    lines = {rule: {each["line"] for each in found["findings"]} for rule, found in alone.items()}
    assert all(found["rules"] == 1 and found["findings"] for found in alone.values())
    assert "L007" in {each["code"] for each in alone["a-rule"]["findings"]}, (
        "the other says that its reason is the same"
    )
    assert lines["a-rule"] != lines["b-rule"]
    assert max(map(len, lines.values())) < len({each["line"] for each in whole["findings"]})
    assert run("lint", folder, "--rule", "a-rule").stdout.splitlines()[-1].startswith("1 rule: 0 errors, ")
    assert run("lint", folder, "--rule", "c-rule").exit_code == 2
