"""The rule files of a folder in one form: what would change, proved to mean the same, written whole or not at all."""

import difflib
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from onward.diagnostics.yaml_tree import Diagnostic
from onward.routing.bundle_files import read_files
from onward.routing.domain.diagnostics import SourceFile
from onward.workbench.formatting.form import formatted
from onward.workbench.formatting.meaning import problems_of, same_bundle, same_words


class FormattingError(Exception):
    """A file cannot be formatted, and was left as it is."""


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file that is not in the form yet."""

    name: str
    path: Path
    before: bytes
    after: bytes

    def diff(self) -> str:
        """What would change, as a unified diff."""
        old, new = (side.decode("utf-8-sig").splitlines(keepends=True) for side in (self.before, self.after))
        return "".join(difflib.unified_diff(old, new, self.name, f"{self.name} (formatted)"))

    def write(self) -> None:
        """
        Put the formatted file in the place of the other, in one step; its permissions stay.

        Raises:
            FormattingError: It has changed since it was read, or cannot be written.
        """
        target = self.path.resolve()
        scratch: Path | None = None
        try:
            if not os.access(target, os.W_OK):
                raise PermissionError(None, "it is read-only")
            with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as file:
                scratch = Path(file.name)
                file.write(self.after)
                file.flush()
                os.fchmod(file.fileno(), target.stat().st_mode & 0o7777)
                os.fsync(file.fileno())
            if target.read_bytes() != self.before:
                raise FormattingError(f"{self.name} was changed in the meantime; run the command again")
            scratch.replace(target)
        except OSError as error:
            raise FormattingError(f"{self.name} cannot be written: {error.strerror}") from error
        finally:
            if scratch is not None:
                scratch.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class FolderForm:
    """How a folder stands to the form."""

    files: int
    changes: tuple[FileChange, ...]
    problems: tuple[Diagnostic, ...]
    """Files with a problem are left alone."""


def folder_form(folder: Path) -> FolderForm:
    """
    What formatting *folder* would change; nothing is written.

    Raises:
        BundleError: There is no such folder, or a file cannot be read.
        FormattingError: The result would not mean the same. Then the formatter is wrong, and nothing may be written.
    """
    files = read_files(folder)
    problems = problems_of(files)
    faulty = {problem.file for problem in problems}
    after = [file if file.name in faulty else _formatted(file) for file in files]
    if not same_bundle(files, after):
        raise FormattingError("formatting would change what the rules mean; nothing was written: please report this")
    return FolderForm(len(files), file_changes(folder, files, after), problems)


def file_changes(folder: Path, before: Sequence[SourceFile], after: Sequence[SourceFile]) -> tuple[FileChange, ...]:
    """What differs between two states of the files of *folder*, in the same order."""
    return tuple(
        FileChange(old.name, path_of(folder, old), old.content, new.content)
        for old, new in zip(before, after, strict=True)
        if old.content != new.content
    )


def write(changes: Sequence[FileChange]) -> None:
    """
    Write every change.

    Raises:
        FormattingError: One cannot be written; those before it are.
    """
    for change in changes:
        change.write()


def _formatted(file: SourceFile) -> SourceFile:
    try:
        done = SourceFile(file.name, formatted(file.content.decode("utf-8-sig")).encode())
    except ValueError as error:
        raise FormattingError(f"{file.name}: {error}") from error
    if not same_words(file, done):
        raise FormattingError(
            f"formatting would change the words of {file.name}; nothing was written: please report it"
        )
    return done


def path_of(folder: Path, file: SourceFile) -> Path:
    """Where *file* is: the first part of its name is the folder's own."""
    return folder / file.name.partition("/")[2]
