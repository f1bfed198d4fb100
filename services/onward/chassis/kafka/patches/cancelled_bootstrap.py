"""
A client that is cancelled while it bootstraps closes the connection that it was waiting on.

aiokafka forgets it: the socket stays open until the garbage collector comes, which then complains of it. A process that
gives up on a broker that does not answer, and tries again, gathers such connections. Proposal:
docs/upstream/cancelled_bootstrap.md.
"""

import functools
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any

from aiokafka import client


class _Attempt:
    """The connections made in one bootstrap; nothing after it: tasks that it starts go on in its context."""

    def __init__(self) -> None:
        self.made: list[Any] = []
        self.over = False


_attempt: ContextVar[_Attempt | None] = ContextVar("the bootstrap that is going on", default=None)


def noted(connect: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """*connect*, whose connections the bootstrap that is going on knows."""

    @functools.wraps(connect)
    async def connecting(host: str, port: int, **settings: Any) -> Any:
        connection = await connect(host, port, **settings)
        attempt = _attempt.get()
        if attempt is not None and not attempt.over:
            attempt.made.append(connection)
        return connection

    return connecting


def or_close(bootstrap: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """*bootstrap*, which closes the connections it has made unless it ends well."""

    @functools.wraps(bootstrap)
    async def bootstrapping(self: Any) -> None:
        attempt = _Attempt()
        before = _attempt.set(attempt)
        try:
            await bootstrap(self)
        except BaseException:
            for connection in attempt.made:
                connection.close()
            raise
        finally:
            attempt.over = True
            attempt.made.clear()
            _attempt.reset(before)

    return bootstrapping


def apply() -> None:
    """Make every client close what a cancelled bootstrap left open."""
    library: Any = client
    library.create_conn = noted(library.create_conn)
    library.AIOKafkaClient.bootstrap = or_close(library.AIOKafkaClient.bootstrap)
