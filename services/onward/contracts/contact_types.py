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
        FileNotFoundError: There is no such file: `make schemas` writes it.
    """
    path = paths.schemas() / FILE
    if not path.exists():
        raise FileNotFoundError(f"there is no {path}, the types of contact that rules may ask for: run `make schemas`")
    return tuple(json.loads(path.read_text())["types"])
