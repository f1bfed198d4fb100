"""CloudEvents 1.0 in the Kafka binding, as others really write them: binary mode, structured mode, and half of either.

Whoever reads what others wrote opens it here: intake for partners' events, the chassis for providers' replies.
"""

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from onward.diagnostics import json_text
from onward.diagnostics.json_text import Unreadable

Headers: TypeAlias = Sequence[tuple[str, bytes | None]]

TRACEPARENT: Final = "traceparent"
"""The header of W3C's trace context, and the attribute of the distributed tracing extension."""

_ATTRIBUTES = ("id", "source", "type", "time", "subject", "specversion", "datacontenttype", TRACEPARENT)
_STRUCTURED = b"application/cloudevents"
_TRACE = re.compile(rb"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
_TRACE_HEADERS = frozenset({TRACEPARENT, f"ce_{TRACEPARENT}"})


@dataclass(frozen=True, slots=True)
class Opened:
    """What was in a CloudEvent."""

    data: Any
    pointer: str
    """JSON pointer to the data in the document as it arrived: `/data`."""
    attributes: Mapping[str, str]


def by_name(headers: Headers) -> dict[str, bytes]:
    """The headers that say something, by their names in lower case; of two with one name the later."""
    return {name.lower(): content for name, content in headers if content is not None}


def is_structured(headers: Mapping[str, bytes]) -> bool:
    """Whether the headers say that the value is a whole CloudEvent."""
    return headers.get("content-type", b"").lower().startswith(_STRUCTURED)


def header_attributes(headers: Mapping[str, bytes]) -> dict[str, str]:
    """The attributes of binary mode, from `ce_` headers."""
    found = {name: headers[f"ce_{name}"] for name in _ATTRIBUTES if f"ce_{name}" in headers}
    return {name: content.decode(errors="replace") for name, content in found.items()}


def opened(event: Mapping[str, Any], at: str = "") -> Opened:
    """
    The data of a structured *event*: as JSON, as JSON text, or as base64 of it in `data_base64`.

    Args:
        event: The CloudEvent.
        at: JSON pointer to it in the document as it arrived.

    Raises:
        Unreadable: `no_data` without any, `not_base64`, and the reasons of `json_text.parse` for data that is text.
    """
    attributes = {name: event[name] for name in _ATTRIBUTES if isinstance(event.get(name), str)}
    data = event.get("data")
    if data is not None:
        where = f"{at}/data"
        return Opened(parsed(data.encode(), where) if isinstance(data, str) else data, where, attributes)
    encoded = event.get("data_base64")
    if isinstance(encoded, str):
        where = f"{at}/data_base64"
        try:
            decoded = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            raise Unreadable("not_base64", where, "expected base64") from None
        return Opened(parsed(decoded, where), where, attributes)
    raise Unreadable("no_data", f"{at}/data", "a CloudEvent without data says nothing")


def parsed(content: bytes, where: str) -> Any:
    """
    The JSON in *content*, which stands at the pointer *where*.

    Raises:
        Unreadable: It is none; the pointer leads into the document as it arrived.
    """
    try:
        return json_text.parse(content)
    except Unreadable as error:
        raise Unreadable(error.reason, where + error.pointer, error.detail) from None


def trace(headers: Headers, value: bytes | None) -> bytes | None:
    """
    The W3C trace context that a record came with, if one is well formed; the first of these.

    The header `traceparent`, the distributed tracing extension of binary mode (`ce_traceparent`), or of structured
    mode (the attribute `traceparent`).
    """
    extension = None
    for name, content in headers:
        which = name.lower()
        if which in _TRACE_HEADERS and content is not None and _TRACE.fullmatch(content):
            if which == TRACEPARENT:
                return content
            extension = content
    return extension or _trace_of(value)


def _trace_of(value: bytes | None) -> bytes | None:
    # Nearly no value has it; whoever has not is not parsed for it.
    if value is None or f'"{TRACEPARENT}"'.encode() not in value or b'"specversion"' not in value:
        return None
    try:
        event = json_text.parse(value)
    except Unreadable:
        return None
    attribute = event.get(TRACEPARENT) if isinstance(event, dict) and "specversion" in event else None
    told = attribute.encode(errors="replace") if isinstance(attribute, str) else b""
    return told if _TRACE.fullmatch(told) else None
