"""Reading a partner's message, whole: out of its envelope, then as an answer or by the partner's adapter."""

from collections.abc import Sequence
from datetime import datetime

from onward.contracts import topics
from onward.contracts.contact import Contact
from onward.contracts.outcome import Ignored, Parked
from onward.intake import answers
from onward.intake.envelope import unwrap
from onward.intake.message import Read
from onward.intake.sources import ADAPTERS


class UnknownSourceError(Exception):
    """No partner of this name is known."""


def read(
    source: str, value: bytes | None, headers: Sequence[tuple[str, bytes | None]], *, received_at: datetime
) -> Read:
    """
    What *value*, as it arrived on `in.<source>`, says: contacts, nothing for us, or what is wrong with it.

    No bytes and no headers make it raise.

    Args:
        source: The partner; what the message says of its own source is not believed.
        value: The record's value; None for a tombstone, which is parked as `empty`.
        headers: The record's headers, in order.
        received_at: When the broker appended it; aware.

    Raises:
        UnknownSourceError: There is no adapter or no topic file for *source*.
    """
    adapter = ADAPTERS.get(source)
    topic = topics.files().get(f"in.{source}")
    if adapter is None or topic is None:
        known = ", ".join(sorted(ADAPTERS.keys() & set(topics.sources())))
        raise UnknownSourceError(f"no source `{source}`; there are {known}")
    message = unwrap(source, value, headers, received_at=received_at)
    if isinstance(message, Ignored | Parked):
        return message
    if topic.answers and answers.is_answer(message):
        answered = answers.read(message, topic)
        return (answered,) if isinstance(answered, Contact) else answered
    return adapter.read(message)
