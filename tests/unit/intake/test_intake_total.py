"""No bytes and no headers make intake raise; every message has exactly one outcome."""

import copy
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onward.contracts import paths, topics
from onward.contracts.contact import Contact
from onward.contracts.outcome import Ignored, Parked
from onward.diagnostics.json_text import Unreadable, parse
from onward.intake.partners import read

RECEIVED = datetime(2026, 3, 3, 8, tzinfo=UTC)
REASONS_IGNORED = {
    "irrelevant_event_type",
    "unknown_event_type",
    "superseded_by_prison_offender_events",
    "said_elsewhere",
    "links_nothing",
    "sns_control_message",
    "no_person",
    "hearing_deleted",
    "other_message_type",
    "nothing_answered",
}
REASONS_PARKED = {
    "empty",
    "too_large",
    "not_utf8",
    "too_deep",
    "not_json",
    "duplicate_key",
    "number_out_of_range",
    "forbidden_character",
    "not_an_object",
    "not_base64",
    "no_data",
    "payload_elsewhere",
    "schema",
    "unknown_code",
    "unknown_event_type",
    "unknown_fact",
    "not_theirs_to_answer",
    "no_identifier",
    "identifier_conflict",
}


def examples() -> Iterator[tuple[str, Any]]:
    for path in sorted((paths.schemas() / "examples").glob("in.*/*.json")):
        try:
            yield path.parent.name.removeprefix("in."), parse(path.read_bytes())
        except Unreadable:
            continue


EXAMPLES = list(examples())
SOURCES = st.sampled_from(topics.sources())
HEADERS = st.lists(
    st.tuples(st.sampled_from(["content-type", "ce_type", "ce_id", "ce_time", "x"]), st.binary() | st.none())
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)


def check(source: str, value: bytes | None, headers: Sequence[tuple[str, bytes | None]] = ()) -> None:
    told = read(source, value, headers, received_at=RECEIVED)
    if isinstance(told, Ignored):
        assert told.reason in REASONS_IGNORED
    elif isinstance(told, Parked):
        assert told.reason in REASONS_PARKED
        assert not told.pointer or told.pointer.startswith("/")
    else:
        assert told
        for contact in told:
            again = Contact.model_validate_json(contact.model_dump_json())
            assert again == contact
            assert contact.reference or contact.in_reply_to
            assert contact.occurred_at.tzinfo is not None


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if path:
        yield path
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in children:
        yield from places(item, (*path, key))


@st.composite
def mutated(draw: st.DrawFn) -> tuple[str, bytes]:
    """An example in which one to three values are gone, or something else."""
    source, original = draw(st.sampled_from(EXAMPLES))
    document = copy.deepcopy(original)
    for _ in range(draw(st.integers(1, 3))):
        everywhere = list(places(document))
        if not everywhere:
            break
        *parents, last = draw(st.sampled_from(everywhere))
        holder = document
        for key in parents:
            holder = holder[key]
        change = draw(st.sampled_from(["drop", "replace", "nest", "text", "repeat"]))
        if change == "drop":
            del holder[last]
        elif change == "nest":
            holder[last] = draw(st.sampled_from([[holder[last]], {"value": holder[last]}]))
        elif change == "text":
            holder[last] = json.dumps(holder[last])
        elif change == "repeat":
            holder[last] = [holder[last]] * 3
        else:
            holder[last] = draw(JSON)
    return source, json.dumps(document).encode()


@given(SOURCES, st.binary() | st.none(), HEADERS)
def test_any_bytes_have_an_outcome(source: str, value: bytes | None, headers: list[tuple[str, bytes | None]]) -> None:
    check(source, value, headers)


@given(SOURCES, JSON, HEADERS)
def test_any_json_has_an_outcome(source: str, value: Any, headers: list[tuple[str, bytes | None]]) -> None:
    check(source, json.dumps(value).encode(), headers)


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutated(), HEADERS)
def test_any_example_changed_in_any_way_has_an_outcome(
    example: tuple[str, bytes], headers: list[tuple[str, bytes | None]]
) -> None:
    check(*example, headers)


@settings(max_examples=200, deadline=None)
@given(mutated(), st.sampled_from(topics.sources()))
def test_a_message_on_another_partners_topic_has_an_outcome(example: tuple[str, bytes], source: str) -> None:
    check(source, example[1])


@pytest.mark.parametrize("source", topics.sources())
@pytest.mark.parametrize(
    "value",
    [
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"eventType": "' + b"x" * 900_000 + b'"}',
        b'{"Message": ' * 60 + b"1" + b"}" * 60,
        b'{"eventType": 1e999}',
        b'{"eventType": "\\ud800"}',
        b"\xff\xfe{}",
        b"\x1f\x8b\x08\x00",
        b" " * 1000,
        b"x" * 2_000_000,
        json.dumps({"specversion": "1.0", "type": "t", "data": json.dumps({"Message": "{}", "Type": "x"})}).encode(),
    ],
    ids=range(11),
)
def test_hostile_input_has_an_outcome(source: str, value: bytes) -> None:
    check(source, value)
