"""A rule bundle on disk: the one place of the language that reads files."""

from pathlib import Path

from onward.routing.domain.diagnostics import BundleError, Diagnostic, Place
from onward.routing.domain.language import RuleSet
from onward.routing.domain.loader import check_size, load
from onward.routing.domain.reading import SourceFile


def read_files(folder: Path) -> tuple[SourceFile, ...]:
    """
    Every `*.yaml` of a folder and its folders, named as problems and explanations show them: `routing/need.yaml`.

    Raises:
        BundleError: There is no such folder, a file cannot be read, or they are far too large.
    """
    if not folder.is_dir():
        message = "no such folder; name the one that holds the rule files, such as `schemas/routing`"
        raise BundleError([Diagnostic.at(Place(folder.name or str(folder), 1, 1), "R003", message)])
    found: list[SourceFile] = []
    listed = sorted(path for path in folder.rglob("*.yaml") if path.is_file())
    check_size(sum(path.stat().st_size for path in listed))
    for path in listed:
        name = f"{folder.resolve().name}/{path.relative_to(folder).as_posix()}"
        try:
            found.append(SourceFile(name, path.read_bytes()))
        except OSError as error:
            message = f"cannot be read: {error.strerror}; check its permissions"
            raise BundleError([Diagnostic.at(Place(name, 1, 1), "Y001", message)]) from error
    return tuple(found)


def load_bundle(folder: Path) -> RuleSet:
    """
    The rule set of a folder.

    Raises:
        BundleError: With every problem of every file; nothing is loaded then.
    """
    return load(read_files(folder))
