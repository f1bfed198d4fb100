"""A report as a document for programs. What is hidden is null."""

from typing import Any

from onward.workbench.impact.report import ImpactReport, Table


def document(report: ImpactReport) -> dict[str, Any]:
    """The report; everything in it can be written as JSON."""
    rounding = report.rounding
    return {
        "situations": report.situations,
        "skipped": report.bad,
        "exact": rounding is None,
        "hidden_up_to": 0 if rounding is None else rounding.hide_up_to,
        "rounded_to": 1 if rounding is None else rounding.to,
        "situations_changed": report.changed,
        "tables": [_table(table) for table in report.tables],
        "examples": [
            {
                "situation": example.situation,
                "family": example.change.family,
                "what": example.change.what,
                "kind": example.change.kind,
                "before": example.change.before or None,
                "after": example.change.after or None,
            }
            for example in report.examples
        ],
    }


def _table(table: Table) -> dict[str, Any]:
    rows = [{"row": row.name, **({"of": row.of} if row.of else {}), **row.figures} for row in table.rows]
    return {"family": table.family, "by": table.dimension, "rows": rows}
