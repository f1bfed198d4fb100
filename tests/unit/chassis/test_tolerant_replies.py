"""Providers answer as partners send: in any mode of CloudEvents, in any case; what is refused says why and where."""

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onward.chassis.codec import decode, traceparent
from onward.contracts import paths, topics
from onward.contracts.codes import RejectionReason
from onward.contracts.outcome import Parked
from onward.contracts.referral import Reply
from onward.diagnostics.json_text import Unreadable
from onward.tracking.domain import replies

REFERRAL = "9b1c6c1e-58a1-5a3e-8f5e-0d6b1a2c3d4e"
SCHEMA = json.loads((paths.schemas() / "events" / "onward.reply.v1.schema.json").read_text())
STRUCTURED = ("content-type", b"application/cloudevents+json; charset=utf-8")
Headers = tuple[tuple[str, bytes | None], ...]


@dataclass
class Record:
    """A record as the client library gives it."""

    value: bytes | None
    headers: Headers = ()
    key: bytes | None = b"k"
    topic: str = "replies.test-housing"
    partition: int = 0
    offset: int = 0
    timestamp: int = 1_760_000_000_123


def a_reply(**changes: Any) -> dict[str, Any]:
    said = {"reply_id": "r-1", "referral_id": REFERRAL, "status": "ACCEPTED", "replied_at": "2026-03-02T11:30:00Z"}
    return {name: value for name, value in (said | changes).items() if value is not None}


def taken(document: object, *headers: tuple[str, bytes | None]) -> Reply:
    return decode(topics.REPLIES, Record(json.dumps(document).encode(), headers)).body


def refused(document: object, *headers: tuple[str, bytes | None]) -> tuple[str, str]:
    with pytest.raises(Unreadable) as raised:
        taken(document, *headers)
    return raised.value.reason, raised.value.pointer


def in_event(**changes: Any) -> dict[str, Any]:
    return {"specversion": "1.0", "id": "1", "source": "/provider", "type": "onward.reply.v1"} | changes


def encoded(document: object) -> str:
    return base64.b64encode(json.dumps(document).encode()).decode()


@pytest.mark.parametrize(
    "document",
    [
        in_event(data=a_reply()),
        in_event(data=json.dumps(a_reply())),
        in_event(data_base64=encoded(a_reply())),
        in_event(data_base64=encoded(a_reply()), data=None),
        {name: value for name, value in in_event(data=a_reply()).items() if name != "type"},
    ],
)
def test_a_structured_event_is_read_however_its_data_is_written(document: object) -> None:
    for headers in ((), (STRUCTURED,)):
        assert taken(document, *headers) == Reply.model_validate(a_reply())


@pytest.mark.parametrize(
    "headers",
    [
        (),
        (("ce_type", b"onward.reply.v1"), ("ce_id", b"1")),
        (("CE_Type", b"onward.reply.v1"),),
        (("ce_type", None),),
        (("content-type", b"text/plain"),),
    ],
)
def test_a_bare_or_a_binary_event_is_read_with_or_without_its_type(headers: Headers) -> None:
    assert taken(a_reply(), *headers) == Reply.model_validate(a_reply())


@pytest.mark.parametrize("status", ["rejected", "Rejected", " REJECTED "])
@pytest.mark.parametrize("reason", ["no_capacity", "No Capacity", "no-capacity", "noCapacity", "NoCapacity"])
def test_a_code_is_read_in_any_case_and_with_anything_between_its_words(status: str, reason: str) -> None:
    reply = taken(a_reply(status=status, reason=reason))
    assert (reply.status, reply.reason) == ("REJECTED", "NO_CAPACITY")
    assert taken(a_reply(status="infoRequested")).status == "INFO_REQUESTED"


def test_names_of_fields_may_be_in_camel_case_and_an_id_may_be_a_number() -> None:
    said = {
        "replyId": 4711,
        "referralId": REFERRAL.upper(),
        "status": "INFO_REQUESTED",
        "asksFor": ["person.sex"],
        "repliedAt": "2026-03-02T12:30:00+01:00",
    }
    assert taken(said) == Reply(
        reply_id="4711",
        referral_id=UUID(REFERRAL),
        status="INFO_REQUESTED",
        asks_for=("person.sex",),
        replied_at=datetime(2026, 3, 2, 11, 30, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("document", "reason", "pointer"),
    [
        (a_reply(replied_at="2026-03-02T11:30:00"), "no_offset", "/replied_at"),
        (a_reply(replied_at=None, repliedAt="2026-03-02T11:30:00"), "no_offset", "/repliedAt"),
        (in_event(data=a_reply(replied_at="2026-03-02T11:30:00")), "no_offset", "/data/replied_at"),
        (in_event(data_base64=encoded(a_reply(status="MAYBE"))), "unknown_code", "/data_base64/status"),
        (a_reply(status="REJECTED", reason="NO_BEDS"), "unknown_code", "/reason"),
        (a_reply(replied_at="soon"), "schema", "/replied_at"),
        (a_reply(reply_id=None), "schema", "/reply_id"),
        (a_reply(reply_id=True), "schema", "/reply_id"),
        (a_reply(referral_id="QX4829AC"), "schema", "/referral_id"),
        (in_event(type="onward.reply.v2", data=a_reply()), "wrong_type", ""),
        (in_event(), "schema", "/reply_id"),
        (in_event(data_base64="?"), "not_base64", "/data_base64"),
        (in_event(data="{"), "not_json", "/data"),
        (in_event(data='{"a": 1, "a": 2}'), "duplicate_key", "/data"),
        ([a_reply()], "schema", ""),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why_and_leads_to_the_fault(document: object, reason: str, pointer: str) -> None:
    assert refused(document) == (reason, pointer)


def test_a_structured_event_without_data_says_so() -> None:
    assert refused(in_event(), STRUCTURED) == ("no_data", "/data")


def test_another_type_in_the_header_is_refused() -> None:
    assert refused(a_reply(), ("ce_type", b"org.provider.reply")) == ("wrong_type", "")


def is_valid(document: Any) -> bool:
    validator = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
    return validator.is_valid(document)


def test_a_rejection_without_its_reason_is_refused_by_the_schema_and_by_us() -> None:
    silent = a_reply(status="REJECTED")
    assert not is_valid(silent)
    assert not is_valid(silent | {"reason": None})
    assert is_valid(silent | {"reason": "NO_CAPACITY"})
    for status in ("RECEIVED", "ACCEPTED", "INFO_REQUESTED"):
        assert is_valid(a_reply(status=status))
        assert is_valid(a_reply(status=status) | {"reason": None})
    found = replies.changes_of_reply(None, taken(silent), provider="test-housing", now=datetime(2026, 3, 3, tzinfo=UTC))
    assert isinstance(found, Parked)
    assert (found.reason, found.pointer) == ("schema", "/reason")


CODES = st.sampled_from(list(RejectionReason.__args__))  # type: ignore[attr-defined] # what a Literal lists


@given(
    st.text(min_size=1, max_size=200),
    st.sampled_from(["RECEIVED", "ACCEPTED", "REJECTED", "INFO_REQUESTED"]),
    st.none() | CODES,
    st.lists(st.text(max_size=20), max_size=3),
    st.datetimes(min_value=datetime(2000, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - the strategy adds the zone
)
def test_whatever_the_schema_takes_is_taken(
    reply_id: str, status: str, reason: str | None, asks_for: list[str], at: datetime
) -> None:
    document = a_reply(reply_id=reply_id, status=status, asks_for=asks_for, replied_at=at.isoformat())
    document["reason"] = reason
    reply = Reply.model_validate(document)
    silent = replies.changes_of_reply(None, reply, provider="p", now=at) != replies.UNKNOWN
    assert is_valid(document) != silent


TRACE, OTHER = (b"00-" + digit * 32 + b"-" + b"b" * 16 + b"-01" for digit in (b"a", b"c"))


@pytest.mark.parametrize(
    ("headers", "attribute", "carried"),
    [
        ((("traceparent", TRACE),), OTHER, TRACE),
        ((("ce_traceparent", TRACE),), None, TRACE),
        ((("CE_TraceParent", TRACE),), None, TRACE),
        ((("ce_traceparent", OTHER), ("traceparent", TRACE)), None, TRACE),
        ((("traceparent", b"no"), ("ce_traceparent", TRACE)), None, TRACE),
        ((), TRACE, TRACE),
        ((STRUCTURED,), TRACE, TRACE),
        ((), b"00-no", None),
        ((), None, None),
        ((("ce_traceparent", b"\xff"),), None, None),
    ],
)
def test_a_trace_is_carried_on_wherever_it_stands(
    headers: Headers, attribute: bytes | None, carried: bytes | None
) -> None:
    more = {"traceparent": attribute.decode()} if attribute is not None else {}
    assert traceparent(Record(json.dumps(in_event(data=a_reply(), **more)).encode(), headers)) == carried


@pytest.mark.parametrize(
    "value", [None, b"", b'{"traceparent": "x", "specversion": ', b'["traceparent", "specversion"]']
)
def test_a_trace_in_no_event_is_none(value: bytes | None) -> None:
    assert traceparent(Record(value)) is None
    nested = json.dumps(in_event(data={"traceparent": TRACE.decode()})).encode()
    assert traceparent(Record(nested)) is None
