"""From a checked shape to a contact: identity, facts, consents."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from onward.calendar.times import london_day
from onward.contracts.arrangements import Arrangements
from onward.contracts.contact import Consent, Contact, Identity, Link, StandingEntry
from onward.contracts.facts import FACTS, Facts
from onward.contracts.identifiers import IdentifierType
from onward.contracts.ids import contact_id
from onward.contracts.outcome import Parked
from onward.diagnostics.plain_text import plain_values
from onward.intake.domain.arrangement_parts import arrangements_of
from onward.intake.domain.checks import unchecked
from onward.intake.domain.consent import child_agreement, consent_facts, consents_of
from onward.intake.domain.danger import must_be_gone_to
from onward.intake.domain.equality import equality_facts
from onward.intake.domain.facts import circumstances, clock_facts, needs_facts
from onward.intake.domain.organisation import force_named
from onward.intake.domain.partner_message import (
    NO_IDENTIFIER,
    PartnerMessage,
    content_of,
    event_id,
    event_id_told,
    happened_at,
)
from onward.intake.domain.parts import PartnerEvent, PersonIn
from onward.intake.domain.person import (
    contradicting,
    identity_of,
    location_of,
    person_facts,
    person_identifiers,
    was_born,
)

_LONGEST: Final = 200
"""Characters of a reference."""
_CONSENTS: Final = tuple(sorted(path for path in FACTS if path.startswith("consent.")))
"""Taken back by a word on consent of which nothing can be read: it may have been a no, and is never a yes."""


def build(
    message: PartnerMessage,
    event: PartnerEvent,
    type: str,  # noqa: A002 - the contact's own field
    facts: Mapping[str, Any],
    *,
    reference: str | None = None,
    links: tuple[Link, ...] = (),
) -> Contact | Parked:
    """
    The contact for *event*, with *facts* beside those of its common parts; a fact of None is not known.

    *reference* is the partner's own for the person when the event gives none by that name. Of two numbers of a kind
    where one person has one neither is believed. A consent of which nothing can be read leaves none standing. Parked
    as `no_identifier`, or `identifier_conflict`, when nothing names or describes the person or case, and no life is
    said to be at risk.
    """
    occurred_at = happened_at(event.occurred_at, message.received_at)
    message = message.without(unchecked(event, message.body))
    found = person_identifiers(event.person, event.person_reference)
    conflict = contradicting(found)
    identifiers = tuple(one for one in found if one.type != conflict)
    person, message = _born(message, event.person, london_day(occurred_at))
    identity = identity_of(person, identifiers)
    reference = event.reference or reference or (identifiers[0].value if identifiers else None)
    if reference is None and identity == Identity() and not must_be_gone_to(facts, circumstances(event)):
        return _about_nobody(message, conflict)
    if conflict:
        message = message.without({("person", "identifiers"): "identifier_conflict"})
    if reference is None:
        # Somebody who is only described, or in danger and not even that, has nothing that a later message could name
        # them by: one event, one person.
        message = message.without({("reference",): NO_IDENTIFIER})
        reference = f"event {_own_name(message)}"
    consents = consents_of(event.consent, occurred_at)
    known = {
        **person_facts(person),
        **equality_facts(person),
        **needs_facts(event, all_read=not message.lacks("needs") and not message.lacks("notAsked")),
        **_told(circumstances(event)),
        **clock_facts(event, occurred_at, limit_told=not message.lacks("custodyLimitHours")),
        **consent_facts(consents),
        **child_agreement(event.consent, _age(person, london_day(occurred_at))),
        "event.suspected": event.suspected,
        **facts,
    }
    return contact(
        message,
        type,
        occurred_at=occurred_at,
        reference=reference,
        force=force_named(event.force),
        identity=identity.model_copy(update={"arrangements": _arrangements(event, person, known)}),
        facts=known,
        consents=consents,
        links=links,
        withdrawn=_CONSENTS if not consents and message.lacks("consent") else (),
        named=event_id(message),
        content=content_of(message),
    )


def _arrangements(event: PartnerEvent, person: PersonIn, facts: Facts) -> Arrangements | None:
    """
    How the person can be reached and met; an incident's number is what whoever raised it knows it by.

    The number of a custody record tells that somebody was arrested: only where life is at risk is it said for them to
    be found by.
    """
    incident: str | None = getattr(event, "incident_no", None)
    if incident is None and must_be_gone_to(facts):
        incident = getattr(event, "custody_record_no", None)
    return arrangements_of(person, event.raised_by, location_of(event.location), incident, person.phone)


def _born(message: PartnerMessage, person: PersonIn, today: date) -> tuple[PersonIn, PartnerMessage]:
    """*person* without a day of birth that is none, as *message* then tells it; an age that was given counts."""
    if person.date_of_birth is None or was_born(person.date_of_birth, today):
        return person, message
    left = message.without({("person", "dateOfBirth"): "default_date"})
    return person.model_copy(update={"date_of_birth": None}), left


def _age(person: PersonIn, today: date) -> int | None:
    born = person.date_of_birth
    if born is None:
        return person.age
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _own_name(message: PartnerMessage) -> str:
    named = event_id(message)
    return named if len(named) <= _LONGEST else content_of(message)


def _about_nobody(message: PartnerMessage, conflict: IdentifierType | None) -> Parked:
    if conflict:
        path = ("person", "identifiers")
        return message.parked("identifier_conflict", path, f"two different {conflict} for one person, and nothing else")
    return message.parked(NO_IDENTIFIER, ("reference",), "give a reference, or an identifier that checks")


def _told(facts: Facts) -> Facts:
    return {path: value for path, value in facts.items() if value is not None}


def contact(
    message: PartnerMessage,
    type: str,  # noqa: A002 - the contact's own field
    *,
    occurred_at: datetime,
    reference: str,
    identity: Identity,
    facts: Mapping[str, Any],
    named: str,
    part: str = "",
    content: str = "",
    force: str = "",
    consents: tuple[Consent, ...] = (),
    links: tuple[Link, ...] = (),
    entries: tuple[StandingEntry, ...] = (),
    withdrawn: tuple[str, ...] = (),
) -> Contact:
    """
    A contact whose id follows from the partner, *named* (the event) and *part* (the person in it).

    *content* is a digest of what was written, needed where *named* does not follow from that itself.
    """
    known: Facts = {path: value for path, value in facts.items() if value is not None}
    return Contact(
        contact_id=contact_id(message.source, named, part),
        source=message.source,
        type=type,
        occurred_at=occurred_at,
        received_at=message.received_at,
        reference=reference,
        force=force,
        content=content,
        identity=_steering_nobody(identity),
        facts={**known, "event.source": message.source, "event.type": type},
        consents=consents,
        entries=entries,
        withdrawn=withdrawn,
        links=links,
        left_out=message.left_out,
        event_id=event_id_told(message),
    )


def _steering_nobody(identity: Identity) -> Identity:
    """
    *identity* without what is not seen: people read it, and it must not steer what they read it with.

    Codes and moments are read as they were written; what stands where nothing is left is not known.
    """
    text = identity.model_dump_json()
    if text.isprintable() and "\\" not in text:
        return identity
    told = plain_values(identity.model_dump(mode="json"))
    return Identity.model_validate({field: value for field, value in told.items() if value != ""})
