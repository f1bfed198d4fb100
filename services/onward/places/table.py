"""
The table of postcodes: every postcode of the United Kingdom and its local authority, four bytes each.

A district (`B11`) is a range of two arrays in step: the inward codes in it, sorted, and the authority of each. What the
file holds is checked against its hash, so that half a file is never read as a whole one.
"""

import hashlib
import re
import struct
import sys
from array import array
from bisect import bisect_left
from collections.abc import Mapping
from pathlib import Path
from string import ascii_uppercase
from typing import Final, NamedTuple

from onward.contracts.paths import ProjectFileError

_MAGIC: Final = b"onward postcodes"
_VERSION: Final = 1
_HEADER: Final = struct.Struct("<16sHHII32s")
"""What it is; version; how many authorities, districts and postcodes; the SHA-256 of all that follows."""
_AUTHORITY: Final = struct.Struct("<9s")
_DISTRICT: Final = struct.Struct("<4sI")
"""The outward code, and where the next district begins."""
_OUTWARD: Final = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?")
_INWARD: Final[Mapping[str, int]] = {
    f"{digit}{first}{second}": (digit * 26 + one) * 26 + other
    for digit in range(10)
    for one, first in enumerate(ascii_uppercase)
    for other, second in enumerate(ascii_uppercase)
}


class PostcodeTableError(ProjectFileError):
    """The file is no table of postcodes. The message says which, why, and what to do."""


class Postcode(NamedTuple):
    """A postcode in its two parts."""

    outward: str
    """Such as `B11`: the district."""
    inward: int
    """The rest as a number: a digit and two letters make 6,760."""


def read_postcode(text: str) -> Postcode | None:
    """The postcode that *text* is, however it is spaced and written; None where it is none."""
    compact = "".join(text.split()).upper()
    outward, inward = compact[:-3], _INWARD.get(compact[-3:])
    return None if inward is None or not _OUTWARD.fullmatch(outward) else Postcode(outward, inward)


class PostcodeTable:
    """Every postcode with its authority: about 11 MB for the whole country."""

    def __init__(
        self,
        authorities: tuple[str, ...],
        districts: Mapping[str, tuple[int, int]],
        inward: "array[int]",
        areas: "array[int]",
    ) -> None:
        """*districts* says of each outward code which part of *inward* and of *areas* is its own."""
        self._authorities = authorities
        self._districts = districts
        self._inward = inward
        self._areas = areas

    @classmethod
    def of(cls, found: "Mapping[str, array[int]]", authorities: tuple[str, ...]) -> "PostcodeTable":
        """
        The table of what was *found*.

        By outward code, sorted: each postcode's inward number times 65,536 plus the place of its authority.
        """
        inward, areas, districts = array("H"), array("H"), dict[str, tuple[int, int]]()
        for outward in sorted(found):
            start = len(inward)
            inward.extend(each >> 16 for each in found[outward])
            areas.extend(each & 0xFFFF for each in found[outward])
            districts[outward] = start, len(inward)
        return cls(authorities, districts, inward, areas)

    def __len__(self) -> int:
        """How many postcodes there are."""
        return len(self._inward)

    def authority(self, postcode: Postcode) -> str | None:
        """The authority of *postcode* when the table was made, by GSS code; None where there is no such postcode."""
        start, end = self._districts.get(postcode.outward, (0, 0))
        at = bisect_left(self._inward, postcode.inward, start, end)
        if at == end or self._inward[at] != postcode.inward:
            return None
        return self._authorities[self._areas[at]]

    def encoded(self) -> bytes:
        """The table as its file has it."""
        body = bytearray()
        for code in self._authorities:
            body += _AUTHORITY.pack(code.encode("ascii"))
        for outward, (_, end) in self._districts.items():
            body += _DISTRICT.pack(outward.ljust(4).encode("ascii"), end)
        for numbers in (self._inward, self._areas):
            body += _little(numbers).tobytes()
        counts = len(self._authorities), len(self._districts), len(self._inward)
        return _HEADER.pack(_MAGIC, _VERSION, *counts, hashlib.sha256(body).digest()) + body


def load_table(path: Path) -> PostcodeTable:
    """
    Read the table at *path*.

    Raises:
        PostcodeTableError: It cannot be read, is none, or is damaged.
    """
    again = "make it with `onward places import`"
    try:
        content = path.read_bytes()
    except OSError as error:
        raise PostcodeTableError(f"{path}: {error.strerror or error}; {again}") from error
    if len(content) < _HEADER.size or not content.startswith(_MAGIC):
        raise PostcodeTableError(f"{path}: no table of postcodes; {again}")
    _, version, authorities, districts, postcodes, digest = _HEADER.unpack_from(content)
    if version != _VERSION:
        raise PostcodeTableError(f"{path}: of another release (format {version}, not {_VERSION}); {again}")
    body = memoryview(content)[_HEADER.size :]
    if hashlib.sha256(body).digest() != digest:
        raise PostcodeTableError(f"{path}: damaged, or not written to its end; {again}")
    ends = authorities * _AUTHORITY.size
    numbers = ends + districts * _DISTRICT.size
    ranges, start = dict[str, tuple[int, int]](), 0
    for outward, end in _DISTRICT.iter_unpack(body[ends:numbers]):
        ranges[outward.decode("ascii").strip()] = start, end
        start = end
    inward, areas = array("H"), array("H")
    inward.frombytes(body[numbers : numbers + 2 * postcodes])
    areas.frombytes(body[numbers + 2 * postcodes :])
    codes = tuple(code.decode("ascii") for (code,) in _AUTHORITY.iter_unpack(body[:ends]))
    return PostcodeTable(codes, ranges, _little(inward), _little(areas))


def _little(numbers: "array[int]") -> "array[int]":
    """*numbers* turned between this machine's order of bytes and the file's."""
    if sys.byteorder == "little":
        return numbers
    turned = numbers[:]
    turned.byteswap()
    return turned
