"""`onward rules analyse`."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer

from onward.cli.errors import authors_extra, no_such
from onward.cli.render.output import as_json, coloured, visible
from onward.cli.rules.loading import both, named
from onward.cli.rules.options import AsJson, Folder

if TYPE_CHECKING:
    from onward.workbench.analysis import AnalysisFinding

_SEVERITIES = ("error", "warning", "info")

Only = Annotated[str | None, typer.Option(metavar="CODE", help="Findings of this sort only, such as A001.")]
AtLeast = Annotated[
    str, typer.Option("--severity", metavar="error|warning|info", help="Findings of this weight or more.")
]
About = Annotated[
    str | None,
    typer.Option(
        "--rule", metavar="ID", help="Findings that concern this rule only; goals concern all rules together."
    ),
]
On = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"],
        metavar="DAY",
        help="Prove the goals for the year from this day; by default, from when the last rule came into force.",
    ),
]


def analyse(
    folder: Folder = None,
    *,
    rule: About = None,
    only: Only = None,
    severity: AtLeast = "warning",
    on: On = None,
    json: AsJson = False,
) -> None:
    """
    Say what is wrong with the rules as a whole, with a situation that shows it, or prove that nothing is.

    Rules that never match, never act, contradict or repeat each other, gaps in goals, and providers nobody reaches.
    """
    with authors_extra("analyse"):
        from onward.workbench import analysis

    if severity not in _SEVERITIES:
        no_such("severity", severity, _SEVERITIES)
    if only is not None and only not in analysis.SORTS:
        no_such("sort of finding", only, tuple(analysis.SORTS))
    rules, directory = both(folder, json=json)
    named(rules, rule)
    every = analysis.analyse(rules, directory, day=on.date() if on else None)
    found = [each for each in every if only in (None, each.code) and (rule is None or rule in each.rules)]
    weighty = [each for each in found if only or _SEVERITIES.index(each.severity) <= _SEVERITIES.index(severity)]
    good = not any(each.severity == "error" for each in found)
    if json:
        as_json({"ok": good, "findings": [each.document() for each in weighty]})
    else:
        _print(weighty, left_out=len(found) - len(weighty))
    if not good:
        raise typer.Exit(1)


def _print(found: "Sequence[AnalysisFinding]", *, left_out: int) -> None:
    for (severity, code), group in groupby(found, key=lambda each: (each.severity, each.code)):
        listed = list(group)
        head = f"{severity}[{code}] {listed[0].sort.title}: {listed[0].sort.mend}"
        typer.echo(coloured(head, severity) if severity in ("error", "warning") else head)
        for each in listed:
            typer.echo(f"  {each.place}: {visible(each.message)}")
            if each.witness is not None:
                typer.echo(f"    given: {visible(each.witness.as_yaml())}")
        typer.echo("")
    counted = [(each, sum(one.severity == each for one in found)) for each in _SEVERITIES]
    words = ", ".join(f"{count} of severity {name}" for name, count in counted if count) or "nothing wrong"
    more = f"; {left_out} more with `--severity info`" if left_out else ""
    typer.echo(coloured(f"{words}{more}", "error" if counted[0][1] else "good"))
