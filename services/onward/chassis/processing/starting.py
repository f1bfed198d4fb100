"""Asks the broker what a partition holds, and finds where its owner goes on, or refuses."""

import asyncio

from aiokafka import AIOKafkaConsumer
from aiokafka.structs import TopicPartition

from onward.chassis.errors import DatabaseBehindError, PositionLostError
from onward.chassis.kafka.cluster import Cluster
from onward.chassis.observability.metrics import Metrics
from onward.chassis.postgres import outbox
from onward.chassis.postgres.shard import ShardState
from onward.chassis.processing.positions import (
    Begin,
    Continue,
    Extent,
    Lost,
    NewestOutput,
    Reason,
    Verdict,
    decide,
    explain,
)

_LOOKS = 6
_PAUSE_SECONDS = 0.5


async def find(
    consumer: AIOKafkaConsumer,
    group: str,
    partition: TopicPartition,
    position: int | None,
    *,
    metrics: Metrics,
    newest: NewestOutput | None = None,
    is_new: bool = False,
) -> Continue | Begin:
    """
    Where *group* goes on in *partition*, having come to *position*; see `positions.decide`.

    Raises:
        PositionLostError: Only a person can say; what was removed unread is counted.
        KafkaError, OSError: The broker is away.
    """
    verdict = await _look(consumer, partition, position, newest, is_new=is_new)
    if not isinstance(verdict, Lost):
        return verdict
    topic = metrics.name(partition.topic)
    metrics.lost(topic, verdict.removed_unread)
    place = f"{partition.topic}/{partition.partition}"
    service = group.partition(".")[0]
    raise PositionLostError(
        f"nothing was changed; `onward offsets recover {service}` shows where {group} stood by what it wrote, and sets "
        f"it: {explain(place, verdict)}"
    )


async def first_of_shard(
    consumer: AIOKafkaConsumer,
    cluster: Cluster,
    group: str,
    partition: TopicPartition,
    *,
    metrics: Metrics,
    is_new: bool,
) -> int:
    """
    Where a shard begins of which the database knows nothing: then Kafka must know nothing of it either.

    Raises:
        DatabaseBehindError: The topics show that its records were handled: the database was emptied.
        PositionLostError: See `find`.
    """
    noted = await cluster.committed(outbox.position_group(group), partition)
    outbox.reconcile(partition, 0, noted, stored=0)
    position = await cluster.committed(group, partition)
    if position:
        raise DatabaseBehindError(outbox.lacks(partition, f"{position} records were handled, it knows of none"))
    return (await find(consumer, group, partition, position, metrics=metrics, is_new=is_new)).offset


async def check_shard(
    consumer: AIOKafkaConsumer,
    cluster: Cluster,
    group: str,
    partition: TopicPartition,
    standing: ShardState,
    *,
    metrics: Metrics,
) -> None:
    """
    See that the topic is the one that the database knows, and has the shard's position.

    Raises:
        PositionLostError: See `find`.
    """
    # First whether the log is long enough: a broker that has just come back may not know its records yet.
    await find(consumer, group, partition, standing.next_offset, metrics=metrics)
    if standing.handled_offset is None or standing.handled_ms is None:
        return
    found = await cluster.appended_ms(partition, standing.handled_offset)
    if found != standing.handled_ms:
        newest = NewestOutput(standing.handled_offset, standing.handled_ms, found)
        await find(consumer, group, partition, standing.next_offset, metrics=metrics, newest=newest)


async def _look(
    consumer: AIOKafkaConsumer,
    partition: TopicPartition,
    position: int | None,
    newest: NewestOutput | None,
    *,
    is_new: bool,
) -> Verdict:
    for look in range(1, _LOOKS + 1):
        begin = (await consumer.beginning_offsets([partition]))[partition]
        end = (await consumer.end_offsets([partition]))[partition]
        verdict = decide(position, Extent(begin, end), newest=newest, is_new=is_new)
        if look == _LOOKS or not _may_be_early(verdict):
            return verdict
        await asyncio.sleep(_PAUSE_SECONDS)
    raise AssertionError("there is a last look")


def _may_be_early(verdict: Verdict) -> bool:
    """A broker that has just come back may not know the end yet: it tells a smaller one, or 0."""
    return isinstance(verdict, Begin) or (isinstance(verdict, Lost) and verdict.reason is Reason.BEYOND_THE_END)
