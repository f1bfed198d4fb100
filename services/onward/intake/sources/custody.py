"""Police custody: detention authorised, risk assessed, disposed of. No public schema exists; this one is ours."""

from collections.abc import Mapping
from typing import Annotated, Any

from onward.contracts.contact import Contact
from onward.contracts.outcome import Parked
from onward.intake.domain.catalogue import Event, catalogue, read_event
from onward.intake.domain.contact import build
from onward.intake.domain.partner_message import PartnerMessage, Read
from onward.intake.domain.parts import DetentionClock, PartnerEvent, SubstanceUse
from onward.intake.domain.shapes import Maybe, Name, Needed, Shape, YesNo, choice

SOURCE = "custody"
MAKES = ("custody.detention-authorised", "custody.disposed", "custody.risk-assessed")

_WHERE_NEXT: Mapping[str, str | None] = {
    "no_further_action": "community",
    "released_under_investigation": "community",
    "bailed": "community",
    "charged_and_bailed": "community",
    "cautioned": "community",
    "charged_and_remanded": "police_custody",
    "recalled_to_prison": "in_prison",
    "hospital": "hospital",
    "transferred": "police_custody",
}
"""Where the person is after each disposal."""


class DrugTest(Shape):
    """A test for Class A drugs on arrest or charge (PACE 1984 s. 63B)."""

    result: Maybe[Annotated[str, choice("positive", "negative", "refused", pos="positive", neg="negative")]] = None
    required_assessment: Maybe[YesNo] = None
    """An officer required the person to attend an initial assessment (Drugs Act 2005 s. 9)."""


class CustodyEvent(PartnerEvent, SubstanceUse, DetentionClock):
    """What every custody event may say."""

    custody_record_no: Name = None
    domestic_abuse_flag: Maybe[YesNo] = None
    """The offence is flagged: that says nothing of which part the detained person had in the abuse."""
    drug_test: DrugTest | None = None
    assessment_pending: Maybe[YesNo] = None
    """A liaison and diversion assessment has been asked for and not done."""


class DetentionDisposed(CustodyEvent):
    """How the detention ended."""

    outcome: Needed[
        Annotated[
            str,
            choice(
                *_WHERE_NEXT,
                nfa="no_further_action",
                rui="released_under_investigation",
                charged="charged_and_bailed",
                remanded="charged_and_remanded",
                recalled="recalled_to_prison",
            ),
        ]
    ] = None


def _facts(message: PartnerMessage, event: CustodyEvent, custody: str | None) -> dict[str, Any]:
    # What was said and could not be read may be the opposite of what silence would mean.
    detained = None if message.lacks("suspected") else True
    return {
        # Who is detained in a police cell is held for an offence, unless the custody record says otherwise.
        "event.suspected": detained if event.suspected is None else event.suspected,
        "event.domestic_abuse_flag": event.domestic_abuse_flag,
        "custody.status": custody,
        "event.setting": event.setting or (None if message.lacks("setting") else "police_station"),
        "event.assessment_pending": event.assessment_pending,
        "event.required_assessment": _required_assessment(event.drug_test),
    }


def _required_assessment(test: DrugTest | None) -> bool | None:
    """Whether an assessment is required: never after a test that found nothing."""
    if test is None or (test.required_assessment is None and test.result != "negative"):
        return None
    return bool(test.required_assessment) and test.result != "negative"


def _detained(message: PartnerMessage, event: CustodyEvent) -> Contact | Parked:
    facts = _facts(message, event, "police_custody")
    return build(message, event, "custody.detention-authorised", facts, reference=event.custody_record_no)


def _assessed(message: PartnerMessage, event: CustodyEvent) -> Contact | Parked:
    facts = _facts(message, event, "police_custody")
    return build(message, event, "custody.risk-assessed", facts, reference=event.custody_record_no)


def _disposed(message: PartnerMessage, event: DetentionDisposed) -> Contact | Parked:
    facts = _facts(message, event, _WHERE_NEXT[event.outcome] if event.outcome else None)
    return build(message, event, "custody.disposed", facts, reference=event.custody_record_no)


CATALOGUE = catalogue(
    Event("custody.detention.authorised", CustodyEvent, _detained),
    Event("custody.detention.risk-assessed", CustodyEvent, _assessed),
    Event("custody.detention.disposed", DetentionDisposed, _disposed),
    aside={"custody.review.completed", "custody.property.recorded", "custody.interview.recorded"},
)


def read(message: PartnerMessage) -> Read:
    """One contact, or why there is none."""
    return read_event(message, CATALOGUE)
