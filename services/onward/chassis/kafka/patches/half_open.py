"""
When a broker lets one request time out, all connections to it are closed.

aiokafka closes the one that was asked. On a network that swallows everything the others to that broker are as dead, and
would each be waited for in turn: heartbeat, coordinator, records. Proposal: docs/upstream/half_open.md.
"""

import functools
from collections.abc import Awaitable, Callable
from typing import Any

from aiokafka import client
from aiokafka.conn import CloseReason
from aiokafka.errors import RequestTimedOutError


def _or_close(send: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    @functools.wraps(send)
    async def sending(self: Any, node_id: Any, request: Any, **where: Any) -> Any:
        try:
            return await send(self, node_id, request, **where)
        except RequestTimedOutError:
            for (node, _), connection in list(self._conns.items()):
                if node == node_id:
                    connection.close(reason=CloseReason.CONNECTION_TIMEOUT)
            raise

    return sending


def apply() -> None:
    """Make every client close all its connections to a broker that let a request time out."""
    library: Any = client.AIOKafkaClient
    library.send = _or_close(library.send)
