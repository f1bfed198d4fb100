"""Which local authority a postcode is in on a day: by the table that was imported, else by its district."""

import csv
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from onward.contracts import paths
from onward.contracts.authorities import in_force
from onward.contracts.facts import AREA
from onward.places.table import PostcodeTable, load_table, read_postcode

VARIABLE: Final = "ONWARD_POSTCODES"
"""The variable that names the table; without it, the districts that the project ships are all that is known."""
_DISTRICT: Final = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?")
_AREA: Final = re.compile(AREA.pattern)


class DistrictsFileError(paths.ProjectFileError):
    """The file of districts cannot be used. The message says where and why."""


@dataclass(frozen=True, slots=True)
class PostcodeAreas:
    """Where postcodes are."""

    districts: Mapping[str, str]
    """Postcode districts that lie in one authority, as good as whole."""
    table: PostcodeTable | None = None

    def area(self, text: str, day: date) -> str | None:
        """
        The local authority, by GSS code, that the postcode *text* is in on *day*; None where nobody knows.

        An authority that has ended by then leads to its successor. A postcode that the table does not have (it may be
        newer) counts as its district does.
        """
        postcode = read_postcode(text)
        if postcode is None:
            return None
        of_table = self.table.authority(postcode) if self.table is not None else None
        found = of_table or self.districts.get(postcode.outward)
        return None if found is None else in_force(found, day)


NOWHERE: Final = PostcodeAreas({})
"""Knows no postcode."""


@cache
def installed() -> PostcodeAreas:
    """
    What this installation knows: the districts of the project, and the table that `ONWARD_POSTCODES` names.

    Raises:
        PostcodeTableError: The table that is named cannot be used.
        DistrictsFileError: The file of districts cannot be used.
    """
    named = os.environ.get(VARIABLE, "").strip()
    path = paths.schemas() / "places" / "districts.csv"
    with path.open(encoding="utf-8") as lines:
        districts = read_districts(lines, f"places/{path.name}")
    return PostcodeAreas(districts, load_table(Path(named)) if named else None)


def read_districts(lines: Iterable[str], name: str) -> Mapping[str, str]:
    """
    Districts with their authority, from the lines of a CSV file; those that begin with `#` are for people.

    Raises:
        DistrictsFileError: A line is none, or a district stands there twice.
    """
    found: dict[str, str] = {}
    reader = csv.reader(lines)
    for row in reader:
        if not row or row[0].startswith("#") or row == ["district", "authority"]:
            continue
        if len(row) != 2 or not _DISTRICT.fullmatch(row[0]) or not _AREA.fullmatch(row[1]):
            raise DistrictsFileError(f"{name}:{reader.line_num}: expected a district and a GSS code: B11,E08000025")
        if row[0] in found:
            raise DistrictsFileError(f"{name}:{reader.line_num}: {row[0]} stands in the file twice")
        found[row[0]] = row[1]
    return found
