"""What could not be read of a message that was read all the same."""

from typing import Literal

from onward.contracts.base import Message

LeftOutReason = Literal[
    "schema",
    "unknown_code",
    "unreadable_date",
    "default_date",
    "does_not_check",
    "identifier_conflict",
    "no_identifier",
    "unknown_fact",
    "not_theirs_to_answer",
    "too_many",
]
"""Why a value was left out; docs/partners/feedback.md says what each means and what to do."""


class LeftOut(Message):
    """One value of a partner's message that was said and could not be read. What it was is kept of a code alone."""

    pointer: str
    """JSON pointer to it in the message as it arrived."""
    reason: LeftOutReason
    named: str = ""
    """The code of a published list that is not known here, such as that of a movement; blank for any other value."""
