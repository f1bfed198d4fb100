"""From a partner's message to one of its shapes: choose by event type, read as far as it can be, or park."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

from pydantic import BaseModel

from onward.contracts.contact import Contact
from onward.contracts.outcome import Ignored, Parked
from onward.diagnostics.spelling import spelled
from onward.intake.domain.danger import must_be_gone_to
from onward.intake.domain.event_types import UNKNOWN_TYPE, meant
from onward.intake.domain.partner_message import PartnerMessage, Read, parked_for
from onward.intake.domain.tolerant import Unfit, read_as
from onward.intake.domain.unread import Place
from onward.intake.domain.vocabulary import OwnWords

S = TypeVar("S", bound=BaseModel)

KNOWN_AND_IRRELEVANT = Ignored("irrelevant_event_type")
"""An event type that we know and that says nothing a referral could need."""
_MOMENT: Final[Place] = ("occurredAt",)
NOBODY_KNOWS = Ignored(UNKNOWN_TYPE)
"""An event type that is in no list, of a partner whose list is not ours: counted, so that a new event is seen."""


@dataclass(frozen=True, slots=True)
class Event(Generic[S]):
    """One event type of a partner: the shape it has and what it becomes."""

    name: str
    """As partners write it; case and punctuation make no difference."""
    shape: type[S]
    make: Callable[[PartnerMessage, S], Contact | Ignored | Parked]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The event types of one partner that we know. By name, as `spelled` writes it."""

    events: Mapping[str, Event[Any]] = field(default_factory=dict[str, Event[Any]])
    """Those that are read."""
    aside: Mapping[str, str] = field(default_factory=dict[str, str])
    """Those that are known and left aside, as the partner writes them."""
    ours: bool = True
    """
    Whether the shapes are ours. The list is complete then, and a type that is not in it is a mistake that is parked;
    a partner's own list grows without us, and what is not in it is ignored.
    """
    words: OwnWords = field(default_factory=dict[str, Mapping[str, Any]])
    """The partner's own words for our codes."""

    untyped: type[BaseModel] | None = None
    """The shape of a message that names no type."""
    shared: type[BaseModel] | None = None
    """The parts that stand more than once in its shapes, and once in what published schemas share."""

    @property
    def read(self) -> list[str]:
        """The types that are read, as partners write them."""
        return sorted(event.name for event in self.events.values())

    @property
    def left_aside(self) -> list[str]:
        """The types that are known and left aside."""
        return sorted(self.aside.values())

    @property
    def models(self) -> Mapping[str, type[BaseModel]]:
        """The shape of each event type, where the shapes are ours."""
        return {event.name: event.shape for event in self.events.values()} if self.ours else {}

    def knows(self, named: str) -> bool:
        """Whether *named* is in the list."""
        name = spelled(named)
        return name in self.events or name in self.aside


def catalogue(
    *events: Event[Any],
    aside: Collection[str] = (),
    ours: bool = True,
    words: OwnWords | None = None,
    untyped: type[BaseModel] | None = None,
    shared: type[BaseModel] | None = None,
) -> Catalogue:
    """
    The catalogue of a partner's *events*, and of the types that are known and left *aside*.

    *words* are the partner's own, made by `own_words`; *untyped* is the shape of a message that names no type, and
    *shared* holds the parts that stand in its shapes more than once.
    """
    acted_on = {spelled(event.name): event for event in events}
    return Catalogue(acted_on, {spelled(name): name for name in aside}, ours, words or {}, untyped, shared)


def read_event(message: PartnerMessage, known: Catalogue) -> Read:
    """
    Read *message* as the one of the *known* events that it names.

    A type that is known and left aside is ignored as `irrelevant_event_type`. One that is in no list is
    `unknown_event_type`: parked where the shapes are ours, with the type that was most likely meant, else ignored.
    """
    named = message.event_type
    if not isinstance(named, str) or not named.strip():
        return message.parked("schema", ("eventType",), "expected the type of the event as text")
    name = spelled(named)
    event = known.events.get(name)
    if event is not None:
        read = shaped(message, event.shape)
        if isinstance(read, Parked):
            return _in_danger_now(message, event) or read
        made = event.make(read.message, read.shape)
        return (made,) if isinstance(made, Contact) else read.message.concluded(made)
    if name in known.aside:
        return KNOWN_AND_IRRELEVANT
    if not known.ours:
        return NOBODY_KNOWS
    near = meant(named, [*known.read, *known.left_aside])
    asked = f"; did you mean `{near}`?" if near else ";"
    detail = f"no such event type{asked} `onward types --source {message.source}` lists those there are"
    return Parked(UNKNOWN_TYPE, message.type_pointer, detail)


@dataclass(frozen=True, slots=True)
class Shaped(Generic[S]):
    """A message as the shape that it was read as."""

    shape: S
    message: PartnerMessage
    """With what could not be read of it."""
    body: Mapping[str, Any]
    """What the shape was read from: the message's own, without that."""


def shaped(message: PartnerMessage, shape: type[S]) -> Shaped[S] | Parked:
    """
    The body of *message* as *shape*; `eventType` and `occurredAt` may stand in the CloudEvents envelope alone.

    Codes are read by the partner's own words before those of every partner. What cannot be read is left out; parked
    where the shape requires it.
    """
    read = read_as(shape, _body(message), message.words)
    if isinstance(read, Unfit):
        return message.parked(parked_for(read.reason), read.place, read.detail)
    return Shaped(read.shape, message.without(read.left_out), read.document)


def _in_danger_now(message: PartnerMessage, event: Event[S]) -> tuple[Contact] | None:
    """
    The contact of a message that lacks only a moment that can be read, where it says that a life is at risk.

    It happened, as far as anybody knows, when the message arrived; a moment that says nothing must not keep help away.
    """
    body = _body(message)
    unfit = read_as(event.shape, body, message.words)
    if not isinstance(unfit, Unfit) or unfit.place != _MOMENT:
        return None
    read = read_as(event.shape, {**body, "occurredAt": message.received_at.isoformat()}, message.words)
    if isinstance(read, Unfit):
        return None
    made = event.make(message.without({_MOMENT: unfit.reason, **read.left_out}), read.shape)
    return (made,) if isinstance(made, Contact) and must_be_gone_to(made.facts) else None


def _body(message: PartnerMessage) -> dict[str, Any]:
    told = {"eventType": message.attributes.get("type"), "occurredAt": message.attributes.get("time")}
    lacking = {key: value for key, value in told.items() if value is not None and message.body.get(key) is None}
    return {**message.body, **lacking}
