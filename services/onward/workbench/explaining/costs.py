"""What a change of facts costs: the measure of "smallest"."""

from operator import add
from typing import Any, NamedTuple

from onward.contracts.facts import FACTS
from onward.workbench.explaining.told import unchangeable


class Cost(NamedTuple):
    """
    Compared part by part, the first that differs decides; costs of changes to different facts add up.

    So fewer facts come first; then changes that somebody can make; then telling what is not known before correcting
    what is known; then a correction before taking back what was said; then the shortest way, in days, years or steps;
    then the order of paths and values.
    """

    facts: int = 0
    unchangeable: int = 0
    """How many of them nobody can change."""
    corrected: int = 0
    """How many were known."""
    taken_back: int = 0
    """How many were known and become not known."""
    distance: int = 0
    """The sum of days between days, of differences between whole numbers, and of records added or taken out."""
    paths: int = 0
    """Less for paths that come earlier."""
    values: int = 0
    """Less for values that come earlier among those of their fact."""

    def plus(self, other: "Cost") -> "Cost":
        """Both changes together."""
        return Cost(*map(add, self, other))


NOTHING = Cost()
_RANK = {path: len(FACTS) - number for number, path in enumerate(sorted(FACTS))}
_BITS = 20
"""Room for the number of a value: a fact has far fewer values that matter."""


def cost_of(path: str, now: Any, then: Any, distance: int, number: int = 0) -> Cost:
    """The cost of changing one fact from *now* to *then*, the *number*th of its values; None is not known."""
    rank = _RANK[path]
    return Cost(
        facts=1,
        unchangeable=int(unchangeable(path, now)),
        corrected=int(now is not None),
        taken_back=int(then is None),
        distance=distance,
        paths=-(1 << rank),
        values=number << (_BITS * rank),
    )
