"""The files of a bundle that travelled, as files again: to be looked at, compared or taken as a start."""

import re
from collections.abc import Mapping
from pathlib import Path

from onward.cli.errors import misused
from onward.contracts.ruleset import Content
from onward.releases.contents import listed_files
from onward.releases.signing import RefusedError
from onward.routing.domain.publishing.contents import rule_files

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*")


def unpack(rules: Content, directory: Content, folder: Path) -> list[Path]:
    """
    Write the files to *folder*: the rules under their own folder, the directory under `directory`.

    Ends the command with exit code 2, without writing anything, if the files are not what their hashes say, if one's
    name leads elsewhere, or if the folder is not empty.
    """
    try:
        files: dict[str, bytes] = {file.name: file.content for file in rule_files(rules)}
        files |= {f"directory/{name}": content for name, content in listed_files(directory).items()}
    except RefusedError as error:
        misused(f"the bundle cannot be unpacked: {error.detail}")
    if odd := sorted(name for name in files if not _NAME.fullmatch(name)):
        misused(f"the bundle holds a file called {odd[0]!r}: nothing was written")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        misused(f"{folder} is not an empty folder: nothing was written")
    return _written(files, folder)


def _written(files: Mapping[str, bytes], folder: Path) -> list[Path]:
    try:
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    except OSError as error:
        misused(f"{folder} cannot be written: {error.strerror}")
    return sorted(folder / name for name in files)
