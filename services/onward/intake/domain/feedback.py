"""What a partner hears of one of its messages, by what became of it and what could be read of it."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from onward.contracts.cloud_events import Headers
from onward.contracts.feedback import MOST_FAULTS, Feedback, FeedbackFault, FeedbackOutcome, fault
from onward.contracts.outcome import Ignored, Outcome, Parked, Published
from onward.diagnostics.json_text import pointer
from onward.intake.domain.envelope import unwrap
from onward.intake.domain.event_types import UNKNOWN_TYPE
from onward.intake.domain.partner_message import PartnerMessage, event_id_told, names_nobody
from onward.intake.domain.reader import LEFT_OUT, UNREAD_FIELDS, MessageRead, Reader

_IN_PART: Final = frozenset({LEFT_OUT, UNREAD_FIELDS})
_REFERENCES: Final = ("reference", "custodyRecordNo", "caseNo", "incidentNo", "cautionNo")


@dataclass(frozen=True, slots=True)
class PartnerRecord:
    """A partner's message as it stands on its topic."""

    source: str
    value: bytes | None
    headers: Headers
    place: str
    """Topic, partition and offset."""
    received_at: datetime
    """When it arrived there; aware."""


def feedback_on(record: PartnerRecord, outcome: Outcome, reader: Reader, *, redriven: bool = False) -> Feedback | None:
    """
    What a partner hears of its *record*, which *reader* read and which ended in *outcome*; None where nothing.

    Of one that was parked before (*redriven*) that it was mended, and nothing where it was parked again.
    """
    told = feedback_outcome(outcome, redriven=redriven)
    if told is None:
        return None
    message, read = _read_again(record, outcome, reader)
    return Feedback(
        outcome=told,
        record=record.place,
        event_id=None if message is None else event_id_told(message),
        reference=reference_of(message, read),
        faults=tuple(_faults(outcome, read, near=_near(record.source, outcome, message, reader)))[:MOST_FAULTS],
        received_at=record.received_at,
    )


def feedback_outcome(outcome: Outcome, *, redriven: bool) -> FeedbackOutcome | None:
    """What a partner hears became of its message; None where it hears nothing, as of nearly all."""
    match outcome:
        case Parked():
            return None if redriven else "parked"
        case _ if redriven:
            return "mended"
        case Ignored(reason):
            return "type_not_known" if reason == UNKNOWN_TYPE else None
        case Published():
            return "read_in_part" if _IN_PART.intersection(each.counter for each in outcome.noted) else None


def _read_again(
    record: PartnerRecord, outcome: Outcome, reader: Reader
) -> tuple[PartnerMessage | None, MessageRead | None]:
    """The document that can be looked at for names, and what was understood of it where it was read."""
    message = _document(record, outcome)
    if not isinstance(outcome, Published):
        return message, None
    read = reader.understand(record.source, record.value, record.headers, received_at=record.received_at)
    return message, read


def _document(record: PartnerRecord, outcome: Outcome) -> PartnerMessage | None:
    if isinstance(outcome, Parked) and outcome.reason == "too_large":
        return None
    # Where our own code failed on it before it may fail again: the place of the message then names it.
    failed = isinstance(outcome, Parked) and outcome.reason == "handler_error"
    with contextlib.suppress(*([Exception] if failed else [])):
        unwrapped = unwrap(record.source, record.value, record.headers, received_at=record.received_at)
        return unwrapped if isinstance(unwrapped, PartnerMessage) else None
    return None


def _near(source: str, outcome: Outcome, message: PartnerMessage | None, reader: Reader) -> str:
    """What else there is to say of a type that nobody knows."""
    if message is None or not isinstance(outcome, Ignored) or outcome.reason != UNKNOWN_TYPE:
        return ""
    near = reader.near_type(source, str(message.event_type))
    return f"did you mean `{near}`?" if near else f"`onward types --source {source}` lists those that are known"


def _faults(outcome: Outcome, read: MessageRead | None, *, near: str) -> Iterator[FeedbackFault]:
    if isinstance(outcome, Parked):
        yield fault(outcome.reason, outcome.pointer, outcome.detail)
    if near:
        yield fault(UNKNOWN_TYPE, "", near)
    if read is not None:
        for left in read.left_out:
            yield fault(left.reason, left.pointer, f"`{left.named}`" if left.named else "")
        for unread in read.unread:
            if unread.resembles:
                yield fault("unread_field", read.prefix + pointer(unread.place), f"did you mean `{unread.resembles}`?")


def reference_of(message: PartnerMessage | None, read: MessageRead | None) -> str | None:
    """That of the one person in it, else what the partner wrote where one stands; None where it names the person."""
    if read is not None and not isinstance(read.read, Ignored | Parked):
        found = {contact.partners_reference for contact in read.read}
        return found.pop() if len(found) == 1 else None
    if message is None:
        return None
    written = (message.body.get(name) for name in _REFERENCES)
    said = next(
        (str(each).strip() for each in written if isinstance(each, str | int) and not isinstance(each, bool)), ""
    )
    return said if names_nobody(said, message.body) else None
