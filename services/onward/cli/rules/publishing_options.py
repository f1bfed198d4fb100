"""What the commands that publish have in common."""

from pathlib import Path
from typing import Annotated

import typer

ProposalFile = Annotated[
    Path, typer.Argument(metavar="PROPOSAL", help="The file that `onward rules propose` wrote.", dir_okay=False)
]
Why = Annotated[str, typer.Option("--why", help="What changes and for what reason: it is signed and kept.")]
DirectoryFolder = Annotated[
    Path | None, typer.Option("--directory", help="The provider directory; the project's own by default.")
]
