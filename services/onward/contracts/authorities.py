"""
The local authorities of the United Kingdom by GSS code, and what became of those that were abolished.

Read from `local_authorities.csv` beside this file, which says where it is from and of what day. A code that stands in a
fact or in a catchment is kept as it was said; what it means today is asked here where it is used, so that the next
reorganisation is a new data file and reaches what was stored before it.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Authority:
    """One code of one local authority."""

    code: str
    name: str
    since: date
    """The first day on which the code was in use; 2009-01-01, when GSS codes began, for most."""
    until: date | None
    """The last day; None while there is no other."""
    successor: str | None
    """The code of the authority that has its whole area today; None while it has it itself."""


@cache
def authorities() -> Mapping[str, Authority]:
    """Every authority there is, and every one abolished since 2012, by code."""
    with resources.files("onward.contracts").joinpath("local_authorities.csv").open(encoding="utf-8") as lines:
        rows = csv.DictReader(line for line in lines if not line.startswith("#"))
        return MappingProxyType({row["code"]: _authority(row) for row in rows})


def current(code: str) -> str:
    """The code that *code*'s area has today: its successor's, or *code* itself where it has none or is not known."""
    found = authorities().get(code)
    return code if found is None or found.successor is None else found.successor


def in_force(code: str, day: date) -> str:
    """The code that *code*'s area has on *day*: its successor's from the day after its last, else *code* itself."""
    found = authorities().get(code)
    if found is None or found.successor is None or found.until is None or day <= found.until:
        return code
    return found.successor


def is_authority(code: str) -> bool:
    """Whether a local authority has this code; one that has been abolished does not count."""
    found = authorities().get(code)
    return found is not None and found.successor is None


def _authority(row: Mapping[str, str]) -> Authority:
    return Authority(
        row["code"],
        row["name"],
        date.fromisoformat(row["from"]),
        date.fromisoformat(row["until"]) if row["until"] else None,
        row["successor"] or None,
    )
