"""
Bytes to contracts and back: CloudEvents 1.0 in the Kafka binding, JSON inside.

Out: binary mode. In: binary mode, structured mode and bare JSON, since providers answer in any of them.
"""

import re
from functools import lru_cache
from typing import Any

from pydantic import ValidationError

from onward.chassis.cause import Cause, Sealer
from onward.chassis.clock import moment
from onward.chassis.record import Fetched, M, Ready, Received
from onward.contracts import json_text
from onward.contracts.json_text import Unreadable
from onward.contracts.outcome import Outgoing
from onward.contracts.topics import Topic

MAX_OUTPUT_BYTES = 1_000_000
"""Our topics take records up to 1 MiB; the rest is for headers and framing."""

_TRACEPARENT = re.compile(rb"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
_JSON = (("ce_specversion", b"1.0"), ("content-type", b"application/json"))


def traceparent(record: Fetched) -> bytes | None:
    """The record's W3C trace context, if it is well formed."""
    for name, value in record.headers:
        if name == "traceparent" and value is not None and _TRACEPARENT.fullmatch(value):
            return value
    return None


class Encoder:
    """Writes the messages of one service; *master* is the key of the installation."""

    def __init__(self, service: str, master: bytes) -> None:
        self._source = f"/onward/{service}".encode()
        self._sealer = Sealer(master)

    def encode(self, message: Outgoing[Any], *, cause: Fetched, index: int) -> Ready:
        """
        *message* as a record.

        Its id is the sealed place and time of *cause*, the record it follows from, and its own *index* among the
        messages of that record: handling the record again gives the same id, and no other record ever does.
        """
        trace = traceparent(cause)
        headers = [
            *_JSON,
            ("ce_id", self._sealer.seal(Cause(cause.topic, cause.partition, cause.offset, cause.timestamp, index))),
            ("ce_source", self._source),
            ("ce_type", message.event_type.encode()),
            ("ce_time", _timestamp(cause.timestamp)),
        ]
        if trace is not None:
            headers.append(("traceparent", trace))
        return Ready(
            message.topic,
            message.key.encode(),
            message.body.model_dump_json().encode(),
            headers,
        )


@lru_cache(maxsize=1024)
def _timestamp(milliseconds: int) -> bytes:
    return moment(milliseconds).isoformat(timespec="milliseconds").replace("+00:00", "Z").encode()


def decode(topic: Topic[M], record: Fetched) -> Received[M]:
    """
    The message in *record*, checked against the contract of *topic*.

    Raises:
        Unreadable: It cannot be read; reasons are those of `json_text.parse`, and `schema` (a field is absent or
            wrong), `wrong_type` (an event of another type), `no_data` (a CloudEvent without content).
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


def _quickly(topic: Topic[M], record: Fetched) -> M | None:
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


def _is_ours(topic: Topic[Any], record: Fetched) -> bool:
    headers = record.headers
    return ("ce_type", topic.event_type.encode()) in headers and _JSON[1] in headers


def _carefully(topic: Topic[M], record: Fetched) -> M:
    content = json_text.parse(record.value)
    headers = {name.lower(): value for name, value in record.headers}
    event_type: object = (headers.get("ce_type") or b"").decode(errors="replace")
    if _is_structured(headers.get("content-type"), content):
        event_type, content = _unwrap(content)
    if event_type and event_type != topic.event_type:
        raise Unreadable("wrong_type", "", f"not an event of type {topic.event_type}")
    try:
        return topic.model.model_validate(content)
    except ValidationError as error:
        raise schema_error(error) from None


def _is_structured(content_type: bytes | None, content: Any) -> bool:
    if content_type is not None and content_type.lower().startswith(b"application/cloudevents"):
        return True
    return isinstance(content, dict) and "specversion" in content and "data" in content


def _unwrap(event: Any) -> tuple[object, Any]:
    if not isinstance(event, dict) or "data" not in event:
        raise Unreadable("no_data", "", "a CloudEvent whose `data` is absent")
    return event.get("type", ""), event["data"]


def schema_error(error: ValidationError) -> Unreadable:
    """*error* without any value of the message: where the first fault is, its kind, how many there are."""
    faults = error.errors(include_input=False, include_context=False, include_url=False)
    more = f", and {len(faults) - 1} more" if len(faults) > 1 else ""
    return Unreadable("schema", json_text.pointer(faults[0]["loc"]), f"{faults[0]['type']}{more}")
