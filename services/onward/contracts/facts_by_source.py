"""Which partner tells which fact with which type of contact: `schemas/facts-by-source.json`, generated."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final, TypeAlias

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
    return paths.generated(FILE, "which partner tells which fact", _told)


def _told(document: Any) -> ToldFacts:
    told = document["told"].items()
    return {source: {kind: frozenset(facts) for kind, facts in types.items()} for source, types in told}
