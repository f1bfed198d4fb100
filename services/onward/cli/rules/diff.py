"""`onward rules diff`."""

from pathlib import Path
from typing import Annotated

import typer

from onward.cli.errors import FAILED, authors_extra
from onward.cli.render.output import as_json
from onward.cli.rules.bundle_argument import directories_compared, say_uncompared, side
from onward.cli.rules.options import AsJson, DirectoryAfter, DirectoryBefore

Before = Annotated[Path, typer.Argument(metavar="A", help="The rule files as they are, or an unpacked bundle.")]
After = Annotated[
    Path | None,
    typer.Argument(
        metavar="[B]", help="The rule files as they would be, or an unpacked bundle; the project's own by default."
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
    Say what a change of rules or of the directory means: who gains, loses or moves, who sees more, with examples.

    Exit code 0: proved that nothing differs but words. 1: something differs, or it is not proved that nothing does.
    2: a folder cannot be loaded.
    """
    with authors_extra("diff"):
        from onward.workbench.difference import Side, difference

    old, new = side(before, json=json, directory=directory_before), side(after, json=json, directory=directory_after)
    found = difference(*(Side(each.rules, each.directory, each.text) for each in (old, new)))
    compared = directories_compared(old, new)
    if json:
        versions = {"before": old.rules.version.version, "after": new.rules.version.version}
        sides = {"before": old.document(), "after": new.document(), "directories_compared": compared}
        as_json({**found.document(), "proved_equal": found.equal and compared, "versions": versions, **sides})
    else:
        from onward.cli.render.difference import told

        typer.echo(f"Before: {old.words()}\nAfter: {new.words()}")
        for line in told(found, every=every, compared=compared):
            typer.echo(line)
        say_uncompared(old, new)
    if not found.equal or found.promises_less:
        raise typer.Exit(FAILED)
