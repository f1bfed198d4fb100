"""Where what is written beside the code is: in the checkout, or inside the package in a wheel."""

import os
from pathlib import Path


class ProjectFileError(Exception):
    """A file that belongs to the project cannot be used. The message says which one, and what to do."""


class ProjectFileMissingError(ProjectFileError, FileNotFoundError):
    """Something that belongs to the project is not there."""


def schemas() -> Path:
    """
    The `schemas/` folder: `ONWARD_SCHEMAS` if set, else the checkout's, else the installed package's.

    Raises:
        ProjectFileMissingError: None of them is a folder.
    """
    package = Path(__file__).resolve().parents[1]
    named = os.environ.get("ONWARD_SCHEMAS")
    candidates = [Path(named)] if named else [package.parents[1] / "schemas", package / "_schemas"]
    for candidate in candidates:
        if (candidate / "topics").is_dir():
            return candidate
    raise ProjectFileMissingError(
        f"no schemas folder at {' or '.join(map(str, candidates))}; set ONWARD_SCHEMAS to one that holds `topics/`"
    )


def rule_errors() -> Path:
    """
    The pages about errors, one for each code: `docs/rule-errors/` of the checkout, else the installed package's.

    Raises:
        ProjectFileMissingError: Neither is a folder.
    """
    package = Path(__file__).resolve().parents[1]
    candidates = [package.parents[1] / "docs" / "rule-errors", package / "_rule_errors"]
    for candidate in candidates:
        if candidate.is_dir():
            return candidate
    raise ProjectFileMissingError(f"no pages about errors at {' or '.join(map(str, candidates))}; install onward again")
