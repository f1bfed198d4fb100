"""Conditional cautions: issued, a condition missed, completed. The shape is ours.

A missed condition is for the officer in the case to decide on; it is not a breach until the officer says so.
"""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from onward.contracts.codes import Category
from onward.contracts.contact import Contact
from onward.contracts.outcome import Parked
from onward.intake.domain.catalogue import Event, catalogue, read_event
from onward.intake.domain.contact import build
from onward.intake.domain.partner_message import PartnerMessage, Read
from onward.intake.domain.parts import PartnerEvent
from onward.intake.domain.shapes import Day, Listed, Maybe, Name, Shape, choice, coded
from onward.intake.domain.vocabulary import CATEGORIES

SOURCE = "cautions"
MAKES = ("caution.completed", "caution.condition-missed", "caution.issued")


class ConditionIn(Shape):
    """One condition of a caution."""

    kind: Annotated[
        str,
        choice(
            "support",
            "reparation",
            "restriction",
            rehabilitative="support",
            rehabilitation="support",
            reparative="reparation",
            restrictive="restriction",
        ),
    ]
    category: Maybe[Annotated[Category, coded(CATEGORIES)]] = None
    """The kind of help, for a support condition."""


class CautionEvent(PartnerEvent):
    """A step in the life of a caution."""

    caution_no: Name = None
    complete_by: Maybe[Day] = None
    """The day by which the conditions are to be met."""
    conditions: Listed[ConditionIn] = ()
    reason: Maybe[
        Annotated[
            str,
            choice(
                *("ill", "caring", "work", "travel", "in_custody", "not_told", "no_place", "refused", "other"),
                illness="ill",
                sick="ill",
                hospital="ill",
                childcare="caring",
                children="caring",
                transport="travel",
                custody="in_custody",
                prison="in_custody",
            ),
        ]
    ] = None
    """Why a condition was missed."""


def _stage(stage: str) -> Callable[[PartnerMessage, CautionEvent], Contact | Parked]:
    def make(message: PartnerMessage, event: CautionEvent) -> Contact | Parked:
        facts: Mapping[str, Any] = {
            "event.caution_stage": stage,
            "event.caution_conditions": [one.model_dump(exclude_none=True) for one in event.conditions] or None,
            "event.caution_complete_by": event.complete_by,
            "event.caution_missed_because": event.reason if stage == "condition_missed" else None,
            "event.setting": event.setting,
            # A caution is given for an offence that somebody admits.
            "event.suspected": True,
        }
        return build(message, event, f"caution.{stage.replace('_', '-')}", facts, reference=event.caution_no)

    return make


CATALOGUE = catalogue(
    Event("conditional-caution.issued", CautionEvent, _stage("issued")),
    Event("conditional-caution.condition-missed", CautionEvent, _stage("condition_missed")),
    Event("conditional-caution.breached", CautionEvent, _stage("condition_missed")),
    Event("conditional-caution.completed", CautionEvent, _stage("completed")),
    aside={"conditional-caution.varied", "conditional-caution.prosecuted"},
)


def read(message: PartnerMessage) -> Read:
    """One contact, or why there is none."""
    return read_event(message, CATALOGUE)
