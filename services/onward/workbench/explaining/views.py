"""How the values of one fact look to the questions about what follows from it and from other facts together."""

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from datetime import date
from itertools import product
from math import prod
from typing import Any, TypeAlias

from onward.contracts.fact_kinds import Choice, Day, Whole, YesNo
from onward.contracts.facts import FACTS
from onward.workbench.explaining.asks import Ask
from onward.workbench.explaining.possible_values import Sight, around

Context: TypeAlias = Mapping[str, Any]
"""What other facts are while the values of one are looked at; those that it does not name are as they are now."""

_MOST_CONTEXTS = 64
_FEW = 200


class Ranks:
    """Where a derived value stands among all values that a question about it names."""

    def __init__(self, asks: Sequence[Ask]) -> None:
        numbers = {_number(value) for ask in asks for value in ask.turns_at if isinstance(value, int | date)}
        self._edges = sorted(edge for value in numbers for edge in (value, value + 1))

    def of(self, value: Any) -> Hashable:
        """The same for values that no question tells apart."""
        if isinstance(value, int | date) and not isinstance(value, bool):
            return bisect_right(self._edges, _number(value))
        return repr(value)


def _number(value: int | date) -> int:
    return value.toordinal() if isinstance(value, date) else value


def directly(path: str, asks: Sequence[Ask], also: frozenset[Any]) -> Sight:
    """
    A fact as questions to it alone see it.

    Args:
        path: The fact.
        asks: The questions, which may turn at what they name; at any number of a fact that has few.
        also: Where they may turn besides.
    """
    kind = FACTS[path].kind
    if isinstance(kind, Whole) and kind.high - kind.low <= _FEW:
        also = also.union(range(kind.low, kind.high + 1))

    def view(value: Any) -> Hashable:
        return tuple(ask.holds(value) for ask in asks)

    return Sight(view, also.union(*(ask.turns_at for ask in asks)))


def through(rank: Callable[[Any, Context], Hashable], context: Context, turns: frozenset[Any]) -> Sight:
    """
    A fact as it is seen through what follows from it in a *context*.

    Args:
        rank: Of what follows from a value in a context.
        context: What other facts are.
        turns: Where it may turn, and turn back, in any context; days of this context come to them.
    """

    def view(value: Any) -> Hashable:
        return rank(value, context)

    return Sight(view, turns | {value for value in context.values() if isinstance(value, date)})


def now_and_by_kind(others: Sequence[str], day: date) -> list[Context]:
    """Contexts in which *others* are as now, or one of them what its kind alone suggests, or all words anything."""
    if not others:
        return [{}]
    offered = {other: _by_kind(other, day) for other in others}
    contexts: list[Context] = [{}, dict.fromkeys(others)]
    contexts += [{other: value} for other, values in offered.items() for value in values]
    words = [other for other in others if isinstance(FACTS[other].kind, Choice | YesNo)]
    if len(words) > 1 and prod(len(offered[other]) for other in words) <= _MOST_CONTEXTS:
        contexts += [dict(zip(words, values, strict=True)) for values in product(*(offered[other] for other in words))]
    return contexts


def each_beside(others: Sequence[str], values: Callable[[str], Sequence[Any]]) -> Iterator[Context]:
    """Contexts in which one number or day of *others* is each of its *values*, and the rest as now, or not known."""
    unknown = dict.fromkeys(others)
    for other in others:
        if isinstance(FACTS[other].kind, Day | Whole):
            for value in values(other):
                if value is not None:
                    yield {other: value}
                    if len(others) > 1:
                        yield {**unknown, other: value}


def _by_kind(path: str, day: date) -> list[Any]:
    match FACTS[path].kind:
        case Day():
            return sorted(around(day))
        case Whole(low, high):
            return [low, high]
        case Choice(values):
            return list(values)
        case YesNo():
            return [True, False]
        case _:
            return []
