"""Street triage: a mental-health nurse beside the police, and section 136 detentions. The shape is ours."""

from typing import Annotated, Any

from pydantic import AliasChoices, Field

from onward.contracts.contact import Contact
from onward.contracts.outcome import Parked
from onward.intake.domain.catalogue import Event, catalogue, read_event
from onward.intake.domain.contact import build
from onward.intake.domain.partner_message import PartnerMessage, Read
from onward.intake.domain.parts import MISSING, PartnerEvent, Section136Clock, SubstanceUse
from onward.intake.domain.shapes import Maybe, Name, Needed, YesNo, choice, coded
from onward.intake.domain.vocabulary import SETTINGS, THRESHOLDS

SOURCE = "street-triage"
MAKES = ("mha.s136-detained", "mha.s136-ended", "street-triage.contact-recorded")


class TriageContact(PartnerEvent, SubstanceUse, Section136Clock):
    """One encounter. Who it was is often not known: the incident number alone is then the reference."""

    incident_no: Name = None
    place_type: Maybe[Annotated[str, coded(SETTINGS)]] = None
    professional_consulted: Maybe[YesNo] = None
    outcome: Needed[
        Annotated[
            str,
            choice(
                "s136",
                "voluntary",
                "advice",
                "conveyed",
                "crime",
                "no_action",
                section_136="s136",
                voluntary_attendance="voluntary",
                none="no_action",
            ),
        ]
    ] = None
    threshold: Maybe[Annotated[str, coded(THRESHOLDS)]] = None
    missing: Maybe[Annotated[str, MISSING]] = None


class Section136(PartnerEvent, SubstanceUse, Section136Clock):
    """A detention under section 136 of the Mental Health Act: begun, or ended."""

    incident_no: Name = None
    place_type: Maybe[Annotated[str, coded(SETTINGS)]] = Field(
        default=None, validation_alias=AliasChoices("placeType", "placeOfSafety")
    )
    professional_consulted: Maybe[YesNo] = None
    assessment_complete: Maybe[YesNo] = None


def _place(event: TriageContact | Section136) -> dict[str, Any]:
    where = event.setting or event.place_type
    return {
        "event.setting": where,
        # Section 136 does not reach into a private dwelling.
        "event.private_dwelling": None if where is None else where == "dwelling",
        "event.professional_consulted": event.professional_consulted,
    }


def _met(message: PartnerMessage, event: TriageContact) -> Contact | Parked:
    facts = {
        **_place(event),
        "event.outcome": event.outcome,
        "event.threshold": event.threshold,
        "event.missing": event.missing,
    }
    return build(message, event, "street-triage.contact-recorded", facts, reference=event.incident_no)


def _detained(message: PartnerMessage, event: Section136) -> Contact | Parked:
    facts = {**_place(event), "event.outcome": "s136", "event.private_dwelling": None}
    if not message.lacks("setting") and not message.lacks("placeType") and not message.lacks("placeOfSafety"):
        facts["event.setting"] = facts["event.setting"] or "place_of_safety"
    lacks_how_far = message.lacks("assessmentComplete")
    facts["event.assessment_pending"] = None if lacks_how_far else not event.assessment_complete
    return build(message, event, "mha.s136-detained", facts, reference=event.incident_no)


def _ended(message: PartnerMessage, event: Section136) -> Contact | Parked:
    facts = {**_place(event), "event.private_dwelling": None}
    facts["event.assessment_pending"] = None if event.assessment_complete is None else not event.assessment_complete
    return build(message, event, "mha.s136-ended", facts, reference=event.incident_no)


CATALOGUE = catalogue(
    Event("street-triage.contact.recorded", TriageContact, _met),
    Event("mha.s136.detained", Section136, _detained),
    Event("mha.s136.ended", Section136, _ended),
)


def read(message: PartnerMessage) -> Read:
    """One contact, or why there is none."""
    return read_event(message, CATALOGUE)
