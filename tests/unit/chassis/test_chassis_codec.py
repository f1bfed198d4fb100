"""Bytes to contracts and back."""

import json
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation_keys import ID_KEY
from onward.chassis.codec import Encoder, decode, traceparent
from onward.chassis.security.cause import Cause, cause_of
from onward.contracts.base import Message, Moment
from onward.contracts.topics import Topic
from onward.diagnostics.json_text import Unreadable


class Thing(Message):
    name: str
    size: int = 1
    at: Moment | None = None


@dataclass
class Record:
    """A record as the client library gives it."""

    value: bytes | None = b"{}"
    key: bytes | None = b"k"
    headers: tuple[tuple[str, bytes | None], ...] = ()
    topic: str = "things"
    partition: int = 3
    offset: int = 41
    timestamp: int = 1_760_000_000_123


THINGS = Topic("things", "onward.thing.v1", Thing)
REPLIES = Topic("replies.{provider}", "onward.thing.v1", Thing)
OURS: tuple[tuple[str, bytes | None], ...] = (("content-type", b"application/json"), ("ce_type", b"onward.thing.v1"))


@pytest.mark.parametrize("topic", [THINGS, REPLIES])
def test_what_one_service_writes_another_reads(topic: Topic[Thing]) -> None:
    cause = Record(headers=(("traceparent", b"00-" + b"a" * 32 + b"-" + b"b" * 16 + b"-01"),))
    message = THINGS.message(Thing(name="ä", size=2), key="person")

    written = Encoder("people", ID_KEY).encode(message, cause=cause, index=1)
    received = decode(topic, Record(written.value, written.key, tuple(written.headers)))

    assert (received.body, received.key) == (Thing(name="ä", size=2), "person")
    assert cause_of(ID_KEY, dict(written.headers)["ce_id"]) == Cause("things", 3, 41, cause.timestamp, 1)
    assert dict(written.headers)["ce_time"] == b"2025-10-09T08:53:20.123Z"
    assert dict(written.headers)["traceparent"] == cause.headers[0][1]


def test_handling_a_record_again_gives_the_same_bytes() -> None:
    message = THINGS.message(Thing(name="a"), key="k")
    assert Encoder("x", ID_KEY).encode(message, cause=Record(), index=0) == Encoder("x", ID_KEY).encode(
        message, cause=Record(), index=0
    )


@pytest.mark.parametrize(
    ("value", "headers"),
    [
        (b'{"name": "a"}', ()),
        (b'{"name": "a"}', OURS),
        (b'{"name": "a"}', (("CE_TYPE", b"onward.thing.v1"), ("Content-Type", b"application/json"))),
        (b'{"specversion": "1.0", "type": "onward.thing.v1", "data": {"name": "a"}}', ()),
        (
            b'{"specversion": "1.0", "type": "onward.thing.v1", "data": {"name": "a"}}',
            (("content-type", b"application/cloudevents+json"),),
        ),
        (b'\xef\xbb\xbf {"name": "a", "unknown": [1]} ', ()),
    ],
)
@pytest.mark.parametrize("topic", [THINGS, REPLIES])
def test_binary_structured_and_bare_are_read(
    topic: Topic[Thing], value: bytes, headers: tuple[tuple[str, bytes | None], ...]
) -> None:
    assert decode(topic, Record(value, headers=headers)).body == Thing(name="a")


@pytest.mark.parametrize(
    ("value", "headers", "reason", "pointer"),
    [
        (b"{}", (), "schema", "/name"),
        (b'{"name": 1}', OURS, "schema", "/name"),
        (b'{"name": "a", "size": "1 0"}', (), "schema", "/size"),
        (b'{"name": "a", "at": "2025-01-01T00:00:00"}', (), "no_offset", "/at"),
        (b"[]", OURS, "schema", ""),
        (b'{"name": "a", "name": "b"}', (), "duplicate_key", ""),
        (b'{"name": {"size": 1, "size": 2}}', (), "duplicate_key", "/name"),
        (b'{"John_Smith": {"name": [{"a": 1e999}]}}', (), "number_out_of_range", "/*/name/0/*"),
        (b'{"name": "a"}', (("ce_type", b"onward.other.v1"),), "wrong_type", ""),
        (b'{"specversion": "1.0", "type": "x", "data": {"name": "a"}}', (), "wrong_type", ""),
        (b'{"name": "a"}', (("content-type", b"application/cloudevents+json"),), "no_data", "/data"),
        (None, OURS, "empty", ""),
        (b"\xff", OURS, "not_utf8", ""),
    ],
)
def test_what_cannot_be_read_says_why_and_where(
    value: bytes | None, headers: tuple[tuple[str, bytes | None], ...], reason: str, pointer: str
) -> None:
    with pytest.raises(Unreadable) as raised:
        decode(THINGS, Record(value, headers=headers))
    assert (raised.value.reason, raised.value.pointer) == (reason, pointer)


def test_a_refusal_holds_no_value_of_the_message() -> None:
    canary = "Test Person-0001"
    with pytest.raises(Unreadable) as raised:
        decode(THINGS, Record(json.dumps({"name": 1, "size": canary}).encode()))
    assert canary not in f"{raised.value}{raised.value.args}{raised.value.__cause__}{raised.value.__suppress_context__}"
    assert raised.value.__suppress_context__


@given(
    st.none() | st.binary(max_size=200) | st.sampled_from([b'{"name": "a"}', b'{"data": 1, "specversion": 1}']),
    st.lists(
        st.tuples(
            st.sampled_from(["ce_type", "content-type", "traceparent", "x"]) | st.text(max_size=5),
            st.none() | st.binary(max_size=40),
        ),
        max_size=4,
    ),
    st.none() | st.binary(max_size=10),
)
def test_any_bytes_and_headers_are_read_or_refused_and_nothing_else(
    value: bytes | None, headers: list[tuple[str, bytes | None]], key: bytes | None
) -> None:
    record = Record(value, key, tuple(headers))
    for topic in (THINGS, REPLIES):
        outcome: Any
        try:
            outcome = decode(topic, record)
        except Unreadable as why:
            outcome = why
        assert outcome is not None
    traceparent(record)


@pytest.mark.parametrize(
    "given", [b"", b"00-xyz", b"00-" + b"A" * 32 + b"-" + b"b" * 16 + b"-01", None, b"\xff" * 55, b"0" * 5000]
)
def test_a_trace_that_is_not_well_formed_is_not_passed_on(given: bytes | None) -> None:
    assert traceparent(Record(headers=(("traceparent", given),))) is None


def test_a_trace_is_another_one_for_whoever_it_comes_from_and_whomever_it_goes_to() -> None:
    theirs = b"00-" + b"a" * 32 + b"-" + b"b" * 16 + b"-01"

    def carried(came: str, goes: str, trace: bytes = theirs) -> bytes:
        cause = replace(Record(headers=(("traceparent", trace),)), topic=came)
        message = replace(THINGS.message(Thing(name="a"), key="k"), topic=goes)
        return dict(Encoder("x", ID_KEY).encode(message, cause=cause, index=0).headers)["traceparent"]

    inside = carried("in.custody", "contacts")
    assert carried("contacts", "situations", inside) == inside
    told = [carried("deliveries", f"referrals.{each}", inside) for each in ("one", "two")]
    assert len({theirs, inside, *told}) == 4
    for each in (inside, *told):
        assert traceparent(Record(headers=(("traceparent", each),))) == each
        assert b"a" * 8 not in each
    assert carried("in.custody", "feedback.custody") == theirs
    assert carried("deliveries", "referrals.one", inside) == told[0]
