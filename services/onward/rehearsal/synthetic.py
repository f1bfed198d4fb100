"""Made-up people with numbers that check: nobody real can have them, yet every check digit is right."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from onward.calendar.times import london_day
from onward.contracts.ids import derived_id

_CHECK_LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"
"""PNC and CRO: the letter at serial modulo 23."""
_SPAN = re.compile(r"^(?P<base>now|day)(?:(?P<sign>[+-])(?P<count>\d+)(?P<unit>[mhdwy]))?$")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_PLACEHOLDER = re.compile(r"<([a-z]+[^<>]*)>")


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody in one playing of one story; *number* is different for each playing and below 100,000."""

    story: str
    number: int
    now: datetime
    contacts: tuple[UUID, ...] = ()
    """The contacts that the story's earlier messages made, as the partner that speaks was asked about them."""

    def fill(self, value: object) -> object:
        """The same document with every placeholder replaced, at any depth."""
        match value:
            case str():
                return _PLACEHOLDER.sub(lambda found: self._word(found[1]), value)
            case dict():
                return {key: self.fill(item) for key, item in value.items()}
            case list():
                return [self.fill(item) for item in value]
            case _:
                return value

    def _word(self, placeholder: str) -> str:
        """
        The text for one placeholder.

        `<noms>`, `<crn>`, `<pnc>`, `<cro>`, `<nhs>`, `<ref>`, `<uuid>`, `<name>`, `<phone>` name the story's person;
        a number after the word (`<noms2>`) names a further one. `<now-2h>`, `<day+14d>`, `<born 34y>` are times;
        `<contact1>` is the contact that the story's first message made, as the partner was asked about it.

        Raises:
            ValueError: Nobody knows the placeholder.
        """
        if _SPAN.match(placeholder):
            return self._time(placeholder)
        if born := re.fullmatch(r"born (\d+)y", placeholder):
            return str(birthday(int(born[1]), london_day(self.now)))
        if contact := re.fullmatch(r"contact([1-9]\d?)", placeholder):
            if int(contact[1]) > len(self.contacts):
                raise ValueError(f"`<{placeholder}>`: only {len(self.contacts)} contacts were made by now")
            return str(self.contacts[int(contact[1]) - 1])
        found = re.fullmatch(r"([a-z]+)(\d?)", placeholder)
        maker = _MAKERS.get(found[1]) if found else None
        if found is None or maker is None:
            raise ValueError(f"nobody knows the placeholder `<{placeholder}>`")
        return maker(self.number * 10 + int(found[2] or 0), self.story)

    def _time(self, placeholder: str) -> str:
        found = _SPAN.match(placeholder)
        assert found is not None
        moment = self.now
        if found["sign"]:
            count = int(found["count"]) * (1 if found["sign"] == "+" else -1)
            moment += _UNITS[found["unit"]] * count
        return str(london_day(moment)) if found["base"] == "day" else moment.astimezone(UTC).isoformat()


def birthday(years: int, today: date) -> date:
    """A day of birth that makes somebody *years* old today, half a year from either birthday."""
    return date(today.year - years, today.month, 1) - timedelta(days=183)


def noms(serial: int) -> str:
    """A prison number."""
    return f"A{serial // 676 % 10_000:04d}{chr(65 + serial // 26 % 26)}{chr(65 + serial % 26)}"


def crn(serial: int) -> str:
    """A probation case reference number."""
    return f"X{serial:06d}"


def pnc(serial: int) -> str:
    """A Police National Computer number of the year 1999."""
    return f"1999/{serial:07d}{_CHECK_LETTERS[(99 * 10**7 + serial) % 23]}"


def cro(serial: int) -> str:
    """A Criminal Records Office number of the year 1999."""
    return f"{serial:06d}/99{_CHECK_LETTERS[(99 * 10**6 + serial) % 23]}"


def nhs(serial: int) -> str:
    """An NHS number from the range 999 that is kept for tests."""
    for nine in range(999_000_000 + serial * 10 % 1_000_000, 999_999_999):
        digits = f"{nine:09d}"
        check = (11 - sum(int(digit) * (10 - place) for place, digit in enumerate(digits)) % 11) % 11
        if check < 10:
            return f"{digits}{check}"
    raise AssertionError("the test range has a valid number after every serial")


_MAKERS: dict[str, Callable[[int, str], str]] = {
    "noms": lambda serial, _: noms(serial),
    "crn": lambda serial, _: crn(serial),
    "pnc": lambda serial, _: pnc(serial),
    "cro": lambda serial, _: cro(serial),
    "nhs": lambda serial, _: nhs(serial),
    "ref": lambda serial, _: f"REF-{serial:06d}",
    "uuid": lambda serial, story: str(derived_id("demo", story, str(serial))),
    "name": lambda serial, _: f"Test Person-{serial:06d}",
    # 07700 900000 to 900999 are Ofcom's numbers for drama: they ring nowhere.
    "phone": lambda serial, _: f"07700 900{serial % 1000:03d}",
}
