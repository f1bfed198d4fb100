"""Reading a partner's message, whole: out of its envelope, then as an answer or by the partner's adapter."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from pydantic import BaseModel

from onward.contracts.cloud_events import Headers
from onward.contracts.contact import Contact
from onward.contracts.left_out import LeftOut
from onward.contracts.outcome import Ignored, Noted, Parked
from onward.diagnostics.json_text import only_names
from onward.diagnostics.spelling import spelled
from onward.intake.domain import answers
from onward.intake.domain.answers import FactsAnswered
from onward.intake.domain.arrangement_parts import kept_safe, misspelt_safety
from onward.intake.domain.envelope import ENVELOPE_NAMES, unwrap
from onward.intake.domain.event_types import UNKNOWN_TYPE, countable, meant, vocabulary
from onward.intake.domain.partner import Adapter, Partner
from onward.intake.domain.partner_message import PartnerMessage, Read
from onward.intake.domain.parts import PARTS
from onward.intake.domain.places import placed
from onward.intake.domain.risk_words import could_hide_risk_to_life
from onward.intake.domain.unread import Unread, all_names_read, names_read, unread_fields
from onward.places.areas import NOWHERE, PostcodeAreas

UNKNOWN_TYPES: Final = "onward_unknown_event_types"
UNREAD_FIELDS: Final = "onward_unread_fields"
LEFT_OUT: Final = "onward_values_left_out"
RISKS_LEFT_OUT: Final = "onward_risks_left_out"
"""The counters of what nobody understood; see `intake/metrics.py`."""


class UnknownSourceError(Exception):
    """No partner of this name is known."""


class UndeclaredTypeError(Exception):
    """An adapter made a contact of a type that it does not declare: no rule could be written about it."""


@dataclass(frozen=True, slots=True)
class MessageRead:
    """What a message says, and what of it nobody understood."""

    read: Read
    prefix: str = ""
    """JSON pointer to the partner's own document, in the message as it arrived."""
    unread: tuple[Unread, ...] = ()
    """The fields that nothing reads, where the shape is ours."""
    noted: tuple[Noted, ...] = ()
    """What is to be counted of it."""
    left_out: tuple[LeftOut, ...] = ()
    """What was left out of it, and told, since nobody could read it."""


class Reader:
    """Reads the messages of the partners that it is given; it has no other state and looks at nothing else."""

    def __init__(self, partners: Mapping[str, Partner], areas: PostcodeAreas = NOWHERE) -> None:
        """*areas* are what is known of where postcodes are: nothing, unless it is given."""
        self.partners = partners
        """By source."""
        self._areas = areas
        self._of_events = {source: fields_of_events(each.adapter) for source, each in partners.items()}
        shapes = {event.shape for each in partners.values() for event in each.adapter.catalogue.events.values()}
        self._names = frozenset[str](ENVELOPE_NAMES).union(*map(all_names_read, (FactsAnswered, *shapes)))
        types = [each.adapter.catalogue for each in partners.values()]
        # Every word of every event type that we know: what is counted of an unknown one has no others.
        self._words = vocabulary(
            name for known in types for name in (*known.read, *known.left_aside, answers.EVENT_TYPE)
        )

    def read(self, source: str, value: bytes | None, headers: Headers, *, received_at: datetime) -> Read:
        """
        What *value*, as it arrived on `in.<source>`, says: contacts, nothing for us, or what is wrong with it.

        No bytes and no headers make it raise, if the adapter declares what it makes.

        Args:
            source: The partner; what the message says of its own source is not believed.
            value: The record's value; None for a tombstone, which is parked as `empty`.
            headers: The record's headers, in order.
            received_at: When the broker appended it; aware.

        Raises:
            UnknownSourceError: There is no partner *source*.
            UndeclaredTypeError: Its adapter makes a type of contact that it does not declare.
        """
        return self.understand(source, value, headers, received_at=received_at).read

    def understand(self, source: str, value: bytes | None, headers: Headers, *, received_at: datetime) -> MessageRead:
        """What `read` gives, and what of the message nobody understood."""
        partner = self._partner(source)
        adapter, topic = partner.adapter, partner.topic
        message = unwrap(source, value, headers, received_at=received_at)
        if isinstance(message, Parked):
            # Nothing is known of the document yet: a key in it may be what a person is called.
            return MessageRead(replace(message, pointer=only_names(message.pointer, self._names)))
        if isinstance(message, Ignored):
            return MessageRead(message)
        message = replace(message, words=adapter.catalogue.words)
        is_answer = bool(topic.answers) and answers.is_answer(message)
        told = self._answered(message, partner) if is_answer else _declared(adapter, adapter.read(message))
        if not is_answer and not isinstance(told, Ignored | Parked):
            told = tuple(placed(contact, message.body, self._areas, topic.place) for contact in told)
        if isinstance(told, Ignored | Parked) and told.reason == UNKNOWN_TYPE:
            named = str(message.event_type)
            return MessageRead(
                told, message.prefix, noted=(Noted(UNKNOWN_TYPES, (source, countable(named, self._words))),)
            )
        shape = FactsAnswered if is_answer else _shape(message, adapter)
        unread = unread_fields(shape, message.body) if shape else ()
        if misspelt := misspelt_safety(message.body, unread):
            told = _with_unsafe_numbers(told, misspelt)
        left_out = _left_out(told)
        noted = (*_counts(source, unread), *_values(source, message.prefix, left_out))
        if could_hide_risk_to_life(message.body, left_out, unread, prefix=message.prefix):
            noted = (*noted, Noted(RISKS_LEFT_OUT, (source,)))
            told = _asked_for_the_risk(told)
        return MessageRead(told, message.prefix, unread, noted, left_out)

    def _answered(self, message: PartnerMessage, partner: Partner) -> Read:
        answered = answers.read(message, partner.topic, elsewhere=self._of_events[partner.adapter.source])
        return (answered,) if isinstance(answered, Contact) else answered

    def unknown_type(self, source: str, value: bytes | None, headers: Headers, *, received_at: datetime) -> str | None:
        """
        The event type of a message if nobody knows it, as the partner writes it; None for any other message.

        It is a partner's text, and never goes where it is kept: see `event_types.countable`.
        """
        told = self.read(source, value, headers, received_at=received_at)
        if not isinstance(told, Ignored | Parked) or told.reason != UNKNOWN_TYPE:
            return None
        message = unwrap(source, value, headers, received_at=received_at)
        assert isinstance(message, PartnerMessage), "only what was unwrapped has a type"
        return str(message.event_type)

    def near_type(self, source: str, named: str) -> str:
        """The type of *source*'s that *named*, which nobody knows, most likely means; "" when none is near."""
        known = self._partner(source).adapter.catalogue
        return meant(named, (*known.read, *known.left_aside))

    def _partner(self, source: str) -> Partner:
        if source not in self.partners:
            raise UnknownSourceError(f"no source `{source}`; there are {', '.join(sorted(self.partners))}")
        return self.partners[source]


def _declared(adapter: Adapter, told: Read) -> Read:
    if not isinstance(told, Ignored | Parked):
        for contact in told:
            if contact.type not in adapter.makes:
                raise UndeclaredTypeError(f"the adapter of `{adapter.source}` has no `{contact.type}` in its MAKES")
    return told


def fields_of_events(adapter: Adapter) -> frozenset[str]:
    """The fields that answers do not have: of any event of our own shape, and of this partner's own. None elsewhere."""
    if not adapter.catalogue.ours:
        return frozenset()
    shapes = {event.shape for event in adapter.catalogue.events.values()}
    return frozenset[str]().union(*map(names_read, (*PARTS, *shapes))) - names_read(FactsAnswered)


def _shape(message: PartnerMessage, adapter: Adapter) -> type[BaseModel] | None:
    """The shape of ours that *message* has; None where the shape is the partner's, or the type is left aside."""
    named = message.event_type
    if not adapter.catalogue.ours or not isinstance(named, str):
        return None
    event = adapter.catalogue.events.get(spelled(named))
    return event.shape if event else None


def _asked_for_the_risk(told: Read) -> Read:
    if isinstance(told, Ignored | Parked):
        return told
    return tuple(contact.model_copy(update={"risk_unread": True}) for contact in told)


def _with_unsafe_numbers(told: Read, misspelt: Collection[str]) -> Read:
    if isinstance(told, Ignored | Parked):
        return told
    identities = (one.identity for one in told)
    safe = (one.model_copy(update={"arrangements": kept_safe(one.arrangements, misspelt)}) for one in identities)
    return tuple(one.model_copy(update={"identity": each}) for one, each in zip(told, safe, strict=True))


def _left_out(told: Read) -> tuple[LeftOut, ...]:
    if isinstance(told, Ignored | Parked):
        return ()
    return tuple(dict.fromkeys(one for contact in told for one in contact.left_out))


def _values(source: str, prefix: str, left_out: Sequence[LeftOut]) -> tuple[Noted, ...]:
    """Each field of which something was left out, once for each reason; items of a list are not told apart."""
    fields = dict.fromkeys((one.reason, field_of(one.pointer.removeprefix(prefix))) for one in left_out)
    return tuple(Noted(LEFT_OUT, (source, reason, field)) for reason, field in fields)


def field_of(pointer: str) -> str:
    """The field at *pointer*, as our shapes name it: of what a partner names itself, no more than where it stands."""
    return ".".join(part for part in pointer.split("/") if part and part != "*" and not part.isdigit())


def _counts(source: str, unread: Sequence[Unread]) -> tuple[Noted, ...]:
    """Each field that somebody may have misspelt, once, however often the message has it."""
    resembled = dict.fromkeys(each.resembles for each in unread if each.resembles)
    return tuple(Noted(UNREAD_FIELDS, (source, field)) for field in resembled)
