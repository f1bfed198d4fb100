"""Findings about slips that no test would notice: a range that is off by one, a day, a value dropped from a list."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import Any, TypeAlias

from onward.contracts.fact_kinds import Whole
from onward.contracts.facts import FACTS
from onward.routing.domain.language import Between, Condition, OneOf, Rule, RuleSet, Scalar
from onward.routing.domain.rule_tests import given
from onward.workbench.linting.findings import LintFinding, warning

_Lists: TypeAlias = dict[tuple[str, frozenset[Scalar]], list[tuple[Rule, Condition]]]
_ONE_DAY = timedelta(days=1)
_MOST = 4
"""Values that a message names."""


def findings(rules: RuleSet) -> Iterator[LintFinding]:
    """Ends of ranges (L013) and values of lists (L014) that no test gives."""
    lists: _Lists = defaultdict(list)
    for rule in rules.rules:
        yield from _ranges(rule)
        for condition in _conditions(rule):
            if isinstance(condition.test, OneOf) and len(condition.test.values) > 1:
                lists[condition.path, condition.test.values].append((rule, condition))
    yield from _values(lists)


def _conditions(rule: Rule) -> Iterator[Condition]:
    for group in rule.groups:
        yield from group


def _ranges(rule: Rule) -> Iterator[LintFinding]:
    tested = [given(rule, test) for test in rule.tests]
    seen: set[tuple[str, Scalar]] = set()
    for condition in _conditions(rule):
        missing = [value for value in _ends(condition) if value not in _given(condition.path, tested)]
        missing = [value for value in missing if (condition.path, value) not in seen]
        seen |= {(condition.path, value) for value in missing}
        if missing:
            yield _untested(rule, condition, condition.path, missing)
    days = [value for value in _ends(rule.effective) if value not in {test.day for test in rule.tests}]
    if days:
        yield _untested(rule, rule.effective, "event.day", days)


def _untested(rule: Rule, condition: Condition, path: str, missing: Collection[Scalar]) -> LintFinding:
    facts = " and ".join(f"`{path}: {value}`" for value in sorted(missing, key=str))
    message = (
        f"no test of `{rule.id}` gives {facts}, where `{condition.expected}` ends; "
        "add one, or a range that is off by one passes every test"
    )
    return warning(condition.place, "L013", message)


def _ends(condition: Condition) -> Iterator[Scalar]:
    """The last value on each side of both ends of a range, as far as the fact can have it."""
    if not isinstance(condition.test, Between):
        return
    for end, outwards in ((condition.test.low, -1), (condition.test.high, 1)):
        if end is not None:
            beyond = end + outwards * _ONE_DAY if isinstance(end, date) else end + outwards
            yield from (value for value in (end, beyond) if _possible(condition.path, value))


def _possible(path: str, value: Scalar) -> bool:
    kind = FACTS[path].kind if path in FACTS else None
    return not isinstance(kind, Whole) or (isinstance(value, int) and kind.low <= value <= kind.high)


def _given(path: str, tested: Collection[dict[str, Any]]) -> set[Any]:
    return {facts[path] for facts in tested if path in facts}


def _values(lists: _Lists) -> Iterator[LintFinding]:
    """A list that several rules ask for, as a set does, is shown by the tests of all of them together."""
    for (path, values), uses in lists.items():
        tested = [given(rule, test) for rule, _ in uses for test in rule.tests]
        missing = sorted(map(str, values - _given(path, tested)))
        if missing:
            rule, condition = uses[0]
            more = f" and {len(missing) - _MOST} more" if len(missing) > _MOST else ""
            facts = ", ".join(f"`{value}`" for value in missing[:_MOST])
            message = (
                f"no test of `{rule.id}` gives `{path}` as {facts}{more}; "
                "add one for each, or a value that is lost or misplaced passes every test"
            )
            yield warning(condition.place, "L014", message)
