"""`onward rules then`."""

from typing import TYPE_CHECKING, Annotated

import typer

from onward.cli.errors import authors_extra, failed
from onward.cli.render.output import as_json, number_of, visible
from onward.cli.rules.loading import folder_of, load
from onward.cli.rules.options import AsJson, Folder

if TYPE_CHECKING:
    from onward.workbench.formatting.folder import FileChange

Write = Annotated[bool, typer.Option("--write", help="Write it into the files; without, it is only shown.")]


def then(folder: Folder = None, *, write: Write = False, json: AsJson = False) -> None:
    """
    Say in the tests of every rule what the rule does, where none says it yet: `then:` of its first test that matches.

    It is what the rules do now: read it before you keep it, since from then on the tests hold the rules to it.
    """
    from onward.routing.bundle_files import read_files

    with authors_extra("then"):
        from onward.workbench.coverage import writing_then
        from onward.workbench.formatting.folder import FormattingError, file_changes
        from onward.workbench.formatting.folder import write as put

    rules = load(folder, json=json)
    files = read_files(folder_of(folder))
    changes = file_changes(folder_of(folder), files, writing_then.written(files, rules))
    if write:
        try:
            put(changes)
        except FormattingError as error:
            failed(str(error))
    if json:
        as_json(
            {"ok": True, "written": write, "changes": [{"file": each.name, "diff": each.diff()} for each in changes]}
        )
        return
    _tell(changes, write=write)


def _tell(changes: "tuple[FileChange, ...]", *, write: bool) -> None:
    for change in changes:
        typer.echo(f"written: {visible(change.name)}" if write else visible(change.diff()))
    typer.echo(f"{number_of(len(changes), 'file')} {'written' if write else 'to write'}")
