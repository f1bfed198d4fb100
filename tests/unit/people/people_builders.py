"""Contacts as partners tell them, showing only what matters; and a file that takes them in some order."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from onward.contracts.contact import Consent, Contact, Identity, Link
from onward.contracts.identifiers import Identifier, IdentifierType
from onward.contracts.ids import contact_id
from onward.contracts.outcome import Ignored, Parked
from onward.contracts.situation import Situation
from onward.people.domain import join as domain
from onward.people.domain.changes import ContactChanges, ContactReassigned
from onward.people.domain.join import KnownContacts
from onward.people.domain.remembered import RememberedContact
from onward.people.domain.situations import Draft, situations_for
from onward.people.domain.view import view

PEPPER = b"a pepper for tests, thirty-two bytes or more"
FIRST_DAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


def number(text: str) -> Identifier:
    """`NOMS A1234BC` and the like."""
    kind, _, value = text.partition(" ")
    types: dict[str, IdentifierType] = {
        "NOMS": "NOMS",
        "CRN": "CRN",
        "PNC": "PNC",
        "CRO": "CRO",
        "NHS": "NHS",
        "ASN": "ASN",
    }
    return Identifier(type=types[kind], value=value)


def on_day(day: int, hour: int = 9) -> datetime:
    """The *day*-th day of the story."""
    return FIRST_DAY + timedelta(days=day - 1, hours=hour - 9)


def a_contact(
    event: str,
    *known_by: str,
    day: int = 1,
    at: datetime | None = None,
    source: str = "custody",
    type: str = "custody.detention-authorised",  # noqa: A002 - the contract's own word
    reference: str = "",
    facts: dict[str, Any] | None = None,
    links: tuple[Link, ...] = (),
    consents: tuple[Consent, ...] = (),
    in_reply_to: UUID | None = None,
    received_at: datetime | None = None,
    content: str = "",
    force: str = "",
    **identity: Any,
) -> Contact:
    """A contact named *event*; *known_by* are numbers such as `NOMS A1234BC`."""
    occurred_at = at or on_day(day)
    return Contact(
        contact_id=named(event),
        source=source,
        type=type,
        occurred_at=occurred_at,
        received_at=received_at or occurred_at + timedelta(minutes=1),
        reference=reference,
        in_reply_to=in_reply_to,
        content=content,
        force=force,
        identity=Identity(identifiers=tuple(number(text) for text in known_by), **identity),
        facts=facts or {},
        consents=consents,
        links=links,
    )


def a_screening(event: str, *known_by: str, needs: dict[str, int] | None = None, **more: Any) -> Contact:
    """A liaison and diversion screening that found these needs."""
    facts = {f"needs.{need}": severity for need, severity in (needs or {"accommodation": 3}).items()}
    told: dict[str, Any] = {"source": "liaison", "type": "liaison.screened", **more}
    return a_contact(event, *known_by, **told, facts=facts)


def an_answer(event: str, to: str, *known_by: str, day: int = 2, **more: Any) -> Contact:
    """What custody answers to the question about the contact named *to*."""
    told: dict[str, Any] = {"type": "facts.answered", "in_reply_to": named(to), **more}
    return a_contact(event, *known_by, day=day, **told)


def a_release(event: str, *known_by: str, day: int, **more: Any) -> Contact:
    """A release from prison: who and when, and nothing about needs."""
    facts = {
        "custody.status": "released",
        "release.on": on_day(day).date().isoformat(),
        "event.movement": "released",
    }
    told: dict[str, Any] = {"source": "hmpps", "type": "prison.movement", "facts": facts, **more}
    return a_contact(event, *known_by, day=day, **told)


def a_link(event: str, kind: Any, kept: str, other: str, *, day: int = 1, source: str = "probation") -> Contact:
    """A partner's word that two numbers are one person's, or are not."""
    link = Link(kind=kind, kept=number(kept), other=number(other))
    return a_contact(event, kept, other, day=day, source=source, type=f"record.{kind}", links=(link,))


def named(event: str) -> UUID:
    """The id of the contact named *event*."""
    return contact_id("test", event)


def born(text: str) -> date:
    """A date of birth."""
    return date.fromisoformat(text)


@dataclass(frozen=True, slots=True)
class Reassigned:
    """A contact that is about another person now."""

    contact_id: UUID
    person: str
    was: str
    because: UUID


@dataclass(frozen=True)
class Joined:
    """What one contact changed, and the situations that follow."""

    made: ContactChanges

    @property
    def said(self) -> RememberedContact:
        return self.made.contact

    @property
    def drafts(self) -> tuple[Draft, ...]:
        return situations_for(self.made)

    @property
    def result(self) -> str:
        return self.made.result

    @property
    def rekeyed(self) -> tuple[Reassigned, ...]:
        return tuple(
            Reassigned(change.contact.contact_id, change.contact.person, change.was, change.because)
            for change in self.made.changes
            if isinstance(change, ContactReassigned)
        )


def join(contact: Contact, known: KnownContacts, *, pepper: bytes) -> Joined | Ignored | Parked:
    """What would follow from a contact."""
    made = domain.join(contact, known, pepper=pepper, id_key=pepper)
    return Joined(made) if isinstance(made, ContactChanges) else made


class File:
    """What is remembered of everybody: is told of contacts one by one, as a store would have them joined."""

    def __init__(self, *contacts: Contact) -> None:
        self.said: dict[UUID, RememberedContact] = {}
        self.was: list[tuple[str, str]] = []
        for contact in contacts:
            self.offer(contact)

    def join(self, contact: Contact) -> Joined | Ignored | Parked:
        """What would follow from a contact."""
        recorded = 1 + max((one.recorded for one in self.said.values()), default=0)
        return join(contact, KnownContacts(tuple(self.said.values()), recorded), pepper=PEPPER)

    def offer(self, contact: Contact) -> Joined | Ignored | Parked:
        """Take a contact, or park it."""
        joined = self.join(contact)
        if isinstance(joined, Joined):
            self.said |= {change.contact.contact_id: change.contact for change in joined.made.changes}
            self.was += [(one.was, one.person) for one in joined.rekeyed]
        return joined

    def take(self, contact: Contact) -> Joined:
        """Take a contact that is taken well."""
        joined = self.offer(contact)
        assert isinstance(joined, Joined), joined
        return joined

    def situation(self, contact: Contact) -> Situation:
        """The situation that a contact leads to."""
        return self.take(contact).drafts[0].situation

    def person(self, event: str) -> str:
        """Whom a contact is about."""
        return self.said[named(event)].person

    def together(self) -> set[frozenset[UUID]]:
        """Whose contacts are whose, without the keys."""
        people: dict[str, set[UUID]] = {}
        for one in self.said.values():
            people.setdefault(one.person, set()).add(one.contact_id)
        return {frozenset(contacts) for contacts in people.values()}


def seen_last(file: File) -> dict[frozenset[UUID], dict[str, Any]]:
    """What is known of everybody in the end: the facts seen from a last contact with each."""
    found: dict[frozenset[UUID], dict[str, Any]] = {}
    for group in file.together():
        theirs = [file.said[one] for one in group]
        probe = replace(max(theirs, key=lambda one: one.order), facts={}, consents=())
        situation = view_of(probe, theirs)
        found[group] = situation
    return found


def view_of(probe: RememberedContact, theirs: Iterable[RememberedContact]) -> dict[str, Any]:
    """Facts and consents as seen from just after *probe*."""
    after = replace(probe, contact_id=named("a last look"), occurred_at=probe.occurred_at + timedelta(days=1))
    everything = sorted(theirs, key=lambda one: one.order)
    seen = view(after, everything, person="", upto=max(one.recorded for one in everything))
    return {"facts": seen.facts, "consents": seen.consents, "identity": seen.identity, "references": seen.references}
