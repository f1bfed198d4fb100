"""One side of a comparison of two bundles: a folder of rules, or an unpacked bundle with its own directory."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import typer

from onward.cli.errors import misused
from onward.cli.rules.loading import both, folder_of, is_bundle

if TYPE_CHECKING:
    from onward.directory.model import Directory
    from onward.routing.domain.language import RuleSet

_RULES, _DIRECTORY = "routing", "directory"

Whose = Literal["named", "its own", "the project's"]


@dataclass(frozen=True, slots=True)
class ComparedBundle:
    """Rules and the directory that they are used with, and where each was found."""

    rules: "RuleSet"
    directory: "Directory"
    folder: Path
    directory_folder: Path
    whose: Whose
    """Why this directory: it was named, it stands beside the rules, or there was no other."""
    text: str
    """A hash of the rule files that does not depend on what their folder is called."""

    def document(self) -> dict[str, Any]:
        """For programs."""
        return {
            "folder": str(self.folder),
            "rules": self.rules.version.sha256,
            "directory_folder": str(self.directory_folder),
            "directory": self.directory.sha256,
            "whose": self.whose,
        }

    def words(self) -> str:
        """For people."""
        names = f"rules {self.folder} ({self.rules.version.version})"
        return f"{names}, directory {self.directory_folder} ({self.directory.version}, {self.whose})"


def side(folder: Path | None, *, json: bool, directory: Path | None = None) -> ComparedBundle:
    """
    The rules of a folder, with the directory they are used with.

    A folder that holds a folder `directory` beside one of rules is a whole bundle, such as `--unpack` writes, and so is
    the folder `routing` in it; any other is used with the project's own directory. What cannot be used ends the command
    with exit code 2.

    Args:
        folder: Rules or a bundle; the project's own rules by default.
        json: Tell what is wrong as a document.
        directory: Used instead, whatever the folder is.
    """
    from onward.contracts import paths
    from onward.routing.bundle_files import read_files

    rules, whose = folder, "named" if directory is not None else "the project's"
    if folder is not None and is_bundle(folder):
        rules = _rules_of(folder)
    own = folder_of(rules).parent / _DIRECTORY
    if directory is None and _holds_own(folder, own):
        directory, whose = own, "its own"
    loaded, providers = both(rules, directory, json=json)
    found = folder_of(rules)
    text = hashlib.sha256()
    for file in read_files(found):
        text.update(f"{file.name.partition('/')[2]}:{len(file.content)}:".encode() + file.content)
    where = directory or paths.schemas() / _DIRECTORY
    return ComparedBundle(loaded, providers, found, where, whose, text.hexdigest())  # type: ignore[arg-type]


def directories_compared(before: ComparedBundle, after: ComparedBundle) -> bool:
    """Whether a change of the directory would be seen: unless one side has one of its own and the other none."""
    return before.whose == after.whose or "the project's" not in (before.whose, after.whose)


def say_uncompared(before: ComparedBundle, after: ComparedBundle) -> None:
    """Say aloud, on standard error, that a change of the directory would not have been seen, and how it would be."""
    if directories_compared(before, after):
        return
    lacking = before if before.whose == "the project's" else after
    typer.echo(
        f"onward: the directory was NOT compared: {lacking.folder} holds rules alone, and was used with "
        f"{lacking.directory_folder}. Copy both, such as by `cp -r schemas live`, "
        "or name the directory",
        err=True,
    )


def _holds_own(folder: Path | None, own: Path) -> bool:
    """Whether a side's directory is its own: the project's, a bundle's, or one beside a folder `routing`."""
    return own.is_dir() and (folder is None or is_bundle(folder) or folder.resolve().name == _RULES)


def _rules_of(bundle: Path) -> Path:
    rules = bundle / _RULES
    if rules.is_dir():
        return rules
    others = [each for each in bundle.iterdir() if each.is_dir() and each.name != _DIRECTORY]
    if len(others) != 1:
        misused(f"{bundle}: holds a directory, but not one folder of rules beside it; name the folder of rules")
    return others[0]
