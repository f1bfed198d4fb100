"""How a command says that it cannot go on."""

from collections.abc import Collection
from typing import NoReturn

import typer

FAILED = 1
"""The command found something wrong, or something went wrong while it was done."""
MISUSED = 2
"""The command was asked for something that cannot be done; nothing was done."""
PARKED = 3
"""The message was read, and would be parked."""


def misused(message: str) -> NoReturn:
    """Say on standard error what is wrong and what to do, and end with exit code 2."""
    typer.echo(f"onward: {message}", err=True)
    raise typer.Exit(MISUSED)


def failed(message: str) -> NoReturn:
    """Say on standard error what went wrong while doing it, and end with exit code 1."""
    typer.echo(f"onward: {message}", err=True)
    raise typer.Exit(FAILED)


def no_such(what: str, name: str, known: Collection[str]) -> NoReturn:
    """Say that there is no *what* of this name, which it may have been meant to be, and which there are."""
    from onward.contracts.yaml_text import did_you_mean

    misused(f"there is no {what} `{name}`{did_you_mean(name, known) or '.'} There are: {', '.join(known)}")
