"""
Set and interval algebra for many rules at once: each fact's values in cells that no condition tells apart.

A box says for each fact in which cells its value must lie: what `effective`, `when` and one group of `any_of` demand.
Boxes leave out `unless`, what a list's records hold, and how derived facts hang together. So two boxes that do not meet
prove that their rules never match together; two that meet are only a reason to look closer.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Any

from onward.contracts.fact_kinds import Day, FactValue, Kind, Records, Whole
from onward.contracts.facts import FACTS
from onward.routing.domain.bits import numbers_in
from onward.routing.domain.kleene import check_holds
from onward.routing.domain.language import EVENT_DAY, Between, Check, Condition, Group, Has, OneOf, Rule
from onward.routing.domain.offices import NO_OFFICES, Offices
from onward.workbench.logic.scales import FIRST_DAY, LAST_DAY, scale_of
from onward.workbench.logic.witness import ALWAYS_KNOWN, Witness

_SOME_LIST = "a list"
_USUAL = date(2026, 3, 2)


@dataclass(frozen=True, slots=True)
class Box:
    """What one alternative of a rule demands: for each fact asked about, the cells as bits."""

    rule: int
    cells: Mapping[str, int]

    @property
    def empty(self) -> bool:
        """Two conditions on one fact leave it no value."""
        return not all(self.cells.values())


class Cells:
    """The cells of every fact that some conditions ask about, each with a value to stand for it."""

    def __init__(self, conditions: Iterable[Condition], offices: Offices = NO_OFFICES) -> None:
        self._offices = offices
        tests: defaultdict[str, set[Check]] = defaultdict(set)
        for condition in conditions:
            tests[condition.path].add(condition.test)
        self._values = {path: _values(path, asked) for path, asked in tests.items()}
        self._bits: dict[tuple[str, Check], int] = {}

    def group(self, rule: int, group: Group) -> Box:
        """The box of some conditions."""
        cells: dict[str, int] = {}
        for condition in group:
            cells[condition.path] = cells.get(condition.path, -1) & self._where(condition)
        return Box(rule, cells)

    def boxes(self, number: int, rule: Rule) -> list[Box]:
        """One box for each alternative of a rule, without those that no value meets."""
        groups = rule.any_of or ((),)
        found = (self.group(number, (rule.effective, *rule.when, *group)) for group in groups)
        return [box for box in found if not box.empty]

    def within(self, box: Box, other: Box) -> bool:
        """Whether everything in *box* is in *other*."""
        return all(
            not (box.cells.get(path, (1 << len(self._values[path])) - 1) & ~cells)
            for path, cells in other.cells.items()
        )

    def _where(self, condition: Condition) -> int:
        key = (condition.path, condition.test)
        bits = self._bits.get(key)
        if bits is None:
            bits = self._bits[key] = sum(
                1 << place
                for place, value in enumerate(self._values[condition.path])
                if _may_hold(condition.test, value)
            )
        return bits

    def example(self, box: Box, random: Random | None = None) -> Witness | None:
        """
        A situation with nothing but what a box asks: the first in it, or one that *random* picks.

        None where the box asks about lists or derived facts: that needs more than algebra.
        """
        day = _USUAL
        facts: dict[str, FactValue] = {}
        for path, cells in box.cells.items():
            if path == EVENT_DAY:
                day = self._day(cells)
                continue
            value = self._values[path][numbers_in(cells)[0] if random is None else random.choice(numbers_in(cells))]
            if value is None:
                continue
            if FACTS[path].derived or value == _SOME_LIST:
                return None
            facts[path] = value
        return Witness(facts, day, offices=self._offices)

    def onto(self, box: Box, known: Witness) -> Witness:
        """A situation with what is *known*, but as a box asks wherever that is neither a list nor derived."""
        facts = dict(known.facts)
        for path, cells in box.cells.items():
            if path == EVENT_DAY or FACTS[path].derived:
                continue
            value = self._values[path][numbers_in(cells)[0]]
            if value is None:
                facts.pop(path, None)
            elif value != _SOME_LIST:
                facts[path] = value
        return replace(known, facts=facts)

    def _day(self, cells: int) -> date:
        """An ordinary day if it will do, else the first day of the last stretch: when the last rule came into force."""
        days: Sequence[date] = self._values[EVENT_DAY]
        places = [place for place in range(len(days)) if cells >> place & 1]
        usual = max((place for place, first in enumerate(days) if first <= _USUAL), default=0)
        return _USUAL if usual in places else days[places[-1]]


def meet(boxes: Iterable[Box]) -> Box | None:
    """What lies in all boxes; None if they do not meet."""
    common: dict[str, int] = {}
    for box in boxes:
        for path, cells in box.cells.items():
            both = common.get(path, -1) & cells
            if not both:
                return None
            common[path] = both
    return Box(-1, common)


class Meetings:
    """Which of many boxes meet, without comparing them two by two."""

    def __init__(self, boxes: Sequence[Box]) -> None:
        self._all = (1 << len(boxes)) - 1
        asking: defaultdict[str, int] = defaultdict(int)
        by_set: defaultdict[tuple[str, int], int] = defaultdict(int)
        for place, box in enumerate(boxes):
            for path, cells in box.cells.items():
                asking[path] |= 1 << place
                by_set[path, cells] |= 1 << place
        inside: defaultdict[tuple[str, int], int] = defaultdict(int)
        for (path, cells), boxes_so in by_set.items():
            for cell in numbers_in(cells):
                inside[path, cell] |= boxes_so
        self._reach: dict[tuple[str, int], int] = {}
        for path, cells in by_set:
            reached = self._all & ~asking[path]
            for cell in numbers_in(cells):
                reached |= inside[path, cell]
            self._reach[path, cells] = reached

    def of(self, box: Box) -> int:
        """The places, as bits, of all boxes that meet this one, which must be one of them."""
        found = self._all
        for path, cells in box.cells.items():
            found &= self._reach[path, cells]
        return found


def _may_hold(test: Check, value: Any) -> bool:
    """Whether a condition can hold, for certain, of a value."""
    if isinstance(test, Has):
        return value is not None
    return check_holds(test, value) is True


def _values(path: str, tests: Iterable[Check]) -> Sequence[Any]:
    """One value for each cell; None stands for a fact that is not known."""
    unknown: tuple[None, ...] = () if path in ALWAYS_KNOWN else (None,)
    kind: Kind = Day() if path == EVENT_DAY else FACTS[path].kind
    if isinstance(kind, Records):
        return (_SOME_LIST, *unknown)
    if isinstance(kind, Whole | Day):
        return (*_edges(kind, tests), *unknown)
    named = frozenset(value for test in tests if isinstance(test, OneOf) for value in test.values)
    values = scale_of(path, kind, named)
    return (*(values.value(code) for code in range(values.low, values.high + 1)), *unknown)


def _edges(kind: Whole | Day, tests: Iterable[Check]) -> list[Any]:
    """Where something changes, as the first value of each stretch between."""
    day = isinstance(kind, Day)
    first: Any = date.fromordinal(FIRST_DAY) if isinstance(kind, Day) else kind.low
    last: Any = date.fromordinal(LAST_DAY) if isinstance(kind, Day) else kind.high
    step: Any = timedelta(days=1) if day else 1
    edges: set[Any] = {first}
    for test in tests:
        if isinstance(test, Between):
            edges.update([] if test.low is None else [test.low])
            edges.update([] if test.high is None else [test.high + step])
        elif isinstance(test, OneOf):
            for value in test.values:
                edges.update([value, value + step])
    return sorted(edge for edge in edges if first <= edge <= last)
