"""
What a partner takes back of what it said: a booking that was another number's, a record that was deleted for good.

Each is a function of all that was said, so that it makes no difference what arrives first.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from onward.contracts.contact_types import ERASED, PRISON_MOVEMENT
from onward.people.domain.remembered import DeclaredLink, RememberedContact

_BOOKED_WITHIN: Final = timedelta(hours=1)
"""How much earlier than its booking a reception is timed now and then."""
_SAME_RECORD: Final = {"hmpps": frozenset({"hmpps", "probation"})}
"""Partners who tell of one record: a probation case that HMPPS deletes is probation's own."""


@dataclass(frozen=True, slots=True)
class _Moved:
    """A booking that belongs to another number."""

    link: DeclaredLink
    since: datetime
    source: str
    until: datetime

    def covers(self, contact: RememberedContact) -> bool:
        """Whether the booking said this."""
        return (
            contact.type == PRISON_MOVEMENT
            and contact.source == self.source
            and self.link.other in contact.numbers
            and self.since - _BOOKED_WITHIN <= contact.occurred_at <= self.until
        )

    def goes_on(self, before: "_Moved") -> bool:
        """Whether it moves on what *before* moved: the same booking, which keeps the moment at which it began."""
        return (
            self.link.other == before.link.kept
            and self.since == before.since
            and self.source == before.source
            and self.until > before.until
        )


@dataclass(frozen=True, slots=True)
class _Erased:
    """A record that was deleted at its source."""

    numbers: frozenset[str]
    sources: frozenset[str]
    until: datetime

    def covers(self, contact: RememberedContact) -> bool:
        """Whether the record said this."""
        return (
            contact.type != ERASED
            and contact.source in self.sources
            and contact.occurred_at <= self.until
            and not self.numbers.isdisjoint(contact.connected)
        )


class Corrections:
    """What contacts take back of each other."""

    def __init__(self, remembered: Iterable[RememberedContact]) -> None:
        everything = list(remembered)
        in_order = sorted(
            (one for one in everything if one.type == ERASED or one.declared_links), key=lambda one: one.order
        )
        movements = [one for one in everything if one.type == PRISON_MOVEMENT]
        self._erased = [
            _Erased(frozenset(one.numbers), _SAME_RECORD.get(one.source, frozenset({one.source})), one.occurred_at)
            for one in in_order
            if one.type == ERASED
        ]
        self._moved = [
            _Moved(link, link.since, one.source, one.occurred_at)
            for one in in_order
            if not self.erases(one)
            for link in one.declared_links
            if link.kind == "moved" and link.since is not None
        ]
        self._unclear = [moved for moved in self._moved if self._is_unclear(moved, movements)]

    def applied(self, remembered: Collection[RememberedContact]) -> Collection[RememberedContact]:
        """The contacts as they are to be taken: nearly always as they were told."""
        if not self._moved and not self._erased:
            return remembered
        return [self._of(one) for one in remembered]

    def erases(self, contact: RememberedContact) -> bool:
        """Whether nothing may be kept of what it said."""
        return any(each.covers(contact) for each in self._erased)

    def _of(self, contact: RememberedContact) -> RememberedContact:
        if self.erases(contact):
            return contact.erased()
        moves = [moved for moved in self._moved if moved.covers(contact)]
        # Of two bookings under one number it is the later one's.
        since = max((moved.since for moved in moves), default=None)
        moves = [moved for moved in moves if moved.since == since]
        while moves:
            last = moves[0]
            if len({moved.link.kept for moved in moves}) > 1 or last in self._unclear:
                return replace(contact.without_numbers([last.link.other]), gave_key="", is_moved=True)
            contact = contact.moved(last.link)
            onward = [moved for moved in self._moved if moved.goes_on(last)]
            moves = [moved for moved in onward if moved.until == min(each.until for each in onward)]
        return contact

    def _is_unclear(self, moved: _Moved, movements: Iterable[RememberedContact]) -> bool:
        """
        Whether nobody can say which of two bookings it moves that began at once.

        One had been moved to its number before, and the other was under that number already.
        """
        before = [each.until for each in self._moved if moved.goes_on(each)]
        return any(moved.covers(one) and one.occurred_at < until for until in before for one in movements)
