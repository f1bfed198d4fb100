"""One side of a comparison of two bundles: a folder of rules, or an unpacked bundle with its own directory."""

from pathlib import Path
from typing import TYPE_CHECKING

from onward.cli.directory import the_directory
from onward.cli.failing import misused
from onward.cli.rules.loading import load

if TYPE_CHECKING:
    from onward.contracts.directory import Directory
    from onward.routing.domain.language import RuleSet


def side(folder: Path, *, json: bool) -> "tuple[RuleSet, Directory]":
    """
    The rules of a folder, with the directory they are used with.

    A folder that holds a folder `directory` beside one of rules is a whole bundle, such as `--unpack` writes; any other
    is used with the project's own directory. What cannot be used ends the command with exit code 2.
    """
    if not (folder / "directory").is_dir():
        return load(folder, json=json), the_directory()
    rules = folder / "routing"
    if not rules.is_dir():
        others = [each for each in folder.iterdir() if each.is_dir() and each.name != "directory"]
        if len(others) != 1:
            misused(f"{folder}: holds a directory, but not one folder of rules beside it; name the folder of rules")
        (rules,) = others
    return load(rules, json=json), _directory(folder / "directory")


def _directory(folder: Path) -> "Directory":
    from onward.contracts import directory_files
    from onward.contracts.directory_files import DirectoryError

    try:
        return directory_files.load(folder)
    except DirectoryError as error:
        misused(f"the provider directory of {folder.parent} cannot be used:\n{error}")
