"""Out of its envelopes: bare, SNS, CloudEvents binary or structured, or one inside another."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from onward.contracts import json_text
from onward.contracts.json_text import Unreadable
from onward.contracts.outcome import Ignored, Parked
from onward.intake.message import PartnerMessage

Headers = Sequence[tuple[str, bytes | None]]

_MOST_ENVELOPES: Final = 4
_SNS_CONTROL = ("SubscriptionConfirmation", "UnsubscribeConfirmation")
_ATTRIBUTES = ("id", "source", "type", "time", "subject", "specversion", "datacontenttype")
_ELSEWHERE = "software.amazon.payloadoffloading.PayloadS3Pointer"


@dataclass(frozen=True, slots=True)
class _Layer:
    """A JSON value on the way in, and where it was found."""

    value: Any
    prefix: str = ""
    attributes: Mapping[str, str] | None = None
    attributes_at: str | None = None


def unwrap(
    source: str, value: bytes | None, headers: Headers, *, received_at: datetime
) -> PartnerMessage | Ignored | Parked:
    """
    The partner's own document in *value*.

    An SNS notification holds it as JSON text in `Message`; a structured CloudEvent as JSON, as JSON text or as base64
    in `data` or `data_base64`; a binary CloudEvent has its attributes in `ce_` headers. SNS messages that only run a
    subscription are ignored. Never raises; pointers in `Parked` point into the document as it arrived.
    """
    named = {name.lower(): content for name, content in headers if content is not None}
    structured = (named.get("content-type") or b"").lower().startswith(b"application/cloudevents")
    try:
        layer = _Layer(json_text.parse(value), attributes=_header_attributes(named))
        for _ in range(_MOST_ENVELOPES):
            opened = _opened(layer, structured=structured)
            if opened is None:
                break
            if not isinstance(opened, _Layer):
                return opened
            layer, structured = opened, False
    except Unreadable as error:
        return Parked(error.reason, error.pointer, error.detail)
    if not isinstance(layer.value, dict):
        return _not_an_object(layer)
    return PartnerMessage(source, layer.value, received_at, layer.prefix, layer.attributes or {}, layer.attributes_at)


def _not_an_object(layer: _Layer) -> Parked:
    if isinstance(layer.value, list) and layer.value[:1] == [_ELSEWHERE]:
        return Parked("payload_elsewhere", layer.prefix, "the content is in a bucket; send the message itself")
    return Parked("not_an_object", layer.prefix, "expected a JSON object")


def _opened(layer: _Layer, *, structured: bool) -> _Layer | Ignored | Parked | None:
    """The next layer inside, None when this is no envelope."""
    document = layer.value
    if not isinstance(document, dict):
        return None
    # A partner's own document may have a `type`, but what makes it an event of theirs is `eventType`.
    if structured or ("specversion" in document and "type" in document and "eventType" not in document):
        return _cloud_event(layer)
    if "Message" in document and ("Type" in document or "eventType" not in document):
        return _sns(layer)
    return None


def _cloud_event(layer: _Layer) -> _Layer | Parked:
    document = layer.value
    attributes = {name: document[name] for name in _ATTRIBUTES if isinstance(document.get(name), str)}
    if "data" in document and document["data"] is not None:
        data, name = document["data"], "data"
        inner = _parsed(data.encode(), layer.prefix + "/data") if isinstance(data, str) else data
    elif isinstance(encoded := document.get("data_base64"), str):
        name = "data_base64"
        try:
            decoded = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            return Parked("not_base64", f"{layer.prefix}/data_base64", "expected base64")
        inner = _parsed(decoded, f"{layer.prefix}/data_base64")
    else:
        return Parked("schema", f"{layer.prefix}/data", "a CloudEvent without data says nothing")
    return replace(
        layer,
        value=inner,
        prefix=f"{layer.prefix}/{name}",
        attributes=attributes,
        attributes_at=layer.prefix,
    )


def _sns(layer: _Layer) -> _Layer | Ignored | Parked:
    document = layer.value
    if document.get("Type") in _SNS_CONTROL:
        return Ignored("sns_control_message")
    inner = document["Message"]
    where = layer.prefix + "/Message"
    if isinstance(inner, str):
        return replace(layer, value=_parsed(inner.encode(), where), prefix=where)
    if isinstance(inner, dict):
        return replace(layer, value=inner, prefix=where)
    return Parked("schema", where, "expected the message as JSON text")


def _parsed(content: bytes, where: str) -> Any:
    try:
        return json_text.parse(content)
    except Unreadable as error:
        raise Unreadable(error.reason, where + error.pointer, error.detail) from None


def _header_attributes(named: Mapping[str, bytes]) -> dict[str, str]:
    found = {name: named[f"ce_{name}"] for name in _ATTRIBUTES if f"ce_{name}" in named}
    return {name: content.decode(errors="replace") for name, content in found.items()}
