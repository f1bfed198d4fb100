"""
The cheapest set of changes that opens one of several ways: uniform-cost search, with what must still be paid at least.

Sets of changes are looked at in the order of their cost, and the first that the judge confirms is the answer; see
`obstacles` for why none is missed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from itertools import count

from onward.workbench.explaining.costs import NOTHING, Cost
from onward.workbench.explaining.obstacles import Course, Step
from onward.workbench.explaining.picture import Picture

MOST_LOOKED_AT = 20_000
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
    order = count()
    queue: list[tuple[Cost, int, Cost, Course, tuple[Step, ...]]] = []
    for course in courses:
        still = course.still({})
        if still is not None:
            queue.append((still, next(order), NOTHING, course, ()))
    heapify(queue)
    seen: set[tuple[int, tuple[Step, ...]]] = set()
    looked_at = 0
    while queue:
        if looked_at == most:
            return Found(None, looked_at, queue[0][0].facts)
        _, _, paid, course, steps = heappop(queue)
        looked_at += 1
        state = dict(steps)
        further = course.steps(state)
        if further is None:
            if judge(steps):
                return Found(steps, looked_at, paid.facts)
            continue
        for step in further:
            longer = tuple(sorted((*steps, step)))
            if (id(course), longer) in seen:
                continue
            seen.add((id(course), longer))
            still = course.still(dict(longer))
            if still is not None:
                so_far = paid.plus(picture.possible(step[0]).costs[step[1]])
                heappush(queue, (so_far.plus(still), next(order), so_far, course, longer))
    return Found(None, looked_at, 0)
