"""
Tables from one value to every condition on it: bit *i* of an answer says that row *i* is content with the value.

A row is a set of conditions that must all hold. A row that does not ask about the value is content with any.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeAlias

from onward.routing.domain.language import Between, OneOf

Rows: TypeAlias = Mapping[int, Sequence[OneOf | Between]]
"""The tests that each row puts to the value, by the number of the row."""
Edge: TypeAlias = Any
"""A whole number or a day; within one table all are of one kind."""

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class EqualTable:
    """For words and yes-or-no: a value that nobody names has the default answer."""

    masks: Mapping[Any, int]
    default: int

    def lookup(self, value: Any) -> int:
        """The rows content with *value*."""
        return self.masks.get(value, self.default)


@dataclass(frozen=True, slots=True)
class RangeTable:
    """For whole numbers and days: `masks[i]` answers for values from `bounds[i - 1]` up to, without, `bounds[i]`."""

    bounds: Sequence[Edge]
    masks: Sequence[int]

    def lookup(self, value: Any) -> int:
        """The rows content with *value*."""
        return self.masks[bisect_right(self.bounds, value)]


def is_ordered(rows: Rows) -> bool:
    """Whether the values are whole numbers or days."""
    tests = [test for asked in rows.values() for test in asked]
    return any(
        isinstance(test, Between)
        or any(
            isinstance(value, date) or (isinstance(value, int) and not isinstance(value, bool)) for value in test.values
        )
        for test in tests
    )


def equal_table(rows: Rows, indifferent: int) -> EqualTable:
    """A table by exact value; *indifferent* rows are content with any."""
    named: defaultdict[Any, int] = defaultdict(int)
    refused: defaultdict[Any, int] = defaultdict(int)
    default = indifferent
    for row, asked in rows.items():
        bit = 1 << row
        values, negated = _common([test for test in asked if isinstance(test, OneOf)])
        if negated:
            default |= bit
        for value in values:
            (refused if negated else named)[value] |= bit
    masks = {value: (default & ~refused[value]) | named[value] for value in [*named, *refused]}
    return EqualTable(masks, default)


def _common(tests: Sequence[OneOf]) -> tuple[frozenset[Any], bool]:
    """The values that all *tests* allow: exactly these, or (second part true) all but these."""
    values, negated = frozenset[Any](), True
    for test in tests:
        if negated and test.negated:
            values |= test.values
        elif negated:
            values, negated = test.values - values, False
        elif test.negated:
            values -= test.values
        else:
            values &= test.values
    return values, negated


def range_table(rows: Rows, indifferent: int) -> RangeTable:
    """A table by intervals; *indifferent* rows are content with any."""
    first = indifferent
    flips: defaultdict[Edge, int] = defaultdict(int)
    for row, asked in rows.items():
        bit = 1 << row
        edges = _edges(asked)
        if _content_at_start(asked):
            first |= bit
        for edge in edges:
            flips[edge] ^= bit
    bounds = sorted(edge for edge, bits in flips.items() if bits)
    masks = [first]
    for bound in bounds:
        masks.append(masks[-1] ^ flips[bound])
    return RangeTable(bounds, masks)


def _next(value: Edge) -> Edge:
    return value + _ONE_DAY if isinstance(value, date) else value + 1


def _candidates(tests: Iterable[OneOf | Between]) -> list[Edge]:
    """Every value at which one of *tests* may change its answer, in order."""
    edges: set[Edge] = set()
    for test in tests:
        if isinstance(test, OneOf):
            edges |= {edge for value in test.values for edge in (value, _next(value))}
        else:
            edges |= {test.low} if test.low is not None else set()
            edges |= {_next(test.high)} if test.high is not None else set()
    return sorted(edges)


def _content(tests: Iterable[OneOf | Between], value: Edge) -> bool:
    for test in tests:
        if isinstance(test, OneOf):
            if (value in test.values) == test.negated:
                return False
        elif (test.low is not None and value < test.low) or (test.high is not None and value > test.high):
            return False
    return True


def _content_at_start(tests: Iterable[OneOf | Between]) -> bool:
    """Whether all tests are content with a value below every edge."""
    return all(test.negated if isinstance(test, OneOf) else test.low is None for test in tests)


def _edges(tests: Sequence[OneOf | Between]) -> list[Edge]:
    """The values at which the answer of all *tests* together changes."""
    content = _content_at_start(tests)
    changes: list[Edge] = []
    for edge in _candidates(tests):
        now = _content(tests, edge)
        if now is not content:
            changes.append(edge)
            content = now
    return changes
