"""What the commands of `onward rules` have in common: which folder, `--json`, and what is said of a publication."""

from pathlib import Path
from typing import Annotated

import typer

from onward.cli.errors import in_a_document

Folder = Annotated[
    Path | None, typer.Argument(metavar="[FOLDER]", help="The rule files; the project's own by default.")
]
AsJson = Annotated[
    bool, typer.Option("--json", callback=in_a_document, help="One JSON document on standard output, for programs.")
]
OneRule = Annotated[str | None, typer.Option("--rule", metavar="ID", help="This rule only.")]
_LONGEST_WHY = 1000

ProposalFile = Annotated[
    Path, typer.Argument(metavar="PROPOSAL", help="The file that `onward rules propose` wrote.", dir_okay=False)
]


def _said(why: str) -> str:
    if not why.strip():
        raise typer.BadParameter("say what changes and for what reason")
    if len(why) > _LONGEST_WHY:
        raise typer.BadParameter(f"it has {len(why)} characters; at most {_LONGEST_WHY}")
    if not why.isprintable():
        raise typer.BadParameter("one line of plain text, in UTF-8")
    return why


Why = Annotated[
    str,
    typer.Option(
        "--why", callback=_said, help="What changes and for what reason: signed and kept. Never about a person."
    ),
]
DirectoryFolder = Annotated[
    Path | None, typer.Option("--directory", help="The provider directory; the project's own by default.")
]
DirectoryBefore = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER", help="The directory of the first; the one beside it, else the project's own by default."
    ),
]
DirectoryAfter = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER", help="The directory of the second; the one beside it, else the project's own by default."
    ),
]
