"""What the commands of `onward rules` have in common: which folder, and `--json`."""

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
