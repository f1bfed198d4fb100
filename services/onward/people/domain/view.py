"""
What was known of a person when something happened: a contact, seen together with those at or before it.

A few facts stand whatever the day (`Fact.standing`): of those the newest word counts, even of a later event. What
stands falls when it is taken back, or when the person is met and cannot be what was said (`contradicted`).
"""

from bisect import bisect_right, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from onward.calendar.times import london_day
from onward.contracts.arrangements import known_fields
from onward.contracts.contact import Consent, Identity
from onward.contracts.facts import Facts
from onward.contracts.identifiers import STRENGTH, Identifier
from onward.contracts.situation import PastStatement
from onward.people.domain.age import age_from_birth, age_from_statement
from onward.people.domain.arrangements import with_arrangements
from onward.people.domain.contradicted import (
    AFTER_DEATH,
    AFTER_REMOVAL,
    DECEASED,
    DEPORTED,
    Fallen,
    death,
    removal,
)
from onward.people.domain.counts import counts, needs_found
from onward.people.domain.folds import NONE, Folds
from onward.people.domain.known_facts import Episodes, KnownFacts, known_facts
from onward.people.domain.remembered import NOBODY, RememberedContact, in_order

_MOST_KEYS = 32
"""Far more records than anybody's are merged of; the newest are kept."""
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
    said_by: dict[str, str]
    consents: tuple[Consent, ...]
    identity: Identity
    disputed: dict[str, PastStatement]
    history: dict[str, PastStatement] = field(compare=False)
    """Not compared: it decides nothing, so that nothing need go round for it."""
    formerly: tuple[str, ...] = field(compare=False)
    """Not compared: the contact that joins two persons brings it itself, and nothing else need go round for it."""


def view(
    contact: RememberedContact, contacts: Iterable[RememberedContact], *, person: str, upto: int, folds: Folds = NONE
) -> View:
    """
    See *contact* together with the person's other *contacts* (in the order of events) at or before it.

    Of what happened later only the standing facts and the consents are seen. Nothing is seen that arrived after
    *upto*, a place in the order of arrival, so that looking again when more is known shows the same.
    """
    known, seen = _seen_from(contact, contacts, upto=upto, folds=folds, whose=person)
    return View(
        person=person,
        # A record that replaced another, or was parted from one, says nothing of how its partner knows the person.
        references={
            one.source: one.reference
            for one in seen.contacts
            if one.reference and (one is contact or not one.declared_links)
        },
        facts=seen.facts.facts,
        observed=seen.facts.observed,
        said_by=seen.facts.said_by,
        history=seen.facts.history,
        disputed=seen.facts.disputed,
        consents=seen.consents,
        identity=with_arrangements(_identity(seen.contacts), seen.contacts),
        formerly=_formerly((*known, contact), person),
    )


def facts_and_consents(
    contact: RememberedContact,
    contacts: Iterable[RememberedContact],
    *,
    upto: int,
    folds: Folds = NONE,
    whose: str = "",
) -> tuple[Facts, tuple[Consent, ...]]:
    """As `view`, of what decides alone; the contacts are *whose* in *folds*."""
    _, seen = _seen_from(contact, contacts, upto=upto, folds=folds, whose=whose)
    return seen.facts.facts, seen.consents


@dataclass(frozen=True, slots=True)
class _Seen:
    """What is known at a contact."""

    contacts: Sequence[RememberedContact]
    """Those at or before it that count, its own last."""
    facts: KnownFacts
    consents: tuple[Consent, ...]


def _seen_from(
    contact: RememberedContact, contacts: Iterable[RememberedContact], *, upto: int, folds: Folds, whose: str
) -> tuple[Sequence[RememberedContact], _Seen]:
    """The person's other contacts that had arrived, and what is known with them."""
    number = contact.contact_id.int
    known = [one for one in contacts if one.recorded <= upto and one.contact_id.int != number]
    everything = known.copy()
    insort(everything, contact, key=lambda one: one.order)
    dead, removed = death(everything), removal(everything)
    counting = known if dead is None else _of_the_living(known, contact, dead)
    seen = counting[: bisect_right(counting, contact.occurred_at, key=lambda one: one.occurred_at)]
    seen.append(contact)  # a contact's own word is the last word
    later = counting[bisect_right(counting, contact.order[:2], key=lambda one: one.order[:2]) :]
    episodes = Episodes(seen)
    known_now = known_facts(seen, later, episodes, folds, whose)
    _set_age(known_now, _born(seen), london_day(contact.occurred_at))
    known_now.facts.update(counts(contact, seen) | needs_found(known_now.facts))
    if dead is not None:
        known_now.forget(DECEASED)
        if dead.is_shown_by(contact):
            known_now.facts[AFTER_DEATH] = True
    if removed is not None:
        known_now.say(DEPORTED, False, by=removed.met)
        if removed.is_shown_by(contact):
            known_now.facts[AFTER_REMOVAL] = True
    return known, _Seen(seen, known_now, _consents([*seen, *later], episodes))


def _of_the_living(known: list[RememberedContact], contact: RememberedContact, dead: Fallen) -> list[RememberedContact]:
    """
    What counts beside a contact with somebody who is said to have died and was met since.

    They are alive, or somebody else: after the death only what was said after it, lest a stranger be told of, or
    referred on, what was said of the dead.
    """
    if contact.contact_id == dead.said.contact_id or contact.occurred_at < dead.said.occurred_at:
        return known
    return [one for one in known if one.occurred_at >= dead.said.occurred_at and one is not dead.said]


def _formerly(contacts: Iterable[RememberedContact], person: str) -> tuple[str, ...]:
    """
    The other keys that the person's contacts once gave: those of the persons who turned out to be this one.

    A key goes with the contact that gave it. So who is parted again takes theirs along, and leaves the other's.
    """
    given = [one for one in contacts if one.gave_key and one.gave_key != person]
    newest = sorted(given, key=lambda one: one.recorded)[-_MOST_KEYS:]
    return tuple(sorted(one.gave_key for one in newest))


def _set_age(known: KnownFacts, date_of_birth: date | None, day: date) -> None:
    """Put the age on the day of the event. A date of birth that can be right outweighs any age that was stated."""
    facts, observed = known.facts, known.observed
    born = age_from_birth(date_of_birth, day) if date_of_birth else None
    age = born
    if born is None and _AGE in observed:
        age = age_from_statement(facts.pop(_AGE), observed[_AGE], day)
    if age is not None:
        facts[_AGE] = age
    if born is not None or age is None:
        observed.pop(_AGE, None)
        known.said_by.pop(_AGE, None)


def _consents(seen: Sequence[RememberedContact], episodes: Episodes) -> tuple[Consent, ...]:
    """The last word on each purpose and recipient that still counts. Of two said at one moment a refusal counts."""
    said = [(one, consent) for one in seen for consent in one.consents]
    if not said:
        return ()
    last: dict[tuple[str, str], tuple[RememberedContact, Consent]] = {}
    for one, consent in sorted(said, key=lambda pair: (pair[1].said_at, not pair[1].given)):
        last[consent.purpose, consent.recipient or ""] = one, consent
    counting = {purpose: consent for purpose, (one, consent) in last.items() if episodes.permits(one, consent)}
    return tuple(counting[purpose] for purpose in sorted(counting))


def _born(seen: Sequence[RememberedContact]) -> date | None:
    return next((born for one in reversed(seen) if (born := one.identity.date_of_birth)), None)


def _identity(seen: Sequence[RememberedContact]) -> Identity:
    """What is known of who they are: the newest of each field, and every identifier."""
    # Each told last where it stands last: of one that was told twice the second time counts.
    told = {id(one.identity): one.identity for one in reversed(seen) if one.identity is not NOBODY}
    identities = list(told.values())[::-1]
    if not identities:
        return NOBODY
    if all(one == identities[0] for one in identities):
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


def known_identity_fields(identity: Identity) -> tuple[str, ...]:
    """The names of what is known of who somebody is, as profiles have them: `phone`, `identifiers.NHS`."""
    named = [name for name in (*IDENTITY_FIELDS, "address", "postcode") if getattr(identity, name)]
    kinds = {identifier.type for identifier in identity.identifiers}
    numbers = (f"identifiers.{kind}" for kind in STRENGTH if kind in kinds)
    return (*named, *numbers, *known_fields(identity.arrangements))
