"""What the tests of a rule show to matter, what they do not, and what nothing could show."""

import pytest

from onward.routing.domain.language import Rule
from onward.workbench.coverage.covering import RuleCoverage, cover_rule
from unit.routing.routing_builders import rule_set

HEAD = """\
  - id: a-rule
    why: For tests
"""
ACTS = "    notify: {kind: told, to: duty-practitioner}\n"


def a_rule(text: str, *tests: str) -> Rule:
    written = "".join(f"      - {test}\n" for test in tests)
    (rule,) = rule_set(need=f"{HEAD}{text}{ACTS}" + (f"    tests:\n{written}" if tests else "")).rules
    return rule


def a_test(facts: str, expect: str = "match") -> str:
    name = facts.translate({ord(sign): " " for sign in ":,{}[]"})
    return f"{{name: {name}, given: {{{facts}}}, expect: {expect}}}"


def gaps(covered: RuleCoverage) -> list[str]:
    return [gap.obligation.what for gap in covered.gaps]


def shown(covered: RuleCoverage) -> list[str]:
    return [each.obligation.what for each in covered.found if each.status == "covered"]


def impossible(covered: RuleCoverage) -> list[str]:
    return [each.obligation.what for each in covered.found if each.status == "impossible"]


TWO = '    when: {person.age: ">= 18", person.veteran: true}\n'


def test_a_rule_without_tests_lacks_everything() -> None:
    covered = cover_rule(a_rule(TWO))
    assert gaps(covered) == ["all of it holds", "only person.age fails", "only person.veteran fails"]
    assert covered.count() == (0, 3)


def test_a_condition_is_covered_when_it_alone_fails() -> None:
    tests = [a_test("person.age: 34, person.veteran: true"), a_test("person.age: 17, person.veteran: true", "no_match")]
    covered = cover_rule(a_rule(TWO, *tests))
    assert shown(covered) == ["all of it holds", "only person.age fails"]
    assert gaps(covered) == ["only person.veteran fails"]


@pytest.mark.parametrize("facts", ["person.age: 17, person.veteran: false", "person.age: 17"])
def test_two_that_fail_or_one_beside_what_is_not_known_cover_nothing(facts: str) -> None:
    assert shown(cover_rule(a_rule(TWO, a_test(facts, "no_match")))) == []


def test_a_test_that_fails_covers_nothing() -> None:
    assert shown(cover_rule(a_rule(TWO, a_test("person.age: 34, person.veteran: true", "no_match")))) == []


def test_what_cannot_be_known_once_a_condition_fails_need_only_not_fail() -> None:
    rule = a_rule('    when: {release.on: known, release.days_since: "<= 28"}\n', a_test("person.age: 34", "no_match"))
    (covered,) = [each for each in cover_rule(rule).found if each.status == "covered"]
    assert (covered.obligation.what, covered.level) == ("only release.on fails", "does not fail")


CLOCK = '    when: {event.custody_clock_minutes: ">= 360", event.custody_hours_left: "<= 12", person.age: "< 18"}\n'


def test_what_no_limit_of_detention_allows_is_proved_to_be_no_gap() -> None:
    covered = cover_rule(a_rule(CLOCK))
    assert impossible(covered) == ["only event.custody_clock_minutes fails"]
    assert [(gap.obligation.what, gap.known_possible) for gap in covered.gaps][1:] == [
        ("only event.custody_hours_left fails", True),
        ("only person.age fails", True),
    ]


def test_a_gap_that_too_much_work_would_decide_is_a_gap_and_says_so() -> None:
    assert {gap.known_possible for gap in cover_rule(a_rule(CLOCK), effort=1).gaps} == {False}


def test_where_nothing_keeps_all_else_true_it_is_enough_that_all_else_does_not_fail() -> None:
    known = CLOCK.replace('">= 360"', "known").replace('"<= 12"', '"<= 12", event.custody_limit_hours: "> 24"')
    covered = cover_rule(a_rule(known, a_test("person.age: 17, event.custody_limit_hours: 36", "no_match")))
    assert [(each.obligation.what, each.level) for each in covered.found if each.status == "covered"] == [
        ("only event.custody_clock_minutes fails", "does not fail")
    ]


def test_where_days_and_working_days_are_counted_to_one_day_each_day_of_the_week_is_tried() -> None:
    rule = a_rule('    when: {release.days_until: "<= 2", release.working_days_until: "<= 1"}\n')
    assert {gap.obligation.what: gap.known_possible for gap in cover_rule(rule).gaps} == {
        "all of it holds": True,
        "only release.days_until fails": True,
        "only release.working_days_until fails": True,
    }


def test_a_condition_that_cannot_fail_alone_is_no_gap() -> None:
    covered = cover_rule(a_rule('    when: {person.age: ">= 18"}\n    any_of: [{person.age: ">= 16"}]\n'))
    assert impossible(covered) == ["only person.age fails (>= 16)"]


@pytest.mark.parametrize(
    ("path", "named"),
    [("supervision.tier", ["B2"]), ("person.interpreter", ["cy", "pl"]), ("event.source", ["custody"])],
)
def test_a_code_that_no_rule_names_is_found_though_every_example_is_named(path: str, named: list[str]) -> None:
    covered = cover_rule(a_rule(f"    when: {{{path}: [{', '.join(named)}]}}\n"))
    assert gaps(covered) == ["all of it holds", f"only {path} fails"]
    assert impossible(covered) == []


def test_facts_that_follow_from_others_are_not_free() -> None:
    covered = cover_rule(a_rule("    when: {person.area: E08000025, person.nation: england}\n"))
    assert impossible(covered) == ["only person.nation fails"]


def test_each_end_of_the_effective_days_is_shown_by_a_day_beyond_it() -> None:
    text = "    effective: {from: 2026-03-01, until: 2026-03-31}\n    when: {person.veteran: true}\n"
    tests = [a_test(f"event.day: {day}, person.veteran: true", "no_match") for day in ("2026-02-28", "2026-04-01")]
    assert shown(cover_rule(a_rule(text, *tests))) == ["the day before the rule starts", "the day after the rule ends"]


ANY = "    when: {person.veteran: true}\n    any_of: [{person.sex: male}, {person.pregnant: true}]\n"


def test_each_alternative_must_hold_alone_and_fail_alone() -> None:
    alone = "person.veteran: true, person.sex: male, person.pregnant: false"
    covered = cover_rule(a_rule(ANY, a_test(alone)))
    assert shown(covered) == ["all of it holds", "only the first of any_of holds"]
    neither = alone.replace(" male", " female")
    covered = cover_rule(a_rule(ANY, a_test(alone), a_test(neither, "no_match")))
    assert gaps(covered) == ["only person.veteran fails", "only the second of any_of holds"]


UNLESS = "    when: {person.veteran: true}\n    unless: [{person.sex: male, person.pregnant: false}]\n"


def test_an_exception_must_stop_the_rule_and_each_part_of_it_must_let_the_rule_through() -> None:
    assert gaps(cover_rule(a_rule(UNLESS))) == [
        "all of it holds",
        "only person.veteran fails",
        "only unless stops it",
        "unless fails only by person.sex",
        "unless fails only by person.pregnant",
    ]
    stops = a_test("person.veteran: true, person.sex: male, person.pregnant: false", "no_match")
    passes = a_test("person.veteran: true, person.sex: female, person.pregnant: false")
    assert gaps(cover_rule(a_rule(UNLESS, stops, passes))) == [
        "only person.veteran fails",
        "unless fails only by person.pregnant",
    ]


def test_it_is_told_which_facts_the_tests_show_the_rule_asking_for() -> None:
    covered = cover_rule(a_rule(TWO, a_test("person.age: 34", "needs_information")))
    assert covered.asks == {"person.age": "", "person.veteran": "person.age  34"}


def test_a_gap_names_the_line_of_its_condition() -> None:
    _, age, _ = cover_rule(a_rule(TWO)).gaps
    assert str(age.obligation.place) == "need.yaml:7:24"
