"""What the broker says of itself: whether it is there, which topics it has, how far a group has come."""

import asyncio
from collections.abc import AsyncGenerator, Collection
from contextlib import asynccontextmanager

import structlog
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import CoordinatorNotAvailableError, KafkaError
from aiokafka.structs import TopicPartition

from onward.chassis import clock
from onward.chassis.errors import TopicsMissingError

log = structlog.get_logger()

_LOOK_AGAIN_SECONDS = 0.3
_SHOWN = 20


class Cluster:
    """A connection for looking only; made anew after each failure."""

    def __init__(self, bootstrap: str, client_id: str) -> None:
        self._bootstrap = bootstrap
        self._client_id = client_id
        self._client: AIOKafkaAdminClient | None = None
        self._connecting = asyncio.Lock()

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

    @asynccontextmanager
    async def _connected(self) -> AsyncGenerator[AIOKafkaAdminClient]:
        try:
            async with self._connecting:
                if self._client is None:
                    self._client = await self._connect()
            yield self._client
        except BaseException:
            await self.close()
            raise

    async def _connect(self) -> AIOKafkaAdminClient:
        client = AIOKafkaAdminClient(bootstrap_servers=self._bootstrap, client_id=self._client_id)
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
        """Close the connection; the next question opens another."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()


async def wait_for_topics(cluster: Cluster, needed: Collection[str], *, within: float) -> None:
    """
    Return when the broker answers, for as long as that takes, and has all *needed* topics.

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
            log.warning("broker.away", error=type(error).__name__, again_in_s=round(pause, 1))
            await asyncio.sleep(pause)
            continue
        if not missing:
            return
        if deadline is None:
            deadline = clock.monotonic() + within
            log.info("topics.awaited", missing=missing[:_SHOWN], count=len(missing))
        if clock.monotonic() > deadline:
            raise TopicsMissingError(
                f"{len(missing)} topics do not exist on the broker: {', '.join(missing[:_SHOWN])}; "
                "make them as `schemas/topics/` says, and start the service again"
            )
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)
