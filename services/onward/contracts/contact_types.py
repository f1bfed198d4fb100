"""Every type of contact that intake makes, as its adapters declare them: `schemas/contact-types.json`, generated."""

import json
from functools import cache
from typing import Final

from onward.contracts import paths

FILE: Final = "contact-types.json"
PATTERN: Final = r"[a-z0-9]+(-[a-z0-9]+)*\.[a-z0-9]+(-[a-z0-9]+)*"
"""Such as `prison.movement`: whose event it is, and what happened, in our words."""


@cache
def known() -> tuple[str, ...]:
    """
    The types, in alphabetical order, read once. A rule that asks for another never acts.

    Raises:
        ProjectFileMissingError: There is no such file: `make schemas` writes it.
        ProjectFileError: It is not as `make schemas` writes it.
    """
    path = paths.schemas() / FILE
    remedy = "the types of contact that rules may ask for: run `make schemas`"
    if not path.exists():
        raise paths.ProjectFileMissingError(f"there is no {path}, {remedy}")
    try:
        return tuple(json.loads(path.read_text())["types"])
    except (ValueError, LookupError, TypeError) as error:
        raise paths.ProjectFileError(f"{path} cannot be read, {remedy}") from error
