"""Working days in Europe/London, with the bank holidays of England and Wales."""

from bisect import bisect_right
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

import holidays

from onward.calendar.times import LONDON

FIRST_YEAR, LAST_YEAR = 2000, 2100
"""Bank holidays are known for these years; outside them only weekends are days off."""

CUT_OFF = time(13, 0)
OPENING = time(9, 0)
"""What arrives at or after the cut-off, or on a day off, counts from the next working day's opening (CAS1 practice)."""


@cache
def bank_holidays() -> tuple[date, ...]:
    """Every bank holiday of England and Wales that falls on a weekday, in order."""
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    return tuple(sorted(day for day in holidays.country_holidays("GB", subdiv="ENG", years=years) if day.weekday() < 5))


@cache
def _days_off() -> frozenset[date]:
    return frozenset(bank_holidays())


def is_working_day(day: date) -> bool:
    """Monday to Friday and no bank holiday."""
    return day.weekday() < 5 and day not in _days_off()


def next_working_day(day: date) -> date:
    """The first working day after *day*."""
    day += timedelta(days=1)
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def _weekdays_before(day: date) -> int:
    """Mondays to Fridays from the first Monday of the calendar up to, and without, *day*."""
    weeks, left = divmod(day.toordinal() - 1, 7)
    return weeks * 5 + min(left, 5)


def working_days_between(a: date, b: date) -> int:
    """
    How many working days come after *a*, up to and including *b*: 1 from a Friday to the Monday after it.

    Zero when *b* is not after *a*.
    """
    if b <= a:
        return 0
    off = bank_holidays()
    weekdays = _weekdays_before(b) - _weekdays_before(a) + (b.weekday() < 5) - (a.weekday() < 5)
    return weekdays - (bisect_right(off, b) - bisect_right(off, a))


def clock_start(start: datetime) -> datetime:
    """
    When a working-day clock starts that was set off at *start*, in UTC.

    Before 13:00 on a working day it starts at once; later, or on a day off, at 09:00 of the next working day (London).

    Raises:
        ValueError: *start* has no UTC offset.
    """
    local = _local(start)
    if is_working_day(local.date()) and local.time() < CUT_OFF:
        return start.astimezone(UTC)
    return _at(next_working_day(local.date()), OPENING)


def add_working_days(start: datetime, days: int) -> datetime:
    """
    The end, in UTC, of a clock of *days* working days that was set off at *start*.

    The clock starts as `clock_start` says and ends at the same London time of day, also across a clock change; no days
    ends it where it starts.

    Raises:
        ValueError: *start* has no UTC offset, or *days* is negative.
    """
    if days < 0:
        raise ValueError(f"working days are counted forward: {days}")
    local = _local(clock_start(start))
    day = local.date()
    for _ in range(days):
        day = next_working_day(day)
    return _at(day, local.time())


def _local(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("time has no UTC offset")
    return moment.astimezone(LONDON)


def _at(day: date, local: time) -> datetime:
    return datetime.combine(day, local, LONDON).astimezone(UTC)
