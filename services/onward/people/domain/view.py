"""
What was known of a person when something happened: a contact, seen together with those at or before it.

A few facts stand whatever the day (`Fact.standing`): of those the newest word counts, even of a later event.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from onward.calendar.times import london_day
from onward.contracts.contact import Consent, Identity
from onward.contracts.facts import FACTS, Facts
from onward.contracts.identifiers import Identifier
from onward.people.domain.age import age_from_birth, age_from_statement
from onward.people.domain.counts import counts
from onward.people.domain.remembered import NOBODY, RememberedContact, in_order

_CARRIED = frozenset(path for path, fact in FACTS.items() if not fact.of_event and not fact.derived)
"""Facts that stay with the person. What happened once (`event.*`) and what is computed (derived) do not."""
_STANDING = frozenset(path for path, fact in FACTS.items() if fact.standing)
"""Facts whose newest word counts for older contacts too."""
_SAID_BY_US = frozenset(path for path, fact in FACTS.items() if fact.counted)
"""Facts of a contact that follow from the person's others: nobody else's word counts."""
_MOST_KEYS = 32
"""Far more records than anybody's are merged of; the newest are kept."""
_BY_CODE = "registrations"
"""The one fact that is a list: each code on it is a statement of its own."""
_AGE = "person.age"
IDENTITY_FIELDS = ("name", "date_of_birth", "phone", "email")
"""What names a person or reaches them, beside the address, which is two fields, and identifiers."""


@dataclass(frozen=True, slots=True)
class View:
    """All that a situation says beyond its own contact."""

    person: str
    references: dict[str, str]
    facts: Facts
    observed: dict[str, date]
    consents: tuple[Consent, ...]
    identity: Identity
    formerly: tuple[str, ...] = field(compare=False)
    """Not compared: the contact that joins two persons brings it itself, and nothing else need go round for it."""


def view(contact: RememberedContact, contacts: Iterable[RememberedContact], *, person: str, upto: int) -> View:
    """
    See *contact* together with the person's other *contacts* (in the order of events) at or before it.

    Of what happened later only the standing facts and the consents are seen. Nothing is seen that arrived after
    *upto*, a place in the order of arrival, so that looking again when more is known shows the same.
    """
    known = [one for one in contacts if one.recorded <= upto and one.contact_id != contact.contact_id]
    seen = [one for one in known if one.occurred_at <= contact.occurred_at]
    seen.append(contact)  # a contact's own word is the last word
    identity = _identity(seen)
    later = [one for one in known if one.occurred_at > contact.occurred_at]
    facts, observed = _facts(seen, later, identity)
    facts.update(counts(contact, seen))
    return View(
        person=person,
        # A record that replaced another, or was parted from one, says nothing of how its partner knows the person.
        references={
            one.source: one.reference for one in seen if one.reference and (one is contact or not one.declared_links)
        },
        facts=facts,
        observed=observed,
        consents=_consents([*seen, *later]),
        identity=identity,
        formerly=_formerly((*known, contact), person),
    )


def _formerly(contacts: Iterable[RememberedContact], person: str) -> tuple[str, ...]:
    """
    The other keys that the person's contacts once gave: those of the persons who turned out to be this one.

    A key goes with the contact that gave it. So who is parted again takes theirs along, and leaves the other's.
    """
    given = [one for one in contacts if one.gave_key and one.gave_key != person]
    newest = sorted(given, key=lambda one: one.recorded)[-_MOST_KEYS:]
    return tuple(sorted(one.gave_key for one in newest))


def _facts(
    seen: Sequence[RememberedContact], later: Iterable[RememberedContact], identity: Identity
) -> tuple[Facts, dict[str, date]]:
    contact = seen[-1]
    facts: Facts = {}
    said_by: dict[str, RememberedContact] = {}
    registered: dict[str, Any] = {}
    for one in seen:
        for path, value in one.facts.items():
            if path in _CARRIED or (one is contact and path not in _SAID_BY_US):
                facts[path] = value
                said_by[path] = one
        if _BY_CODE in one.facts:
            registered |= {record.get("code", ""): record for record in one.facts[_BY_CODE]}
    if registered:
        facts[_BY_CODE] = [registered[code] for code in sorted(registered)]
    for one in later:
        for path, value in one.facts.items():
            if path in _STANDING:
                facts[path] = value
                said_by[path] = one
    observed = {path: london_day(one.occurred_at) for path, one in said_by.items() if one is not contact}
    _set_age(facts, observed, identity, london_day(contact.occurred_at))
    return facts, observed


def _set_age(facts: Facts, observed: dict[str, date], identity: Identity, day: date) -> None:
    """Put the age on the day of the event. A date of birth that can be right outweighs any age that was stated."""
    born = age_from_birth(identity.date_of_birth, day) if identity.date_of_birth else None
    if born is not None:
        facts[_AGE] = born
        observed.pop(_AGE, None)
    elif _AGE in observed:
        age = age_from_statement(facts.pop(_AGE), observed[_AGE], day)
        if age is None:
            del observed[_AGE]
        else:
            facts[_AGE] = age


def _consents(seen: Sequence[RememberedContact]) -> tuple[Consent, ...]:
    """The last word on each purpose and recipient. Of two said at one moment a refusal counts."""
    if not any(one.consents for one in seen):
        return ()
    last: dict[tuple[str, str], Consent] = {}
    for consent in sorted((c for one in seen for c in one.consents), key=lambda c: (c.said_at, not c.given)):
        last[consent.purpose, consent.recipient or ""] = consent
    return tuple(last[purpose] for purpose in sorted(last))


def _identity(seen: Sequence[RememberedContact]) -> Identity:
    """What is known of who they are: the newest of each field, and every identifier."""
    identities = [one.identity for one in seen if one.identity is not NOBODY]
    if not identities:
        return NOBODY
    if all(one is identities[0] or one == identities[0] for one in identities):
        return identities[0]
    newest: dict[str, Any] = {}
    identifiers: dict[Identifier, None] = {}
    for one in identities:
        if one.address or one.postcode:
            # They are one thing: a new address never keeps the postcode of the old one.
            newest |= {"address": one.address, "postcode": one.postcode}
        newest |= {name: value for name in IDENTITY_FIELDS if (value := getattr(one, name))}
        identifiers |= dict.fromkeys(one.identifiers)
    return Identity(**newest, identifiers=in_order(identifiers))
