"""What is counted over a person's contacts, as it stood when one of them happened."""

from collections.abc import Sequence
from datetime import date, datetime, time
from itertools import takewhile

from onward.calendar.times import LONDON, london_day
from onward.contracts.facts import FACTS, Facts
from onward.people.domain.remembered import GIVEN_FACTS, RememberedContact

CONTACTS = "person.contacts_90_days"
DAYS_MET = "person.days_met_90_days"
NEEDS_FOUND = "person.needs_found"
LOW_NEEDS_FOUND = "person.low_needs_found"
_LOW, _MODERATE = 1, 2
_DAYS = 90
_MOST = FACTS[CONTACTS].kind.high  # type: ignore[union-attr]  # it is a whole number


def needs_found(facts: Facts) -> Facts:
    """How many of the needs that are known are moderate or worse, and how many low; nothing where none is."""
    severities = [severity for path, severity in facts.items() if path.startswith("needs.")]
    found = {
        NEEDS_FOUND: sum(severity >= _MODERATE for severity in severities),
        LOW_NEEDS_FOUND: severities.count(_LOW),
    }
    return {path: number for path, number in found.items() if number}


def counts(contact: RememberedContact, seen: Sequence[RememberedContact]) -> Facts:
    """
    How often, and on how many days, the person came to notice in the 90 London days that end with that of *contact*.

    Counted are the contacts *seen* from it, in the order of events, itself the last: those at or before it. An answer
    to a question of ours is not counted, nor a partner's word on which records are one person's: nobody was met then.
    """
    first = _start(london_day(contact.occurred_at))
    late_enough = takewhile(lambda one: one.occurred_at >= first, reversed(seen))
    met = [london_day(one.occurred_at) for one in late_enough if _is_a_meeting(one)]
    return {CONTACTS: min(len(met), _MOST), DAYS_MET: len(set(met))}


def _is_a_meeting(one: RememberedContact) -> bool:
    return one.in_reply_to is None and not one.declared_links and one.source != GIVEN_FACTS


def _start(day: date) -> datetime:
    """The first moment of the days that are counted."""
    first = date.fromordinal(max(day.toordinal() - _DAYS + 1, date.min.toordinal() + 1))
    return datetime.combine(first, time(0), LONDON)
