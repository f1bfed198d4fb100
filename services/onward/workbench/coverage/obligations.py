"""
What the tests of a rule must show, each as one obligation: a wish about how the rule's conditions come out.

Every part of a rule must be seen to matter, by itself (as MC/DC asks of decisions in critical software):

- the rule must match in some test;
- each condition of `when`, and each end of `effective`, must in some test be the only thing that fails;
- each condition of an `any_of` group likewise, while no other group holds; and each group must be, in a test that
  matches, the only one that holds;
- each `unless` group must in some test be the only thing that stops the rule; and each of its conditions must be, in a
  test that matches, all that keeps the group from holding.

The only thing: all else of the rule *holds*. Where no facts can do that, because what fails leaves something else not
known (no `release.on`, so no `release.days_since`), or none are found, it is enough that all else *does not fail*.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from onward.diagnostics.yaml_tree import Place
from onward.routing.domain.kleene import Truth
from onward.routing.domain.language import EVENT_DAY, Between, Condition, Group, Rule
from onward.workbench.coverage.clauses import FALSE, NOT_FALSE, NOT_TRUE, TRUE, Alternative, Clause, some

Kind: TypeAlias = Literal["fires", "condition", "branch"]

_LONGEST = 48
"""Characters of a condition in the name of a test."""


@dataclass(frozen=True, slots=True)
class Obligation:
    """One thing that some test must show."""

    kind: Kind
    what: str
    """In words, as the name of a test that shows it."""
    path: str | None
    """The fact it is about, if it is about one."""
    place: Place
    strict: tuple[Clause, ...]
    """All else holds."""
    weak: tuple[Clause, ...] | None
    """All else does not fail; None where that is not enough."""
    expected: str = ""
    """The test of the condition it is about, in words."""


@dataclass(frozen=True, slots=True)
class Parts:
    """A rule with its conditions numbered."""

    conditions: Mapping[int, Condition]
    must: tuple[int, ...]
    """The ends of `effective`, and `when`."""
    any_of: tuple[tuple[int, ...], ...]
    unless: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, rule: Rule) -> "Parts":
        """The parts of *rule*; an end of `effective` that is open is no part."""
        conditions: dict[int, Condition] = {}

        def number(group: Group) -> tuple[int, ...]:
            first = len(conditions)
            conditions.update(enumerate(group, first))
            return tuple(range(first, len(conditions)))

        must = number((*_ends(rule), *rule.when))
        return cls(conditions, must, tuple(map(number, rule.any_of)), tuple(map(number, rule.unless)))


def obligations(rule: Rule, parts: Parts) -> list[Obligation]:
    """Everything that the tests of *rule* must or should show, in the order of its text."""
    found = [
        Obligation("fires", "all of it holds", None, rule.place, tuple(_rest(parts)), None),
        *_of_when(parts),
        *_of_any_of(parts),
        *_of_unless(parts),
    ]
    names = Counter(each.what for each in found)
    return [each if names[each.what] == 1 else replace(each, what=_more_precisely(each)) for each in found]


def _more_precisely(obligation: Obligation) -> str:
    """Where a rule asks twice about a fact."""
    expected = obligation.expected
    return f"{obligation.what} ({expected if len(expected) <= _LONGEST else expected[:_LONGEST].strip() + '…'})"


def _ends(rule: Rule) -> Iterator[Condition]:
    test, where = rule.effective.test, rule.effective.where
    if isinstance(test, Between) and test.low is not None:
        yield Condition(EVENT_DAY, Between(test.low, None), f"from {test.low}", where)
    if isinstance(test, Between) and test.high is not None:
        yield Condition(EVENT_DAY, Between(None, test.high), f"until {test.high}", where)


def _all(numbers: Sequence[int], allowed: frozenset[Truth], but: int | None = None) -> Alternative:
    return tuple((number, allowed) for number in numbers if number != but)


def _rest(parts: Parts, *, weak: bool = False, any_of: bool = True, but: int | None = None) -> Iterator[Clause]:
    """`when` holds but for one condition, a group of *any_of* holds, none of `unless` holds; *weak*: does not fail."""
    good, bad = (NOT_FALSE, NOT_TRUE) if weak else (TRUE, FALSE)
    yield (_all(parts.must, good, but),)
    if any_of and parts.any_of:
        yield tuple(_all(group, good) for group in parts.any_of)
    for group in parts.unless:
        if but not in group:
            yield some(group, bad)


def _of_when(parts: Parts) -> Iterator[Obligation]:
    for number in parts.must:
        fails: Clause = (((number, FALSE),),)
        strict, weak = ((fails, *_rest(parts, weak=weak, but=number)) for weak in (False, True))
        condition = parts.conditions[number]
        what = _ended(condition) or f"only {condition.path} fails"
        yield Obligation("condition", what, condition.path, condition.place, strict, weak, condition.expected)


def _of_any_of(parts: Parts) -> Iterator[Obligation]:
    for at, group in enumerate(parts.any_of):
        others = [each for each in parts.any_of if each is not group]
        if others and group:
            alone = (_all(group, TRUE),)
            clauses = (alone, *_rest(parts, any_of=False), *(some(each, NOT_TRUE) for each in others))
            what = f"only the {_ordinal(at)} of any_of holds"
            yield Obligation("branch", what, None, parts.conditions[group[0]].place, clauses, None)
        for number in group:
            condition = parts.conditions[number]
            strict, weak = (
                (
                    (((number, FALSE), *_all(group, good, number)),),
                    *_rest(parts, weak=weak, any_of=False),
                    *(some(each, bad) for each in others),
                )
                for weak, good, bad in ((False, TRUE, FALSE), (True, NOT_FALSE, NOT_TRUE))
            )
            inside = f" in the {_ordinal(at)} of any_of" if others else ""
            what = f"only {condition.path} fails{inside}"
            yield Obligation("condition", what, condition.path, condition.place, strict, weak, condition.expected)


def _of_unless(parts: Parts) -> Iterator[Obligation]:
    for at, group in enumerate(parts.unless):
        if not group:
            continue
        others = [each for each in parts.unless if each is not group]
        named = f"the {_ordinal(at)} unless" if others else "unless"
        stops: Clause = (_all(group, TRUE),)
        first = parts.conditions[group[0]]
        without = Parts(parts.conditions, parts.must, parts.any_of, tuple(others))
        strict, weak = ((stops, *_rest(without, weak=weak)) for weak in (False, True))
        yield Obligation("branch", f"only {named} stops it", first.path, first.place, strict, weak)
        for number in group if len(group) > 1 else ():
            condition = parts.conditions[number]
            full, enough = (
                ((((number, FALSE), *_all(group, good, number)),), *_rest(without)) for good in (TRUE, NOT_FALSE)
            )
            what = f"{named} fails only by {condition.path}"
            yield Obligation("condition", what, condition.path, condition.place, full, enough, condition.expected)


def _ended(condition: Condition) -> str:
    """For an end of `effective`: the test that lies beyond it, in words."""
    if condition.path != EVENT_DAY or not isinstance(condition.test, Between):
        return ""
    return "the day before the rule starts" if condition.test.high is None else "the day after the rule ends"


def _ordinal(at: int) -> str:
    words = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
    return words[at] if at < len(words) else f"{at + 1}th"
