"""A topic from its beginning to its end as of now, for a person who looks back."""

import asyncio
from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from datetime import datetime

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import UnknownTopicOrPartitionError
from aiokafka.structs import ConsumerRecord

from onward.chassis import clock
from onward.chassis.kafka import patches
from onward.chassis.kafka.connection import KafkaConnection

_Record = ConsumerRecord[bytes | None, bytes | None]


_SILENCE_SECONDS = 60
"""A broker that has gone away is not heard for so long; the client alone would wait for ever."""


async def records(
    bootstrap: str,
    topic: str,
    *,
    since: datetime | None = None,
    with_open: bool = False,
) -> AsyncGenerator[_Record]:
    """
    The committed records of *topic*, each partition's in order.

    Args:
        bootstrap: Host and port of a broker.
        topic: Its name.
        since: Begin with the first that was appended then or later, not with the oldest.
        with_open: Also what stands behind a transaction that is still open: it waits until that has ended.

    Raises:
        KafkaError: the broker is away, or there is no such topic.
        TimeoutError: the broker fell silent.
    """
    patches.install()
    found = await partitions(bootstrap, topic)
    consumer = _consumer(bootstrap, "read_committed")
    try:
        await consumer.start()
        wanted = [TopicPartition(topic, number) for number in found]
        consumer.assign(wanted)
        begins = await _begins(consumer, wanted, since)
        ends = await (_written_ends(bootstrap, wanted) if with_open else consumer.end_offsets(wanted))
        for partition in wanted:
            consumer.seek(partition, begins.get(partition, ends[partition]))
        async for record in _through(consumer, ends, topic):
            yield record
    finally:
        await consumer.stop()


async def records_of(bootstrap: str, counts: Mapping[str, int]) -> AsyncGenerator[_Record]:
    """
    The committed records of several topics, whose numbers of partitions are *counts*; each partition's in order.

    With one connection for all of them: of hundreds of topics most are empty.

    Raises:
        KafkaError: the broker is away.
        TimeoutError: the broker fell silent.
    """
    patches.install()
    wanted = [TopicPartition(topic, number) for topic, count in counts.items() for number in range(count)]
    consumer = _consumer(bootstrap, "read_committed")
    try:
        await consumer.start()
        begins, ends = await consumer.beginning_offsets(wanted), await consumer.end_offsets(wanted)
        filled = [partition for partition in wanted if begins[partition] < ends[partition]]
        if not filled:
            return
        consumer.assign(filled)
        for partition in filled:
            consumer.seek(partition, begins[partition])
        async for record in _through(consumer, {each: ends[each] for each in filled}, "them"):
            yield record
    finally:
        await consumer.stop()


async def _through(
    consumer: AIOKafkaConsumer, ends: Mapping[TopicPartition, int], what: str
) -> AsyncGenerator[_Record]:
    """What stands before *ends* in the partitions that the consumer reads."""
    heard_at = clock.monotonic()
    # By position, not by the last record: a partition that was written in transactions ends with a marker.
    while any([await consumer.position(partition) < end for partition, end in ends.items()]):
        batches = await consumer.getmany(timeout_ms=200)
        if batches:
            heard_at = clock.monotonic()
        elif clock.monotonic() - heard_at > _SILENCE_SECONDS:
            raise TimeoutError(f"the broker said nothing of {what} for {_SILENCE_SECONDS} s")
        for partition, batch in batches.items():
            for record in batch:
                if record.offset < ends[partition]:
                    yield record
            heard_at = clock.monotonic()


async def one(bootstrap: str, topic: str, partition: int, offset: int) -> _Record | None:
    """
    The committed record that stands there; None if none does. Nothing else of the topic is read.

    Raises:
        KafkaError: the broker is away, or there is no such topic.
        TimeoutError: the broker fell silent.
    """
    patches.install()
    if partition not in await partitions(bootstrap, topic):
        return None
    consumer = _consumer(bootstrap, "read_committed")
    place = TopicPartition(topic, partition)
    try:
        await consumer.start()
        consumer.assign([place])
        if offset < (await consumer.beginning_offsets([place]))[place]:
            return None
        end = (await consumer.end_offsets([place]))[place]
        consumer.seek(place, offset)
        async with asyncio.timeout(_SILENCE_SECONDS):
            while await consumer.position(place) < end:
                for batch in (await consumer.getmany(timeout_ms=200, max_records=1)).values():
                    return batch[0] if batch[0].offset == offset else None
        return None
    finally:
        await consumer.stop()


async def extent(bootstrap: str, topic: str) -> tuple[int, int]:
    """
    The first offset of *topic*, which has one partition, and the one behind its last.

    Raises:
        KafkaError: the broker is away, or there is no such topic.
    """
    patches.install()
    await partitions(bootstrap, topic)
    consumer, place = _consumer(bootstrap, "read_committed"), TopicPartition(topic, 0)
    try:
        await consumer.start()
        consumer.assign([place])
        return (await consumer.beginning_offsets([place]))[place], (await consumer.end_offsets([place]))[place]
    finally:
        await consumer.stop()


async def between(bootstrap: str, topic: str, first: int, end: int) -> AsyncGenerator[_Record]:
    """
    The committed records of *topic*, which has one partition, from the offset *first* to before *end*.

    Raises:
        KafkaError: the broker is away.
        TimeoutError: the broker fell silent.
    """
    if first >= end:
        return
    patches.install()
    consumer, place = _consumer(bootstrap, "read_committed"), TopicPartition(topic, 0)
    try:
        await consumer.start()
        consumer.assign([place])
        consumer.seek(place, first)
        async for record in _through(consumer, {place: end}, topic):
            yield record
    finally:
        await consumer.stop()


async def newest(bootstrap: str, topic: str) -> _Record | None:
    """
    The last committed record of *topic*, which has one partition; None if it has none.

    Raises:
        KafkaError: the broker is away, or there is no such topic.
        TimeoutError: the broker fell silent.
    """
    patches.install()
    await partitions(bootstrap, topic)
    consumer, place, found = _consumer(bootstrap, "read_committed"), TopicPartition(topic, 0), None
    try:
        await consumer.start()
        consumer.assign([place])
        begin, end = (await consumer.beginning_offsets([place]))[place], (await consumer.end_offsets([place]))[place]
        back, first = 16, end
        # Behind the last record there are marks of transactions, and what was given up.
        while found is None and first > begin:
            first, back = max(begin, end - back), back * 16
            consumer.seek(place, first)
            async for record in _through(consumer, {place: end}, topic):
                found = record
        return found
    finally:
        await consumer.stop()


def _consumer(bootstrap: str, isolation_level: str) -> AIOKafkaConsumer:
    return KafkaConnection.of_environment(bootstrap).consumer(
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level=isolation_level,
    )


async def _begins(
    consumer: AIOKafkaConsumer, wanted: Sequence[TopicPartition], since: datetime | None
) -> dict[TopicPartition, int]:
    """The first offset of each partition, but of those where nothing is as young as that."""
    if since is None:
        return dict(await consumer.beginning_offsets(wanted))
    at = int(since.timestamp() * 1000)
    found = await consumer.offsets_for_times(dict.fromkeys(wanted, at))
    return {partition: first.offset for partition, first in found.items() if first is not None}


async def _written_ends(bootstrap: str, wanted: Collection[TopicPartition]) -> dict[TopicPartition, int]:
    """The ends of the partitions, behind what is not committed yet; a committed reader is told the end before that."""
    consumer = _consumer(bootstrap, "read_uncommitted")
    try:
        await consumer.start()
        return dict(await consumer.end_offsets(wanted))
    finally:
        await consumer.stop()


async def counts(bootstrap: str) -> dict[str, int]:
    """
    Every topic with its number of partitions.

    Raises:
        KafkaError: the broker is away.
    """
    admin = KafkaConnection.of_environment(bootstrap).admin()
    try:
        await admin.start()
        described = await admin.describe_topics()
    finally:
        await admin.close()
    return {each["topic"]: len(each["partitions"]) for each in described}


async def partitions(bootstrap: str, topic: str) -> list[int]:
    """
    Every partition of *topic*. A consumer would wait for a topic that is not there.

    Raises:
        KafkaError: the broker is away, or there is no such topic.
    """
    admin = KafkaConnection.of_environment(bootstrap).admin()
    try:
        await admin.start()
        (described,) = await admin.describe_topics([topic])
    finally:
        await admin.close()
    if not described["partitions"]:
        raise UnknownTopicOrPartitionError(topic)
    return sorted(each["partition"] for each in described["partitions"])
