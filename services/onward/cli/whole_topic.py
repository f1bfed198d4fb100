"""A topic from its beginning to its end as of now, for a person who looks back."""

from collections.abc import AsyncGenerator, Mapping

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import UnknownTopicOrPartitionError
from aiokafka.structs import ConsumerRecord

from onward.chassis import tolerant_records

_Record = ConsumerRecord[bytes | None, bytes | None]


async def records(bootstrap: str, topic: str, *, start: Mapping[int, int] | None = None) -> AsyncGenerator[_Record]:
    """
    The committed records of *topic*, each partition's in order; only of the partitions in *start* if that is given.

    Args:
        bootstrap: Host and port of a broker.
        topic: Its name.
        start: The offset to begin with, by partition; the beginning of all by default.

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
        wanted = [TopicPartition(topic, number) for number in found if start is None or number in start]
        consumer.assign(wanted)
        begins = await consumer.beginning_offsets(wanted)
        for partition in wanted:
            consumer.seek(partition, max(begins[partition], (start or {}).get(partition.partition, 0)))
        ends = await consumer.end_offsets(wanted)
        # By position, not by the last record: a partition that was written in transactions ends with a marker.
        while any([await consumer.position(partition) < end for partition, end in ends.items()]):
            for partition, batch in (await consumer.getmany(timeout_ms=200)).items():
                for record in batch:
                    if record.offset < ends[partition]:
                        yield record
    finally:
        await consumer.stop()


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
