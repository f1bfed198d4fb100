"""A report as one HTML page: nothing to fetch, no script, a table beside every plot, fit to print."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from onward.workbench.impact import impact_text
from onward.workbench.impact.plots import bars, plotted
from onward.workbench.impact.report import ImpactReport, ReportRow, Table


@dataclass(frozen=True, slots=True)
class Plot:
    """A picture, with what somebody who cannot see it is told."""

    source: str
    """A data address."""
    words: str


def html(report: ImpactReport, about: Mapping[str, str]) -> str:
    """
    The page.

    Args:
        report: What to show.
        about: What was replayed and how, as names and texts, for the head of the page.
    """
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"figure": impact_text.figure, "row_name": impact_text.name, "title": impact_text.title}
    template = environment.get_template("page.html.jinja")
    totals = [table for table in report.tables if table.dimension == "all"]
    families = [
        (
            total,
            [(table, _plot(table)) for table in report.tables if table.family == total.family and table is not total],
        )
        for total in totals
    ]
    return template.render(
        about=about,
        report=report,
        totals=totals,
        families=families,
        words=impact_text,
        method=impact_text.method(report),
    )


def _plot(table: Table) -> Plot | None:
    """A plot of what changes, if anything that may be shown does."""
    rows = plotted(table)
    if not rows:
        return None
    title = impact_text.title(table)
    picture = base64.b64encode(bars(rows, title).encode()).decode()
    return Plot(f"data:image/svg+xml;base64,{picture}", f"{title}: {_said(rows)}. The table below has every figure.")


def _said(rows: Sequence[ReportRow]) -> str:
    """The plot in words: its longest bars."""
    told: list[str] = []
    for row in rows[:3]:
        figures = (f"{impact_text.figure(row.figures[column])} {column}" for column in ("gained", "lost", "moved"))
        told.append(f"{impact_text.name(row)} {', '.join(figures)}")
    more = len(rows) - len(told)
    return "; ".join(told) + (f"; and {more} more" if more else "")
