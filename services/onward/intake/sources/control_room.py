"""Force control rooms: mental-health incidents and the Right Care, Right Person threshold. The shape is ours."""

from typing import Annotated

from pydantic import AliasChoices, Field

from onward.contracts.contact import Contact
from onward.contracts.outcome import Parked
from onward.intake.domain.catalogue import Event, catalogue, read_event
from onward.intake.domain.contact import build
from onward.intake.domain.partner_message import PartnerMessage, Read
from onward.intake.domain.parts import MISSING, PartnerEvent
from onward.intake.domain.shapes import Maybe, Name, Needed, YesNo, coded
from onward.intake.domain.vocabulary import SETTINGS, THRESHOLDS

SOURCE = "control-room"
MAKES = ("control-room.mh-incident-recorded",)


class MentalHealthIncident(PartnerEvent):
    """An incident as it was graded. The caller may be anybody: the incident number alone is enough."""

    incident_no: Name = None
    threshold: Needed[Annotated[str, coded(THRESHOLDS)]] = None
    nurse_advice: Maybe[YesNo] = Field(
        default=None, validation_alias=AliasChoices("nurseAdvice", "professionalConsulted")
    )
    place_type: Maybe[Annotated[str, coded(SETTINGS)]] = None
    missing: Maybe[Annotated[str, MISSING]] = None


def _recorded(message: PartnerMessage, event: MentalHealthIncident) -> Contact | Parked:
    where = event.setting or event.place_type
    facts = {
        "event.threshold": event.threshold,
        "event.professional_consulted": event.nurse_advice,
        "event.setting": where,
        "event.missing": event.missing,
        "event.private_dwelling": None if where is None else where == "dwelling",
    }
    return build(message, event, "control-room.mh-incident-recorded", facts, reference=event.incident_no)


CATALOGUE = catalogue(
    Event("control-room.mh-incident.recorded", MentalHealthIncident, _recorded),
    aside={"control-room.unit.dispatched", "control-room.incident.closed"},
)


def read(message: PartnerMessage) -> Read:
    """One contact, or why there is none."""
    return read_event(message, CATALOGUE)
