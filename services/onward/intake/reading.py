"""From a partner's message to one of its shapes: choose by event type, check, or park with the field that is wrong."""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

from pydantic import BaseModel, ValidationError

from onward.contracts.contact import Contact
from onward.contracts.outcome import Ignored, Parked
from onward.intake.message import PartnerMessage, Read
from onward.intake.shapes import GROUP_TAG, LIST_TAG
from onward.intake.words import spelled

S = TypeVar("S", bound=BaseModel)

KNOWN_AND_IRRELEVANT = Ignored("irrelevant_event_type")
"""An event type that we know and that says nothing a referral could need."""
NOBODY_KNOWS = Ignored("unknown_event_type")
"""An event type that is in no table: counted apart, so that a partner's new event is seen."""


@dataclass(frozen=True, slots=True)
class Event(Generic[S]):
    """One event type of a partner: the shape it has and what it becomes."""

    name: str
    """As partners write it; case and punctuation make no difference."""
    shape: type[S]
    make: Callable[[PartnerMessage, S], Contact | Ignored | Parked]


Events: TypeAlias = Mapping[str, Event[Any]]


def catalogue(*events: Event[Any]) -> Events:
    """*events* by name, as `spelled` writes it."""
    return {spelled(event.name): event for event in events}


def models(events: Events) -> Mapping[str, type[BaseModel]]:
    """The shape of each event type, for the schemas that are generated from them."""
    return {event.name: event.shape for event in events.values()}


def read_event(message: PartnerMessage, events: Events, irrelevant: Container[str] = ()) -> Read:
    """
    Read *message* as the one of *events* that it names.

    A type among *irrelevant* (in lower case) is ignored as `irrelevant_event_type`, any other as `unknown_event_type`.
    """
    named = message.event_type
    if not isinstance(named, str) or not named.strip():
        return message.parked("schema", ("eventType",), "expected the type of the event as text")
    event = events.get(spelled(named))
    if event is not None:
        shape = shaped(message, event.shape)
        made = shape if isinstance(shape, Parked) else event.make(message, shape)
        return (made,) if isinstance(made, Contact) else made
    return KNOWN_AND_IRRELEVANT if named.strip().lower() in irrelevant else NOBODY_KNOWS


def shaped(message: PartnerMessage, shape: type[S]) -> S | Parked:
    """
    The body of *message* as *shape*; `eventType` and `occurredAt` may stand in the CloudEvents envelope alone.

    Parked as `unknown_code` for a word that is in no code list, else as `schema`.
    """
    told = {"eventType": message.attributes.get("type"), "occurredAt": message.attributes.get("time")}
    body = {**{key: value for key, value in told.items() if value is not None and message.body.get(key) is None}}
    try:
        return shape.model_validate({**message.body, **body})
    except ValidationError as error:
        return _parked(message, error)


def _parked(message: PartnerMessage, error: ValidationError) -> Parked:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    path = tuple(part for part in first["loc"] if part not in {LIST_TAG, GROUP_TAG})
    reason = "unknown_code" if first["type"] == "unknown_code" else "schema"
    more = error.error_count() - 1
    return message.parked(reason, path, first["msg"] + (f"; {more} more field(s) are wrong" if more else ""))
