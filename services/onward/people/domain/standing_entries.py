"""
Which entries in partners' registers stand: of several of one kind each ends by itself.

An end that names no entry ends one of those that stand, since the safe error about a risk is an alert too many; of
bookings it ends all, since the safe error about a home is a referral too many. Of what happened in one instant the ends
come first of registrations and last of bookings, for the same reason.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from onward.people.domain.remembered import RememberedContact, RememberedEntry

REGISTRATIONS: Final = "registrations"
NEXT_ARRANGED: Final = "accommodation.next_arranged"
_UNNAMED: Final = ""
_STAGES: Final[Mapping[str, str]] = {
    "probation.registration-added": "made",
    "probation.registration-updated": "changed",
    "probation.registration-ended": "ended",
}


class Standing:
    """The entries of one code that stand, by the partner's id of each; how many have none is counted."""

    def __init__(self) -> None:
        self._named: dict[str, None] = {}
        self._unnamed = 0

    def __bool__(self) -> bool:
        return bool(self._named or self._unnamed)

    def apply(self, entry: RememberedEntry) -> None:
        """Make, change or end an entry."""
        if entry.stage == "ended":
            self._end(entry)
        elif entry.named != _UNNAMED:
            self._named[entry.named] = None
        elif entry.stage == "made" or not self:
            self._unnamed += 1

    def say(self, stands: bool) -> None:
        """Somebody's word on all of them together, who names none."""
        if not stands:
            self._named.clear()
            self._unnamed = 0
        elif not self:
            self._unnamed = 1

    def _end(self, entry: RememberedEntry) -> None:
        if entry.named in self._named:
            del self._named[entry.named]
        elif entry.named == _UNNAMED and entry.kind == "booking":
            self.say(False)
        elif self._unnamed:
            self._unnamed -= 1
        elif entry.named == _UNNAMED and self._named:
            # Nobody can say which; the oldest, where a change of level makes one and ends another.
            del self._named[next(iter(self._named))]


def registrations(seen: Iterable[RememberedContact]) -> list[dict[str, Any]]:
    """Each register that was ever told of, and whether the person is on it."""
    standing: dict[str, Standing] = {}
    for one in sorted((one for one in seen if REGISTRATIONS in one.facts), key=_ends_first):
        entries = {entry.code: entry for entry in _entries(one)}
        for record in one.facts[REGISTRATIONS]:
            code = record.get("code", "")
            register = standing.setdefault(code, Standing())
            if code in entries:
                register.apply(entries[code])
            else:
                register.say(record.get("active", False))
    return [{"code": code, "active": bool(standing[code])} for code in sorted(standing)]


def is_next_arranged(seen: Iterable[RememberedContact]) -> bool:
    """Whether a place to go to next is arranged: the newest word of anybody, or a booking that stands."""
    standing = Standing()
    for one in sorted((one for one in seen if NEXT_ARRANGED in one.facts), key=_ends_last):
        bookings = [entry for entry in one.entries if entry.kind == "booking"]
        for entry in bookings:
            standing.apply(entry)
        if not bookings:
            standing.say(one.facts[NEXT_ARRANGED])
    return bool(standing)


def _entries(one: RememberedContact) -> Iterator[RememberedEntry]:
    """Its entries in registers; of a contact that was remembered before they were told apart, those that it meant."""
    if one.entries or one.type not in _STAGES:
        yield from one.entries
        return
    for record in one.facts[REGISTRATIONS]:
        yield RememberedEntry("registration", record.get("code", ""), _UNNAMED, _STAGES[one.type])  # type: ignore[arg-type]


def _ends_first(one: RememberedContact) -> tuple[Any, ...]:
    stands = any(record.get("active") for record in one.facts[REGISTRATIONS])
    return one.occurred_at, stands, one.order


def _ends_last(one: RememberedContact) -> tuple[Any, ...]:
    return one.occurred_at, not one.facts[NEXT_ARRANGED], one.order
