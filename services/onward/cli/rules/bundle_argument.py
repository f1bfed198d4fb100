"""One side of a comparison of two bundles: a folder of rules, or an unpacked bundle with its own directory."""

from pathlib import Path
from typing import TYPE_CHECKING

from onward.cli.errors import misused
from onward.cli.rules.loading import is_bundle, load, the_directory

if TYPE_CHECKING:
    from onward.directory.model import Directory
    from onward.routing.domain.language import RuleSet


def side(folder: Path | None, *, json: bool, directory: Path | None = None) -> "tuple[RuleSet, Directory]":
    """
    The rules of a folder, with the directory they are used with.

    A folder that holds a folder `directory` beside one of rules is a whole bundle, such as `--unpack` writes; any other
    is used with the project's own directory. What cannot be used ends the command with exit code 2.

    Args:
        folder: Rules or a bundle; the project's own rules by default.
        json: Tell what is wrong as a document.
        directory: Used instead, whatever the folder is.
    """
    rules = folder
    if folder is not None and is_bundle(folder):
        rules, directory = _rules_of(folder), directory or folder / "directory"
    return load(rules, json=json), the_directory(directory)


def _rules_of(bundle: Path) -> Path:
    rules = bundle / "routing"
    if rules.is_dir():
        return rules
    others = [each for each in bundle.iterdir() if each.is_dir() and each.name != "directory"]
    if len(others) != 1:
        misused(f"{bundle}: holds a directory, but not one folder of rules beside it; name the folder of rules")
    return others[0]
