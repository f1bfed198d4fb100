"""What an adapter is given, and what it may answer."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias, cast

from onward.contracts.contact import Contact
from onward.contracts.ids import content_id
from onward.contracts.left_out import LeftOut, LeftOutReason
from onward.contracts.outcome import Ignored, Parked
from onward.contracts.particulars import gives_away
from onward.contracts.placeholders import names_nothing
from onward.diagnostics import json_text
from onward.intake.domain.vocabulary import OwnWords

Read: TypeAlias = Sequence[Contact] | Ignored | Parked
"""What a partner's message says: one contact for each person in it, nothing for us, or that it cannot be understood."""

NO_IDENTIFIER: Final = "no_identifier"
"""The reason for which a message is parked that is about nobody."""

_AS_BEFORE: Final = frozenset({"unknown_code", "identifier_conflict", "unknown_fact", "not_theirs_to_answer"})

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/#-]{0,99}")
"""What an id looks like: a person's name has a blank in it, an e-mail address an @, an address a comma."""

_CODE: Final = re.compile(r"[A-Z][A-Z0-9_]{0,11}|[0-9]{1,3}")
"""What a code of a published list looks like: a day of birth and a telephone number have more digits."""
_TELLING: Final = 4
"""Characters from which a code could be a name or a number of somebody; a shorter one is in any text."""

SKEW = timedelta(minutes=5)
"""How far a partner's clock may run ahead of the broker's."""


@dataclass(frozen=True, slots=True)
class PartnerMessage:
    """A partner's document, out of its envelopes."""

    source: str
    """The partner, from the topic; whatever the document says of its source is not believed."""
    body: Mapping[str, Any]
    received_at: datetime
    """When the broker appended it."""
    prefix: str = ""
    """JSON pointer to *body* in the document as it arrived: `/Message` inside SNS, `/data` inside a CloudEvent."""
    attributes: Mapping[str, str] = field(default_factory=dict[str, str])
    """CloudEvents attributes, of either mode."""
    attributes_at: str | None = None
    """JSON pointer to the CloudEvent whose attributes they are; None where they stand in headers, or there are none."""
    left_out: tuple[LeftOut, ...] = ()
    """What could not be read of it, as far as it was read."""
    words: OwnWords = field(default_factory=dict[str, Mapping[str, Any]])
    """The partner's own words for our codes."""
    message_type: str = ""
    """What an SNS notification around it says, in `messageType`, that it holds; blank without one."""

    @property
    def event_type(self) -> object:
        """The type that the document names, else the one its CloudEvents envelope does; None without either."""
        named = self.body.get("eventType")
        return self.attributes.get("type") if named is None else named

    @property
    def type_pointer(self) -> str:
        """JSON pointer to `event_type` in the document as it arrived; blank where a header says it."""
        if self.body.get("eventType") is not None:
            return f"{self.prefix}/eventType"
        return "" if self.attributes_at is None else f"{self.attributes_at}/type"

    def parked(self, reason: str, path: tuple[str | int, ...], detail: str) -> Parked:
        """This message, parked for the value at *path* in `body`."""
        return Parked(reason, self.prefix + json_text.pointer(path), detail)

    def without(self, values: Mapping[tuple[str | int, ...], LeftOutReason]) -> "PartnerMessage":
        """This message, of which these *values*, by their place in `body`, could not be read either."""
        more = (LeftOut(pointer=self.prefix + json_text.pointer(at), reason=why) for at, why in values.items())
        return replace(self, left_out=tuple(dict.fromkeys((*self.left_out, *more)))) if values else self

    def without_code(self, path: tuple[str, ...], code: str) -> "PartnerMessage":
        """This message, of which *code*, at *path* in `body`, is in no list; it is named where it can name nobody."""
        aside = {name: _without(each, path[1:]) if name == path[0] else each for name, each in self.body.items()}
        named = code if _CODE.fullmatch(code) and (len(code) < _TELLING or not gives_away(code, aside)) else ""
        left = LeftOut(pointer=self.prefix + json_text.pointer(path), reason="unknown_code", named=named)
        return replace(self, left_out=(*self.left_out, left))

    def lacks(self, *path: str) -> bool:
        """Whether something was said at *path* in `body` that was left out: there, in it, or around it."""
        asked = self.prefix + json_text.pointer(path)
        return any(_meets(each.pointer, asked) or _meets(asked, each.pointer) for each in self.left_out)

    def concluded(self, told: Ignored | Parked) -> Ignored | Parked:
        """
        Why nothing came of this message: as *told*, unless something was left out of it.

        What was left out may be all that there was to act on; nobody may take that for a message that says nothing.
        """
        if isinstance(told, Parked) and told.reason != NO_IDENTIFIER:
            return told
        # That a number does not check is what `no_identifier` says.
        first = next((each for each in self.left_out if each.reason not in {"does_not_check", "default_date"}), None)
        if first is None:
            return told
        return Parked(parked_for(first.reason), first.pointer, f"{first.reason}: nothing is left without it")


def parked_for(reason: LeftOutReason) -> str:
    """The reason for which a message is parked of which nothing is left without what was left out for *reason*."""
    return reason if reason in _AS_BEFORE else "schema"


def _without(value: object, path: tuple[str, ...]) -> object:
    """*value* without what stands at *path* in it."""
    if not isinstance(value, dict) or not path:
        return None
    items = cast("Mapping[str, object]", value).items()
    return {key: _without(each, path[1:]) if key == path[0] else each for key, each in items}


def _meets(pointer: str, within: str) -> bool:
    return pointer == within or pointer.startswith(f"{within}/")


def event_id(message: PartnerMessage) -> str:
    """
    The name of this event that a repeat gives again.

    The partner's own `eventId`, else the CloudEvents source and id, else the content, of which `publishedAt` is no
    part: a placeholder in place of an id names no event, and what many messages bear must not make repeats of them.
    Never the SNS `MessageId`: a publisher that sends again gets another one, and public fixtures share one between two
    people.
    """
    if own := own_event_id(message):
        return own
    identified = message.attributes.get("id", "")
    if not names_nothing(identified):
        return f"{message.attributes.get('source', '')} {identified}"
    return content_of(message)


def own_event_id(message: PartnerMessage) -> str:
    """The partner's own `eventId`; blank without one."""
    own = message.body.get("eventId")
    if not isinstance(own, str | int) or isinstance(own, bool) or names_nothing(str(own)):
        return ""
    return str(own).strip()


def event_id_told(message: PartnerMessage) -> str | None:
    """The event id by which its partner is told of it; None where it has none that may be repeated."""
    own = own_event_id(message) or message.attributes.get("id", "")
    return own if names_nobody(own, message.body) else None


def names_nobody(text: str, body: Mapping[str, Any]) -> bool:
    """
    Whether *text*, an id of the partner's, can be repeated: it looks like an id, and gives nobody away.

    Too seldom is safe: the partner still has the place of its message.
    """
    return not names_nothing(text) and _NAME.fullmatch(text) is not None and not gives_away(text, body)


def content_event_id(content: Mapping[str, Any]) -> str:
    """The same event, however its keys are ordered and whenever it was published: its content."""
    said = {key: value for key, value in content.items() if key != "publishedAt"}
    return content_id(json.dumps(said, sort_keys=True, separators=(",", ":")).encode())


def content_of(message: PartnerMessage) -> str:
    """
    A digest of what the partner wrote: by its own fields, and by the envelope's for the type and time they lack.

    Of the bytes and not of what is made of them, so that a later release of ours, which may read more of a message,
    still sees that it is the same.
    """
    told = {"eventType": message.attributes.get("type"), "occurredAt": message.attributes.get("time")}
    lacking = {key: value for key, value in told.items() if value is not None and message.body.get(key) is None}
    return content_event_id({**message.body, **lacking})


def happened_at(told: datetime, received_at: datetime) -> datetime:
    """
    When it happened: as told, or on arrival when the partner's clock says that is yet to come.

    Up to `SKEW` ahead is believed; a later time would hide everything said in between.
    """
    return received_at if told > received_at + SKEW else told
