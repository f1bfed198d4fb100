"""
How the Kafka client connects: at a pace, and from the bootstrap addresses when all brokers that it knows are gone.

aiokafka has no `reconnect.backoff.ms`: each of a process's clients tries as often as its own loop turns, hundreds of
times a second while a broker is away. And it never asks the bootstrap addresses again (Kafka's KIP-899), so a cluster
whose brokers have all changed their addresses is lost to a running client. A network that swallows everything makes it
wait for each of a broker's connections in turn. All three are mended here, once for all clients of the process; written
for aiokafka 0.14, and refused for any other.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextvars import ContextVar
from importlib.metadata import version
from typing import Any, Final
from weakref import WeakKeyDictionary

import structlog
from aiokafka import client
from aiokafka.conn import CloseReason
from aiokafka.errors import KafkaError, RequestTimedOutError

from onward.chassis import clock

log = structlog.get_logger()

MADE_FOR: Final = "0.14."
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 1.0
_CONNECT_SECONDS = 5.0
"""For one attempt. The client's own limit is its request time-out, too long for a network that drops everything."""

_connect: Callable[..., Awaitable[Any]] = client.create_conn  # type: ignore[attr-defined]  # no type says so


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


_made: ContextVar[list[Any] | None] = ContextVar("connections made while bootstrapping", default=None)


async def _at_a_pace(host: str, port: int, **settings: Any) -> Any:
    doors = _doors.setdefault(asyncio.get_running_loop(), {})
    door = doors.setdefault((host, port), Door())
    connection = await door.pass_through(lambda: _connect(host, port, **settings))
    made = _made.get()
    if made is not None:
        made.append(connection)
    return connection


_bootstrap: Callable[..., Awaitable[None]] = vars(client.AIOKafkaClient)["bootstrap"]


async def _bootstrap_or_close(self: Any) -> None:
    made: list[Any] = []
    before = _made.set(made)
    try:
        await _bootstrap(self)
    except BaseException:
        # Cancelled, the library forgets the connection that it was waiting on.
        for connection in made:
            connection.close()
        raise
    finally:
        _made.reset(before)


# Where the library chooses whom it asks for the brokers.
_update: Callable[..., Awaitable[bool]] = vars(client.AIOKafkaClient)["_metadata_update"]


async def _update_or_bootstrap(self: Any, cluster_metadata: Any, topics: Any) -> bool:
    if await _update(self, cluster_metadata, topics):
        return True
    _close(self, lambda _: True)
    try:
        await self.bootstrap()
    except KafkaError:
        return False
    # What the bootstrap addresses told has replaced the brokers that are gone: ask those.
    return await _update(self, cluster_metadata, topics)


_send: Callable[..., Awaitable[Any]] = vars(client.AIOKafkaClient)["send"]


async def _send_or_close(self: Any, node_id: Any, request: Any, **where: Any) -> Any:
    try:
        return await _send(self, node_id, request, **where)
    except RequestTimedOutError:
        # One that was answered by nobody is closed by the library; the others to that broker are as dead, and would
        # each be waited for in turn: heartbeat, coordinator, records.
        _close(self, lambda node: node == node_id)
        raise


def _close(self: Any, to: Callable[[Any], bool]) -> None:
    for (node, _), connection in list(self._conns.items()):
        if to(node):
            connection.close(reason=CloseReason.CONNECTION_TIMEOUT)


def install() -> None:
    """
    Make every Kafka client of this process connect so.

    Raises:
        RuntimeError: This is not the version that it was written for.
    """
    found = version("aiokafka")
    if not found.startswith(MADE_FOR):
        raise RuntimeError(f"written for aiokafka {MADE_FOR}x, this is {found}: read its client.py again, and adapt")
    setattr(client, "create_conn", _at_a_pace)  # noqa: B010 - the library has no other place for it
    setattr(client.AIOKafkaClient, "_metadata_update", _update_or_bootstrap)  # noqa: B010
    setattr(client.AIOKafkaClient, "bootstrap", _bootstrap_or_close)  # noqa: B010
    setattr(client.AIOKafkaClient, "send", _send_or_close)  # noqa: B010
