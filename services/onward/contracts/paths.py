"""Where what is written beside the code is: in the checkout, or inside the package in a wheel."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")


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


def generated(file: str, holds: str, read: Callable[[Any], T]) -> T:
    """
    What *read* makes of a JSON *file* that `make schemas` writes into `schemas/`; *holds* says what it holds.

    Raises:
        ProjectFileMissingError: There is no such file.
        ProjectFileError: It is not as `make schemas` writes it.
    """
    path = schemas() / file
    remedy = f"{holds}: run `make schemas`"
    if not path.exists():
        raise ProjectFileMissingError(f"there is no {path}, {remedy}")
    try:
        return read(json.loads(path.read_text()))
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise ProjectFileError(f"{path} cannot be read, {remedy}") from error
