"""
A rule bundle on disk: the one place of the language that reads files.

Every file that could be meant as a rule file is read or is a problem: see `onward.diagnostics.yaml_folder`.
"""

from pathlib import Path

from onward.diagnostics.yaml_folder import YamlFolder, printable, unreadable
from onward.diagnostics.yaml_tree import Diagnostic, Place
from onward.routing.domain.diagnostics import BundleError, SourceFile
from onward.routing.domain.language import RuleSet
from onward.routing.domain.loader import check_size, load

_RULES = YamlFolder("rule file", "routing/", nested=True, notes=True, aside="scenarios")


def read_files(folder: Path) -> tuple[SourceFile, ...]:
    """
    Every `*.yaml` of a folder and its folders, named as problems and explanations show them: `routing/need.yaml`.

    But for those in a folder `scenarios`, which are stories to rehearse (`rehearsal`).

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
        raise BundleError([Diagnostic.at(Place(printable(folder.name or str(folder)), 1, 1), "R003", message)])
    listed, problems = _RULES.list(folder, lambda path: _name(folder, path))
    found: list[SourceFile] = []
    check_size(sum(path.stat().st_size for path in listed))
    for path in listed:
        name = _name(folder, path)
        try:
            found.append(SourceFile(name, path.read_bytes()))
        except OSError as error:
            problems.append(unreadable(name, error))
    return tuple(found), problems


def _name(folder: Path, path: Path) -> str:
    inside = path.relative_to(folder).as_posix()
    return f"{folder.resolve().name}/{inside}" if inside != "." else folder.resolve().name
