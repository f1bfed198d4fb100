"""Plots of a report: what is gained, lost and moved, as SVG that needs nothing else."""

from collections.abc import Sequence
from io import StringIO

from matplotlib import rc_context
from matplotlib.figure import Figure

from onward.workbench.impact.impact_text import COLUMN, name
from onward.workbench.impact.report import Column, ReportRow, Table

# Colours of Okabe and Ito, which people who see no red or green can tell apart; the hatching does the same in print.
_BARS: tuple[tuple[Column, str, str], ...] = (
    ("gained", "#0072B2", ""),
    ("lost", "#D55E00", "///"),
    ("moved", "#777777", "|||"),
)
MOST_BARS = 20
"""Rows in one plot; the table beside it has all."""
_TEXT_STAYS_TEXT = "none"
"""So that a picture can be searched, and stays small."""


def plotted(table: Table) -> tuple[ReportRow, ...]:
    """The rows a plot of *table* shows: those that change most by the figures that are shown."""

    def most(row: ReportRow) -> tuple[int, str]:
        return -sum(row.figures.get(column) or 0 for column, _, _ in _BARS), row.name

    rows = [row for row in table.changing if any(row.figures.get(column) for column, _, _ in _BARS)]
    return tuple(sorted(rows, key=most)[:MOST_BARS])


def bars(rows: Sequence[ReportRow], title: str) -> str:
    """An SVG picture with three bars for each row. What is hidden has no bar, and a star in its place."""
    # A fixed salt: the same report is the same picture.
    with rc_context({"svg.hashsalt": "onward", "svg.fonttype": _TEXT_STAYS_TEXT, "font.family": "sans-serif"}):
        figure = Figure(figsize=(8, 1.2 + 0.62 * len(rows)), layout="constrained")
        axes = figure.subplots()
        for place, (column, colour, hatch) in enumerate(_BARS):
            at = [number + 0.27 * (place - 1) for number in range(len(rows))]
            shown = [row.figures.get(column) for row in rows]
            axes.barh(
                at,
                [value or 0 for value in shown],
                0.25,
                color=colour,
                hatch=hatch,
                edgecolor="white",
                label=COLUMN[column],
            )
            for where, value in zip(at, shown, strict=True):
                axes.annotate(
                    "*" if value is None else f"{value:,}" if value else "",
                    (value or 0, where),
                    xytext=(3, 0),
                    textcoords="offset points",
                    va="center",
                    fontsize=8,
                )
        axes.set_yticks(range(len(rows)), [name(row) for row in rows])
        axes.invert_yaxis()
        axes.margins(x=0.1, y=0.02)
        figure.suptitle(title, x=0.01, ha="left", fontsize=11)
        axes.spines[["top", "right"]].set_visible(False)
        figure.legend(frameon=False, loc="outside lower right", ncols=3)
        found = StringIO()
        figure.savefig(found, format="svg", metadata={"Date": None, "Creator": None})
        return found.getvalue()
