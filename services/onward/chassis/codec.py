"""
Bytes to contracts and back: CloudEvents 1.0 in the Kafka binding, JSON inside.

Out: binary mode. In: binary mode, structured mode and bare JSON, since providers answer in any of them.
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

from pydantic import BaseModel, ValidationError

from onward.chassis.clock import moment
from onward.chassis.record import ConsumedRecord, EncodedRecord, M, Received
from onward.chassis.security.cause import Cause, Sealer
from onward.contracts import cloud_events
from onward.contracts.ids import pseudonym
from onward.contracts.outcome import Outgoing
from onward.contracts.topics import Topic
from onward.diagnostics import json_text
from onward.diagnostics.json_text import Unreadable

MAX_OUTPUT_BYTES = 1_000_000
"""Our topics take records up to 1 MiB; the rest is for headers and framing."""

_JSON = (("ce_specversion", b"1.0"), ("content-type", b"application/json"))


def traceparent(record: ConsumedRecord) -> bytes | None:
    """The record's W3C trace context, if it is well formed."""
    return cloud_events.trace(record.headers, record.value)


class Encoder:
    """Writes the messages of one service; *id_key* is that of the installation."""

    def __init__(self, service: str, id_key: bytes) -> None:
        self._source = f"/onward/{service}".encode()
        self._sealer = Sealer(id_key)
        self._id_key = id_key

    def encode(self, message: Outgoing[Any], *, cause: ConsumedRecord, index: int) -> EncodedRecord:
        """
        *message* as a record.

        Its id is the sealed place and time of *cause*, the record it follows from, and its own *index* among the
        messages of that record: handling the record again gives the same id, and no other record ever does.
        """
        trace = self._trace(cause, message.topic)
        headers = [
            *_JSON,
            ("ce_id", self._sealer.seal(Cause(cause.topic, cause.partition, cause.offset, cause.timestamp, index))),
            ("ce_source", self._source),
            ("ce_type", message.event_type.encode()),
            ("ce_time", _timestamp(cause.timestamp)),
        ]
        if trace is not None:
            headers.append(("traceparent", trace))
        return EncodedRecord(
            message.topic,
            message.key.encode(),
            message.body.model_dump_json().encode(),
            headers,
        )

    def _trace(self, cause: ConsumedRecord, topic: str) -> bytes | None:
        """
        The trace context to go on with: another one wherever a message crosses to somebody else.

        A partner chooses its own, which may be a name, and two providers with one could join what they have. So what
        comes in is renewed, and what goes out is another for each recipient. The answer to a partner's own message
        carries the partner's.
        """
        trace = traceparent(cause)
        came, goes = (_recipient(each) for each in (cause.topic, topic))
        if trace is None or came == goes:
            return trace
        trace_id, span = (pseudonym(self._id_key, kind, goes, trace.decode()) for kind in ("trace", "span"))
        return f"00-{trace_id}-{span[:16]}-{trace.decode()[-2:]}".encode()


def _recipient(topic: str) -> str:
    """Whose a topic of a family is; blank of one that stays among our services."""
    return topic.partition(".")[2]


@lru_cache(maxsize=1024)
def _timestamp(milliseconds: int) -> bytes:
    return moment(milliseconds).isoformat(timespec="milliseconds").replace("+00:00", "Z").encode()


def decode(topic: Topic[M], record: ConsumedRecord) -> Received[M]:
    """
    The message in *record*, checked against the contract of *topic*.

    Raises:
        Unreadable: It cannot be read; reasons are those of `json_text.parse` and of `cloud_events.opened`, and
            `schema` (a field is absent or wrong), `unknown_code` (a word in no code list), `no_offset` (a time that
            does not say its offset), `wrong_type` (an event of another type).
    """
    body = _quickly(topic, record)
    if body is None:
        body = _carefully(topic, record)
    key = record.key
    try:
        text = None if key is None else key.decode()
    except UnicodeDecodeError:
        text = None
    return Received(body, record.topic, text, moment(record.timestamp), record.offset, record.partition)


def _quickly(topic: Topic[M], record: ConsumedRecord) -> M | None:
    """
    The message of one of our own services, or None to look again with care.

    Only our services can write to a topic that is no family, and what they write has passed the careful way before.
    """
    value = record.value
    if "{" in topic.name or value is None or len(value) > json_text.MAX_BYTES or not _is_ours(topic, record):
        return None
    try:
        return topic.model.model_validate_json(value)
    except ValidationError:
        return None


def _is_ours(topic: Topic[Any], record: ConsumedRecord) -> bool:
    headers = record.headers
    return ("ce_type", topic.event_type.encode()) in headers and _JSON[1] in headers


def _carefully(topic: Topic[M], record: ConsumedRecord) -> M:
    try:
        content, where, attributes = _opened(record)
    except Unreadable as error:
        # Nothing is known of the document yet: a key in it may be what a person is called.
        pointer = json_text.only_names(error.pointer, _field_names(topic.model))
        raise Unreadable(error.reason, pointer, error.detail) from None
    event_type = attributes.get("type")
    if event_type and event_type != topic.event_type:
        raise Unreadable("wrong_type", "", f"not an event of type {topic.event_type}")
    try:
        return topic.model.model_validate(content)
    except ValidationError as error:
        raise schema_error(error, where) from None


def _opened(record: ConsumedRecord) -> tuple[Any, str, Mapping[str, str]]:
    """What a record says, the pointer to it in the document as it arrived, and the attributes of its CloudEvent."""
    content = json_text.parse(record.value)
    headers = cloud_events.by_name(record.headers)
    if isinstance(content, dict) and (cloud_events.is_structured(headers) or _is_cloud_event(content)):
        event = cloud_events.opened(content)
        return event.data, event.pointer, event.attributes
    return content, "", cloud_events.header_attributes(headers)


@cache
def _field_names(model: type[BaseModel]) -> frozenset[str]:
    """Every field of a message, of the parts in it, and of a CloudEvent around it."""
    schema = model.model_json_schema()
    parts = (schema, *schema.get("$defs", {}).values())
    return frozenset(name for part in parts for name in part.get("properties", {})) | {"data", "data_base64"}


def _is_cloud_event(content: Mapping[str, Any]) -> bool:
    return "specversion" in content and ("data" in content or "data_base64" in content)


_TOLD_APART = {"literal_error": "unknown_code", "unknown_code": "unknown_code", "no_offset": "no_offset"}
"""Faults that have a reason of their own; every other one is `schema`."""


def schema_error(error: ValidationError, where: str = "") -> Unreadable:
    """
    *error* without any value of the message: where the first fault is, its kind, how many there are.

    *where* is the pointer to what was read, in the document as it arrived.
    """
    faults = error.errors(include_input=False, include_context=False, include_url=False)
    more = f", and {len(faults) - 1} more" if len(faults) > 1 else ""
    kind = faults[0]["type"]
    pointer = where + json_text.pointer(faults[0]["loc"])
    return Unreadable(_TOLD_APART.get(kind, "schema"), pointer, f"{kind}{more}")
