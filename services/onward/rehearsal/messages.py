"""What a step sends, as bytes for its topic: a message, a reply, an approval, an answer who is who, a contact."""

import copy
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from onward.chassis.security import contact_ids
from onward.contracts import paths, topics
from onward.contracts.base import Message
from onward.contracts.contact import Contact
from onward.contracts.ids import contact_id, derived_id
from onward.contracts.matches import MatchStatement
from onward.contracts.referral import Approval, Reply
from onward.diagnostics.json_text import pointer_parts
from onward.intake.handlers import key_of
from onward.rehearsal.effects import Document, EffectsReader
from onward.rehearsal.scenario import (
    MessageForm,
    ReferralChoice,
    ScenarioApproval,
    ScenarioContact,
    ScenarioMatch,
    ScenarioMessage,
    ScenarioReply,
    ScenarioStep,
)
from onward.rehearsal.settings import matcher_key
from onward.rehearsal.synthetic import Cast
from onward.releases.match_signing import sign_match


@dataclass(frozen=True, slots=True)
class OutboundRecord:
    """A record ready to go."""

    topic: str
    key: bytes
    value: bytes
    headers: Sequence[tuple[str, bytes]] = ()


class StepImpossibleError(Exception):
    """A step cannot happen as things stand: it speaks of a referral that nobody made."""


class MessageUnwritableError(ValueError):
    """A message cannot be made as a scenario says it."""


@dataclass(frozen=True, slots=True)
class StepWriter:
    """Writes the records of one playing of a scenario; the same ones each time."""

    name: str
    """Of the scenario; what is sent is keyed by it."""
    cast: Cast
    """Who is in it, at the moment of the step."""
    id_key: bytes

    def write(self, step: ScenarioStep, number: int, seen: EffectsReader) -> tuple[OutboundRecord, ...]:
        """
        The records of a step, after what was *seen* so far; none where only time passes.

        Raises:
            StepImpossibleError: Nobody made a referral such as the step speaks of.
            MessageUnwritableError: The message, or the contact, cannot be made.
        """
        if step.message is not None:
            contacts = tuple(contact_ids.asked(self.id_key, step.message.source, UUID(each)) for each in seen.contacts)
            message = written(step.message, replace(self.cast, contacts=contacts), number, key=self._key)
            return (message,) * step.message.times
        if step.reply is not None:
            return (self._reply(step.reply, number, _newest(step.reply, seen.sent, "was sent")),)
        if step.approval is not None:
            return (self._approval(step.approval, _newest(step.approval, seen.approvals, "waits for approval")),)
        if step.match is not None:
            return (self._match(step.match, _newest_match(seen.matches)),)
        if step.contact is not None:
            return (self._contact(step.contact, number),)
        return ()

    @property
    def _key(self) -> bytes:
        return f"{self.name}-{self.cast.number}".encode()

    def _reply(self, reply: ScenarioReply, number: int, referral: Document) -> OutboundRecord:
        said = Reply(
            reply_id=str(derived_id("scenario-reply", referral["referral_id"], str(number))),
            referral_id=UUID(referral["referral_id"]),
            status=reply.status,
            reason=reply.reason,
            asks_for=reply.asks_for,
            outcomes=reply.outcomes,
            replied_at=self.cast.now,
        )
        return OutboundRecord(f"replies.{referral['provider']}", referral["referral_id"].encode(), _bytes(said))

    def _approval(self, approval: ScenarioApproval, asked: Document) -> OutboundRecord:
        said = Approval(
            referral_id=UUID(asked["referral_id"]),
            approved=approval.approved,
            by=approval.by,
            role=approval.role or asked["to"],
            at=self.cast.now,
        )
        return OutboundRecord(topics.APPROVALS.name, asked["referral_id"].encode(), _bytes(said))

    def _match(self, said: ScenarioMatch, asked: Document) -> OutboundRecord:
        one, other = (UUID(each["contact_id"]) for each in asked["people"])
        statement = MatchStatement(
            match_id=UUID(asked["match_id"]),
            contacts=(one, other),
            verdict=said.verdict,
            by=said.by,
            at=self.cast.now,
        )
        decision = sign_match(statement, matcher_key())
        return OutboundRecord(topics.MATCH_DECISIONS.name, asked["match_id"].encode(), _bytes(decision))

    def _contact(self, said: ScenarioContact, number: int) -> OutboundRecord:
        event = f"{self.name}-{self.cast.number}-{number}"
        contact = contact_of(said, self.cast).model_copy(
            update={"contact_id": contact_ids.kept(self.id_key, contact_id(said.source, event))}
        )
        return OutboundRecord(topics.CONTACTS.name, key_of(contact, self.id_key).encode(), _bytes(contact))


def _newest_match(asked: Sequence[Document]) -> Document:
    if not asked:
        raise StepImpossibleError("nobody asked whether two people are one")
    return asked[-1]


def contact_of(said: ScenarioContact, cast: Cast) -> Contact:
    """
    The contact that a scenario tells of, without its id.

    Raises:
        MessageUnwritableError: It has a field, or a value, that no contact can have.
    """
    consents = [{"said_at": cast.now, **each} for each in said.consents]
    document = {
        "contact_id": UUID(int=0),
        "source": said.source,
        "type": said.type,
        "occurred_at": cast.now,
        "received_at": cast.now,
        "reference": cast.fill(said.reference),
        "identity": cast.fill(said.identity),
        "facts": said.facts,
        "consents": cast.fill(consents),
    }
    try:
        return Contact.model_validate(document)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise MessageUnwritableError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None


def written(message: ScenarioMessage, cast: Cast, number: int, *, key: bytes) -> OutboundRecord:
    """
    A partner's message, filled in.

    Raises:
        MessageUnwritableError: There is no such example, or nothing where it is to be changed, or nobody knows a
            placeholder.
    """
    topic, event_id = f"in.{message.source}", str(derived_id("scenario-message", key.decode(), str(number)))
    try:
        body = cast.fill(message.body) if message.example is None else _changed(message, cast)
    except ValueError as error:
        raise MessageUnwritableError(str(error)) from None
    if isinstance(body, bytes):
        return OutboundRecord(topic, key, body)
    value, headers = enveloped(message.form, body, event_id, sender=f"/scenario/{message.source}")
    return OutboundRecord(topic, key, value, headers)


def enveloped(
    form: MessageForm, body: object, event_id: str, *, sender: str
) -> tuple[bytes, Sequence[tuple[str, bytes]]]:
    """The value and the headers of a message: *body* in one of the envelopes that partners use, from *sender*."""
    match form:
        case "raw":
            return str(body).encode(), ()
        case "sns":
            body = {"Type": "Notification", "MessageId": event_id, "Message": json.dumps(body)}
            return json.dumps(body).encode(), ()
        case "cloudevent":
            headers = [
                ("ce_specversion", b"1.0"),
                ("ce_id", event_id.encode()),
                ("ce_source", sender.encode()),
                ("ce_type", _type_of(body).encode()),
                ("content-type", b"application/json"),
            ]
            return json.dumps(body).encode(), headers
        case "bare":
            return json.dumps(body).encode(), ()


def example_of(name: str) -> bytes:
    """
    An example's bytes, by its path below `schemas/examples/`.

    Raises:
        MessageUnwritableError: There is none.
    """
    folder = (paths.schemas() / "examples").resolve()
    path = (folder / name).resolve()
    if not path.is_relative_to(folder) or not path.is_file():
        raise MessageUnwritableError(f"there is no example `{name}` below schemas/examples/")
    return path.read_bytes()


def _changed(message: ScenarioMessage, cast: Cast) -> Any:
    content = example_of(message.example or "")
    if not message.changes and not message.without and message.form == "bare":
        return content  # as it stands: also what is no JSON
    document = json.loads(content)
    for pointer, value in message.changes.items():
        document = _put(document, pointer, cast.fill(copy.deepcopy(value)))
    for pointer in message.without:
        parent, last = _parent(document, pointer)
        _there(parent, last, pointer)
        del parent[last]
    return document


def _put(document: Any, pointer: str, value: object) -> Any:
    if not pointer:
        return value
    parent, last = _parent(document, pointer)
    if isinstance(parent, list):
        if last == len(parent):
            parent.append(value)
            return document
        _there(parent, last, pointer)
    parent[last] = value
    return document


def _parent(document: Any, pointer: str) -> tuple[Any, Any]:
    """What holds the place that *pointer* names, and under what."""
    *above, last = pointer_parts(pointer)
    for part in above:
        key = _key(document, part)
        _there(document, key, pointer)
        document = document[key]
    if not isinstance(document, dict | list):
        raise MessageUnwritableError(f"the example has nothing at `{pointer}`")
    return document, _key(document, last)


def _key(document: Any, part: str) -> Any:
    if isinstance(document, list):
        return len(document) if part == "-" else int(part) if part.isdecimal() else -1
    return part


def _there(holder: Any, key: Any, pointer: str) -> None:
    there = 0 <= key < len(holder) if isinstance(holder, list) else isinstance(holder, dict) and key in holder
    if not there:
        raise MessageUnwritableError(f"the example has nothing at `{pointer}`")


def _newest(choice: ReferralChoice, among: Sequence[Document], what: str) -> Document:
    wanted = choice.model_dump(include=set(ReferralChoice.model_fields), exclude_none=True)
    found = [each for each in among if all(each.get(name) == value for name, value in wanted.items())]
    if not found:
        of = ", ".join(map(str, wanted.values()))
        raise StepImpossibleError(f"no referral{f' ({of})' if of else ''} {what} by now")
    return found[-1]


def _type_of(body: object) -> str:
    return str(body.get("eventType", "unknown")) if isinstance(body, Mapping) else "unknown"


def _bytes(body: Message) -> bytes:
    return body.model_dump_json().encode()
