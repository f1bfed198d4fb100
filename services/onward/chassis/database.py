"""Connections to PostgreSQL, and which of its errors mean what."""

from typing import Any, TypeAlias

import psycopg
from psycopg import errors

Connection: TypeAlias = psycopg.AsyncConnection[Any]

_CONNECT_SECONDS = 5
_OPTIONS = (
    # A frozen owner must not hold its locks for ever.
    "-c idle_in_transaction_session_timeout=30s -c lock_timeout=20s -c search_path={schema},public"
)


async def connect(url: str, schema: str, *, purpose: str) -> Connection:
    """A connection in autocommit mode whose search path is *schema*; *purpose* names it in the server's lists."""
    return await psycopg.AsyncConnection.connect(
        url,
        autocommit=True,
        connect_timeout=_CONNECT_SECONDS,
        application_name=f"onward {schema} {purpose}",
        options=_OPTIONS.format(schema=schema),
    )


async def probe(url: str) -> None:
    """Raise unless the database answers."""
    connection = await psycopg.AsyncConnection.connect(url, autocommit=True, connect_timeout=_CONNECT_SECONDS)
    async with connection:
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
    return isinstance(error, errors.AdminShutdown | errors.IdleInTransactionSessionTimeout)
