"""How `onward rules` speaks: in words for a person, in colours on a terminal only, in JSON for programs."""

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import typer

from onward.cli.printing import in_json, visible

if TYPE_CHECKING:
    from onward.diagnostics.yaml_tree import Diagnostic

_COLOURS = {"error": typer.colors.RED, "warning": typer.colors.YELLOW, "good": typer.colors.GREEN}


def coloured(text: str, tone: str) -> str:
    """*text* as an `error`, a `warning` or something `good`; the colour is dropped where output is no terminal."""
    return typer.style(text, fg=_COLOURS[tone])


def number_of(number: int, one: str) -> str:
    """*number* things, each of which is called *one*: `1 rule`, `2 rules`."""
    return f"{number:,} {one}{'' if number == 1 else 's'}"


def problem(found: "Diagnostic") -> None:
    """A problem on standard error, as `file:line:column: error[CODE]: what; what to do`."""
    text = visible(str(found))
    kind = f"error[{found.code}]"
    typer.echo(text.replace(kind, coloured(kind, "error"), 1), err=True)


def more_about(found: "Iterable[Diagnostic]") -> None:
    """Where to read what the first of the problems means; nothing when there is none."""
    first = next(iter(found), None)
    if first is not None:
        typer.echo(f"what it means: onward rules explain-error {first.code}", err=True)


def as_json(document: Mapping[str, Any]) -> None:
    """One JSON document on standard output; days and other values of facts as their text."""
    typer.echo(in_json(json.dumps(document, indent=2, ensure_ascii=False, default=str)))
