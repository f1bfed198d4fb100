"""Which partner tells which fact with which type of contact: `schemas/facts-by-source.json`, generated."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Final, TypeAlias

from onward.contracts import paths

FILE: Final = "facts-by-source.json"
ToldFacts: TypeAlias = Mapping[str, Mapping[str, frozenset[str]]]
"""By partner and type of contact, the facts that such a contact can bring."""


@cache
def told_facts() -> ToldFacts:
    """
    What each partner can tell, read once. What follows from other facts is not in it.

    Raises:
        ProjectFileMissingError: There is no such file: `make schemas` writes it.
        ProjectFileError: It is not as `make schemas` writes it.
    """
    path = paths.schemas() / FILE
    remedy = "which partner tells which fact: run `make schemas`"
    if not path.exists():
        raise paths.ProjectFileMissingError(f"there is no {path}, {remedy}")
    try:
        told = json.loads(path.read_text())["told"]
        return {source: {kind: frozenset(facts) for kind, facts in types.items()} for source, types in told.items()}
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise paths.ProjectFileError(f"{path} cannot be read, {remedy}") from error
