"""The tests that authors write beside their rules are run, and a wrong one is found out."""

from pathlib import Path

import pytest

from onward.contracts import paths
from onward.routing.bundle_files import load_bundle
from onward.routing.domain.diagnostics import BundleError
from onward.routing.domain.rule_tests import check_tests, run_tests
from unit.routing.routing_builders import BASES, HOUSING, rule_file, rule_set


def the_problem(test: str, rule: str = HOUSING) -> str:
    (result,) = run_tests(rule_set(need=f"{rule}    tests:\n      - {test}\n"))
    return result.problem


ADULT = "person.age: 34, accommodation.status: homeless, consent.accommodation: true"
SILENT = "person.age: 34, accommodation.status: homeless"


@pytest.mark.parametrize(
    "test",
    [
        f"{{name: yes, given: {{{ADULT}}}, expect: match}}",
        f"{{name: child, given: {{{ADULT.replace('34', '17')}}}, expect: no_match, because: person.age}}",
        f"{{name: unknown, given: {{{SILENT}}}, expect: needs_information, because: consent.accommodation}}",
    ],
)
def test_a_right_example_passes(test: str) -> None:
    assert the_problem(test) == ""


@pytest.mark.parametrize(
    ("test", "problem"),
    [
        (f"{{name: no, given: {{{ADULT}}}, expect: no_match}}", "expected no_match, got match because of nothing"),
        (
            f"{{name: no, given: {{{ADULT.replace('34', '17')}}}, expect: no_match, because: accommodation.status}}",
            "expected no_match because of accommodation.status, but it is because of person.age",
        ),
        (
            "{name: no, given: {person.age: 34}, expect: match}",
            "expected match, got needs_information because of accommodation.status, consent.accommodation",
        ),
    ],
)
def test_a_wrong_example_says_what_came_out_and_why(test: str, problem: str) -> None:
    assert the_problem(test) == problem


def test_an_example_happens_on_the_first_day_of_its_rule_unless_it_names_another() -> None:
    rule = HOUSING + "    effective: {from: 2026-03-01, until: 2026-03-31}\n"
    assert the_problem(f"{{name: on, given: {{{ADULT}}}, expect: match}}", rule) == ""
    late = f"{{name: late, given: {{{ADULT}, event.day: 2026-04-01}}, expect: no_match, because: event.day}}"
    assert the_problem(late, rule) == ""


def test_what_follows_from_an_example_s_facts_is_known_too() -> None:
    rule = HOUSING.replace("when: {", 'when: {person.nation: england, release.days_since: "<= 2", ')
    rule += "    release: true\n"
    given = f"{ADULT}, person.area: E08000025, release.on: 2026-03-02, event.day: 2026-03-04"
    assert the_problem(f"{{name: follows, given: {{{given}}}, expect: match}}", rule) == ""


def test_the_reason_is_an_exception_that_held_or_alternatives_that_did_not() -> None:
    rule = HOUSING + "    any_of: [{person.sex: female}]\n    unless: {custody.status: in_prison}\n"
    man = f"{{name: man, given: {{{ADULT}, person.sex: male}}, expect: no_match, because: person.sex}}"
    held = f"{ADULT}, person.sex: female, custody.status: in_prison"
    assert the_problem(man, rule) == ""
    assert the_problem(f"{{name: held, given: {{{held}}}, expect: no_match, because: custody.status}}", rule) == ""


def test_every_example_of_the_project_s_own_rules_passes() -> None:
    rules = load_bundle(paths.schemas() / "routing")
    assert [str(result) for result in check_tests(rules)] == []
    assert all(rule.tests for rule in rules.rules)


def test_a_bundle_is_read_from_a_folder_with_its_files_named_as_in_explanations(tmp_path: Path) -> None:
    folder = tmp_path / "routing"
    (folder / "area").mkdir(parents=True)
    (folder / "bases.yaml").write_text(BASES)
    (folder / "area" / "here.yaml").write_bytes(rule_file("need", HOUSING).content)
    (folder / "notes.txt").write_text("not a rule file")
    (rule,) = load_bundle(folder).rules
    assert rule.when[0].where == "routing/area/here.yaml:7:24"


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"nowhere:1:1: error\[R003\]: no such folder"):
        load_bundle(tmp_path / "nowhere")
