"""
The cheapest set of changes that opens one of several ways: uniform-cost search, with what must still be paid at least.

Sets of changes are looked at in the order of their cost, and the first that the judge confirms is the answer; see
`obstacles` for why none is missed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count

from onward.workbench.explaining.costs import NOTHING, Cost
from onward.workbench.explaining.obstacles import Course, Outlook, Step
from onward.workbench.explaining.picture import Picture

MOST_LOOKED_AT = 6_000
"""Sets of changes that a search looks at before it gives up and says so."""


@dataclass(frozen=True, slots=True)
class Found:
    """How a search ended."""

    steps: tuple[Step, ...] | None
    """The changes of the cheapest set, or None."""
    looked_at: int
    at_least: int
    """Every set that opens a way changes at least as many facts; 0 when it is known that there is none."""


def cheapest(
    courses: Sequence[Course],
    picture: Picture,
    judge: Callable[[tuple[Step, ...]], bool],
    *,
    most: int = MOST_LOOKED_AT,
) -> Found:
    """
    The cheapest set of changes for which *judge* says yes, among those that open one of *courses*.

    Args:
        courses: The ways.
        picture: The situation they are about.
        judge: Whether changes lead where they should; asked only when nothing else is in the way.
        most: How many sets to look at before giving up.
    """
    queue = _Queue(picture)
    for course in courses:
        queue.put(NOTHING, course, ())
    while (entry := queue.next()) is not None:
        if queue.looked_at > most:
            return Found(None, most, entry.at_least.facts)
        if entry.ready and judge(entry.steps):
            return Found(entry.steps, queue.looked_at, entry.paid.facts)
        queue.go_on(entry)
    return Found(None, queue.looked_at, 0)


@dataclass(frozen=True, slots=True)
class _Entry:
    """Changes made so far on one way."""

    at_least: Cost
    """Of every set that opens the way from here."""
    paid: Cost
    course: Course
    steps: tuple[Step, ...]
    outlook: Outlook | None = None
    """None until its turn comes: what is cheap to know orders the queue."""

    @property
    def ready(self) -> bool:
        return self.outlook is not None and not self.outlook.steps


class _Queue:
    """Sets of changes, the cheapest that might open a way first."""

    def __init__(self, picture: Picture) -> None:
        self.looked_at = 0
        self._picture = picture
        self._order = count()
        self._heap: list[tuple[Cost, int, _Entry]] = []
        self._seen: set[tuple[int, tuple[Step, ...]]] = set()

    def put(self, paid: Cost, course: Course, steps: tuple[Step, ...]) -> None:
        least = course.least(dict(steps))
        if least is not None:
            self._push(_Entry(paid.plus(least), paid, course, steps))

    def next(self) -> _Entry | None:
        """The next to go on from, looked at closely; None when there is none."""
        while self._heap:
            entry = heappop(self._heap)[-1]
            if entry.outlook is not None:
                return entry
            self.looked_at += 1
            outlook = entry.course.outlook(dict(entry.steps))
            if outlook is None:
                continue
            entry = _Entry(entry.paid.plus(outlook.still), entry.paid, entry.course, entry.steps, outlook)
            if not self._heap or entry.at_least <= self._heap[0][0]:
                return entry
            self._push(entry)
        return None

    def go_on(self, entry: _Entry) -> None:
        """Put every set that has one change more."""
        for step in entry.outlook.steps if entry.outlook else ():
            longer = tuple(sorted((*entry.steps, step)))
            if (id(entry.course), longer) not in self._seen:
                self._seen.add((id(entry.course), longer))
                self.put(entry.paid.plus(self._picture.possible(step[0]).costs[step[1]]), entry.course, longer)

    def _push(self, entry: _Entry) -> None:
        heappush(self._heap, (entry.at_least, next(self._order), entry))
