"""The words of a report: what its families, dimensions and figures are called."""

from collections.abc import Mapping

from onward.workbench.impact.diff_outcomes import Family
from onward.workbench.impact.report import Column, Figure, ImpactReport, ReportRow, Table

FAMILY: Mapping[Family, str] = {
    "referred": "Referrals",
    "told": "Notices to staff",
    "asked": "Questions to partners",
    "unmet": "Needs that nobody can take",
    "waits": "Help that waits for another referral",
    "closed": "Ends of earlier referrals",
}
WHAT_IS_COUNTED: Mapping[Family, str] = {
    "referred": "A referral of one person to one service.",
    "told": "A notice to a role on duty.",
    "asked": "Something that has to be asked before one category can be decided, once for each situation.",
    "unmet": "A category that a rule refers for and no provider can take, once for each situation.",
    "waits": "A category that a rule would refer for, were there another referral first, once for each situation.",
    "closed": "An order to end the person's open referrals: `all` of them, or those of a `release`.",
}
DIMENSION: Mapping[str, str] = {
    "all": "in all",
    "category": "by category",
    "area": "by local authority",
    "age": "by age",
    "sex": "by sex",
    "ethnicity": "by ethnic group",
    "disability": "by disability",
    "pregnancy": "by pregnancy",
    "provider": "by provider",
    "rule": "by rule",
}
COLUMN: Mapping[Column, str] = {
    "before": "before",
    "after": "after",
    "gained": "gained",
    "lost": "lost",
    "moved": "moved",
    "arrived": "from another",
    "left": "to another",
}
HIDDEN = "*"


def figure(value: Figure) -> str:
    """A figure as people read it."""
    return HIDDEN if value is None else f"{value:,}"


def name(row: ReportRow) -> str:
    """What a row is called."""
    return f"{row.name} ({row.of})" if row.of else row.name


def title(table: Table) -> str:
    """What a table is called."""
    return f"{FAMILY[table.family]} {DIMENSION[table.dimension]}"


def method(report: ImpactReport) -> str:
    """How the figures were made fit to be shown, or that they were not."""
    rounding = report.rounding
    if rounding is None:
        return "Exact figures: not for publication, and only for those who may see the archive itself."
    rounded = f"All others are rounded to the nearest {rounding.to}." if rounding.to > 1 else "All others are exact."
    return (
        f"{HIDDEN} is a number from 1 to {rounding.hide_up_to}, or one that is hidden because such a number could be "
        f"worked out from it. {rounded} After is worked out from the figures shown."
    )


def duration(seconds: float) -> str:
    """A time as people say it."""
    if seconds < 90:
        return f"{seconds:.1f} seconds"
    minutes = seconds / 60
    return f"{minutes:.0f} minutes" if minutes < 120 else f"{minutes / 60:.1f} hours"
