"""Liaison and diversion: screened, assessed, declined. The shape is ours.

A need that is not mentioned is not known. It is none where the message says so, or names it among those `asked` about.
"""

from collections.abc import Mapping
from typing import Any

from onward.contracts.contact import Contact
from onward.contracts.outcome import Parked
from onward.intake.domain.catalogue import Event, catalogue, read_event
from onward.intake.domain.contact import build
from onward.intake.domain.partner_message import PartnerMessage, Read
from onward.intake.domain.parts import (
    DetentionClock,
    Homelessness,
    PartnerEvent,
    Screening,
    Section136Clock,
    SubstanceUse,
)
from onward.intake.domain.shapes import Maybe, Name, YesNo

SOURCE = "liaison"
MAKES = ("liaison.assessed", "liaison.declined", "liaison.screened")


class LiaisonEvent(PartnerEvent, Screening, SubstanceUse, Homelessness, DetentionClock, Section136Clock):
    """What every liaison event may say: practitioners sit in custody suites, and meet people anywhere else."""

    case_no: Name = None
    assessment_pending: Maybe[YesNo] = None
    """The screening found that an assessment is needed."""


def _suspected(message: PartnerMessage, event: LiaisonEvent) -> Mapping[str, Any]:
    """Who is met in a police cell or at court is suspected or accused, unless the practitioner says otherwise."""
    held = event.setting in ("police_station", "court") or event.relevant_time is not None
    if event.suspected is not None or message.lacks("suspected") or not held:
        return {}
    return {"event.suspected": True}


def _screened(message: PartnerMessage, event: LiaisonEvent) -> Contact | Parked:
    facts = {"event.assessment_pending": event.assessment_pending, **_suspected(message, event)}
    return build(message, event, "liaison.screened", facts, reference=event.case_no)


def _assessed(message: PartnerMessage, event: LiaisonEvent) -> Contact | Parked:
    pending = None if message.lacks("assessmentPending") else bool(event.assessment_pending)
    facts = {"event.assessment_pending": pending, **_suspected(message, event)}
    return build(message, event, "liaison.assessed", facts, reference=event.case_no)


def _declined(message: PartnerMessage, event: LiaisonEvent) -> Contact | Parked:
    return build(message, event, "liaison.declined", {"event.declined": True}, reference=event.case_no)


CATALOGUE = catalogue(
    Event("liaison-diversion.screened", LiaisonEvent, _screened),
    Event("liaison-diversion.assessed", LiaisonEvent, _assessed),
    Event("liaison-diversion.declined", LiaisonEvent, _declined),
    aside={"liaison-diversion.appointment.booked", "liaison-diversion.case.closed"},
)


def read(message: PartnerMessage) -> Read:
    """One contact, or why there is none."""
    return read_event(message, CATALOGUE)
