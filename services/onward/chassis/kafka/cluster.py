"""What the broker says of itself: whether it is there, which topics it has, how far a group has come."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection
from contextlib import asynccontextmanager

import structlog
from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import CoordinatorNotAvailableError, KafkaError, OffsetOutOfRangeError
from aiokafka.structs import TopicPartition

from onward.chassis import clock
from onward.chassis.errors import TopicsMissingError
from onward.chassis.kafka.connection import KafkaConnection
from onward.chassis.observability.server_errors import told
from onward.chassis.tasks import ended

log = structlog.get_logger()

_LOOK_AGAIN_SECONDS = 0.3
_SHOWN = 20
_READ_SECONDS = 10
_CLOSE_SECONDS = 3


class Cluster:
    """A connection for looking only; made anew after each failure."""

    def __init__(self, kafka: KafkaConnection, client_id: str) -> None:
        self._kafka = kafka
        self._client_id = client_id
        self._client: AIOKafkaAdminClient | None = None
        self._connecting = asyncio.Lock()
        self._reader: AIOKafkaConsumer | None = None
        self._reading = asyncio.Lock()

    async def topics(self) -> frozenset[str]:
        """
        The names of all topics we may see.

        Raises:
            KafkaError, OSError: The broker is away.
        """
        async with self._connected() as client:
            return frozenset(await client.list_topics())

    async def committed(self, group: str, partition: TopicPartition) -> int | None:
        """
        The offset that *group* has committed for *partition*; None only if the broker says that there is none.

        Not asked of the consumer: that one takes a coordinator that is still loading for one that knows of no offset,
        and everything would be handled again.

        Raises:
            KafkaError, OSError: The broker is away, or cannot say now.
        """
        async with self._connected() as client:
            offsets = await client.list_consumer_group_offsets(group, partitions=[partition])
        if partition not in offsets:
            raise CoordinatorNotAvailableError(f"no answer for group {group}")
        return None if offsets[partition].offset < 0 else offsets[partition].offset

    async def note(self, group: str, partition: TopicPartition) -> str:
        """
        What *group* has noted beside the offset that it committed for *partition*; empty if there is none.

        Raises:
            KafkaError, OSError: The broker is away, or cannot say now.
        """
        async with self._connected() as client:
            offsets = await client.list_consumer_group_offsets(group, partitions=[partition])
        if partition not in offsets:
            raise CoordinatorNotAvailableError(f"no answer for group {group}")
        return offsets[partition].metadata or ""

    async def appended_ms(self, partition: TopicPartition, offset: int) -> int | None:
        """
        When the record at *offset* was appended, in milliseconds since 1970; None if there is no such record.

        Raises:
            KafkaError, OSError, TimeoutError: The broker is away, or does not answer.
        """
        async with self._reading, asyncio.timeout(_READ_SECONDS):
            consumer = self._reader or await self._open_reader()
            try:
                consumer.assign([partition])
                end = (await consumer.end_offsets([partition]))[partition]
                if offset >= end:
                    return None
                consumer.seek(partition, offset)
                record = await consumer.getone(partition)
            except OffsetOutOfRangeError:
                return None
            except BaseException:
                self._reader = None
                await ended(consumer.stop(), within=_CLOSE_SECONDS)
                raise
        return record.timestamp if record.offset == offset else None

    async def _open_reader(self) -> AIOKafkaConsumer:
        consumer = self._kafka.consumer(
            client_id=self._client_id,
            enable_auto_commit=False,
            auto_offset_reset="none",
        )
        try:
            await consumer.start()
        except BaseException:
            await ended(consumer.stop(), within=_CLOSE_SECONDS)
            raise
        self._reader = consumer
        return consumer

    @asynccontextmanager
    async def _connected(self) -> AsyncGenerator[AIOKafkaAdminClient]:
        try:
            async with self._connecting:
                if self._client is None:
                    self._client = await self._connect()
            yield self._client
        except BaseException:
            await self._disconnect()
            raise

    async def _connect(self) -> AIOKafkaAdminClient:
        client = self._kafka.admin(client_id=self._client_id)
        try:
            await client.start()
        except BaseException:
            await client.close()
            raise
        return client

    async def probe(self) -> None:
        """Raise unless the broker answers."""
        await self.topics()

    async def close(self) -> None:
        """Close the connections; the next question opens another."""
        reader, self._reader = self._reader, None
        if reader is not None:
            await ended(reader.stop(), within=_CLOSE_SECONDS)
        await self._disconnect()

    async def _disconnect(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.close()


async def wait_for_topics(
    cluster: Cluster, needed: Collection[str], *, within: float, waiting: Callable[[str], None]
) -> None:
    """
    Return when the broker answers, for as long as that takes, and has all *needed* topics.

    *waiting* is told why it does not answer.

    Raises:
        TopicsMissingError: The broker is there and after *within* seconds still lacks some.
    """
    pauses = clock.pauses()
    deadline: float | None = None
    while True:
        try:
            missing = sorted(set(needed) - await cluster.topics())
        except (KafkaError, OSError) as error:
            pause = next(pauses)
            why = told(error, server="Kafka")
            log.warning("server.away", server="Kafka", why=why, again_in_s=round(pause, 1))
            waiting(why)
            await asyncio.sleep(pause)
            continue
        if not missing:
            return
        if deadline is None:
            deadline = clock.monotonic() + within
            log.info("topics.awaited", missing=missing[:_SHOWN], count=len(missing))
        if clock.monotonic() > deadline:
            raise TopicsMissingError(
                f"run `onward topics`, and start the service again: {len(missing)} topics do not exist on the broker: "
                + ", ".join(missing[:_SHOWN])
            )
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)
