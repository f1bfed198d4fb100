"""
The National Statistics postcode file, read: ONSPD or NSPL, as the Office for National Statistics publishes it.

Of its fifty columns two count: the postcode and its local authority. They have had several names over the years.
"""

import csv
import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from onward.contracts.authorities import authorities
from onward.contracts.facts import AREA
from onward.places.table import PostcodeTable, read_postcode

MOST_PROBLEMS: Final = 20
"""Problems of a file that are told; the others are counted."""
_POSTCODES: Final = ("pcds", "pcd7", "pcd8", "pcd", "pcd2")
_AUTHORITIES: Final = ("oslaua", "laua")
_OF_A_YEAR: Final = re.compile(r"lad([0-9]{2})cd")
_AREA: Final = re.compile(AREA.pattern)
_NO_AUTHORITY: Final = {"L99999999", "M99999999"}
"""Channel Islands and Isle of Man, which have none of ours."""


class PostcodeFileError(ValueError):
    """The file cannot be imported, and nothing was. *problems* names what is wrong, each with its file and line."""

    def __init__(self, problems: Sequence[str], more: int = 0) -> None:
        self.problems = tuple(problems)
        """The first `MOST_PROBLEMS` of them."""
        self.more = more
        """How many others there are."""
        super().__init__("\n".join((*self.problems, *([f"and {more:,} more like these"] if more else ()))))


@dataclass(frozen=True, slots=True)
class ImportedPostcodes:
    """What was read of a postcode file."""

    table: PostcodeTable
    without: int
    """Postcodes that have no local authority: not placed yet, or in the Channel Islands or the Isle of Man."""
    unknown: dict[str, int]
    """Codes that our list of authorities does not have, newer than it perhaps, with how many postcodes each has."""


@dataclass(slots=True)
class _Reading:
    """What has been read so far."""

    name: str
    found: "defaultdict[str, array[int]]" = field(default_factory=lambda: defaultdict(lambda: array("Q")))
    """By outward code, each postcode's inward number, the place of its authority, and its line, in one number."""
    codes: dict[str, int] = field(default_factory=dict[str, int])
    """The place of each authority among them."""
    postcodes: "Counter[str]" = field(default_factory=Counter[str])
    """Of each authority."""
    without: int = 0
    problems: list[str] = field(default_factory=list[str])
    more: int = 0

    def wrong(self, line: int, what: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(f"{self.name}:{line}: {what}")
        else:
            self.more += 1

    def row(self, line: int, text: str, code: str) -> None:
        postcode = read_postcode(text)
        if postcode is None:
            self.wrong(line, "no postcode where one should be")
        elif not code or code in _NO_AUTHORITY:
            self.without += 1
        elif code not in self.codes and not _AREA.fullmatch(code):
            self.wrong(line, "no code of a local authority where one should be")
        else:
            area = self.codes.setdefault(code, len(self.codes))
            self.postcodes[code] += 1
            self.found[postcode.outward].append((postcode.inward << 16 | area) << 32 | line)


def read_postcode_file(lines: Iterable[str], name: str) -> ImportedPostcodes:
    """
    The table that a postcode file makes, all or nothing.

    Args:
        lines: Of the CSV file, its header first.
        name: How problems name the file.

    Raises:
        PostcodeFileError: It lacks a column, a line of it cannot be read, or a postcode stands in it twice with two
            authorities.
    """
    reader, reading = csv.reader(lines, strict=True), _Reading(name)
    try:
        header = [each.strip().lower() for each in next(reader, [])]
        postcode, authority = _columns(header, name)
        for row in reader:
            if len(row) > max(postcode, authority):
                reading.row(reader.line_num, row[postcode], row[authority].strip())
            elif row:
                reading.wrong(reader.line_num, f"{len(row)} columns where the first line has {len(header)}")
    except csv.Error as error:
        reading.wrong(reader.line_num, f"no line of a CSV file: {error}")
    found = _settled(reading)
    if not found and not reading.problems:
        reading.wrong(1, "no postcode that has a local authority in the whole file")
    if reading.problems:
        raise PostcodeFileError(reading.problems, reading.more)
    known = authorities()
    unknown = {code: reading.postcodes[code] for code in sorted(reading.codes) if code not in known}
    return ImportedPostcodes(PostcodeTable.of(found, tuple(reading.codes)), reading.without, unknown)


def _columns(header: Sequence[str], name: str) -> tuple[int, int]:
    """Where the postcode and the authority are."""
    postcode = next((each for each in _POSTCODES if each in header), None)
    of_years = sorted((each for each in header if _OF_A_YEAR.fullmatch(each)), reverse=True)
    authority = next((each for each in (*of_years, *_AUTHORITIES) if each in header), None)
    if postcode is None or authority is None:
        lacking = "a postcode (pcds)" if postcode is None else "the local authority (oslaua, laua or lad25cd)"
        what = f"no column for {lacking}; give the UK file of ONSPD or NSPL, with its header"
        raise PostcodeFileError([f"{name}:1: {what}"])
    return header.index(postcode), header.index(authority)


def _settled(reading: _Reading) -> "Mapping[str, array[int]]":
    """What was found, sorted and each postcode once; of one with two authorities nobody can say where it is."""
    settled: dict[str, array[int]] = {}
    for outward, found in reading.found.items():
        kept = settled[outward] = array("I")
        for each in sorted(found):
            one = each >> 32
            if kept and kept[-1] >> 16 == one >> 16 and kept[-1] != one:
                reading.wrong(each & 0xFFFFFFFF, "a postcode that stands in the file twice, with two local authorities")
            elif not kept or kept[-1] != one:
                kept.append(one)
    return settled
