"""Probation's own feed: requirements made, releases planned, accommodation, needs assessed. The shape is ours."""

from typing import Annotated

from pydantic import AliasChoices, Field

from onward.contracts.contact import Contact
from onward.contracts.outcome import Parked
from onward.intake.domain.catalogue import Event, catalogue, read_event
from onward.intake.domain.contact import build
from onward.intake.domain.partner_message import PartnerMessage, Read
from onward.intake.domain.parts import AccommodationIn, Homelessness, PartnerEvent, ProbationHousing, SubstanceUse
from onward.intake.domain.shapes import Day, Needed, coded
from onward.intake.domain.vocabulary import table

SOURCE = "probation"
MAKES = (
    "probation.accommodation-changed",
    "probation.needs-assessed",
    "probation.release-planned",
    "probation.requirement-made",
)

_ORDERS = table(
    ("drug_rehabilitation", "alcohol_treatment", "mental_health_treatment"),
    {
        "DRR": "drug_rehabilitation",
        "drug rehabilitation requirement": "drug_rehabilitation",
        "ATR": "alcohol_treatment",
        "alcohol treatment requirement": "alcohol_treatment",
        "MHTR": "mental_health_treatment",
        "mental health treatment requirement": "mental_health_treatment",
    },
)


class ProbationEvent(PartnerEvent, SubstanceUse, Homelessness, ProbationHousing):
    """What every event of probation may say."""


class RequirementMade(ProbationEvent):
    """A court made a treatment requirement; probation has it on its case."""

    requirement: Needed[Annotated[str, coded(_ORDERS)]] = None


class ReleasePlanned(ProbationEvent):
    """The day somebody in prison is due out, with what is known of where they will live."""

    planned_on: Needed[Day] = Field(default=None, validation_alias=AliasChoices("plannedOn", "plannedReleaseDate"))


class AccommodationChanged(ProbationEvent):
    """Where a person on probation lives, or will, has changed."""

    accommodation: Needed[AccommodationIn] = None


def _ordered(message: PartnerMessage, event: RequirementMade) -> Contact | Parked:
    return build(message, event, "probation.requirement-made", {"event.order": event.requirement})


def _planned(message: PartnerMessage, event: ReleasePlanned) -> Contact | Parked:
    facts = {"release.planned_on": event.planned_on, "custody.status": "in_prison"}
    return build(message, event, "probation.release-planned", facts)


def _housed(message: PartnerMessage, event: AccommodationChanged) -> Contact | Parked:
    return build(message, event, "probation.accommodation-changed", {})


def _assessed(message: PartnerMessage, event: ProbationEvent) -> Contact | Parked:
    return build(message, event, "probation.needs-assessed", {})


CATALOGUE = catalogue(
    Event("probation.requirement.made", RequirementMade, _ordered),
    Event("probation.release.planned", ReleasePlanned, _planned),
    Event("probation.accommodation.changed", AccommodationChanged, _housed),
    Event("probation.needs.assessed", ProbationEvent, _assessed),
    aside={
        "probation.appointment.recorded",
        "probation.breach.recorded",
        "probation.contact.recorded",
        "probation.officer.allocated",
    },
)


def read(message: PartnerMessage) -> Read:
    """One contact, or why there is none."""
    return read_event(message, CATALOGUE)
