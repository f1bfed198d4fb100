"""A header name that is not UTF-8 stops nothing; everything else is read as the client library reads it."""

import gzip
import struct
from typing import Any

import pytest
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.record.memory_records import MemoryRecords
from hypothesis import given
from hypothesis import strategies as st

from onward.chassis.kafka.patches.tolerant_records import TolerantRecords

Row = tuple[bytes | None, bytes | None, list[tuple[str, bytes | None]]]


def batch(rows: list[Row], *, first: int = 0, packed: bool = False) -> bytearray:
    builder = DefaultRecordBatchBuilder(2, int(packed), 0, -1, -1, 0, 1_000_000)
    for number, (key, value, headers) in enumerate(rows):
        builder.append(number, 1_760_000_000_000, key, value, headers)
    built = bytearray(builder.build())
    struct.pack_into(">q", built, 0, first)
    return built


def everything(records: Any) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    while records.has_next():
        found.extend((each.offset, each.key, each.value, list(each.headers)) for each in records.next_batch())
    return found


ROWS = st.lists(
    st.tuples(
        st.none() | st.binary(max_size=20),
        st.none() | st.binary(max_size=20),
        st.lists(st.tuples(st.text(max_size=5), st.none() | st.binary(max_size=5)), max_size=3),
    ),
    min_size=1,
    max_size=5,
)


@given(st.lists(ROWS, min_size=1, max_size=3))
def test_what_the_library_can_read_is_read_the_same(batches: list[list[Row]]) -> None:
    data = b"".join(bytes(batch(rows, first=100 * number)) for number, rows in enumerate(batches))
    assert everything(TolerantRecords(data)) == everything(MemoryRecords(data))


@pytest.mark.parametrize("packed", [False, True])
def test_a_bad_name_is_mended_and_the_records_around_it_are_read_once(*, packed: bool) -> None:
    rows: list[Row] = [
        (b"a", b"1", [("ok", b"x")]),
        (b"b", None, [("ZZä", b"\xff"), ("fine-ä", None)]),
        (None, b"3", []),
    ]
    plain = batch(rows, first=40)
    at = plain.index(b"ZZ")
    plain[at : at + 2] = b"\xff\xfe"
    spoiled = compressed(plain) if packed else plain
    data = bytes(batch(rows[:1], first=7)) + bytes(spoiled) + bytes(batch(rows[2:], first=43))

    assert everything(TolerantRecords(data)) == [
        (7, b"a", b"1", [("ok", b"x")]),
        (40, b"a", b"1", [("ok", b"x")]),
        (41, b"b", None, [("????", b"\xff"), ("fine-ä", None)]),
        (42, None, b"3", []),
        (43, None, b"3", []),
    ]


def compressed(plain: bytearray) -> bytearray:
    """The same batch with its records packed, as a producer would send it."""
    packed = plain[:61] + gzip.compress(plain[61:])
    struct.pack_into(">i", packed, 8, len(packed) - 12)
    (attributes,) = struct.unpack_from(">h", packed, 21)
    struct.pack_into(">h", packed, 21, attributes | 1)
    return packed
