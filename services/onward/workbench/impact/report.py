"""A tally as tables that may be shown: small numbers hidden, others rounded, unless exact figures are asked for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from onward.disclosure_control.linked_counts import MEASURES, TOTAL, Measure, Place
from onward.disclosure_control.suppression import Rounding, hidden
from onward.workbench.impact.diff_outcomes import FAMILIES, Family
from onward.workbench.impact.outcome_counts import Example, OutcomeCounts
from onward.workbench.impact.people import AGE_BANDS

Column: TypeAlias = Measure | Literal["after"]
Figure: TypeAlias = int | None
"""None is hidden: it is not 0."""

DIMENSIONS = ("all", "category", "area", "age", "sex", "ethnicity", "disability", "pregnancy", "provider", "rule")
"""In the order in which they are shown."""
_BY_ROUTE = ("provider", "rule")
_NO_NAMES: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One row of a table."""

    name: str
    of: str
    """For a provider or rule: what it is for. For an area: whose it is, where the directory says so."""
    figures: Mapping[Column, Figure]

    @property
    def changes(self) -> bool:
        """Whether anything that is shown, or hidden, is gained, lost or done otherwise."""
        return any(self.figures.get(column) != 0 for column in MEASURES[1:] if column in self.figures)


@dataclass(frozen=True, slots=True)
class Table:
    """One family by one dimension."""

    family: Family
    dimension: str
    columns: tuple[Column, ...]
    rows: tuple[ReportRow, ...]

    @property
    def changing(self) -> tuple[ReportRow, ...]:
        """The rows in which something changes."""
        return tuple(row for row in self.rows if row.changes)


@dataclass(frozen=True, slots=True)
class ImpactReport:
    """What a replay found, ready to be shown."""

    situations: int
    bad: int
    """Lines that were skipped."""
    rounding: Rounding | None
    """None for exact figures, which are not for publication."""
    changed: Figure
    """Situations in which anything changes; only in an exact report, since no table adds up to it."""
    tables: tuple[Table, ...]
    examples: tuple[Example, ...]

    def table(self, family: Family, dimension: str) -> Table | None:
        """One table, unless there is nothing in it."""
        return next((each for each in self.tables if (each.family, each.dimension) == (family, dimension)), None)


def report_of(tally: OutcomeCounts, rounding: Rounding | None, areas: Mapping[str, str] = _NO_NAMES) -> ImpactReport:
    """
    The tables of a tally.

    Args:
        tally: What was counted.
        rounding: How small numbers are hidden and others rounded; None shows everything as it is.
        areas: What areas are called, by their codes.
    """
    tables: list[Table] = []
    examples: list[Example] = []
    for family in FAMILIES:
        counts: dict[Place, int] = {
            (cell.dimension, cell.row, cell.measure): count
            for cell, count in tally.cells.items()
            if cell.family == family
        }
        away = frozenset[Place]() if rounding is None else hidden(counts, rounding)
        tables += _tables(family, counts, away, rounding, areas)
        for (of, _, _), found in sorted(tally.examples.items()):
            # Where a number is hidden, of a category, a rule or a provider, nobody is pointed at.
            examples += [each for each in found if of == family and away.isdisjoint(each.change.counted)]
    changed = tally.changed if rounding is None else None
    return ImpactReport(tally.situations, tally.bad, rounding, changed, tuple(tables), tuple(examples))


def _tables(
    family: Family,
    counts: Mapping[Place, int],
    away: frozenset[Place],
    rounding: Rounding | None,
    areas: Mapping[str, str],
) -> Iterator[Table]:
    for dimension in DIMENSIONS:
        names = sorted({row for at, row, _ in counts if at == dimension}, key=lambda name: _order(dimension, name))
        measures = MEASURES if dimension in _BY_ROUTE else MEASURES[:4]
        rows: list[ReportRow] = []
        for name in names:
            figures: dict[Column, Figure] = {}
            for measure in measures:
                place = dimension, name, measure
                value = counts.get(place, 0)
                figures[measure] = None if place in away else value if rounding is None else rounding.shown(value)
            of, _, what = name.rpartition("/") if dimension != "area" else (areas.get(name, ""), "", name)
            rows.append(ReportRow(what or TOTAL[0], of, {**figures, "after": _after(figures)}))
        if rows:
            yield Table(family, dimension, ("before", "after", *measures[1:]), tuple(rows))


def _after(figures: Mapping[Column, Figure]) -> Figure:
    """From what is shown alone, so that it tells nothing more; rounding can put it off by as much as the others."""
    total = 0
    for column, sign in (("before", 1), ("lost", -1), ("left", -1), ("gained", 1), ("arrived", 1)):
        figure = figures.get(column, 0)  # type: ignore[call-overload]  # each is a column
        if figure is None:
            return None
        total += sign * figure
    return max(0, total)


def _order(dimension: str, name: str) -> tuple[int, str]:
    """By name: an order by size would tell what is hidden."""
    return (AGE_BANDS.index(name) if dimension == "age" else 0), name
