"""Whether the broker is there, and the topics that a service needs."""

import asyncio
from collections.abc import Collection

import structlog
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

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

    async def topics(self) -> frozenset[str]:
        """
        The names of all topics we may see.

        Raises:
            KafkaError, OSError: The broker is away.
        """
        try:
            if self._client is None:
                client = AIOKafkaAdminClient(bootstrap_servers=self._bootstrap, client_id=self._client_id)
                try:
                    await client.start()
                except BaseException:
                    await client.close()
                    raise
                self._client = client
            return frozenset(await self._client.list_topics())
        except BaseException:
            await self.close()
            raise

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
