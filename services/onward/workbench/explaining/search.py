"""
The cheapest set of changes that opens one of several ways: uniform-cost search, with what must still be paid at least.

Sets of changes are looked at in the order of their cost; the first that nothing stands in the way of is the answer.
See `obstacles` for why none is missed.
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
        judge: Whether changes lead where they should; asked when nothing is in the way, to be sure that nothing is.
        most: How many sets to look at before giving up.
    """
    queue = _Queue(picture, most)
    for course in courses:
        queue.put(NOTHING, course, ())
    while (entry := queue.next()) is not None:
        if entry.outlook is None:
            return Found(None, queue.looked_at, entry.at_least.facts)
        if not entry.outlook.steps:
            assert judge(entry.steps), "nothing is in the way, so the decision refers"
            return Found(entry.steps, queue.looked_at, entry.paid.facts)
        queue.go_on(entry, entry.outlook.steps)
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


class _Queue:
    """Sets of changes, the cheapest that might open a way first."""

    def __init__(self, picture: Picture, most: int) -> None:
        self.looked_at = 0
        self._most = most
        self._picture = picture
        self._order = count()
        self._heap: list[tuple[Cost, int, _Entry]] = []
        self._seen: set[tuple[int, tuple[Step, ...]]] = set()

    def put(self, paid: Cost, course: Course, steps: tuple[Step, ...]) -> None:
        least = course.least(dict(steps))
        if least is not None:
            self._push(_Entry(paid.plus(least), paid, course, steps))

    def next(self) -> _Entry | None:
        """The next, looked at closely unless the most have been looked at already; None when there is none."""
        while self._heap:
            entry = heappop(self._heap)[-1]
            if entry.outlook is not None or self.looked_at >= self._most:
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

    def go_on(self, entry: _Entry, further: tuple[Step, ...]) -> None:
        """Put every set that has one of *further* changes more."""
        for step in further:
            longer = tuple(sorted((*entry.steps, step)))
            if (id(entry.course), longer) not in self._seen:
                self._seen.add((id(entry.course), longer))
                self.put(entry.paid.plus(self._picture.possible(step[0]).costs[step[1]]), entry.course, longer)

    def _push(self, entry: _Entry) -> None:
        heappush(self._heap, (entry.at_least, next(self._order), entry))
