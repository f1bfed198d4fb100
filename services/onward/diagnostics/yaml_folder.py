"""
The YAML files of a folder: every file that could be meant is read or is a problem.

One that is passed over in silence takes what it says out of force: a file of rules that suppress would let everything
through, and one of providers leaves an area without help.
"""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from onward.diagnostics.yaml_tree import Diagnostic, Place

ENDING = ".yaml"
_LIKE_YAML = re.compile(r"\.ya?ml", re.IGNORECASE)
_HEAD_WITHIN = 64 * 1024
"""Bytes of a file in which its head is looked for; comments may stand before it."""
_NOTES = ".md"
_OTHER_ENDINGS = (".json", _NOTES)
"""The editor's schema, and notes that may show rules."""
_LEFTOVERS = ("~", "#", ".swp", ".swo", ".tmp")
"""Endings of what editors put beside a file that is open."""
_LOCK = ".#"
"""How the lock begins that Emacs puts beside a file that is open: a link that leads nowhere."""


@dataclass(frozen=True, slots=True)
class YamlFolder:
    """What a folder is for."""

    what: str
    """One of its files, such as `rule file`."""
    schema: str
    """How its files' schema begins, such as `routing/`."""
    nested: bool
    """Whether its folders are read, too."""
    notes: bool
    """Whether texts that do not look like one of its files may stand beside them."""
    aside: str = ""
    """The name of folders in it whose YAML files are something else; one of its own files there is a problem."""

    def list(self, folder: Path, shown: Callable[[Path], str]) -> tuple[list[Path], list[Diagnostic]]:
        """
        The files to be read, in the order of their names, and what is wrong with the others.

        Args:
            folder: Which exists.
            shown: A path in it as problems name it.
        """
        problems: list[Diagnostic] = []
        found: list[Path] = []
        for path in sorted(_beneath(folder, shown, problems)):
            aside = self.aside in path.relative_to(folder).parent.parts
            try:
                if wrong := self._mislaid(path) if aside else self._unread(path, within=path.parent == folder):
                    problems.append(Diagnostic.at(Place(printable(shown(path)), 1, 1), "Y013", wrong))
                elif path.name.endswith(ENDING) and not aside and not _is_lock(path):
                    found.append(path)
            except OSError as error:
                problems.append(unreadable(shown(path), error))
        return found, problems

    def _mislaid(self, path: Path) -> str:
        """Why a file in a folder of something else is a problem; "" when it is none of its own."""
        if path.is_file() and self._has_head(path):
            return f"this {self.what} would not be read; move it out of the folder `{self.aside}`"
        return ""

    def _unread(self, path: Path, *, within: bool) -> str:
        """Why what looks like a file of the folder is not read as one; "" when it is, or does not look like one."""
        name = path.name
        if path.is_symlink() and path.is_dir() and not name.endswith(ENDING):
            return "a link to a folder, which is not followed; put the folder itself there, or remove the link"
        if _is_lock(path):
            return ""
        if name.endswith(ENDING):
            return self._faulty(path, within=within)
        if not path.is_file() or (name.endswith(_LEFTOVERS) and not self._stands_alone(path)):
            return ""
        if self._looks_meant(path):
            remedy = "rename it so that it ends in `.yaml`, or move it out of the folder"
            return f"this {self.what} would not be read; {remedy}"
        return ""

    def _faulty(self, path: Path, *, within: bool) -> str:
        """What keeps a file that ends as it should from being read."""
        if not path.is_file():
            return f"not a file that can be read; remove it, or put the {self.what} itself there"
        if not path.name.isprintable():
            return "the name of the file is no plain text; rename it"
        if not within and not self.nested:
            return f"this {self.what} stands in a folder of its own, and would not be read; move it one folder up"
        return ""

    def _stands_alone(self, path: Path) -> bool:
        """Whether a leftover is left of no file beside it, in a folder that holds nothing but its files."""
        of = path.name.removeprefix("#").rstrip("~#").removesuffix(".swp").removesuffix(".swo").removesuffix(".tmp")
        beside = (path.with_name(each) for each in (of, of.removeprefix(".")) if each)
        return not self.notes and not path.name.startswith(".~") and not any(each.is_file() for each in beside)

    def _looks_meant(self, path: Path) -> bool:
        if _LIKE_YAML.search(path.name):
            return True
        ending = path.suffix.lower()
        if not self.notes:
            return ending != _NOTES and (not path.name.startswith(".") or self._has_head(path))
        return ending not in _OTHER_ENDINGS and self._has_head(path)

    def _has_head(self, path: Path) -> bool:
        head = re.compile(rb"^schema: *[\"']?" + re.escape(self.schema.encode()), re.MULTILINE)
        with path.open("rb") as file:
            return head.search(file.read(_HEAD_WITHIN)) is not None


def printable(name: str) -> str:
    """A name that can be printed, whatever bytes it has on disk."""
    return name.encode(errors="surrogateescape").decode(errors="replace")


def unreadable(name: str, error: OSError) -> Diagnostic:
    """The problem of what is there and cannot be read."""
    what = f"cannot be read: {error.strerror}; check its permissions"
    return Diagnostic.at(Place(printable(name), 1, 1), "Y001", what)


def _is_lock(path: Path) -> bool:
    return path.name.startswith(_LOCK) and path.is_symlink() and not path.exists()


def _beneath(folder: Path, shown: Callable[[Path], str], problems: list[Diagnostic]) -> Iterator[Path]:
    """Everything in a folder and its folders but plain folders themselves."""

    def refused(error: OSError) -> None:
        problems.append(unreadable(shown(Path(error.filename)), error))

    for at, folders, files in os.walk(folder, onerror=refused):
        for name in (*files, *folders):
            path = Path(at, name)
            if name in files or path.is_symlink() or name.endswith(ENDING):
                yield path
