"""The rules in use, by the workbench's own measures: some test shows each part of each rule to matter."""

import re
from dataclasses import replace

import pytest

from onward.contracts import paths
from onward.routing.bundle_files import read_files
from onward.routing.domain.language import Rule
from onward.routing.domain.rule_tests import run_test
from onward.workbench.coverage.covering import cover, cover_rule, percent
from onward.workbench.linting.all_findings import lint
from unit.routing.pack_builders import DIRECTORY, RULES

BY_ID = {rule.id: rule for rule in RULES.rules}
AS_SUGGESTED = re.compile(r"^only \S+ fails|^only the \w+ of |any_of|unless|in force|, case \d+$|[a-z]\.[a-z]|_")
"""What `onward rules coverage --suggest` calls its tests, and the paths of facts."""


def without(rule: Rule, name: str) -> Rule:
    """*rule* with all its tests but one."""
    kept = tuple(test for test in rule.tests if test.name != name)
    assert len(kept) == len(rule.tests) - 1
    return replace(rule, tests=kept)


def gaps(rule: Rule) -> set[str]:
    """What the tests of *rule* do not show."""
    return {found.obligation.what for found in cover_rule(rule).gaps}


def test_every_part_of_every_rule_in_use_is_shown_to_matter() -> None:
    covered = cover(RULES)

    assert [f"{each.rule.id}: {gap.obligation.what}" for each in covered for gap in each.gaps] == []
    assert percent(covered) == 100.0


def test_lint_finds_nothing_in_the_rules_in_use() -> None:
    found = lint(RULES, read_files(paths.schemas() / "routing"), DIRECTORY)

    assert [str(each) for each in found] == []


@pytest.mark.parametrize(
    ("rule", "name", "opened"),
    [
        ("treatment-drugs", "seventeen", "only person.age fails"),
        ("treatment-drugs", "told by a court, of somebody released", "only the fourth of any_of holds"),
        ("crisis-self-harm", "area not known", "only person.area fails"),
        ("right-care-health-route", "the day before the rule starts", "the day before the rule starts"),
        ("duty-to-refer-on-release", "the police have no such duty", "only event.source fails"),
    ],
)
def test_a_test_taken_away_leaves_its_part_of_the_rule_unshown(rule: str, name: str, opened: str) -> None:
    assert gaps(BY_ID[rule]) == set()
    assert gaps(without(BY_ID[rule], name)) == {opened}


def test_a_test_that_fails_shows_nothing() -> None:
    rule = BY_ID["treatment-drugs"]
    wrong = tuple(
        replace(test, because="consent.substance_drugs") if test.name == "seventeen" else test for test in rule.tests
    )

    assert any(run_test(rule, test).problem for test in wrong)
    assert gaps(replace(rule, tests=wrong)) == {"only person.age fails"}


def test_tests_of_the_rules_in_use_are_named_in_plain_words() -> None:
    machine = [
        f"{rule.id}: {test.name}" for rule in RULES.rules for test in rule.tests if AS_SUGGESTED.search(test.name)
    ]

    assert machine == []
    assert AS_SUGGESTED.search("only person.age fails in the second of any_of")
