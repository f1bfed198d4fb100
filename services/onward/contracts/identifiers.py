"""The numbers by which justice and health systems know a person, with their check digits.

An identifier that does not check is *absent*: it never becomes a key, because a wrong key joins two people.
"""

import re
from collections.abc import Callable, Mapping
from typing import Literal, get_args

from onward.contracts.base import Message

IdentifierType = Literal["NOMS", "CRN", "PNC", "CRO", "NHS", "ASN"]
"""Prison number, probation case, Police National Computer, Criminal Records Office, NHS number, arrest summons."""

STRENGTH: tuple[IdentifierType, ...] = get_args(IdentifierType)
"""Strongest first: the first one present names the person on the `contacts` topic."""

CHECK_LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"
"""PNC, CRO and ASN share this alphabet: the letter at *number* mod 23."""

LAST_CENTURY_FROM = 50
"""A two-digit PNC year from 50 on is 19YY, below it 20YY. Fixed: a rule that moved with the clock would read the same
message differently on a replay. The oldest records that police still hold on computer are from the 1950s."""

_LONGEST = 64
"""Characters of the longest text worth looking at."""


class Identifier(Message):
    """A checked identifier in its canonical form."""

    type: IdentifierType
    value: str


def read_identifier(type: IdentifierType, raw: object) -> Identifier | None:  # noqa: A002 - the field's own name
    """
    Read an identifier as people write it: in any case, with blanks anywhere, unpadded, with or without slashes.

    Returns:
        The identifier in its canonical form (`2002/0073319Z`, `065656/91H`, `1101ZD0100000410836V`), or None when *raw*
        is not text or a whole number, is not of the form, fails its check, or has the serial number 0 or ten equal
        digits, which are placeholders.
    """
    if isinstance(raw, int) and not isinstance(raw, bool):
        raw = str(raw) if abs(raw) < 10**_LONGEST else ""
    if not isinstance(raw, str) or len(raw) > _LONGEST:
        return None
    text = "".join(raw.split())
    if not text.isascii():
        # Some letters of other alphabets become Latin ones in upper case.
        return None
    value = _READERS[type](text.upper())
    return None if value is None else Identifier(type=type, value=value)


def check_letter(number: int) -> str:
    """The check letter that PNC, CRO and ASN put behind *number*."""
    return CHECK_LETTERS[number % 23]


_NOMS = re.compile(r"(?!A0000AA)[A-Z][0-9]{4}[A-Z]{2}")
_CRN = re.compile(r"[A-Z](?!000000)[0-9]{6}")
_PNC_WITH_SLASH = re.compile(r"((?:19|20)?[0-9]{2})/([0-9]{1,7})([A-Z])")
_PNC_LONG = re.compile(r"((?:19|20)[0-9]{2})([0-9]{7})([A-Z])")
_PNC_SHORT = re.compile(r"([0-9]{2})([0-9]{1,7})([A-Z])")
_CRO = re.compile(r"([0-9]{1,6})/([0-9]{2})([A-Z])")
_CRO_SMALL_FILE = re.compile(r"SF([0-9]{2})/([0-9]{1,6})([A-Z])")
_NHS = re.compile(r"[0-9]{10}")
_ASN = re.compile(r"([0-9]{2})/?([0-9A-Z]{2})([0-9A-Z]{2})/?([0-9A-Z]{2})/?([0-9]{1,11})([A-Z])")


def _noms(text: str) -> str | None:
    return text if _NOMS.fullmatch(text) else None


def _crn(text: str) -> str | None:
    return text if _CRN.fullmatch(text) else None


def _pnc(text: str) -> str | None:
    match = _PNC_WITH_SLASH.fullmatch(text) or _PNC_LONG.fullmatch(text) or _PNC_SHORT.fullmatch(text)
    if match is None:
        return None
    year, serial, letter = match[1], int(match[2]), match[3]
    if not serial or letter != check_letter(int(year[-2:]) * 10**7 + serial):
        return None
    if len(year) == 2:
        year = ("19" if int(year) >= LAST_CENTURY_FROM else "20") + year
    return f"{year}/{serial:07}{letter}"


def _cro(text: str) -> str | None:
    if match := _CRO.fullmatch(text):
        serial, year, letter = int(match[1]), match[2], match[3]
        if serial and letter == check_letter(int(f"{year}{serial:06}")):
            return f"{serial:06}/{year}{letter}"
    if match := _CRO_SMALL_FILE.fullmatch(text):
        # A small-file number is checked as it is written: padding it would change its letter.
        year, digits, letter = match[1], match[2], match[3]
        if int(digits) and letter == check_letter(int(year + digits)):
            return f"SF{year}/{digits}{letter}"
    return None


def _nhs(text: str) -> str | None:
    text = text.replace("-", "")
    if not _NHS.fullmatch(text) or len(set(text)) == 1:
        return None
    total = sum(int(digit) * weight for digit, weight in zip(text[:9], range(10, 1, -1), strict=True))
    # A remainder of 1 gives 10, which no tenth digit equals.
    return text if (11 - total % 11) % 11 == int(text[9]) else None


def _asn(text: str) -> str | None:
    match = _ASN.fullmatch(text)
    if match is None:
        return None
    year, force, unit, system, serial, letter = match.groups()
    number = "".join(part for part in (force, system) if part.isdigit()) + year + serial.zfill(11)
    if not int(serial) or letter != check_letter(int(number)):
        return None
    return f"{year}{force}{unit}{system}{serial.zfill(11)}{letter}"


_READERS: Mapping[IdentifierType, Callable[[str], str | None]] = {
    "NOMS": _noms,
    "CRN": _crn,
    "PNC": _pnc,
    "CRO": _cro,
    "NHS": _nhs,
    "ASN": _asn,
}
