"""What a partner hears of its own messages: those that were parked, read in part, or of a type that nobody knows."""

from collections.abc import Mapping
from typing import Final, Literal

from pydantic import Field

from onward.contracts.base import Message, Moment

FeedbackOutcome = Literal["parked", "read_in_part", "type_not_known", "mended"]
"""What became of the message: kept whole until a person mends it; gone on without what could not be read; ignored,
since nobody knows its type; or parked before and now handled after all."""

PAGE: Final = "docs/partners/feedback.md"
"""Explains each code under a heading of its own."""
COUNTER: Final = "onward_feedback"
"""Counts what was told, by partner and outcome, at each service that tells it."""
MOST_FAULTS: Final = 100
"""Of one message; the first ones are told."""


class FeedbackFault(Message):
    """One thing that was wrong with a partner's message."""

    pointer: str = ""
    """JSON pointer to it in the message as it arrived; blank for the whole, or where only a later service saw it."""
    reason: str
    """A stable code, for programs."""
    says: str
    """What it means and what to do, for people; the words can change. Never a value of the message."""
    page: str
    """Where the code is explained: a file of this project, and the heading in it."""


class Feedback(Message):
    """What became of one message of a partner, told on its own `feedback.<source>`."""

    outcome: FeedbackOutcome
    record: str
    """Where the message stands on the partner's topic: `in.custody/1/42`, its partition and offset."""
    event_id: str | None = None
    """The partner's own, where the message has one that can be read and names no person."""
    reference: str | None = None
    """The partner's own, likewise; null too where several people are in the message."""
    faults: tuple[FeedbackFault, ...] = Field(default=(), max_length=MOST_FAULTS)
    """None of a message that was mended and is now read whole."""
    received_at: Moment
    """When the message arrived there."""


_NOT_JSON: Final = "It is no JSON that can be used; nothing of it was read."
SENTENCES: Final[Mapping[str, str]] = {
    "default_date": "What a system fills in where there is no date; nobody has a day of birth by it.",
    "does_not_check": "It has the form of a number, postcode or address, and is none; send the right one.",
    "duplicate_key": _NOT_JSON,
    "empty": _NOT_JSON,
    "forbidden_character": _NOT_JSON,
    "handler_error": "A fault of ours. It is kept whole, and we handle it again when it is mended; do nothing.",
    "identifier_conflict": "The numbers or particulars in it cannot be one person's; none of them was believed.",
    "no_data": "The envelope around the event holds no event.",
    "no_identifier": "Nothing in it says who it is about in a way that a later message could; give your reference.",
    "no_offset": "A time without its offset; write Z or +01:00 behind it.",
    "not_an_object": "It is JSON, and no object with fields.",
    "not_base64": _NOT_JSON,
    "not_json": _NOT_JSON,
    "not_theirs_to_answer": "You are not asked for this fact; leave it out.",
    "not_utf8": _NOT_JSON,
    "number_out_of_range": _NOT_JSON,
    "output_too_large": "More follows from it than we can pass on; send fewer people in one message.",
    "payload_elsewhere": "The event itself was put somewhere else; send it in the message.",
    "same_id_other_content": "You sent something else under this event id before, which still counts; give a new id.",
    "schema": "Not what should stand there, or it is missing; the schema of the event shows what is right.",
    "store_error": "A fault of ours. It is kept whole, and we handle it again when it is mended; do nothing.",
    "too_deep": _NOT_JSON,
    "too_large": "Larger than your topic takes; nothing of it was read.",
    "too_many": "More of these than anybody could have; they were left out whole.",
    "unknown_code": "A word that is in no list; send one of docs/partners/words.md, or tell us what yours means.",
    "unknown_event_type": "Nobody here knows events of this type, and nobody acted on it.",
    "unknown_fact": "No fact has this path; docs/partners/words.md lists those there are.",
    "unknown_question": "You were asked nothing under this id; give the contact_id of the question.",
    "unread_field": "Nothing reads this field, and it looks like one of ours.",
    "unreadable_date": "No day or time that can be read; write 1990-05-01 or 2026-03-01T09:30:00Z.",
    "wrong_type": "The envelope says that it is an event of another type than this topic's.",
}
"""What each code says to people."""


def fault(reason: str, pointer: str = "", detail: str = "") -> FeedbackFault:
    """
    The fault with this *reason*, at this JSON *pointer*.

    *detail* says more, without any value of the message. Every code that a message can be parked or left out for is in
    `SENTENCES`; one that is not, of a newer release, still has its page.
    """
    says = SENTENCES.get(reason, "")
    if detail:
        says = f"{says} ({detail})" if says else detail
    return FeedbackFault(pointer=pointer, reason=reason, says=says or reason, page=f"{PAGE}#{reason}")
