"""
When all brokers that a client knows are gone, it asks the bootstrap addresses again (Kafka's KIP-899).

aiokafka asks them once, at the start. A cluster whose brokers have all changed their addresses since is lost to a
running client for ever. Proposal: docs/upstream/rebootstrap.md.
"""

import functools
from collections.abc import Awaitable, Callable
from typing import Any

from aiokafka import client
from aiokafka.conn import CloseReason
from aiokafka.errors import KafkaError


# The one place where the library chooses whom it asks for the brokers.
def _or_bootstrap(update: Callable[..., Awaitable[bool]]) -> Callable[..., Awaitable[bool]]:
    @functools.wraps(update)
    async def updating(self: Any, cluster_metadata: Any, topics: Any) -> bool:
        if await update(self, cluster_metadata, topics):
            return True
        for connection in list(self._conns.values()):
            connection.close(reason=CloseReason.CONNECTION_TIMEOUT)
        try:
            await self.bootstrap()
        except KafkaError:
            return False
        # What the bootstrap addresses told has replaced the brokers that are gone: ask those.
        return await update(self, cluster_metadata, topics)

    return updating


def apply() -> None:
    """Make every client ask the bootstrap addresses again when no broker that it knows is left."""
    library: Any = client.AIOKafkaClient
    library._metadata_update = _or_bootstrap(library._metadata_update)  # noqa: SLF001 - it has no other place for it
