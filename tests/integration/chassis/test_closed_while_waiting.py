"""A connection to PostgreSQL that is closed while somebody waits on it harms no other connection of the process."""

import asyncio
from contextlib import suppress

import psycopg
import pytest

from chaos.harness import until
from onward.chassis.postgres.database import Connection, connect

_HELLO = b"hello"


async def _greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(_HELLO)
    await writer.drain()
    writer.close()


async def _next_connection_after_closing(connection: Connection) -> bytes:
    """What the next connection of the process hears, made as soon as *connection* is closed under a task that waits."""
    descriptor = connection.fileno()
    server = await asyncio.start_server(_greet, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    waiting = asyncio.create_task(connection.execute("select pg_sleep(20)"))
    async with server:
        assert await until(connection.lock.locked, within=5)
        assert not waiting.done()
        await connection.close()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        assert writer.get_extra_info("socket").fileno() == descriptor
        try:
            async with asyncio.timeout(3):
                return await reader.read()
        finally:
            writer.close()
            with suppress(psycopg.Error, RuntimeError):
                await waiting


async def test_the_next_connection_is_heard(database: str) -> None:
    connection = await connect(database, "public", purpose="test")
    assert await _next_connection_after_closing(connection) == _HELLO


async def test_closed_as_the_library_closes_it_the_next_connection_is_lost(database: str) -> None:
    """The control: without our own way of closing, the event loop cannot watch the next connection."""
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)
    connection = await psycopg.AsyncConnection.connect(database, autocommit=True)
    with pytest.raises(OSError):  # noqa: PT011 - it cannot be watched, or is never heard: which, is the loop's affair
        await _next_connection_after_closing(connection)
