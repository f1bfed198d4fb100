"""`onward run SERVICE`: one service in this process; what an image runs, with the role as its argument."""

from typing import Annotated

import typer

from onward.cli.errors import no_such
from onward.contracts.services import SERVICES


def run(
    service: Annotated[str, typer.Argument(help=f"One of {', '.join(SERVICES)}.")],
    *,
    check: Annotated[bool, typer.Option("--check", help="Only put it together, and end.")] = False,
) -> None:
    """Run one service until it is told to stop (SIGTERM)."""
    import runpy
    import sys

    if service not in SERVICES:
        no_such("service", service, SERVICES)
    # As if by `python -m`: the service reads `--check` from there.
    sys.argv = [f"onward.{service}", *(["--check"] if check else [])]
    runpy.run_module(f"onward.{service}", run_name="__main__", alter_sys=True)
