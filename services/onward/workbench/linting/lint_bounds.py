"""Findings about slips that no test would notice: a range that is off by one, a day, a value dropped from a list."""

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import Any

from onward.contracts.fact_kinds import Whole
from onward.contracts.facts import FACTS
from onward.routing.domain.language import Between, Condition, Rule, RuleSet, Scalar
from onward.routing.domain.rule_tests import given
from onward.workbench.coverage.losing import Loss, unshown
from onward.workbench.linting.findings import LintFinding, warning

_ONE_DAY = timedelta(days=1)
_MOST = 4
"""Values that a message names."""


def findings(rules: RuleSet) -> Iterator[LintFinding]:
    """Ends of ranges (L013), values of lists (L014) and fields inside `has` (L030) that no test shows to matter."""
    for rule in rules.rules:
        yield from _ranges(rule)
    yield from _losses(rules)


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


def _losses(rules: RuleSet) -> Iterator[LintFinding]:
    for rule, lost in unshown(rules):
        values = [_said(each.value) for each in lost if each.value is not None]
        yield _unshown(rule, lost[0], sorted(values)) if values else _unasked(rule, lost[0])


def _said(value: Scalar) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _unshown(rule: Rule, loss: Loss, values: list[str]) -> LintFinding:
    more = f" and {len(values) - _MOST} more" if len(values) > _MOST else ""
    facts = ", ".join(f"`{value}`" for value in values[:_MOST])
    whose = f" of `{loss.condition.named}`" if loss.condition.named else ""
    message = (
        f"no test of `{rule.id}` fails where `{loss.path}`{whose} loses {facts}{more}; "
        "add one for each, in which it decides, or a value that is lost or misplaced passes every test"
    )
    return warning(loss.condition.place, "L014", message)


def _unasked(rule: Rule, loss: Loss) -> LintFinding:
    message = (
        f"no test of `{rule.id}` fails where `{loss.path}` is not asked for; "
        "add one with a record that has all the other fields and another value of this one"
    )
    return warning(loss.condition.place, "L030", message)
