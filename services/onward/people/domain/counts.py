"""What is counted over a person's contacts, as it stood when one of them happened."""

from collections.abc import Sequence
from datetime import date, datetime, time
from itertools import takewhile

from onward.calendar.times import LONDON, london_day
from onward.contracts.facts import FACTS, Facts
from onward.people.domain.remembered import GIVEN_FACTS, RememberedContact

CONTACTS = "person.contacts_90_days"
NEEDS_FOUND = "person.needs_found"
_MODERATE = 2
_DAYS = 90
_MOST = FACTS[CONTACTS].kind.high  # type: ignore[union-attr]  # it is a whole number


def needs_found(facts: Facts) -> Facts:
    """How many of the needs that are known are moderate or worse; nothing where none is."""
    found = sum(severity >= _MODERATE for path, severity in facts.items() if path.startswith("needs."))
    return {NEEDS_FOUND: found} if found else {}


def counts(contact: RememberedContact, seen: Sequence[RememberedContact]) -> Facts:
    """
    How often the person came to notice in the 90 London days that end with the day of *contact*.

    Counted are the contacts *seen* from it, in the order of events, itself the last: those at or before it. An answer
    to a question of ours is not counted, nor a partner's word on which records are one person's: nobody was met then.
    """
    first = _start(london_day(contact.occurred_at))
    found = sum(map(_is_a_meeting, takewhile(lambda one: one.occurred_at >= first, reversed(seen))))
    return {CONTACTS: min(found, _MOST)}


def _is_a_meeting(one: RememberedContact) -> bool:
    return one.in_reply_to is None and not one.declared_links and one.source != GIVEN_FACTS


def _start(day: date) -> datetime:
    """The first moment of the days that are counted."""
    first = date.fromordinal(max(day.toordinal() - _DAYS + 1, date.min.toordinal() + 1))
    return datetime.combine(first, time(0), LONDON)
