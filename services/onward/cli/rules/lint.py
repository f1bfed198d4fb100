"""`onward rules lint`."""

from datetime import datetime
from typing import Annotated

import typer

from onward.cli.directory import the_directory
from onward.cli.printing import visible
from onward.cli.rules.loading import folder_of, load
from onward.cli.rules.options import AsJson, Folder
from onward.cli.rules.telling import as_json, coloured

Strict = Annotated[bool, typer.Option("--strict", help="Exit with 1 on warnings too.")]
Today = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"], metavar="DAY", help="Say which rules are not in force on this day, today by default."
    ),
]


def lint(folder: Folder = None, today: Today = None, strict: Strict = False, json: AsJson = False) -> None:
    """Say what is worth a second look in rules that load and pass, and what to do about it."""
    from onward.chassis.clock import epoch
    from onward.contracts.contact import LONDON
    from onward.routing.domain.bundle import read_files
    from onward.workbench.linting import all_findings

    rules = load(folder, json=json)
    day = today.date() if today else datetime.fromtimestamp(epoch(), LONDON).date()
    found = all_findings.lint(rules, read_files(folder_of(folder)), the_directory(), today=day)
    errors = sum(each.severity == "error" for each in found)
    # Time alone must not fail a run: a day counts where it is named.
    strictly = [each for each in found if today or each.code != "L010"]
    good = not (strictly if strict else errors)
    if json:
        as_json({"ok": good, "rules": len(rules.rules), "findings": [each.document() for each in found]})
    else:
        for each in found:
            kind = f"{each.severity}[{each.code}]"
            typer.echo(visible(str(each)).replace(kind, coloured(kind, each.severity), 1))
        summary = f"{len(rules.rules)} rules: {errors} errors, {len(found) - errors} warnings"
        typer.echo(coloured(summary, "good" if good else "error"))
    if not good:
        raise typer.Exit(1)
