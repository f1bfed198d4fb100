"""The files of a bundle that travelled, as files again: to be looked at, compared or taken as a start."""

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from onward.cli.errors import misused
from onward.contracts.ruleset import Content, Statement
from onward.releases.contents import listed_files
from onward.releases.signing import RefusedError
from onward.routing.domain.publishing.contents import rule_files

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*")


_STATEMENT = "statement.json"
"""The name of its file."""


def unpack(rules: Content, directory: Content, folder: Path, *, statement: Statement | None = None) -> list[Path]:
    """
    Write the files to *folder*: the rules under their own folder, the directory under `directory`.

    Beside both stands the *statement* about them, if one is given: what an approver signs.

    Ends the command with exit code 2, without writing anything, if the files are not what their hashes say, if one's
    name leads elsewhere or to the place of another, or if the folder is not empty.
    """
    files = _files(rules, directory, statement)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        misused(f"{folder} is not an empty folder: nothing was written")
    return _written(files, folder)


def differs(rules: Content, directory: Content, folder: Path, statement: Statement) -> str | None:
    """Which file in *folder* is not as `unpack` writes it, or is missing or too many; None if all are the same."""
    files = _files(rules, directory, statement)
    there = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if not path.is_dir()}
    for name in sorted(files.keys() | there.keys()):
        if name not in there or name not in files:
            return name
        try:
            if there[name].read_bytes() != files[name]:
                return name
        except OSError:
            return name
    return None


def _files(rules: Content, directory: Content, statement: Statement | None) -> dict[str, bytes]:
    try:
        files = {file.name: file.content for file in rule_files(rules)}
        listed = {f"directory/{name}": content for name, content in listed_files(directory).items()}
    except RefusedError as error:
        misused(f"the bundle cannot be unpacked: {error.detail}")
    others = listed if statement is None else {**listed, _STATEMENT: _shown(statement)}
    names = [*files, *others]
    if odd := sorted(name for name in names if not _NAME.fullmatch(name)):
        misused(f"the bundle holds a file called {odd[0]!r}: nothing was written")
    # Some file systems know no capitals: one of two such files would take the place of the other.
    places = Counter(name.casefold() for name in names)
    if twice := sorted(
        name for name in files if places[name.casefold()] > 1 or name.casefold().startswith("directory/")
    ):
        misused(f"the bundle holds a rule file {twice[0]!r} where another file belongs: nothing was written")
    return {**files, **others}


def _shown(statement: Statement) -> bytes:
    return (statement.model_dump_json(indent=2) + "\n").encode()


def _written(files: Mapping[str, bytes], folder: Path) -> list[Path]:
    try:
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    except OSError as error:
        misused(f"{folder} cannot be written: {error.strerror}")
    return sorted(folder / name for name in files)
