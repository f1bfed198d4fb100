"""
A rule bundle on disk: the one place of the language that reads files.

Every file that could be meant as a rule file is read or is a problem. One that is passed over in silence takes its
rules out of force, and a file that suppresses would let everything through.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from onward.diagnostics.yaml_tree import Diagnostic, Place
from onward.routing.domain.diagnostics import BundleError, SourceFile
from onward.routing.domain.language import RuleSet
from onward.routing.domain.loader import check_size, load

_ENDING = ".yaml"
_LIKE_RULES = re.compile(r"\.ya?ml", re.IGNORECASE)
_HEAD = re.compile(rb"^schema: *[\"']?routing/", re.MULTILINE)
_HEAD_WITHIN = 64 * 1024
"""Bytes of a file in which its head is looked for; comments may stand before it."""
_OTHER_ENDINGS = (".json", ".md")
"""The editor's schema, and notes that may show rules."""
_LEFTOVERS = ("~", "#", ".swp", ".swo", ".tmp")
"""Endings of what editors put beside a file that is open."""


def read_files(folder: Path) -> tuple[SourceFile, ...]:
    """
    Every `*.yaml` of a folder and its folders, named as problems and explanations show them: `routing/need.yaml`.

    Raises:
        BundleError: There is no such folder, something in it looks like a rule file and cannot be read as one, or they
            are far too large; with every such problem.
    """
    files, problems = _read(folder)
    if problems:
        raise BundleError(problems)
    return files


def load_bundle(folder: Path) -> RuleSet:
    """
    The rule set of a folder.

    Raises:
        BundleError: With every problem of every file; nothing is loaded then.
    """
    files, problems = _read(folder)
    if not problems:
        return load(files)
    try:
        load(files)
    except BundleError as error:
        problems += error.diagnostics
    raise BundleError(problems)


def _read(folder: Path) -> tuple[tuple[SourceFile, ...], list[Diagnostic]]:
    """The files that can be read, and what is wrong with the others."""
    if not folder.is_dir():
        message = "no such folder; name the one that holds the rule files, such as `schemas/routing`"
        raise BundleError([Diagnostic.at(Place(_shown(folder.name or str(folder)), 1, 1), "R003", message)])
    found: list[SourceFile] = []
    problems: list[Diagnostic] = []
    listed = sorted(_beneath(folder, problems))
    check_size(sum(path.stat().st_size for path in listed if path.name.endswith(_ENDING) and path.is_file()))
    for path in listed:
        name = _name(folder, path)
        wrong = _unread(path)
        try:
            if wrong:
                problems.append(Diagnostic.at(Place(_shown(name), 1, 1), "Y013", wrong))
            elif path.name.endswith(_ENDING):
                found.append(SourceFile(name, path.read_bytes()))
        except OSError as error:
            problems.append(_unreadable(name, error))
    return tuple(found), problems


def _beneath(folder: Path, problems: list[Diagnostic]) -> Iterator[Path]:
    """Everything in a folder and its folders but plain folders themselves."""

    def refused(error: OSError) -> None:
        problems.append(_unreadable(_name(folder, Path(error.filename)), error))

    for at, folders, files in os.walk(folder, onerror=refused):
        for name in (*files, *folders):
            path = Path(at, name)
            if name in files or path.is_symlink() or name.endswith(_ENDING):
                yield path


def _unread(path: Path) -> str:
    """Why what looks like a rule file is not read as one; "" when it is, or does not look like one."""
    name = path.name
    if name.endswith(_ENDING):
        if not path.is_file():
            return "not a file that can be read; remove it, or put the rule file itself there"
        return "" if name.isprintable() else "the name of the file is no plain text; rename it"
    if path.is_dir():
        return "a link to a folder, which is not followed; put the folder itself there, or remove the link"
    if not path.is_file() or name.startswith(".") or name.endswith(_LEFTOVERS):
        return ""
    if _LIKE_RULES.search(name) or (path.suffix.lower() not in _OTHER_ENDINGS and _has_head(path)):
        return "this rule file would not be read; rename it so that it ends in `.yaml`, or move it out of the folder"
    return ""


def _has_head(path: Path) -> bool:
    with path.open("rb") as file:
        return _HEAD.search(file.read(_HEAD_WITHIN)) is not None


def _name(folder: Path, path: Path) -> str:
    inside = path.relative_to(folder).as_posix()
    return f"{folder.resolve().name}/{inside}" if inside != "." else folder.resolve().name


def _shown(name: str) -> str:
    """A name that can be printed, whatever bytes it has on disk."""
    return name.encode(errors="surrogateescape").decode(errors="replace")


def _unreadable(name: str, error: OSError) -> Diagnostic:
    return Diagnostic.at(Place(_shown(name), 1, 1), "Y001", f"cannot be read: {error.strerror}; check its permissions")
