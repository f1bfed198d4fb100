"""Counts of made-up referrals, hanging together as real ones do, and a reader who tries to work out the hidden ones."""

from collections import Counter
from collections.abc import Iterable, Mapping
from random import Random
from typing import Any

import z3 as untyped

from onward.disclosure_control.linked_counts import MEASURES, Measure, Place
from onward.disclosure_control.suppression import Rounding

z3: Any = untyped  # hardly any of it has types
KEPT: tuple[Measure, ...] = ("before",)
LOST: tuple[Measure, ...] = ("before", "lost")
MOVED: tuple[Measure, ...] = ("before", "moved")
GAINED: tuple[Measure, ...] = ("gained",)


def made_up_counts(random: Random, referrals: int, *, areas: int = 3, changing: float = 0.3) -> Counter[Place]:
    """Counts of so many referrals; *changing* is the share that does not stay as it was."""
    counts: Counter[Place] = Counter()
    for _ in range(referrals):
        category = random.choice("AAAABBC")
        fate = random.choice((LOST, LOST, MOVED, GAINED)) if random.random() < changing else KEPT
        people = (("all", ""), ("area", f"area {int(random.random() ** 2 * areas)}"), ("sex", random.choice("ffm")))
        counts.update((*of, measure) for of in (*people, ("category", category)) for measure in fate)
        for dimension in ("rule", "provider"):
            old, new = (f"{category}/{dimension} {int(random.random() ** 2 * 3)}" for _ in range(2))
            if fate == MOVED and old != new:
                counts.update([(dimension, old, "before"), (dimension, old, "left"), (dimension, new, "arrived")])
            else:
                counts.update((dimension, old, measure) for measure in fate)
    return counts


class Attacker:
    """Knows what is shown, the method it was rounded and hidden by, and how counts hang together; nothing else."""

    def __init__(self, counts: Mapping[Place, int], hidden: Iterable[Place], rounding: Rounding) -> None:
        self._places = {place for place, value in counts.items() if value}
        self._value = {place: z3.Int(" ".join(place)) for place in self._places}
        self._hidden = set(hidden)
        self._solver = z3.Solver()
        for place, value in self._value.items():
            if place in self._hidden:
                self._solver.add(value >= 1)
            else:
                shown = rounding.shown(counts[place])
                self._solver.add(value > rounding.hide_up_to, value >= shown - rounding.to // 2)
                self._solver.add(value < shown - rounding.to // 2 + rounding.to)
        self._add_sums()
        self._add_rows()

    def _sum(self, places: Iterable[Place]) -> Any:
        return z3.Sum([z3.IntVal(0), *(self._value[place] for place in sorted(places) if place in self._places)])

    def _of(self, dimension: str, measure: str, category: str = "") -> list[Place]:
        return [at for at in self._places if (at[0], at[2]) == (dimension, measure) and at[1].startswith(category)]

    def _add_sums(self) -> None:
        for measure in MEASURES[:4]:
            total = self._sum([("all", "", measure)])
            for dimension in ("area", "sex", "category"):
                self._solver.add(self._sum(self._of(dimension, measure)) == total)
            for category in "ABC":
                of = self._sum([("category", category, measure)])
                for dimension in ("rule", "provider"):
                    rows = self._sum(self._of(dimension, measure, f"{category}/"))
                    left = self._sum(self._of(dimension, "left", f"{category}/"))
                    self._solver.add(rows + (left if measure == "moved" else 0) == of)
                    self._solver.add(left == self._sum(self._of(dimension, "arrived", f"{category}/")))

    def _add_rows(self) -> None:
        for dimension, row in {place[:2] for place in self._places}:
            gone: tuple[Measure, ...] = ("lost", "moved", "left")
            went = self._sum((dimension, row, measure) for measure in gone)
            self._solver.add(went <= self._sum([(dimension, row, "before")]))

    def values(self, place: Place, *, up_to: int) -> int:
        """How many values the count at *place* could have, counted up to *up_to*."""
        value = self._value[place]
        assert self._solver.check() == z3.sat, "the tables contradict themselves"
        lowest = self._solver.model().eval(value, model_completion=True).as_long()
        while self._solver.check(value < lowest) == z3.sat:
            lowest = self._solver.model().eval(value, model_completion=True).as_long()
        highest = lowest
        while highest - lowest + 1 < up_to and self._solver.check(value > highest) == z3.sat:
            highest = self._solver.model().eval(value, model_completion=True).as_long()
        return int(min(up_to, highest - lowest + 1))
