"""What Kafka and the database say of a service's positions."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from aiokafka.errors import UnknownTopicOrPartitionError
from aiokafka.structs import TopicPartition
from psycopg import errors

from onward.chassis.kafka.cluster import Cluster
from onward.chassis.kafka.connection import KafkaConnection
from onward.chassis.postgres import database
from onward.chassis.postgres.outbox import position_group
from onward.chassis.processing.positions import Extent, Lost, NewestOutput, Reason
from onward.cli.offsets.naming import newest_named
from onward.cli.offsets.planning import Kept, PartitionPosition
from onward.cli.offsets.shapes import HopTopics
from onward.cli.whole_topic import partitions

_CLIENT = "onward-offsets"
_ROWS = """
    select topic, partition, next_offset, next_sequence, published, handled_offset, handled_ms
    from input_shard where consumer_group = any(%s)
"""


async def standings(
    bootstrap: str, shape: HopTopics, *, database_url: str | None, id_key: bytes | None
) -> list[PartitionPosition]:
    """
    Where the service of *shape* stands in every partition that it reads, by topic and partition.

    What its outputs name is read only with the *id_key*, which opens their ids.

    Raises:
        KafkaError: The broker is away, or lacks a topic.
        psycopg.Error: The database is away.
        SealBrokenError: The id key is another.
    """
    extents = await _extents(bootstrap, shape)
    # Before the positions: a message and its offset become visible together, and what is read later is never behind.
    named = await newest_named(bootstrap, shape, extents, id_key) if id_key is not None else {}
    cluster = Cluster(KafkaConnection.of_environment(bootstrap), _CLIENT)
    try:
        kept = await _kept(shape, database_url, cluster)
        found: list[PartitionPosition] = []
        for partition, extent in extents.items():
            group = shape.group(partition.topic)
            standing = PartitionPosition(
                group,
                partition,
                extent,
                await cluster.committed(group, partition),
                keeps_state=shape.keeps_state,
                kept=kept.get(partition),
                named=named.get(partition),
            )
            if shape.keeps_state:
                standing = replace(standing, noted=await cluster.committed(position_group(group), partition))
            found.append(standing)
    finally:
        await cluster.close()
    return found


async def forgotten(bootstrap: str, shapes: Sequence[HopTopics]) -> list[PartitionPosition]:
    """Where a service whose positions are in Kafka has none, although there are records."""
    found = [
        each
        for shape in shapes
        if not shape.keeps_state
        for each in await standings(bootstrap, shape, database_url=None, id_key=None)
    ]
    return [each for each in found if isinstance(each.verdict, Lost) and each.verdict.reason is Reason.FORGOTTEN]


async def _extents(bootstrap: str, shape: HopTopics) -> dict[TopicPartition, Extent]:
    consumer = KafkaConnection.of_environment(bootstrap).consumer(
        enable_auto_commit=False, isolation_level="read_committed"
    )
    try:
        await consumer.start()
        places: list[TopicPartition] = []
        for topic in shape.inputs:
            try:
                places += [TopicPartition(topic, number) for number in await partitions(bootstrap, topic)]
            except UnknownTopicOrPartitionError:
                raise UnknownTopicOrPartitionError(f"there is no topic {topic}: `onward topics` makes it") from None
        begins, ends = await consumer.beginning_offsets(places), await consumer.end_offsets(places)
    finally:
        await consumer.stop()
    return {place: Extent(begins[place], ends[place]) for place in places}


async def _kept(shape: HopTopics, database_url: str | None, cluster: Cluster) -> Mapping[TopicPartition, Kept]:
    if not shape.keeps_state or database_url is None:
        return {}
    groups = sorted({shape.group(topic) for topic in shape.inputs})
    async with await database.connect(database_url, shape.service, purpose="offsets") as connection:
        rows = await _rows(connection, groups)
    found: dict[TopicPartition, Kept] = {}
    for topic, number, next_offset, next_sequence, published, handled_offset, handled_ms in rows:
        partition, newest = TopicPartition(topic, number), None
        if handled_offset is not None:
            newest = NewestOutput(handled_offset, handled_ms, await cluster.appended_ms(partition, handled_offset))
        found[partition] = Kept(next_offset, next_sequence, published, newest)
    return found


async def _rows(connection: database.Connection, groups: Sequence[str]) -> Sequence[tuple[Any, ...]]:
    try:
        cursor = await connection.execute(_ROWS, [groups])
        return await cursor.fetchall()
    except errors.UndefinedTable:
        return []  # a database in which the service never ran
