"""A report as text for a terminal."""

from collections.abc import Iterator, Mapping

from onward.cli.render.output import aligned
from onward.workbench.impact.diff_outcomes import Family
from onward.workbench.impact.impact_text import COLUMN, FAMILY, WHAT_IS_COUNTED, figure, method, name, title
from onward.workbench.impact.report import DIMENSIONS, ImpactReport, Table

_SHOWN: Mapping[Family, frozenset[str]] = {
    "referred": frozenset(DIMENSIONS[1:]),
    "told": frozenset({"category", "rule"}),
    "asked": frozenset({"category", "rule"}),
    "unmet": frozenset(DIMENSIONS[1:]),
    "waits": frozenset({"category", "rule"}),
    "closed": frozenset({"category", "rule"}),
}
"""What fits a terminal; the page and the document have everything."""


def lines(report: ImpactReport) -> Iterator[str]:
    """The report: the totals, and of every table the rows in which something changes."""
    totals = [table for table in report.tables if table.dimension == "all"]
    yield from aligned(
        ("", *(COLUMN[column] for column in ("before", "after", "gained", "lost", "moved"))),
        [
            (FAMILY[table.family], *(figure(table.rows[0].figures[column]) for column in table.columns))
            for table in totals
        ],
    )
    for table in report.tables:
        if table.changing and table.dimension in _SHOWN[table.family]:
            yield ""
            yield title(table)
            if table.dimension == "category":
                yield WHAT_IS_COUNTED[table.family]
            yield from _rows(table)
    if not any(table.changing for table in report.tables):
        yield ""
        yield "Nothing changes."
    yield from _examples(report)
    yield ""
    yield method(report)


def _rows(table: Table) -> Iterator[str]:
    rows = [(name(row), *(figure(row.figures[column]) for column in table.columns)) for row in table.changing]
    yield from aligned(("", *(COLUMN[column] for column in table.columns)), rows)
    same = len(table.rows) - len(rows)
    if same:
        yield f"  {same} more, in which nothing changes"


def _examples(report: ImpactReport) -> Iterator[str]:
    if report.examples:
        yield ""
        yield "For example (situations by their pseudonymous id; `onward rules explain` says why)"
    told: set[tuple[str, str, str]] = set()
    for example in report.examples:
        change = example.change
        if (kind := (change.family, change.what, change.kind)) in told:
            continue
        told.add(kind)
        what = f"{FAMILY[change.family].lower()}, {change.what}: {change.kind}"
        yield f"  {example.situation}  {what}: {change.before or 'nothing'} -> {change.after or 'nothing'}"
