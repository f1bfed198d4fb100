"""What every command says it with: strangers' text made harmless, colours on a terminal only, JSON for programs."""

import json
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from onward.cli.render.page import Style
    from onward.diagnostics.yaml_tree import Diagnostic


COLOURS = {
    "error": typer.colors.RED,
    "warning": typer.colors.YELLOW,
    "good": typer.colors.GREEN,
    "note": typer.colors.CYAN,
}
"""By tone; what is only `strong` has none."""


def visible(text: str) -> str:
    """*text* with every control character but line breaks and tabs spelled out: a message must not steer a terminal."""
    return "".join(
        char if char.isprintable() or char in "\n\t" else char.encode("unicode_escape").decode() for char in text
    )


def in_json(text: str) -> str:
    """A JSON *text* with every character of its strings that a terminal does not print written as JSON's escape."""
    return "".join(char if char.isprintable() or char == "\n" else _escaped(char) for char in text)


def _escaped(char: str) -> str:
    units = char.encode("utf-16-be", errors="surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def coloured(text: str, tone: str) -> str:
    """*text* as an `error`, a `warning` or something `good`; the colour is dropped where output is no terminal."""
    return typer.style(text, fg=COLOURS[tone])


def terminal() -> "tuple[int, Style]":
    """The columns to write in, and how a text gets its colour there; without a terminal it gives the text back."""
    on_terminal = sys.stdout.isatty()

    def style(text: str, tone: str) -> str:
        return typer.style(text, fg=COLOURS.get(tone), bold=True) if on_terminal else text

    return shutil.get_terminal_size().columns, style


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


def aligned(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """A table: the first column from the left, figures from the right."""
    table = [header, *rows]
    widths = [max(len(row[column]) for row in table) for column in range(len(header))]
    for first, *rest in table:
        cells = (cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True))
        yield f"  {first.ljust(widths[0])}  {'  '.join(cells)}".rstrip()
