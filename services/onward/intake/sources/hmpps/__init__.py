"""HMPPS domain events: prisons, probation, accommodation for people on probation.

The envelope is theirs (`eventType`, `occurredAt`, `additionalInformation`, `personReference`); `version` and anything
undocumented is ignored. The event id is always the content: these events have none, and the same one comes bare and in
SNS. `prisoner-offender-search` movements are superseded by `prison-offender-events`, which come 45 minutes later, once
it is clear that they were not reversed; HMPPS tells those who act on a movement to use the latter.
"""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import Field, WithJsonSchema

from onward.calendar.times import london_day, read_moment
from onward.contracts.contact import Link, StandingEntry
from onward.contracts.identifiers import Identifier, IdentifierType, read_identifier
from onward.contracts.outcome import Ignored
from onward.diagnostics.spelling import spelled
from onward.intake.domain.catalogue import Event, catalogue, read_event
from onward.intake.domain.partner_message import PartnerMessage, Read, happened_at
from onward.intake.domain.parts import PersonReference
from onward.intake.domain.shapes import AnyObject, coded
from onward.intake.domain.vocabulary import table
from onward.intake.sources.hmpps.domain_event import DomainEvent, Made, contact_of, identifiers_in
from onward.intake.sources.hmpps.gate import no_longer_restricted, received, released, restricted_patient
from onward.intake.sources.hmpps.irrelevant import IRRELEVANT

SOURCE = "hmpps"
MAKES = (
    "accommodation.arrived",
    "accommodation.booked",
    "accommodation.booking-cancelled",
    "accommodation.departed",
    "accommodation.not-arrived",
    "housing.duty-to-refer-updated",
    "person.erased",
    "person.linked",
    "person.merged",
    "person.record-removed",
    "person.unmerged",
    "prison.booking-deleted",
    "prison.booking-moved",
    "prison.movement",
    "probation.engagement-created",
    "probation.registration-added",
    "probation.registration-ended",
    "probation.registration-updated",
)

SUPERSEDED: Final = Ignored("superseded_by_prison_offender_events")
SAID_ELSEWHERE: Final = Ignored("said_elsewhere")
"""The event only says that something changed, and gives an address to ask what."""
LINKS_NOTHING: Final = Ignored("links_nothing")
"""One number of a person, where two would be a link. Public messages of probation come so."""

_REGISTERS = frozenset({"MAPP", "RCCO", "RCPR", "RVAD", "AVIS", "WEAP", "RLRH", "RMRH", "RHRH", "RVHR", "STRG", "WRSM"})
_STREET_GANGS: Final = "STRG"
_GANG_AFFECTED: Final = "person.gang_affected"
_DUTY_TO_REFER = table(("none", "submitted", "accepted", "not_accepted", "withdrawn"), {})
_SAID: Final[Mapping[str, Any]] = {"type": ["string", "integer"], "pattern": "\\S"}
"""What `DomainEvent.said` takes for something, as the published schema has it."""


class RegistrationEvent(DomainEvent):
    """A registration: its register must be named."""

    additional_information: Annotated[
        AnyObject,
        WithJsonSchema({"type": "object", "required": ["registerTypeCode"], "properties": {"registerTypeCode": _SAID}}),
    ] = Field(default=...)


class DutyToReferEvent(DomainEvent):
    """Where a homelessness referral stands; without a status it only says where to ask."""

    additional_information: Annotated[
        AnyObject,
        WithJsonSchema(
            {"type": "object", "properties": {"status": {"if": _SAID, "then": coded(_DUTY_TO_REFER).marks()}}}
        ),
    ] = Field(default_factory=dict)


def read(message: PartnerMessage) -> Read:
    """One contact, or why there is none."""
    return read_event(message, CATALOGUE)


def _superseded(_message: PartnerMessage, _event: DomainEvent) -> Made:
    return SUPERSEDED


def _linking(
    kind: str,
    kept: tuple[IdentifierType, str],
    other: tuple[IdentifierType, str],
    type: str,  # noqa: A002
) -> Callable[[PartnerMessage, DomainEvent], Made]:
    """Reads the two records of a merge, or of one taken apart, from `additionalInformation`."""

    def make(message: PartnerMessage, event: DomainEvent) -> Made:
        records: list[Identifier] = []
        for identifier_type, field in (kept, other):
            identifier = read_identifier(identifier_type, event.said(field))
            if identifier is None:
                path = ("additionalInformation", field)
                return message.parked("no_identifier", path, f"expected a {identifier_type} that checks")
            records.append(identifier)
        if records[0] == records[1]:
            path = ("additionalInformation", other[1])
            return message.parked("identifier_conflict", path, "one record merged with itself")
        link = Link.model_validate({"kind": kind, "kept": records[0], "other": records[1]})
        named = event.model_copy(update={"person_reference": _about(records[0])})
        facts = {"event.movement": "merged"} if kind == "merged" else {}
        return contact_of(message, named, type, facts, links=(link,))

    return make


def _about(identifier: Identifier) -> PersonReference:
    """The record that remains is the person; the other travels in the link alone, so that it can be parted again."""
    return PersonReference.model_validate({"identifiers": [identifier.model_dump()]})


def _linked(message: PartnerMessage, event: DomainEvent) -> Made:
    """Probation and prison say that two of their numbers are one person."""
    found = {identifier.type: identifier for identifier in identifiers_in(event)}
    if len(found) == 1:
        return LINKS_NOTHING
    if "NOMS" not in found or "CRN" not in found:
        return message.parked("no_identifier", ("personReference", "identifiers"), "expected a CRN and a NOMS number")
    link = Link(kind="same", kept=found["NOMS"], other=found["CRN"])
    return contact_of(message, event, "person.linked", {}, links=(link,))


_Stage = Literal["made", "changed", "ended"]
_REGISTERED_AS: Final[Mapping[_Stage, str]] = {"made": "added", "changed": "updated", "ended": "ended"}


def _registration(stage: _Stage, *, active: bool) -> Callable[[PartnerMessage, DomainEvent], Made]:
    def make(message: PartnerMessage, event: DomainEvent) -> Made:
        code = event.said("registerTypeCode").upper()
        if not code:
            path = ("additionalInformation", "registerTypeCode")
            return message.parked("schema", path, "expected the code of the register")
        register = code if code in _REGISTERS else "OTHER"
        # A deregistration that comes in the course of things has an id of its own, and not that of what it ends.
        entry = StandingEntry(kind="registration", code=register, named=event.said("registrationId"), stage=stage)
        facts: dict[str, Any] = {"registrations": [{"code": register, "active": active}]}
        if register == _STREET_GANGS and active:
            facts[_GANG_AFFECTED] = True
        withdrawn = (_GANG_AFFECTED,) if register == _STREET_GANGS and not active else ()
        type_ = f"probation.registration-{_REGISTERED_AS[stage]}"
        return contact_of(message, event, type_, facts, entries=(entry,), withdrawn=withdrawn)

    return make


def _housed(
    type: str,  # noqa: A002
    facts: Mapping[str, Any],
    place: str,
    stage: _Stage,
) -> Callable[[PartnerMessage, DomainEvent], Made]:
    """What becomes of one booking of a place."""

    def make(message: PartnerMessage, event: DomainEvent) -> Made:
        named = event.said("bookingId", "applicationId")
        entry = StandingEntry(kind="booking", code=place, named=named, stage=stage)
        return contact_of(message, event, type, facts, entries=(entry,))

    return make


def _departed(message: PartnerMessage, event: DomainEvent) -> Made:
    """Left the place that was arrived at: where the person lives now nobody has said."""
    return contact_of(message, event, "accommodation.departed", {}, withdrawn=("accommodation.current",))


def _booking_moved(message: PartnerMessage, event: DomainEvent) -> Made:
    """A prison booking that was opened under the wrong number: what it said was said of the other one."""
    numbers: list[Identifier] = []
    for field in ("movedToNomsNumber", "movedFromNomsNumber"):
        number = read_identifier("NOMS", event.said(field))
        if number is None:
            return message.parked("no_identifier", ("additionalInformation", field), "expected a NOMS that checks")
        numbers.append(number)
    kept, other = numbers
    if kept == other:
        path = ("additionalInformation", "movedFromNomsNumber")
        return message.parked("identifier_conflict", path, "one record's booking moved to itself")
    link = Link(kind="moved", kept=kept, other=other, since=read_moment(event.said("bookingStartDateTime")))
    named = event.model_copy(update={"person_reference": _about(kept)})
    return contact_of(message, named, "prison.booking-moved", {}, links=(link,))


def _gone(type: str, *withdrawn: str) -> Callable[[PartnerMessage, DomainEvent], Made]:  # noqa: A002
    """The record, or a booking that never should have been, is no longer there, and nobody says what it said."""
    return lambda message, event: contact_of(message, event, type, {}, withdrawn=withdrawn)


def _duty_to_refer(message: PartnerMessage, event: DomainEvent) -> Made:
    """Where a homelessness referral that probation made stands. The service that made it may send no more than that."""
    if not event.said("status"):
        return SAID_ELSEWHERE
    status = _DUTY_TO_REFER.get(spelled(event.said("status")))
    if status is None:
        path = ("additionalInformation", "status")
        return message.parked("unknown_code", path, "expected SUBMITTED, ACCEPTED, NOT_ACCEPTED or WITHDRAWN")
    happened = happened_at(event.occurred_at, message.received_at)
    facts = {
        "duty_to_refer.status": status,
        "duty_to_refer.submitted_on": london_day(happened) if status == "submitted" else None,
    }
    return contact_of(message, event, "housing.duty-to-refer-updated", facts)


def _engaged(message: PartnerMessage, event: DomainEvent) -> Made:
    return contact_of(message, event, "probation.engagement-created", {})


_BOOKED: Mapping[str, Any] = {"accommodation.next_arranged": True}
_NOT_BOOKED: Mapping[str, Any] = {"accommodation.next_arranged": False}
_AT_CAS1: Mapping[str, Any] = {**_NOT_BOOKED, "accommodation.current": "cas1"}
_AT_CAS3: Mapping[str, Any] = {**_NOT_BOOKED, "accommodation.current": "cas3"}

_MAKES: Mapping[str, Callable[[PartnerMessage, DomainEvent], Made]] = {
    "prison-offender-events.prisoner.released": released,
    "prison-offender-events.prisoner.received": received,
    "prison-offender-events.prisoner.merged": _linking(
        "merged", ("NOMS", "nomsNumber"), ("NOMS", "removedNomsNumber"), "person.merged"
    ),
    "prisoner-offender-search.prisoner.released": _superseded,
    "prisoner-offender-search.prisoner.received": _superseded,
    "restricted-patients.patient.added": restricted_patient,
    "restricted-patients.patient.removed": no_longer_restricted,
    "probation-case.engagement.created": _engaged,
    "probation-case.prison-identifier.added": _linked,
    "probation-case.prison-identifier.updated": _linked,
    "probation-case.merge.completed": _linking("merged", ("CRN", "targetCRN"), ("CRN", "sourceCRN"), "person.merged"),
    "probation-case.unmerge.completed": _linking(
        "unmerged", ("CRN", "unmergedCRN"), ("CRN", "reactivatedCRN"), "person.unmerged"
    ),
    "probation-case.registration.added": _registration("made", active=True),
    "probation-case.registration.updated": _registration("changed", active=True),
    "probation-case.registration.deregistered": _registration("ended", active=False),
    "probation-case.registration.deleted": _registration("ended", active=False),
    "probation-case.deleted.gdpr": _gone("person.erased"),
    "probation-case.engagement.deleted": _gone("person.record-removed"),
    "prisoner-offender-search.prisoner.removed": _gone("person.record-removed", "custody.status"),
    "prison-offender-events.prisoner.booking.moved": _booking_moved,
    "prison-offender-events.prisoner.booking.deleted": _gone(
        "prison.booking-deleted", "custody.status", "release.planned_on"
    ),
    "approved-premises.booking.made": _housed("accommodation.booked", _BOOKED, "cas1", "made"),
    "approved-premises.booking.cancelled": _housed("accommodation.booking-cancelled", _NOT_BOOKED, "cas1", "ended"),
    "approved-premises.person.arrived": _housed("accommodation.arrived", _AT_CAS1, "cas1", "ended"),
    "approved-premises.person.not-arrived": _housed("accommodation.not-arrived", _NOT_BOOKED, "cas1", "ended"),
    "approved-premises.person.departed": _departed,
    "accommodation.cas3.booking.confirmed": _housed("accommodation.booked", _BOOKED, "cas3", "made"),
    "accommodation.cas3.booking.cancelled": _housed("accommodation.booking-cancelled", _NOT_BOOKED, "cas3", "ended"),
    "accommodation.cas3.person.arrived": _housed("accommodation.arrived", _AT_CAS3, "cas3", "ended"),
    "accommodation.cas3.person.departed": _departed,
    "sas.duty-to-refer.updated": _duty_to_refer,
}


def _event(name: str, make: Callable[[PartnerMessage, DomainEvent], Made]) -> Event[Any]:
    shape = RegistrationEvent if ".registration." in name else DomainEvent
    return Event(name, DutyToReferEvent if make is _duty_to_refer else shape, make)


CATALOGUE = catalogue(*(_event(name, make) for name, make in _MAKES.items()), aside=IRRELEVANT, ours=False)
"""The shapes are HMPPS's own, described in its public catalogue."""
