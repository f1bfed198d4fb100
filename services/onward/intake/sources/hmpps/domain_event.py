"""The envelope of an HMPPS domain event, and the contact that is made of one."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from onward.contracts.contact import Contact, Identity, Link, StandingEntry
from onward.contracts.identifiers import Identifier, IdentifierType
from onward.contracts.outcome import Ignored, Parked
from onward.intake.domain.checks import listed_numbers, unchecked_numbers
from onward.intake.domain.contact import contact
from onward.intake.domain.partner_message import PartnerMessage, content_event_id, happened_at
from onward.intake.domain.parts import PersonReference
from onward.intake.domain.person import contradicting, identifiers_of
from onward.intake.domain.shapes import AnyObject, Shape, Text, When

Made = Contact | Ignored | Parked


class DomainEvent(Shape):
    """The envelope of an HMPPS domain event."""

    event_type: Text
    occurred_at: When
    additional_information: AnyObject = Field(default_factory=dict)
    person_reference: PersonReference | None = None

    def said(self, *names: str) -> str:
        """The first of these fields of `additionalInformation` that says something, as text; blank without one."""
        for name in names:
            value = self.additional_information.get(name)
            if isinstance(value, float) and value.is_integer():
                value = int(value)
            if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
                return str(value).strip()
        return ""


def identifiers_in(event: DomainEvent) -> tuple[Identifier, ...]:
    """The numbers of whom it is about, those that check."""
    listed = (event.person_reference.identifiers if event.person_reference else None) or ()
    named: dict[IdentifierType, object] = {
        "NOMS": event.said("nomsNumber", "prisonerNumber", "nomsId", "offenderNo"),
        "CRN": event.said("crn"),
    }
    return identifiers_of(listed, named)


def contact_of(
    message: PartnerMessage,
    event: DomainEvent,
    type: str,  # noqa: A002 - the contact's own field
    facts: Mapping[str, Any],
    *,
    links: tuple[Link, ...] = (),
    entries: tuple[StandingEntry, ...] = (),
    withdrawn: tuple[str, ...] = (),
) -> Contact | Parked:
    """The contact that *event* is, or that it says nobody whom it is about."""
    identifiers = identifiers_in(event)
    listed = listed_numbers(message.body, ("personReference", "identifiers"))
    message = message.without(dict.fromkeys(unchecked_numbers(listed), "does_not_check"))
    if not identifiers:
        return message.parked("no_identifier", ("personReference",), "no identifier of the person that checks")
    if kind := contradicting(identifiers):
        path = ("personReference", "identifiers")
        return message.parked("identifier_conflict", path, f"two different {kind} for one person")
    return contact(
        message,
        type,
        occurred_at=happened_at(event.occurred_at, message.received_at),
        reference=identifiers[0].value,
        identity=Identity(identifiers=identifiers),
        facts=facts,
        named=content_event_id(message.body),
        links=links,
        entries=entries,
        withdrawn=withdrawn,
    )
