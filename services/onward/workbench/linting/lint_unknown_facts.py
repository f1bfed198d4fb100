"""Findings about facts that hold a rule, or the referrals of others, up when nobody knows them."""

from collections.abc import Iterator, Sequence

from onward.contracts.facts import FACTS
from onward.routing.domain.kleene import missing_facts
from onward.routing.domain.language import Condition, Presence, Rule, RuleSet
from onward.routing.domain.rule_tests import explain_test, known_on, ordinary_day
from onward.workbench.coverage.clauses import FALSE, NOT_FALSE, NOT_TRUE, TRUE, UNKNOWN, Clause, some
from onward.workbench.coverage.obligations import Parts
from onward.workbench.coverage.situations import Situations
from onward.workbench.linting.findings import LintFinding, warning

_ALWAYS_KNOWN = frozenset({"event.source", "event.type"})
"""Every contact has them: no rule ever waits for one."""


def findings(rules: RuleSet) -> Iterator[LintFinding]:
    """
    Facts of `any_of` and `unless` that alone can hold a rule up, where no test shows that this is meant (L009).

    What `when` asks is meant to be asked. In a group it is easily forgotten that a fact which nobody knows makes the
    rule wait, and ask, for somebody whom it would otherwise help. A rule that suppresses holds the referrals of other
    rules up: those of everybody of whom nothing is known, if it does not first ask for what is (L015).
    """
    for rule in rules.rules:
        if rule.any_of or rule.unless:
            yield from _of_rule(rule)
        if rule.suppress is not None:
            yield from _of_suppression(rule)


def _of_suppression(rule: Rule) -> Iterator[LintFinding]:
    lacking = [path for path in missing_facts(rule, known_on({}, ordinary_day(rule))) if path not in _ALWAYS_KNOWN]
    if lacking:
        message = (
            f"`{rule.id}` holds up the referrals of everybody of whom {' and '.join(lacking)} is not known; where that "
            f"is not meant, let `when` begin with `{lacking[0]}: known`, and put the value into `any_of`"
        )
        yield warning(rule.place, "L015", message)


def _of_rule(rule: Rule) -> Iterator[LintFinding]:
    space = Situations(rule)
    explained = [explain_test(rule, test) for test in rule.tests]
    told = {condition.path for condition in rule.when if not isinstance(condition.test, Presence)} | _ALWAYS_KNOWN
    told |= {path for each in explained if each.truth is None for path in each.reasons()}
    for condition, clauses in _ways(space.parts):
        if condition.path not in told and space.find(clauses).outcome == "found":
            told.add(condition.path)
            ask = FACTS[condition.path].asked_as
            message = (
                f"`{rule.id}` waits and asks for {ask} where only {condition.path} is not known, and no test shows it; "
                f"add a test that expects `needs_information`{_or_else(rule, condition)}"
            )
            yield warning(condition.place, "L009", message)


def _or_else(rule: Rule, condition: Condition) -> str:
    """What to write where waiting is not meant; an overlay that narrows can only let it wait."""
    unknown = f"`{condition.path}: unknown`"
    narrowed = {each.where for narrowing in rule.narrowed for each in (narrowing.area, *narrowing.when)}
    if condition.where in narrowed:
        return ""
    if any(condition in group for group in rule.unless):
        return f", or write instead of `unless` what must hold in `any_of`, {unknown} among it"
    return f", or allow {unknown} in `any_of`"


def _ways(parts: Parts) -> Iterator[tuple[Condition, list[Clause]]]:
    """Each condition of a group that can be unknown, with how all else must come out for it to decide alone."""
    must: Clause = (tuple((number, TRUE) for number in parts.must),)
    for group in parts.any_of:
        others = [some(each, NOT_TRUE) for each in parts.any_of if each is not group]
        silent = [some(each, FALSE) for each in parts.unless]
        for condition, only in _alone(parts, group):
            yield condition, [must, only, *others, *silent]
    holds: list[Clause] = [tuple(tuple((number, TRUE) for number in group) for group in parts.any_of)]
    for group in parts.unless:
        silent = [some(each, FALSE) for each in parts.unless if each is not group]
        for condition, only in _alone(parts, group):
            yield condition, [must, only, *(holds if parts.any_of else ()), *silent]


def _alone(parts: Parts, group: Sequence[int]) -> Iterator[tuple[Condition, Clause]]:
    for number in group:
        condition = parts.conditions[number]
        if not isinstance(condition.test, Presence):
            beside = (
                (other, NOT_FALSE if parts.conditions[other].path == condition.path else TRUE)
                for other in group
                if other != number
            )
            yield condition, (((number, UNKNOWN), *beside),)
