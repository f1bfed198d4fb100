"""`onward try`: one message through the same code as the services, without any server."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onward.cli.errors import PARKED

if TYPE_CHECKING:
    from datetime import datetime

    from onward.cli.facts_file import Earlier
    from onward.cli.trial import Trial


def try_message(
    file: Annotated[
        str,
        typer.Argument(metavar="FILE", help="The message, as the partner sends it; - reads it from standard input."),
    ],
    *,
    source: Annotated[str, typer.Option(help="The partner it comes from, such as hmpps or custody.")],
    facts: Annotated[
        Path | None, typer.Option(help="What earlier contacts said: fact paths and values, YAML or JSON.")
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(
            "--at",
            metavar="TIME",
            help="When it is received, ISO 8601, London time if it does not say; now by default.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print exactly one JSON object.")] = False,
    reveal: Annotated[bool, typer.Option("--reveal", help="Print personal values too.")] = False,
) -> None:
    """
    Say what would happen to one message, and why.

    The message goes through the same code as in the services, without any server.
    Exit code 0: understood, or ignored. 3: it would be parked. 2: this command was misused.
    """
    import json

    from onward.cli.asked_about import check_source, content_of, earlier_of, received
    from onward.cli.render import trial_json

    received_at = received(at)
    check_source(source)
    trial = _try(source, content_of(file, "message"), received_at=received_at, earlier=earlier_of(facts, received_at))
    if as_json:
        typer.echo(json.dumps(trial_json.document(trial, reveal=reveal), indent=2, ensure_ascii=False))
    else:
        _tell(trial, reveal=reveal)
    if trial.outcome == "parked":
        raise typer.Exit(PARKED)


def _try(source: str, message: bytes, *, received_at: "datetime", earlier: "Earlier") -> "Trial":
    from onward.cli.composition import try_bytes
    from onward.cli.rules.loading import both

    rules, directory = both(None)
    return try_bytes(source, message, received_at=received_at, earlier=earlier, rules=rules, directory=directory)


def _tell(trial: "Trial", *, reveal: bool) -> None:
    from onward.cli.render.output import terminal
    from onward.cli.render.trial import words

    width, style = terminal()
    for line in words(trial, reveal=reveal, width=width, style=style):
        typer.echo(line)
