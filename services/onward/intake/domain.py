"""Reading a partner's message, whole: out of its envelope, then as an answer or by the partner's adapter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pydantic import BaseModel

from onward.contracts import topics
from onward.contracts.cloud_events import Headers
from onward.contracts.contact import Contact
from onward.contracts.outcome import Ignored, Noted, Parked
from onward.contracts.topics import TopicFile
from onward.intake import answers
from onward.intake.answers import FactsAnswered
from onward.intake.envelope import unwrap
from onward.intake.event_types import UNKNOWN_TYPE, countable, meant, vocabulary
from onward.intake.message import PartnerMessage, Read
from onward.intake.sources import ADAPTERS, Adapter
from onward.intake.unread import Unread, unread_fields
from onward.intake.words import spelled

UNKNOWN_TYPES: Final = "onward_unknown_event_types"
UNREAD_FIELDS: Final = "onward_unread_fields"
"""The counters of what nobody understood; see `intake/metrics.py`."""

_WORDS = vocabulary(
    name
    for adapter in ADAPTERS.values()
    for name in (*adapter.catalogue.read, *adapter.catalogue.left_aside, answers.EVENT_TYPE)
)
"""Every word of every event type that we know: what is counted of an unknown one has no others."""


class UnknownSourceError(Exception):
    """No partner of this name is known."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a message says, and what of it nobody understood."""

    read: Read
    prefix: str = ""
    """JSON pointer to the partner's own document, in the message as it arrived."""
    unread: tuple[Unread, ...] = ()
    """The fields that nothing reads, where the shape is ours."""
    noted: tuple[Noted, ...] = ()
    """What is to be counted of it."""


def read(source: str, value: bytes | None, headers: Headers, *, received_at: datetime) -> Read:
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
    return understand(source, value, headers, received_at=received_at).read


def understand(source: str, value: bytes | None, headers: Headers, *, received_at: datetime) -> Told:
    """What `read` gives, and what of the message nobody understood."""
    adapter, topic = _reader(source)
    message = unwrap(source, value, headers, received_at=received_at)
    if isinstance(message, Ignored | Parked):
        return Told(message)
    is_answer = bool(topic.answers) and answers.is_answer(message)
    told = _answered(message, topic) if is_answer else adapter.read(message)
    if isinstance(told, Ignored | Parked) and told.reason == UNKNOWN_TYPE:
        named = str(message.event_type)
        return Told(told, message.prefix, noted=(Noted(UNKNOWN_TYPES, (source, countable(named, _WORDS))),))
    shape = FactsAnswered if is_answer else _shape(message, adapter)
    unread = unread_fields(shape, message.body) if shape else ()
    return Told(told, message.prefix, unread, _counts(source, unread))


def unknown_type(source: str, value: bytes | None, headers: Headers, *, received_at: datetime) -> str | None:
    """
    The event type of a message if nobody knows it, as the partner writes it; None for any other message.

    It is a partner's text, and never goes where it is kept: see `event_types.countable`.
    """
    told = read(source, value, headers, received_at=received_at)
    if not isinstance(told, Ignored | Parked) or told.reason != UNKNOWN_TYPE:
        return None
    message = unwrap(source, value, headers, received_at=received_at)
    assert isinstance(message, PartnerMessage), "only what was unwrapped has a type"
    return str(message.event_type)


def near_type(source: str, named: str) -> str:
    """The type of *source*'s that *named*, which nobody knows, most likely means; "" when none is near."""
    known = _reader(source)[0].catalogue
    return meant(named, (*known.read, *known.left_aside))


def _reader(source: str) -> tuple[Adapter, TopicFile]:
    adapter = ADAPTERS.get(source)
    topic = topics.files().get(f"in.{source}")
    if adapter is None or topic is None:
        known = ", ".join(sorted(ADAPTERS.keys() & set(topics.sources())))
        raise UnknownSourceError(f"no source `{source}`; there are {known}")
    return adapter, topic


def _answered(message: PartnerMessage, topic: TopicFile) -> Read:
    answered = answers.read(message, topic)
    return (answered,) if isinstance(answered, Contact) else answered


def _shape(message: PartnerMessage, adapter: Adapter) -> type[BaseModel] | None:
    """The shape of ours that *message* has; None where the shape is the partner's, or the type is left aside."""
    named = message.event_type
    if not adapter.catalogue.ours or not isinstance(named, str):
        return None
    event = adapter.catalogue.events.get(spelled(named))
    return event.shape if event else None


def _counts(source: str, unread: Sequence[Unread]) -> tuple[Noted, ...]:
    """Each field that somebody may have misspelt, once, however often the message has it."""
    resembled = dict.fromkeys(each.resembles for each in unread if each.resembles)
    return tuple(Noted(UNREAD_FIELDS, (source, field)) for field in resembled)
