"""The newest record of each partition that something a service wrote names as its cause, and that is still there."""

import bisect
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import UnknownTopicOrPartitionError
from aiokafka.structs import ConsumerRecord, TopicPartition

from onward.chassis import clock
from onward.chassis.errors import SealBrokenError
from onward.chassis.kafka.connection import KafkaConnection
from onward.chassis.processing.positions import Extent
from onward.chassis.security.cause import Sealer
from onward.cli.offsets.shapes import HopTopics
from onward.cli.whole_topic import records

_Record: TypeAlias = "ConsumerRecord[bytes | None, bytes | None]"

# The newest output of a partition is the last one that was written: most are found in what is young.
_WINDOWS = (timedelta(hours=1), timedelta(days=1), None)
_CHUNK = 1000


@dataclass(frozen=True, slots=True, order=True)
class Named:
    """A record that an output names: where it stood, and between which times it was appended."""

    offset: int
    earliest_ms: int
    latest_ms: int


async def newest_named(
    bootstrap: str, shape: HopTopics, extents: Mapping[TopicPartition, Extent], id_key: bytes
) -> dict[TopicPartition, int]:
    """
    The offset of the newest record that an output of the service names, by partition; without those of which none does.

    A record counts only if it still stands there: of another log under the same name, the same place holds another.

    Raises:
        KafkaError: The broker is away.
        SealBrokenError: No message opens with this id key, although there are some.
    """
    consumer = KafkaConnection.of_environment(bootstrap).consumer(enable_auto_commit=False, auto_offset_reset="none")
    try:
        await consumer.start()
        found: dict[TopicPartition, int] = {}
        left = {partition: extent for partition, extent in extents.items() if extent.end > extent.begin}
        for window in _WINDOWS:
            since = None if window is None else clock.now() - window
            named = await _named(bootstrap, shape, left, Sealer(id_key), since)
            for partition, candidates in named.items():
                offset = await _newest_there(consumer, partition, candidates, left[partition])
                if offset is not None:
                    found[partition] = offset
            left = {partition: extent for partition, extent in left.items() if partition not in found}
            if not left:
                break
        return found
    finally:
        await consumer.stop()


async def _named(
    bootstrap: str, shape: HopTopics, extents: Mapping[TopicPartition, Extent], sealer: Sealer, since: datetime | None
) -> dict[TopicPartition, set[Named]]:
    named: defaultdict[TopicPartition, set[Named]] = defaultdict(set)
    opened = broken = 0
    for topic in (*shape.outputs, shape.parked):
        with suppress(UnknownTopicOrPartitionError):
            async for record in records(bootstrap, topic, since=since):
                try:
                    cause = _cause(record, sealer)
                except SealBrokenError:
                    broken += 1
                    continue
                opened += 1
                if cause is not None and _holds(extents.get(cause[0]), cause[1]):
                    named[cause[0]].add(cause[1])
    if broken and not opened:
        raise SealBrokenError(
            f"none of {broken} messages of {shape.service} opens: ONWARD_ID_KEY is not the key of this installation"
            ", or an earlier release made them"
        )
    return named


def _holds(extent: Extent | None, named: Named) -> bool:
    return extent is not None and extent.begin <= named.offset < extent.end


def _cause(record: _Record, sealer: Sealer) -> tuple[TopicPartition, Named] | None:
    """
    What *record* names; None for a record that is no message of ours.

    Raises:
        SealBrokenError: Its id does not open.
    """
    headers = dict(record.headers)
    if headers.get("origin"):
        topic, _, place = (headers["origin"] or b"").decode().partition("/")
        partition, _, offset = place.partition("/")
        # It was parked after it was appended; of another log, the place was taken later.
        return TopicPartition(topic, int(partition)), Named(int(offset), 0, record.timestamp)
    ce_id = headers.get("ce_id")
    if not ce_id:
        return None
    topic, partition_number, offset_number, appended_ms, _ = sealer.open(ce_id)
    return TopicPartition(topic, partition_number), Named(offset_number, appended_ms, appended_ms)


async def _newest_there(
    consumer: AIOKafkaConsumer, partition: TopicPartition, candidates: Collection[Named], extent: Extent
) -> int | None:
    """The newest of *candidates* that the log still holds, looked for from its end."""
    for chunk in _from_the_end(sorted(candidates)):
        first, last = max(extent.begin, chunk[0].offset), chunk[-1].offset
        times = await _times(consumer, partition, first, last)
        for each in reversed(chunk):
            if (at := times.get(each.offset)) is not None and each.earliest_ms <= at <= each.latest_ms:
                return each.offset
    return None


def _from_the_end(ordered: list[Named]) -> Iterator[list[Named]]:
    """*ordered* in pieces, the newest first, each of neighbours that one look can find."""
    while ordered:
        start = bisect.bisect_left(ordered, ordered[-1].offset - _CHUNK, key=lambda each: each.offset)
        yield ordered[start:]
        ordered = ordered[:start]


async def _times(consumer: AIOKafkaConsumer, partition: TopicPartition, first: int, last: int) -> dict[int, int]:
    consumer.assign([partition])
    consumer.seek(partition, first)
    times: dict[int, int] = {}
    while await consumer.position(partition) <= last:
        for batch in (await consumer.getmany(timeout_ms=500)).values():
            times.update((record.offset, record.timestamp) for record in batch)
    return times
