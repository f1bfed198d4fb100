"""Counts of fates, by what they are of, for whom, by which rule and to which provider."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple, TypeAlias

from onward.contracts.situation import Situation
from onward.disclosure_control.linked_counts import TOTAL, Measure
from onward.routing.domain.outcomes import Outcome
from onward.workbench.impact.diff_outcomes import Family, OutcomePair, Thing, fates
from onward.workbench.impact.people import counted_under


class Cell(NamedTuple):
    """One count."""

    family: Family
    dimension: str
    row: str
    """For a rule or provider: what it is for, `/`, and its id."""
    measure: Measure


@dataclass(frozen=True, slots=True)
class OutcomeChange:
    """A thing that is gained, lost or moved, in words."""

    family: Family
    what: str
    kind: Literal["gained", "lost", "moved"]
    before: str
    after: str
    counted: tuple[tuple[str, str, Measure], ...]
    """Dimension, row and measure of each number that the change is part of, and that tells what it is."""

    @classmethod
    def of(cls, fate: OutcomePair) -> "OutcomeChange":
        """The change that *fate* is."""
        thing = fate.before or fate.after
        assert thing is not None
        kind: Literal["gained", "lost", "moved"]
        kind = "gained" if fate.before is None else "lost" if fate.after is None else "moved"
        counted = tuple(cell[1:] for cell in _rows(fate) if cell.measure != "before")
        return cls(fate.family, thing.what, kind, _words(fate.before), _words(fate.after), counted)


@dataclass(frozen=True, slots=True)
class Example:
    """A situation, by its pseudonymous id, in which something changes."""

    situation: str
    change: OutcomeChange


EXAMPLES = 3
"""Kept of each kind of change."""


@dataclass(slots=True)
class OutcomeCounts:
    """What was found in some situations; tallies of parts add up to that of the whole."""

    situations: int = 0
    changed: int = 0
    """Situations in which anything at all changes."""
    cells: Counter[Cell] = field(default_factory=Counter)
    examples: dict[tuple[str, str, str], list[Example]] = field(default_factory=dict)
    """By family, what, and kind of change."""
    bad: int = 0
    """Lines that were skipped because no situation could be read from them."""
    first: datetime | None = None
    """When the first of what the situations are about happened; None without any."""
    last: datetime | None = None

    def happened(self, first: datetime | None, last: datetime | None) -> None:
        """Widen the time that is spoken of."""
        starts = [each for each in (self.first, first) if each is not None]
        ends = [each for each in (self.last, last) if each is not None]
        self.first, self.last = min(starts, default=None), max(ends, default=None)

    def include(self, other: "OutcomeCounts") -> None:
        """Add what another part found; of examples the first are kept."""
        self.situations += other.situations
        self.changed += other.changed
        self.bad += other.bad
        self.happened(other.first, other.last)
        self.cells.update(other.cells)
        for key, examples in other.examples.items():
            known = self.examples.setdefault(key, [])
            known += examples[: EXAMPLES - len(known)]


_Pair: TypeAlias = tuple[Outcome, Outcome]
_Sums: TypeAlias = tuple[tuple[tuple[Family, Measure], int], ...]


@dataclass(slots=True)
class _Effect:
    """What a pair of outcomes counts as, and how often it was met."""

    rows: tuple[Cell, ...]
    """By category, rule and provider."""
    sums: _Sums
    """Of all things together: what is counted for the person."""
    changes: tuple[OutcomeChange, ...]
    people: Counter[tuple[str, str]]
    """Dimension and row of everybody with the same sums, shared by all effects that have them."""
    met: int = 0


class Counting:
    """Counts situations quickly: equal pairs of outcomes, and people alike, are counted first and added up at last."""

    def __init__(self) -> None:
        self._effects: dict[_Pair, _Effect] = {}
        self._people: dict[_Sums, Counter[tuple[str, str]]] = {}
        self._met: list[_Effect] = []
        """Those met since the last time."""
        self._tally = OutcomeCounts()

    def add(self, situation: Situation, before: Outcome, after: Outcome) -> None:
        """Count one situation."""
        at = situation.occurred_at
        if self._tally.first is None or at < self._tally.first or self._tally.last is None or at > self._tally.last:
            self._tally.happened(at, at)
        pair = (before, after)
        effect = self._effects.get(pair)
        if effect is None:
            effect = self._effects[pair] = self._effect(pair)
        if not effect.met:
            self._met.append(effect)
        effect.met += 1
        if effect.sums:
            people = effect.people
            for row in counted_under(situation.facts):
                people[row] += 1
        if effect.changes:
            self._tally.changed += 1
            self._exemplify(situation, effect)

    def _effect(self, pair: _Pair) -> _Effect:
        found = list(fates(*pair))
        counted: Counter[tuple[Family, Measure]] = Counter(
            (fate.family, measure) for fate in found for measure in _measures(fate)
        )
        sums = tuple(counted.items())
        return _Effect(
            tuple(row for fate in found for row in _rows(fate)),
            sums,
            tuple(OutcomeChange.of(fate) for fate in found if fate.before != fate.after),
            self._people.setdefault(sums, Counter()),
        )

    def _exemplify(self, situation: Situation, effect: _Effect) -> None:
        for change in effect.changes:
            known = self._tally.examples.setdefault((change.family, change.what, change.kind), [])
            if len(known) < EXAMPLES:
                known.append(Example(str(situation.situation_id), change))

    def take(self) -> OutcomeCounts:
        """What was counted since the last time."""
        tally, self._tally = self._tally, OutcomeCounts()
        cells = tally.cells
        totals: Counter[_Sums] = Counter()
        for effect in self._met:
            tally.situations += effect.met
            totals[effect.sums] += effect.met
            for row in effect.rows:
                cells[row] += effect.met
            effect.met = 0
        for sums, count in totals.items():
            people = self._people[sums]
            people[TOTAL] = count
            for (dimension, name), counted in people.items():
                for (family, measure), number in sums:
                    cells[Cell(family, dimension, name, measure)] += number * counted
            people.clear()
        self._met.clear()
        if len(self._effects) > _REMEMBERED:
            self._effects.clear()
            self._people.clear()
        return tally


_REMEMBERED = 20_000
"""Pairs of outcomes; a limit, so that a year of odd people fills no memory."""


def _words(thing: Thing | None) -> str:
    return "" if thing is None else " ".join(word for word in (thing.rule, thing.provider, *thing.how) if word)


def _measures(fate: OutcomePair) -> tuple[Measure, ...]:
    if fate.before is None:
        return ("gained",)
    if fate.after is None:
        return ("before", "lost")
    return ("before",) if fate.before == fate.after else ("before", "moved")


def _rows(fate: OutcomePair) -> list[Cell]:
    """The cells of what it is for, of its rule, and of its provider."""
    family, before, after = fate
    thing = before or after
    assert thing is not None
    what = thing.what
    found = [Cell(family, "category", what, measure) for measure in _measures(fate)]
    for dimension in ("rule", "provider") if family == "referred" else ("rule",):
        old = None if before is None else f"{what}/{before.rule if dimension == 'rule' else before.provider}"
        new = None if after is None else f"{what}/{after.rule if dimension == 'rule' else after.provider}"
        if old is not None and new is not None and old != new:
            found += [
                Cell(family, dimension, old, "before"),
                Cell(family, dimension, old, "left"),
                Cell(family, dimension, new, "arrived"),
            ]
        else:
            found += [Cell(family, dimension, old or new or "", measure) for measure in _measures(fate)]
    return found
