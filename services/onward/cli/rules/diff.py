"""`onward rules diff`."""

from pathlib import Path
from typing import Annotated

import typer

from onward.cli.errors import FAILED, authors_extra
from onward.cli.render.output import as_json
from onward.cli.rules.bundle_argument import side
from onward.cli.rules.options import AsJson

Before = Annotated[Path, typer.Argument(metavar="A", help="The rule files as they are, or an unpacked bundle.")]
After = Annotated[
    Path | None,
    typer.Argument(
        metavar="[B]", help="The rule files as they would be, or an unpacked bundle; the project's own by default."
    ),
]
DirectoryBefore = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER", help="The directory A is used with; the bundle's, else the project's own by default."
    ),
]
DirectoryAfter = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER", help="The directory B is used with; the bundle's, else the project's own by default."
    ),
]
All = Annotated[bool, typer.Option("--all", help="Name the rules too that changed in words only.")]


def diff(  # noqa: PLR0917 - each is an option of its own
    before: Before,
    after: After = None,
    directory_before: DirectoryBefore = None,
    directory_after: DirectoryAfter = None,
    every: All = False,
    json: AsJson = False,
) -> None:
    """
    Say what a change of rules means: who gains, who loses, who is treated otherwise, each with an example.

    Exit code 0: proved that nothing differs but words. 1: something differs, or it is not proved that nothing does.
    2: a folder cannot be loaded.
    """
    with authors_extra("diff"):
        from onward.workbench.difference import Side, difference

    sides = (
        Side(*side(before, json=json, directory=directory_before)),
        Side(*side(after, json=json, directory=directory_after)),
    )
    found = difference(*sides)
    if json:
        versions = {"before": sides[0].rule_set.version.version, "after": sides[1].rule_set.version.version}
        as_json({**found.document(), "versions": versions})
    else:
        from onward.cli.render.difference import told

        for line in told(found, every=every):
            typer.echo(line)
    if not found.equal:
        raise typer.Exit(FAILED)
