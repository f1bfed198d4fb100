"""What HMPPS tells of the prison gate: where a movement leaves somebody, and what of it nobody could understand."""

from collections.abc import Mapping
from typing import Final

from onward.calendar.times import london_day
from onward.contracts.codes import Movement
from onward.intake.domain.movements import Gate, UnknownCode, arrival, departure, unknown_arrival, unknown_departure
from onward.intake.domain.partner_message import PartnerMessage, happened_at
from onward.intake.sources.hmpps.domain_event import DomainEvent, Made, contact_of

_HELD: Final[Mapping[Movement, str]] = {
    "released": "released",
    "absconded": "unlawfully_at_large",
    "hospital": "hospital",
    "court": "in_prison",
    "transfer": "in_prison",
    "temporary_absence": "in_prison",
    "admitted": "in_prison",
    "returned": "in_prison",
}
"""Where a movement leaves the person; after any other one nobody can say."""
_FIELDS: Final[Mapping[str, str]] = {
    "reason": "reason",
    "code": "nomisMovementReasonCode",
    "details": "details",
    "location": "currentLocation",
    "status": "currentPrisonStatus",
}
"""Where each part of a `Gate` stands in `additionalInformation`."""


def _moved(message: PartnerMessage, event: DomainEvent, movement: Movement, *, leaves: bool = False) -> Made:
    """A movement through the prison gate. After one that *leaves* nobody knows where, nobody knows where they are."""
    happened = happened_at(event.occurred_at, message.received_at)
    facts = {
        "event.movement": movement,
        "event.setting": "prison",
        "custody.status": _HELD.get(movement),
        "release.on": london_day(happened) if movement == "released" else None,
        "person.deceased": True if movement == "died" else None,
        "person.deported": True if movement == "deported" else None,
    }
    withdrawn = ("custody.status",) if leaves and movement == "unknown" else ()
    return contact_of(message, event, "prison.movement", facts, withdrawn=withdrawn)


def _gate(event: DomainEvent) -> Gate:
    return Gate(**{part: event.said(field) for part, field in _FIELDS.items()})


def released(message: PartnerMessage, event: DomainEvent) -> Made:
    """What a departure really was; after one that nobody understands nobody knows where the person is."""
    gate = _gate(event)
    return _moved(_named(message, unknown_departure(gate)), event, departure(gate), leaves=True)


def received(message: PartnerMessage, event: DomainEvent) -> Made:
    """What an arrival really was."""
    gate = _gate(event)
    return _moved(_named(message, unknown_arrival(gate)), event, arrival(gate))


def _named(message: PartnerMessage, unknown: UnknownCode | None) -> PartnerMessage:
    """*message*, with what of it nobody understood, so that its sender hears which code that was."""
    if unknown is None:
        return message
    return message.without_code(("additionalInformation", _FIELDS[unknown.field]), unknown.code)


def restricted_patient(message: PartnerMessage, event: DomainEvent) -> Made:
    """In a secure hospital, still serving the sentence."""
    return _moved(message, event, "hospital")


def no_longer_restricted(message: PartnerMessage, event: DomainEvent) -> Made:
    """Back to prison, discharged or dead: the event does not say, so nobody may act on it as a release."""
    return _moved(message, event, "unknown", leaves=True)
