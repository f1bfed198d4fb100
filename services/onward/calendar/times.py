"""Days in London; and times and days as partners really write them, read tolerantly or not at all."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

LONDON: Final = ZoneInfo("Europe/London")

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199
"""Years outside are slips of the keyboard or a system's "no date"; nothing here happened then."""

_LONGEST = 64
_ISO = re.compile(
    r"""([0-9]{4})-([0-9]{2})-([0-9]{2})
        [Tt\ ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]+))?)?
        \ ?(Z|z)?([+-][0-9]{2}(?::?[0-9]{2})?)?
        (?:\[[A-Za-z/_]+\])?""",
    re.VERBOSE,
)
_JAVA = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ([A-Z][a-z]{2}) ([0-9]{1,2}) "
    r"([0-9]{2}):([0-9]{2}):([0-9]{2}) (BST|GMT|UTC) ([0-9]{4})"
)
_DAY = re.compile(r"([0-9]{4})[-/.]([0-9]{2})[-/.]([0-9]{2})")
_BRITISH_DAY = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_JAVA_ZONES: Mapping[str, tzinfo] = {"BST": timezone(timedelta(hours=1)), "GMT": UTC, "UTC": UTC}


def read_moment(raw: object) -> datetime | None:
    """
    Read an instant, in UTC; None when *raw* is not one.

    Understood: ISO 8601 with any number of fractional digits (those beyond microseconds are cut off), `Z` or an
    offset; `2023-07-31T09:26:39.362Z+01:00`, where the offset counts, because the writer meant its local time and put
    a literal Z before it; a time without any offset, which is Europe/London (the first of the two hours when clocks go
    back); a Java date such as `Fri Jun 14 00:00:00 BST 2024`. A bare number is not a time: nobody says of what.
    """
    if not isinstance(raw, str) or len(raw) > _LONGEST:
        return None
    text = raw.strip()
    return _checked(_iso(text) or _java(text))


def read_day(raw: object) -> date | None:
    """
    Read a calendar day; None when *raw* is not one.

    Understood: `1990-05-01`, `01/05/1990` (day first), either with hyphens, strokes or dots, and the day as written
    in any time that `read_moment` reads: a date of birth at midnight in summer time is not the day before.
    """
    if not isinstance(raw, str) or len(raw) > _LONGEST:
        return None
    text = raw.strip()
    try:
        if match := _DAY.fullmatch(text):
            return _in_range(date(int(match[1]), int(match[2]), int(match[3])))
        if match := _BRITISH_DAY.fullmatch(text):
            return _in_range(date(int(match[3]), int(match[2]), int(match[1])))
    except ValueError:
        return None
    written = _iso(text) or _java(text)
    return None if written is None else _in_range(written.date())


def _in_range(day: date) -> date | None:
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def _checked(written: datetime | None) -> datetime | None:
    if written is None or not FIRST_YEAR <= written.year <= LAST_YEAR:
        return None
    return written.astimezone(UTC)


def _iso(text: str) -> datetime | None:
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, zulu, offset = match.groups()
    zone = _offset(offset) if offset else UTC if zulu else LONDON
    if zone is None:
        return None
    micro = int((fraction or "0")[:6].ljust(6, "0"))
    try:
        return datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0), micro, zone)
    except ValueError:
        return None


def _offset(text: str) -> tzinfo | None:
    sign = -1 if text[0] == "-" else 1
    hours, minutes = int(text[1:3]), int(text[-2:]) if len(text) > 3 else 0
    if hours > 14 or minutes > 59:
        return None
    return timezone(sign * timedelta(hours=hours, minutes=minutes))


def _java(text: str) -> datetime | None:
    match = _JAVA.fullmatch(text)
    if match is None or match[1] not in _MONTHS:
        return None
    numbers = (int(match[7]), _MONTHS.index(match[1]) + 1, int(match[2]), int(match[3]), int(match[4]), int(match[5]))
    try:
        return datetime(*numbers, tzinfo=_JAVA_ZONES[match[6]])
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def london_day(moment: datetime) -> date:
    """The calendar day in Europe/London of an instant: the day that deadlines and ages are counted in."""
    return moment.astimezone(LONDON).date()
