"""Reads what a service parked, from the beginning to the end of its topic as of now."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from onward.chassis.clock import moment
from onward.chassis.parking import topic_of

_SECONDS = 60


@dataclass(frozen=True, slots=True)
class ParkedRecord:
    """One parked record, still sealed."""

    number: str
    """Partition and offset on the parked topic, such as `0:17`."""
    parked_at: datetime
    value: bytes
    header_bytes: Mapping[str, bytes]

    @property
    def headers(self) -> dict[str, str]:
        """What may be read by anyone who may read the topic: never a value of the original."""
        return {name: value.decode(errors="replace") for name, value in self.header_bytes.items()}

    @property
    def origin(self) -> str:
        """Topic, partition and offset it came from."""
        return self.headers.get("origin", "?")

    @property
    def why(self) -> str:
        """The reason, with the JSON pointer to the fault if there is one."""
        return " at ".join(part for part in (self.headers.get("reason", "?"), self.headers.get("pointer", "")) if part)


async def read(bootstrap: str, service: str) -> list[ParkedRecord]:
    """
    Everything that *service* parked and that is still kept, oldest first.

    Raises:
        KafkaError: the broker is away or refuses.
    """
    partitions = await _partitions(bootstrap, topic_of(service))
    if not partitions:
        return []
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
    )
    try:
        await consumer.start()
        consumer.assign(partitions)
        async with asyncio.timeout(_SECONDS):
            return await _read_all(consumer, await consumer.end_offsets(partitions))
    finally:
        await consumer.stop()


async def _partitions(bootstrap: str, topic: str) -> list[TopicPartition]:
    """Every partition of *topic*, in order; none when there is no such topic (a consumer would wait for it)."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        await admin.start()
        (described,) = await admin.describe_topics([topic])
        return sorted(TopicPartition(topic, each["partition"]) for each in described["partitions"])
    finally:
        await admin.close()


async def _read_all(consumer: AIOKafkaConsumer, ends: Mapping[TopicPartition, int]) -> list[ParkedRecord]:
    found: list[ParkedRecord] = []
    # By position, not by the last record: a partition that was written in transactions ends with a marker.
    while any([await consumer.position(partition) < end for partition, end in ends.items()]):
        for partition, batch in (await consumer.getmany(timeout_ms=200)).items():
            found += [
                ParkedRecord(
                    f"{record.partition}:{record.offset}",
                    moment(record.timestamp),
                    record.value or b"",
                    {name: value or b"" for name, value in record.headers},
                )
                for record in batch
                if record.offset < ends[partition]
            ]
    return found
