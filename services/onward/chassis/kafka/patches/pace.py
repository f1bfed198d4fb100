"""
Connecting at a pace.

aiokafka has no `reconnect.backoff.ms`: each of a process's clients tries as often as its own loop turns, hundreds of
times a second while a broker is away, and an attempt may take as long as a request, too long on a network that drops
everything. Here all clients of a process share one way to each address, with a pause that grows while it is shut.
Proposal: docs/upstream/pace.md.
"""

import asyncio
import functools
from collections.abc import Awaitable, Callable, Iterator
from typing import Any
from weakref import WeakKeyDictionary

from aiokafka import client
from aiokafka.errors import KafkaError

from onward.chassis import clock

_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 1.0
_CONNECT_SECONDS = 5.0
"""For one attempt. The client's own limit is its request time-out."""


class Door:
    """The way to one address: while it is shut, one attempt at a time, with a growing pause before each."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._pauses: Iterator[float] | None = None
        self._next = 0.0

    async def pass_through(self, attempt: Callable[[], Any]) -> Any:
        """
        What *attempt* gives; made at once while attempts succeed, else in turn.

        Raises:
            OSError, KafkaError, TimeoutError: The attempt failed.
        """
        if self._pauses is None:
            return await self._try(attempt)
        async with self._lock:
            await asyncio.sleep(max(0.0, self._next - clock.monotonic()))
            return await self._try(attempt)

    async def _try(self, attempt: Callable[[], Any]) -> Any:
        try:
            async with asyncio.timeout(_CONNECT_SECONDS):
                made = await attempt()
        except (OSError, KafkaError):
            if self._pauses is None:
                self._pauses = clock.pauses(_FIRST_PAUSE, _LONGEST_PAUSE)
            self._next = clock.monotonic() + next(self._pauses)
            raise
        self._pauses = None
        return made


_doors: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[tuple[str, int], Door]] = WeakKeyDictionary()


def _at_a_pace(connect: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    @functools.wraps(connect)
    async def connecting(host: str, port: int, **settings: Any) -> Any:
        doors = _doors.setdefault(asyncio.get_running_loop(), {})
        door = doors.setdefault((host, port), Door())
        return await door.pass_through(lambda: connect(host, port, **settings))

    return connecting


def apply() -> None:
    """Make every client of this process connect at the shared pace."""
    library: Any = client
    library.create_conn = _at_a_pace(library.create_conn)
