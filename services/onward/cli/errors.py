"""How a command says that it cannot go on."""

import json
from collections.abc import Collection, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NoReturn

import typer

from onward.cli.render.output import in_json, visible

_WANTED = ContextVar("_WANTED", default=False)
"""Whether the command that runs was asked for `--json`."""

_AUTHORS_PACKAGES = ("z3", "matplotlib", "jinja2")

FAILED = 1
"""The command found something wrong, or something went wrong while it was done."""
MISUSED = 2
"""The command was asked for something that cannot be done; nothing was done."""
PARKED = 3
"""The message was read, and would be parked."""


def misused(message: str) -> NoReturn:
    """Say on standard error what is wrong and what to do, and end with exit code 2; with `--json` in a document."""
    _tell(message)
    raise typer.Exit(MISUSED)


def failed(message: str) -> NoReturn:
    """Say on standard error what went wrong while doing it, and end with exit code 1; with `--json` as `misused`."""
    _tell(message)
    raise typer.Exit(FAILED)


def kafka_failed(bootstrap: str, error: BaseException, *, hint: str = "") -> NoReturn:
    """Say that the broker did not do it, which trouble it is and what to do; end with exit code 1."""
    from onward.chassis.observability.server_errors import told

    failed(f"Kafka at {bootstrap} did not do it: {told(error, server='Kafka')}{hint}")


def no_such(what: str, name: str, known: Collection[str]) -> NoReturn:
    """Say that there is no *what* of this name, which it may have been meant to be, and which there are."""
    from onward.diagnostics.spelling import did_you_mean

    misused(f"there is no {what} `{name}`{did_you_mean(name, known) or '.'} There are: {', '.join(known)}")


def in_a_document(command: typer.Context, wanted: bool) -> bool:
    """The callback of `--json`: until the command ends, what goes wrong is told as a document."""
    token = _WANTED.set(wanted)
    # The outermost: what goes wrong with the project's files is told there, when the inner ones have closed.
    command.find_root().call_on_close(lambda: _WANTED.reset(token))
    return wanted


@contextmanager
def authors_extra(command: str) -> Generator[None]:
    """Import what *command* needs inside this; without the extra it ends with exit code 1 and says how to get it."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _AUTHORS_PACKAGES:
            raise
        failed(f"`onward rules {command}` needs the rule authors' workbench: pip install 'onward[authors]'")


def _tell(message: str) -> None:
    if _WANTED.get():
        typer.echo(in_json(json.dumps({"ok": False, "problem": message}, indent=2, ensure_ascii=False)))
    else:
        typer.echo(f"onward: {visible(message)}", err=True)


def staff_name(option: str, given: str) -> None:
    """End the command with exit code 2 if *given* cannot be recorded as who somebody is, or as what they act."""
    from onward.contracts.base import MOST_OF_A_NAME, is_staff_name

    if not is_staff_name(given):
        misused(
            f"{option} must be a name on one line: it begins with a letter or a digit and has at most"
            f" {MOST_OF_A_NAME} characters"
        )
