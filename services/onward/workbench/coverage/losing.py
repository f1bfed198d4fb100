"""What a list could lose, or a `has` stop asking for, and whether a test would fail then: exactly, not by its look."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from onward.routing.domain.kleene import Known, rule_holds
from onward.routing.domain.language import Condition, Group, Has, OneOf, Rule, RuleSet, Scalar
from onward.routing.domain.negation import negated
from onward.routing.domain.rule_tests import given, run_test

ListKey: TypeAlias = tuple[str, frozenset[Scalar]]
"""A list: the name of its set, or where it stands in the files, and its values."""
_Change: TypeAlias = Callable[[Condition], Condition]


@dataclass(frozen=True, slots=True)
class Loss:
    """A single edit of a condition that loads: a value less in a list, or a field less inside `has`."""

    condition: Condition
    """The condition that is edited; inside `has`, the one of the field."""
    path: str
    """The fact; for a field inside `has`, with the field after a space."""
    value: Scalar | None
    """The value that is lost; None for a field that is not asked for any more."""
    key: ListKey
    """The same in two rules where one edit changes both."""
    edited: Rule
    only: Rule
    """The rule with nothing but what is lost at this place: where that decides, the loss is noticed."""


def losses(rule: Rule) -> Iterator[Loss]:
    """Every such edit of *rule*, in the order of its text."""
    seen: set[ListKey] = set()
    for condition in (each for group in rule.groups for each in group):
        lists = [(condition.path, condition)]
        if isinstance(condition.test, Has):
            lists = [(f"{condition.path} {field.path}", field) for field in condition.test.fields]
            yield from _fields(rule, condition, seen)
        for path, each in lists:
            if isinstance(each.test, OneOf) and len(each.test.values) > 1 and (key := list_key(each)) not in seen:
                seen.add(key)
                for value in sorted(each.test.values, key=str):
                    less, only = (
                        _edited(rule, _list(key, values)) for values in (each.test.values - {value}, frozenset([value]))
                    )
                    yield Loss(each, path, value, key, less, only)


def list_key(condition: Condition) -> ListKey:
    """Which list a condition names."""
    assert isinstance(condition.test, OneOf)
    return condition.named or condition.where, condition.test.values


def _fields(rule: Rule, condition: Condition, seen: set[ListKey]) -> Iterator[Loss]:
    assert isinstance(condition.test, Has)
    key: ListKey = (condition.where, frozenset())
    if key in seen or len(condition.test.fields) == 1:
        return
    seen.add(key)
    for field in condition.test.fields:
        named: ListKey = (f"{condition.where} {field.path}", frozenset())
        less = _edited(rule, _has(condition.where, field.path, ()))
        only = _edited(rule, _has(condition.where, field.path, negated(field)))
        yield Loss(field, f"{condition.path} {field.path}", None, named, less, only)


def _list(key: ListKey, values: frozenset[Scalar]) -> _Change:
    """The list with other values, wherever it is named."""

    def change(condition: Condition) -> Condition:
        test = condition.test
        if isinstance(test, OneOf) and list_key(condition) == key:
            return replace(condition, test=OneOf(values, test.negated))
        if isinstance(test, Has):
            return replace(condition, test=Has(tuple(map(change, test.fields)), test.negated))
        return condition

    return change


def _has(where: str, path: str, instead: tuple[Condition, ...]) -> _Change:
    """The `has` at a place with other conditions in the place of a field's."""

    def change(condition: Condition) -> Condition:
        test = condition.test
        if isinstance(test, Has) and condition.where == where:
            fields = tuple(new for old in test.fields for new in (instead if old.path == path else (old,)))
            return replace(condition, test=Has(fields, test.negated))
        return condition

    return change


def _edited(rule: Rule, change: _Change) -> Rule:
    def group(conditions: Group) -> Group:
        return tuple(map(change, conditions))

    return replace(
        rule, when=group(rule.when), any_of=tuple(map(group, rule.any_of)), unless=tuple(map(group, rule.unless))
    )


def knowns(rule: Rule) -> list[Known]:
    """What is known in each test of *rule* that passes."""
    return [given(rule, test) for test in rule.tests if not run_test(rule, test).problem]


def noticed(rule: Rule, edited: Rule, tested: Sequence[Known]) -> bool:
    """Whether a test that passes would come out otherwise under the edited rule."""
    return any(rule_holds(rule, known) != rule_holds(edited, known) for known in tested)


def unshown(rules: RuleSet) -> list[tuple[Rule, list[Loss]]]:
    """
    What could be lost from a list, or from a `has`, and no test would fail: for each list and field, the losses.

    A list that stands once in the files and counts for several rules, as a set does, is shown by the tests of all of
    them; it is told of the first.
    """
    found: dict[ListKey, tuple[Rule, dict[Scalar | None, Loss]]] = {}
    shown: dict[ListKey, set[Scalar | None]] = defaultdict(set)
    for rule in rules.rules:
        tested = knowns(rule)
        for loss in losses(rule):
            _, lost = found.setdefault(loss.key, (rule, {}))
            if loss.value in shown[loss.key]:
                continue
            if noticed(rule, loss.edited, tested):
                shown[loss.key].add(loss.value)
                lost.pop(loss.value, None)
            else:
                lost.setdefault(loss.value, loss)
    return [(rule, list(lost.values())) for rule, lost in found.values() if lost]
