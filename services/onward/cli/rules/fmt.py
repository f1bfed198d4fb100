"""`onward rules fmt`."""

from typing import TYPE_CHECKING, Annotated

import typer

from onward.cli.errors import MISUSED, failed
from onward.cli.render.output import as_json, coloured, more_about, number_of, problem, visible
from onward.cli.rules.loading import folder_of, refuse
from onward.cli.rules.options import AsJson, Folder

if TYPE_CHECKING:
    from onward.workbench.formatting.folder import FileChange, FolderForm

Check = Annotated[bool, typer.Option("--check", help="Write nothing; show what would change, and end with 1 if any.")]


def fmt(folder: Folder = None, check: Check = False, json: AsJson = False) -> None:
    """Put every rule file in one form, keeping every comment; what it means never changes. A faulty file is left."""
    from onward.routing.domain.diagnostics import BundleError
    from onward.workbench.formatting.folder import FormattingError, folder_form, write

    try:
        form = folder_form(folder_of(folder))
        if not check:
            write(form.changes)
    except BundleError as error:
        refuse(error.diagnostics, json=json)
    except FormattingError as error:
        failed(str(error))
    if json:
        as_json(_document(form, check=check))
    else:
        _tell(form, check=check)
    if form.problems:
        raise typer.Exit(MISUSED)
    if check and form.changes:
        raise typer.Exit(1)


def _document(form: "FolderForm", *, check: bool) -> dict[str, object]:
    return {
        "ok": not form.problems and not (check and form.changes),
        "files": form.files,
        "written": not check,
        "changes": [{"file": change.name, "diff": change.diff()} for change in form.changes],
        "problems": [found.document() for found in form.problems],
    }


def _tell(form: "FolderForm", *, check: bool) -> None:
    for found in form.problems:
        problem(found)
    for change in form.changes:
        if check:
            _show(change)
    for change in form.changes:
        typer.echo(f"{'would change' if check else 'formatted'}: {visible(change.name)}")
    left = len({found.file for found in form.problems})
    faulty = f", {left} with problems left alone" if left else ""
    typer.echo(f"{number_of(form.files, 'file')}, {len(form.changes)} {'to format' if check else 'formatted'}{faulty}")
    more_about(form.problems)


def _show(change: "FileChange") -> None:
    for line in visible(change.diff()).splitlines():
        tone = {"+": "good", "-": "error"}.get(line[:1])
        typer.echo(coloured(line, tone) if tone else line)
