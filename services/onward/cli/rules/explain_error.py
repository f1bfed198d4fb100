"""`onward rules explain-error`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from onward.cli.errors import failed, misused
from onward.cli.render.output import as_json
from onward.cli.rules.options import AsJson

if TYPE_CHECKING:
    from pathlib import Path

Code = Annotated[str | None, typer.Argument(metavar="[CODE]", help="Such as T001; without one, every code is listed.")]

_FENCE = "```"


def explain_error(code: Code = None, json: AsJson = False) -> None:
    """Show what an error code means for the people referred, with an example and what to do."""
    from onward.contracts import paths

    try:
        pages = {path.stem: path for path in sorted(paths.rule_errors().glob("[A-Z][0-9][0-9][0-9].md"))}
    except FileNotFoundError as error:
        failed(str(error))
    if code is None:
        _list(pages, json=json)
        return
    page = pages.get(code.upper())
    if page is None:
        _unknown(code, pages)
    text = page.read_text(encoding="utf-8")
    if json:
        as_json({"ok": True, "code": page.stem, "title": _title(text), "page": text})
    else:
        for line in _for_a_terminal(text):
            typer.echo(line)


def _list(pages: "dict[str, Path]", *, json: bool) -> None:
    titles = {code: _title(path.read_text(encoding="utf-8")) for code, path in pages.items()}
    if json:
        as_json({"ok": True, "codes": titles})
    else:
        for code, title in titles.items():
            typer.echo(f"{code}  {title}")


def _unknown(code: str, pages: "dict[str, Path]") -> NoReturn:
    from onward.diagnostics.spelling import did_you_mean

    help_ = did_you_mean(code.upper(), pages) or "; `onward rules explain-error` lists every code"
    misused(f"there is no error code `{code}`{help_}")


def _title(text: str) -> str:
    return text.partition("\n")[0].partition(": ")[2]


def _for_a_terminal(text: str) -> Iterator[str]:
    """The page with headings in bold, where output is a terminal, and examples set in."""
    example = False
    for line in text.splitlines():
        if line.startswith(_FENCE):
            example = not example
        elif example:
            yield f"    {line}" if line else ""
        elif line.startswith("# ") or line in ("Wrong:", "Right:"):
            yield typer.style(line.removeprefix("# "), bold=True)
        else:
            yield line
