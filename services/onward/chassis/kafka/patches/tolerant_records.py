"""
Records whose header names are not UTF-8.

Any producer can write them, the broker takes them, and the client library raises on them again and again: one such
record stops its partition for ever. Here such names are mended (each byte beyond ASCII becomes `?`), and the batch is
read once more. Everything else is the library's own fast path. Proposal: docs/upstream/tolerant_records.md.
"""

import gzip
import struct
from collections.abc import Iterator
from typing import Any

from aiokafka.consumer import fetcher
from aiokafka.record.default_records import DefaultRecordBatch
from aiokafka.record.memory_records import MemoryRecords
from aiokafka.record.util import decode_varint

_ATTRIBUTES_AT = 21
_CODEC_MASK, _GZIP = 0x07, 0x01
_COUNT_AT = 57
_RECORDS_AT = 61
_MAGIC_WITH_HEADERS = 2


class TolerantRecords:
    """Stands in for the library's `MemoryRecords`: the batches of one answer of the broker."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._records = MemoryRecords(data)

    def size_in_bytes(self) -> int:
        """How long the answer was."""
        return self._records.size_in_bytes()

    def has_next(self) -> bool:
        """Whether there is another batch."""
        return self._records.has_next()

    def next_batch(self) -> Any:
        """The next batch."""
        batch: Any = self._records.next_batch()
        if batch is None or batch.magic < _MAGIC_WITH_HEADERS or batch.is_control_batch:
            return batch
        return _Batch(batch, self._data)


class _Batch:
    """The library's batch, read anew if a header's name is not UTF-8."""

    def __init__(self, batch: Any, data: bytes) -> None:
        self._batch = batch
        self._data = data

    def __getattr__(self, name: str) -> Any:
        return getattr(self._batch, name)

    def __iter__(self) -> Iterator[Any]:
        read = -1
        try:
            for record in self._batch:
                read = record.offset
                yield record
        except UnicodeDecodeError:
            mended: Any = DefaultRecordBatch(mend(_slice(self._data, self._batch.base_offset)))
            for record in mended:
                if record.offset > read:
                    yield record


def _slice(data: bytes, base_offset: int) -> bytearray:
    """The batch that begins at *base_offset*."""
    at = 0
    while True:
        offset, length = struct.unpack_from(">qi", data, at)
        if offset == base_offset:
            return bytearray(data[at : at + 12 + length])
        at += 12 + length


def mend(batch: bytearray) -> bytearray:
    """*batch*, unpacked, with every header name in UTF-8. Its checksum no longer holds."""
    (attributes,) = struct.unpack_from(">h", batch, _ATTRIBUTES_AT)
    if attributes & _CODEC_MASK == _GZIP:
        batch = batch[:_RECORDS_AT] + gzip.decompress(batch[_RECORDS_AT:])
        struct.pack_into(">h", batch, _ATTRIBUTES_AT, attributes & ~_CODEC_MASK)
    (count,) = struct.unpack_from(">i", batch, _COUNT_AT)
    at = _RECORDS_AT
    for _ in range(count):
        length, at = decode_varint(batch, at)
        _mend_record(batch, at)
        at += length
    return batch


def _mend_record(batch: bytearray, at: int) -> None:
    for _ in range(3):  # attributes, time and offset
        _, at = decode_varint(batch, at)
    for _ in range(2):  # key and value
        length, at = decode_varint(batch, at)
        at += max(0, length)
    headers, at = decode_varint(batch, at)
    for _ in range(headers):
        length, at = decode_varint(batch, at)
        name = bytes(batch[at : at + length])
        if not _is_utf8(name):
            batch[at : at + length] = bytes(byte if byte < 0x80 else ord("?") for byte in name)
        at += length
        length, at = decode_varint(batch, at)
        at += max(0, length)


def _is_utf8(name: bytes) -> bool:
    try:
        name.decode()
    except UnicodeDecodeError:
        return False
    return True


def apply() -> None:
    """Make every consumer of this process mend such names."""
    fetcher.MemoryRecords = TolerantRecords  # type: ignore[attr-defined]  # the library has no other place for it
