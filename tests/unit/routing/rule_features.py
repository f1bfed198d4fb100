"""What of the language an evaluation exercises: each operator and each part of a rule, with the truth it had."""

from collections.abc import Iterator
from datetime import date
from typing import Any, TypeAlias

from onward.routing.domain.kleene import Known, Truth, group_holds, holds
from onward.routing.domain.language import Between, Check, Condition, Has, OneOf, Presence, Rule

Feature: TypeAlias = tuple[str, Truth]
"""What is exercised, and how it came out."""

_THREE: tuple[Truth, ...] = (True, False, None)
_OPEN = (
    *("one of", "none of", "numbers from", "numbers to", "numbers between", "days from", "days to", "days between"),
    *("has, gaps", "has no, gaps", "not told: has", "not told: has no"),
    *("when", "a group of any_of", "a group of unless", "a narrowing", "a prerequisite", "the area of an overlay"),
    *("a rule", "a rule narrowed once", "a rule narrowed twice", "a rule that requires"),
)
_DEFINITE = (
    *("known", "not known", "has, whole", "has no, whole", "effective from", "effective from and until"),
    *("inside has: one of", "inside has: none of", "inside has: numbers from"),
    *("inside has: numbers to", "inside has: numbers between"),
)
EVERY: frozenset[Feature] = frozenset(
    {
        *((name, truth) for name in _OPEN for truth in _THREE if not name.startswith("not told")),
        *((name, truth) for name in _DEFINITE for truth in (True, False)),
        *((name, None) for name in _OPEN if name.startswith("not told")),
        *(("has, empty", False), ("has no, empty", True), ("effective always", True)),
    }
)
"""Everything that can come up. Presence and days of events are always definite, and so are lists without gaps."""


def features(rule: Rule, known: Known) -> Iterator[Feature]:
    """What judging *rule* on *known* exercises."""
    for group in rule.groups:
        for condition in group:
            yield from _of_condition(condition, known)
    yield _span(rule.effective.test), holds(rule.effective, known)
    yield "when", group_holds(rule.when, known)
    yield from (("a group of any_of", group_holds(group, known)) for group in rule.any_of)
    yield from (("a group of unless", group_holds(group, known)) for group in rule.unless)
    yield from (("a narrowing", group_holds((each.area, *each.when), known)) for each in rule.narrowed)
    yield from (("a prerequisite", group_holds(each.when, known)) for each in rule.requires)
    if rule.area is not None:
        yield "the area of an overlay", holds(rule.area, known)


def features_of_rule(rule: Rule, truth: Truth) -> Iterator[Feature]:
    """What sort of rule came out as *truth*."""
    yield "a rule", truth
    if rule.narrowed:
        yield f"a rule narrowed {'once' if len(rule.narrowed) == 1 else 'twice'}", truth
    if rule.requires:
        yield "a rule that requires", truth


def _of_condition(condition: Condition, known: Known) -> Iterator[Feature]:
    truth, value = holds(condition, known), known.get(condition.path)
    if not isinstance(condition.test, Has):
        yield _operator(condition.test), truth
        return
    name = "has no" if condition.test.negated else "has"
    if value is None:
        yield f"not told: {name}", truth
        return
    asked = [field.path for field in condition.test.fields]
    gaps = any(path not in record for record in value for path in asked)
    yield f"{name}, {'gaps' if gaps else 'whole' if value else 'empty'}", truth
    for record in value:
        for field in condition.test.fields:
            if field.path in record:
                yield f"inside has: {_operator(field.test)}", holds(field, record)


def _operator(test: Check) -> str:
    match test:
        case Presence(known):
            return "known" if known else "not known"
        case OneOf(_, negated):
            return "none of" if negated else "one of"
        case Between(low, high):
            kind = "days" if isinstance(low or high, date) else "numbers"
            return f"{kind} {'to' if low is None else 'from' if high is None else 'between'}"
        case Has():
            raise AssertionError(test)


def _span(test: Any) -> str:
    assert isinstance(test, Between)
    if test.low is None:
        return "effective always"
    return "effective from" if test.high is None else "effective from and until"
