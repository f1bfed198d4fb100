"""What an author's example knows beside what it gives, and what is said of one that fails."""

from datetime import date

import pytest

from onward.routing.domain.language import EVENT_DAY, Rule
from onward.routing.domain.rule_tests import check_tests, given, known_on, run_tests
from unit.routing.routing_builders import rule_set

RULE = """\
  - id: grown
    why: A grown-up person
    when: {person.age: ">= 18"}
    notify: {kind: check, to: crisis-line}
"""
GOOD, BAD = (
    "{name: of age, given: {person.age: 18}, expect: match}",
    "{name: a child, given: {person.age: 17}, expect: match}",
)


def the_rule(more: str) -> Rule:
    (rule,) = rule_set(need=RULE + more).rules
    return rule


@pytest.mark.parametrize(
    ("more", "day"),
    [
        ("", date(2026, 3, 4)),
        ("    effective: {from: 2026-07-01}\n", date(2026, 7, 1)),
        ("    effective: {from: 2027-01-01, until: 2027-06-30}\n", date(2027, 1, 1)),
    ],
)
def test_an_example_happens_at_noon_in_london_of_the_first_day_its_rule_is_effective(more: str, day: date) -> None:
    rule = the_rule(f"{more}    tests: [{GOOD}]\n")
    known = given(rule, rule.tests[0])
    assert (known[EVENT_DAY], known["event.local_hour"], known["event.age_days"]) == (day, 12, 0)
    assert known["person.age"] == 18


def test_a_derived_fact_that_an_example_gives_stands_as_given() -> None:
    assert known_on({"event.local_hour": 3}, date(2026, 3, 4))["event.local_hour"] == 3


def test_only_the_examples_that_failed_are_told_each_with_its_place_and_every_condition() -> None:
    rules = rule_set(need=f"{RULE}    tests: [{GOOD}, {BAD}]\n")
    good, bad = run_tests(rules)
    (failed,) = check_tests(rules)
    assert failed == bad
    assert (bad.rule, bad.name, str(bad.place)) == ("grown", "a child", "need.yaml:9:69")
    assert str(good) == "need.yaml:9:13: grown / of age: match"
    assert str(bad) == "need.yaml:9:69: grown / a child: expected match, got no_match because of person.age"
    assert [(seen.condition.path, seen.actual) for seen in bad.explanation.when] == [("person.age", 17)]
