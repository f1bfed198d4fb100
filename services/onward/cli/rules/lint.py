"""`onward rules lint`."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from onward.cli.errors import authors_extra
from onward.cli.render.output import as_json, coloured, number_of, visible
from onward.cli.rules.loading import both, folder_of, named
from onward.cli.rules.options import AsJson, Folder, OneRule

if TYPE_CHECKING:
    from onward.routing.domain.language import Rule
    from onward.workbench.linting.findings import LintFinding

Strict = Annotated[bool, typer.Option("--strict", help="Exit with 1 on warnings too.")]
Today = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"], metavar="DAY", help="Say which rules are not in force on this day, today by default."
    ),
]


def lint(
    folder: Folder = None, rule: OneRule = None, today: Today = None, strict: Strict = False, json: AsJson = False
) -> None:
    """Say what is worth a second look in rules that load and pass, and what to do about it."""
    from onward.calendar.times import london_day
    from onward.chassis import clock
    from onward.routing.bundle_files import read_files

    with authors_extra("lint"):
        from onward.workbench.linting import all_findings

    rules, directory = both(folder, json=json)
    chosen = named(rules, rule)
    day = today.date() if today else london_day(clock.now())
    found = all_findings.lint(rules, read_files(folder_of(folder)), directory, today=day)
    if rule is not None:
        found = _about(chosen[0], found)
    errors = sum(each.severity == "error" for each in found)
    # Time alone must not fail a run: a day counts where it is named.
    strictly = [each for each in found if today or each.code != "L010"]
    good = not (strictly if strict else errors)
    if json:
        as_json({"ok": good, "rules": len(chosen), "findings": [each.document() for each in found]})
    else:
        for each in found:
            kind = f"{each.severity}[{each.code}]"
            typer.echo(visible(str(each)).replace(kind, coloured(kind, each.severity), 1))
        counts = number_of(errors, "error"), number_of(len(found) - errors, "warning")
        summary = f"{number_of(len(chosen), 'rule')}: {', '.join(counts)}"
        typer.echo(coloured(summary, "good" if good else "error"))
    if not good:
        raise typer.Exit(1)


def _about(rule: "Rule", found: "list[LintFinding]") -> "list[LintFinding]":
    """The findings that stand at a rule, and those elsewhere that name it."""
    from onward.workbench.linting.findings import places

    here = places(rule)
    return [each for each in found if str(each.place) in here or f"`{rule.id}`" in each.message]
