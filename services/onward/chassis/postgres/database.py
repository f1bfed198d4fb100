"""Connections to PostgreSQL, and which of its errors mean what."""

import asyncio
import contextlib
import os
import socket
from collections.abc import Generator
from typing import Any, Final, TypeAlias
from weakref import ref

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict

from onward.chassis.postgres import postgres_errors
from onward.chassis.tasks import Tasks

Connection: TypeAlias = psycopg.AsyncConnection[Any]


class _Closing(psycopg.AsyncConnection[Any]):
    """A connection that may be closed by one task while another waits for an answer on it."""

    async def close(self) -> None:
        """
        Let whoever waits for an answer see the end of the connection first, then close it.

        Closed under a task that waits, its descriptor's number would still stand in the event loop as watched. The
        next socket has that number, often one to Kafka, and the loop would never look at it.
        """
        if self.closed:
            return
        if self.lock.locked():
            cut(self)
        async with self.lock:
            await super().close()


_CONNECTING: Final[dict[str, Any]] = {
    "connect_timeout": 5,
    # A network that drops everything is noticed within 15 s, also by a connection that waits for nothing.
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
"""How every connection of a service is made: none waits for ever for a server that does not answer."""
_PROBE_SECONDS = 4.0
_ASK_SECONDS = 5.0
_ALIVE_SECONDS = 10.0
_OPTIONS = (
    # A frozen owner must not hold its locks for ever.
    "-c idle_in_transaction_session_timeout=30s -c lock_timeout=10s -c statement_timeout=15s"
    " -c search_path={schema},public"
)


async def connect(url: str, schema: str, *, purpose: str) -> Connection:
    """A connection in autocommit mode whose search path is *schema*; *purpose* names it in the server's lists."""
    connection = await _Closing.connect(
        url,
        autocommit=True,
        application_name=f"onward {schema} {purpose}",
        options=_OPTIONS.format(schema=schema),
        **_CONNECTING,
    )
    _asking.start(_keep_asking(ref(connection)), name=f"asking whether the connection for {purpose} lives")
    return connection


async def _keep_asking(connection: "ref[Connection]") -> None:
    """
    Cut a connection that has died while nobody used it.

    A balancer may forget a connection and go on taking what is sent on it. Whoever uses it next would wait for the
    time-out, then the next service for its own, one after the other along the way of a person.
    """
    while (asked := connection()) is not None and not asked.closed:
        with contextlib.suppress(psycopg.Error, TimeoutError), answering(asked, within=_ALIVE_SECONDS):
            # Beside a transaction that is open on it: it answers there as well, and changes nothing.
            await asked.execute("select 1")
        del asked
        await asyncio.sleep(_ASK_SECONDS)


def _ended(name: str, error: BaseException) -> None:
    """`Tasks` has logged it: the connection is used on, unasked."""


_asking = Tasks(_ended)


async def plain(url: str) -> Connection:
    """A connection in autocommit mode for a question or two, in no schema of its own."""
    return await _Closing.connect(url, autocommit=True, **_CONNECTING)


def blocking(url: str) -> psycopg.Connection[Any]:
    """As `plain`, for whoever has no event loop."""
    return psycopg.connect(url, autocommit=True, **_CONNECTING)


def address(url: str) -> dict[str, Any]:
    """*url*, in any form that PostgreSQL's own library takes, with how every connection is made, as keywords."""
    return {**_CONNECTING, **conninfo_to_dict(url)}


def cut(connection: psycopg.Connection[Any] | Connection) -> None:
    """Let whoever waits for an answer on *connection* see that it has ended, whatever the server does."""
    # A copy of the descriptor: the connection's own stays its to close.
    with contextlib.suppress(OSError, psycopg.Error), socket.socket(fileno=os.dup(connection.fileno())) as ours:
        ours.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def answering(connection: Connection, *, within: float) -> Generator[None]:
    """
    Cut *connection* if what is done in the block takes longer than *within* seconds.

    A time-out around a statement would not do: cancelled, psycopg asks the server to cancel it and waits for the
    answer, for ever if the server is frozen or a balancer swallows everything.

    Raises:
        TimeoutError: It was cut.
    """
    cut_off = False

    def shut() -> None:
        nonlocal cut_off
        cut_off = True
        cut(connection)

    timer = asyncio.get_running_loop().call_later(within, shut)
    try:
        yield
    except psycopg.Error as error:
        if cut_off:
            raise TimeoutError(f"PostgreSQL did not answer within {within:.0f} s") from error
        raise
    finally:
        timer.cancel()


async def probe(url: str) -> None:
    """Raise unless the database answers."""
    async with await plain(url) as connection:
        with answering(connection, within=_PROBE_SECONDS):
            await connection.execute("select 1")


def is_clash(error: BaseException) -> bool:
    """Two transactions were in each other's way: the same again will do."""
    return isinstance(error, errors.SerializationFailure | errors.DeadlockDetected)


def is_away(error: BaseException) -> bool:
    """Not the records' fault: the server is away, refuses us, or lacks what every batch needs."""
    if isinstance(error, psycopg.DataError | psycopg.IntegrityError):
        return False
    return isinstance(error, psycopg.Error | OSError | TimeoutError)


def is_usurped(error: BaseException) -> bool:
    """Someone ended our session on purpose, as a new owner does, or we were frozen for too long."""
    if postgres_errors.is_crash(error):
        return False
    return isinstance(error, errors.AdminShutdown | errors.IdleInTransactionSessionTimeout)
