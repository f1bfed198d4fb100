"""Out of its envelopes: bare, SNS, CloudEvents binary or structured, or one inside another."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from onward.contracts import cloud_events
from onward.contracts.cloud_events import Headers
from onward.contracts.outcome import Ignored, Parked
from onward.diagnostics import json_text
from onward.diagnostics.json_text import Unreadable
from onward.intake.domain.partner_message import PartnerMessage

_MOST_ENVELOPES: Final = 4
_SNS_CONTROL = ("SubscriptionConfirmation", "UnsubscribeConfirmation")
ENVELOPE_NAMES: Final = frozenset({"Message", "MessageAttributes", "messageType", "Value", "data", "data_base64"})
"""Fields of envelopes that something of a message stands in."""
_ELSEWHERE = "software.amazon.payloadoffloading.PayloadS3Pointer"


@dataclass(frozen=True, slots=True)
class _Layer:
    """A JSON value on the way in, and where it was found."""

    value: Any
    prefix: str = ""
    attributes: Mapping[str, str] | None = None
    attributes_at: str | None = None
    message_type: str = ""


def unwrap(
    source: str, value: bytes | None, headers: Headers, *, received_at: datetime
) -> PartnerMessage | Ignored | Parked:
    """
    The partner's own document in *value*.

    An SNS notification holds it as JSON text in `Message`; a structured CloudEvent as JSON, as JSON text or as base64
    in `data` or `data_base64`; a binary CloudEvent has its attributes in `ce_` headers. SNS messages that only run a
    subscription are ignored. Never raises; pointers in `Parked` point into the document as it arrived.
    """
    named = cloud_events.by_name(headers)
    structured = cloud_events.is_structured(named)
    try:
        layer = _Layer(json_text.parse(value), attributes=cloud_events.header_attributes(named))
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
    return PartnerMessage(
        source,
        layer.value,
        received_at,
        layer.prefix,
        layer.attributes or {},
        layer.attributes_at,
        message_type=layer.message_type,
    )


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


def _cloud_event(layer: _Layer) -> _Layer:
    event = cloud_events.opened(layer.value, layer.prefix)
    return _Layer(event.data, event.pointer, event.attributes, layer.prefix, layer.message_type)


def _sns(layer: _Layer) -> _Layer | Ignored | Parked:
    document = layer.value
    if document.get("Type") in _SNS_CONTROL:
        return Ignored("sns_control_message")
    layer = replace(layer, message_type=_message_type(document.get("MessageAttributes")) or layer.message_type)
    inner = document["Message"]
    where = layer.prefix + "/Message"
    if isinstance(inner, str):
        return replace(layer, value=cloud_events.parsed(inner.encode(), where), prefix=where)
    if isinstance(inner, dict):
        return replace(layer, value=inner, prefix=where)
    return Parked("schema", where, "expected the message as JSON text")


def _message_type(attributes: Any) -> str:
    """What an SNS notification says of the kind of message in it, beside it; blank where it says nothing."""
    named = attributes.get("messageType") if isinstance(attributes, dict) else None
    value = named.get("Value") if isinstance(named, dict) else None
    return value if isinstance(value, str) else ""
