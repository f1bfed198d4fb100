"""A topic from its beginning to its end as of now, for a person who looks back."""

from collections.abc import AsyncGenerator, Sequence
from datetime import datetime

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import UnknownTopicOrPartitionError
from aiokafka.structs import ConsumerRecord

from onward.chassis import tolerant_records

_Record = ConsumerRecord[bytes | None, bytes | None]


async def records(bootstrap: str, topic: str, *, since: datetime | None = None) -> AsyncGenerator[_Record]:
    """
    The committed records of *topic*, each partition's in order.

    Args:
        bootstrap: Host and port of a broker.
        topic: Its name.
        since: Begin with the first that was appended then or later, not with the oldest.

    Raises:
        KafkaError: the broker is away, or there is no such topic.
    """
    tolerant_records.install()
    found = await partitions(bootstrap, topic)
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
    )
    try:
        await consumer.start()
        wanted = [TopicPartition(topic, number) for number in found]
        consumer.assign(wanted)
        ends = await consumer.end_offsets(wanted)
        begins = await _begins(consumer, wanted, since)
        for partition in wanted:
            consumer.seek(partition, begins.get(partition, ends[partition]))
        # By position, not by the last record: a partition that was written in transactions ends with a marker.
        while any([await consumer.position(partition) < end for partition, end in ends.items()]):
            for partition, batch in (await consumer.getmany(timeout_ms=200)).items():
                for record in batch:
                    if record.offset < ends[partition]:
                        yield record
    finally:
        await consumer.stop()


async def _begins(
    consumer: AIOKafkaConsumer, partitions: Sequence[TopicPartition], since: datetime | None
) -> dict[TopicPartition, int]:
    if since is None:
        return dict(await consumer.beginning_offsets(partitions))
    at = int(since.timestamp() * 1000)
    found = await consumer.offsets_for_times(dict.fromkeys(partitions, at))
    return {partition: first.offset for partition, first in found.items() if first is not None}


async def partitions(bootstrap: str, topic: str) -> list[int]:
    """
    Every partition of *topic*. A consumer would wait for a topic that is not there.

    Raises:
        KafkaError: the broker is away, or there is no such topic.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        await admin.start()
        (described,) = await admin.describe_topics([topic])
    finally:
        await admin.close()
    if not described["partitions"]:
        raise UnknownTopicOrPartitionError(topic)
    return sorted(each["partition"] for each in described["partitions"])
