"""
The values that a told fact could have, as few as can stand for all of them.

Values for which every question is answered alike are one; it is represented by the one nearest to what is known now.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import pairwise
from re import fullmatch
from typing import Any

from onward.contracts.fact_kinds import Choice, Code, Day, Kind, Records, Whole, YesNo
from onward.contracts.facts import FACTS
from onward.routing.domain.language import Scalar
from onward.workbench.explaining.asks import Ask
from onward.workbench.explaining.costs import NOTHING, Cost, cost_of
from onward.workbench.explaining.possible_records import lists
from onward.workbench.explaining.told import SOURCE, TYPE

OTHER_CODES = ("E06999999", "W06999999", "S12999999", "N09999999", "something-else", "zxx", "G0S")
"""Stand for every code that nobody names; each is taken for the facts whose form it has."""

_LONGEST_DAYS = 36_600


@dataclass(frozen=True, slots=True)
class Possible:
    """What one told fact is now, and could be: the cheapest change first."""

    path: str
    values: tuple[Any, ...]
    """The value now stands first; None is not known."""
    costs: tuple[Cost, ...]
    """Of changing the value now into each."""


@dataclass(frozen=True, slots=True)
class Sight:
    """How the values of a fact look to some of the questions that hang on it."""

    view: Callable[[Any], Hashable]
    """The same for values that these answer alike; between two `turns` that differ it never turns back."""
    turns: frozenset[Any]
    """Where the view may turn, and turn back; beside the day of the event."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What the values of one fact are chosen by."""

    now: Any
    day: date
    """London day of the event."""
    asks: Sequence[Ask]
    """The questions to this fact itself."""
    sights: Sequence[Sight]
    """The views of all questions that hang on it."""
    ends_too: bool
    """Whether the ends of each range of values count beside its nearest, since another fact is measured against it."""


def possible(path: str, setting: Setting) -> Possible:
    """The values that matter for the fact at *path*."""
    now = setting.now
    kind = FACTS[path].kind
    found: dict[Hashable, tuple[Cost, int, Any]] = {}
    offered = list(_offered(kind, setting))
    if now is not None and path not in (SOURCE, TYPE):
        offered.append((None, 0))
    for order, (value, distance) in enumerate(offered):
        if value != now:
            found.setdefault(repr(value), (cost_of(path, now, value, distance), order, value))
    ordered = sorted(found.values(), key=lambda each: each[:2])
    return Possible(
        path,
        (now, *(value for _, _, value in ordered)),
        (
            NOTHING,
            *(
                cost.plus(Cost(values=cost_of(path, None, None, 0, number).values))
                for number, (cost, _, _) in enumerate(ordered, 1)
            ),
        ),
    )


def _offered(kind: Kind, setting: Setting) -> Iterable[tuple[Any, int]]:
    """Values that stand for all, each with its distance from the value now; the more natural first."""
    match kind:
        case YesNo():
            return ((True, 0), (False, 0))
        case Choice(values):
            return ((value, 0) for value in values)
        case Code(pattern, _):
            named = _named(setting)
            codes = [*sorted(str(value) for value in named if value is not None), *OTHER_CODES]
            return ((code, 0) for code in codes if fullmatch(pattern, code))
        case Whole(low, high):
            return _numbers(low, high, setting)
        case Day():
            return _days(setting)
        case Records(fields):
            tests = [ask.record for ask in setting.asks if ask.record is not None]
            return lists(fields, tests, setting.now)


def _numbers(low: int, high: int, setting: Setting) -> Iterable[tuple[int, int]]:
    def points(sight: Sight) -> set[int]:
        near = {number + step for number in sight.turns if isinstance(number, int) for step in (-1, 0, 1)}
        return {point for point in near if low <= point <= high} | {low, high}

    starts = {low}
    for sight in setting.sights:
        starts.update(_starts(sorted(points(sight)), sight.view))
    now = setting.now
    for value in _chosen(sorted(starts), high, low if now is None else now, ends_too=setting.ends_too):
        yield value, 0 if now is None else abs(value - now)


def _days(setting: Setting) -> Iterable[tuple[date, int]]:
    days = {day.toordinal() for day in (*_named(setting), setting.day) if isinstance(day, date)}
    first, last = max(min(days) - 1 - _LONGEST_DAYS, 1), min(max(days) + 1 + _LONGEST_DAYS, date.max.toordinal())

    def points(sight: Sight) -> set[int]:
        turns = [day for day in (*sight.turns, setting.day) if isinstance(day, date)]
        return {near.toordinal() for day in turns for near in around(day)} | {first, last}

    starts = {first}
    for sight in setting.sights:
        starts.update(_starts(sorted(points(sight)), partial(_seen_on, sight)))
    now: date | None = setting.now
    near = (now or setting.day).toordinal()
    for number in _chosen(sorted(starts), last, near, ends_too=setting.ends_too):
        yield date.fromordinal(number), 0 if now is None else abs(number - near)


def _seen_on(sight: Sight, number: int) -> Hashable:
    return sight.view(date.fromordinal(number))


def _named(setting: Setting) -> set[Any]:
    """Every value at which one of the views may turn back."""
    return {value for sight in setting.sights for value in sight.turns}


def _chosen(starts: Sequence[int], last: int, near: int, *, ends_too: bool) -> list[int]:
    """One number of each range that looks the same to all, the nearest to *near*; nearest first."""
    ends = [*(start - 1 for start in starts[1:]), last]
    chosen: set[int] = set()
    for start, end in zip(starts, ends, strict=True):
        chosen.add(min(max(near, start), end))
        if ends_too:
            chosen.update((start, end))
    return sorted(chosen, key=lambda number: (abs(number - near), number))


def _starts(points: Sequence[int], view: Callable[[int], Hashable]) -> Iterator[int]:
    """The numbers above the first of *points* that look another way than the number before, in order."""
    seen = [view(point) for point in points]
    for (low, at_low), (high, at_high) in pairwise(zip(points, seen, strict=True)):
        yield from _between(low, at_low, high, at_high, view)


def _between(
    low: int, at_low: Hashable, high: int, at_high: Hashable, view: Callable[[int], Hashable]
) -> Iterator[int]:
    if at_low == at_high:
        return
    if high == low + 1:
        yield high
        return
    middle = (low + high) // 2
    at_middle = view(middle)
    yield from _between(low, at_low, middle, at_middle, view)
    yield from _between(middle, at_middle, high, at_high, view)


def around(day: date) -> frozenset[date]:
    """A day and its neighbours, as far as there are days."""
    number, last = day.toordinal(), date.max.toordinal()
    return frozenset(date.fromordinal(near) for near in (number - 1, number, number + 1) if 1 <= near <= last)


def values_around(kind: Kind, named: Iterable[Scalar]) -> list[Any]:
    """Values of a kind of which one stands for any other, to questions that name only *named*."""
    match kind:
        case YesNo():
            return [True, False]
        case Choice(values):
            return list(values)
        case Whole(low, high):
            edges = {near for value in named if isinstance(value, int) for near in (value - 1, value, value + 1)}
            return sorted(edge for edge in edges | {low, high} if low <= edge <= high)
        case Day():
            days = {value for value in named if isinstance(value, date)}
            return sorted({near for day in days for near in around(day)} | {date.min})
        case Code():
            return [*named, *OTHER_CODES]
        case Records():
            return [[]]
