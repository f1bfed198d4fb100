"""From a checked shape to a contact: identity, facts, consents."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from onward.contracts.arrangements import Arrangements
from onward.contracts.contact import Consent, Contact, Identity, Link
from onward.contracts.facts import Facts
from onward.contracts.ids import contact_id
from onward.contracts.outcome import Parked
from onward.intake.domain.arrangement_parts import arrangements_of
from onward.intake.domain.consent import consent_facts, consents_of
from onward.intake.domain.equality import equality_facts
from onward.intake.domain.facts import circumstances, clock_facts, needs_facts
from onward.intake.domain.partner_message import PartnerMessage, content_of, event_id, happened_at
from onward.intake.domain.parts import PartnerEvent
from onward.intake.domain.person import contradicting, identity_of, location_of, person_facts, person_identifiers


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

    *reference* is the partner's own for the person when the event gives none by that name. Parked as
    `identifier_conflict` when one person has two numbers of a kind, as `no_identifier` when nothing names the person or
    case.
    """
    identifiers = person_identifiers(event.person, event.person_reference)
    if kind := contradicting(identifiers):
        return message.parked("identifier_conflict", ("person", "identifiers"), f"two different {kind} for one person")
    reference = event.reference or reference or (identifiers[0].value if identifiers else None)
    if reference is None:
        return message.parked("no_identifier", ("reference",), "give a reference, or an identifier that checks")
    occurred_at = happened_at(event.occurred_at, message.received_at)
    consents = consents_of(event.consent, occurred_at)
    known = {
        **person_facts(event.person),
        **equality_facts(event.person),
        **needs_facts(event),
        **circumstances(event),
        **clock_facts(event, occurred_at),
        **consent_facts(consents),
        **facts,
    }
    return contact(
        message,
        type,
        occurred_at=occurred_at,
        reference=reference,
        identity=identity_of(event.person, identifiers, _arrangements(event)),
        facts=known,
        consents=consents,
        links=links,
        named=event_id(message),
        content=content_of(message),
    )


def _arrangements(event: PartnerEvent) -> Arrangements | None:
    """How the person can be reached and met; an incident's number is what whoever raised it knows it by."""
    incident: str | None = getattr(event, "incident_no", None)
    return arrangements_of(event.person, event.raised_by, location_of(event.location), incident)


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
    consents: tuple[Consent, ...] = (),
    links: tuple[Link, ...] = (),
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
        content=content,
        identity=identity,
        facts={**known, "event.source": message.source, "event.type": type},
        consents=consents,
        links=links,
    )
