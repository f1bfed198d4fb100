"""
What named erased persons: in a table `erased` of each service that keeps anything, and on a topic beside the backups.

The table is written in the transaction that erases, so that no record can slip through. The topic is read at the start:
a database that was restored from before an erasure is then brought up to it, before the first record is taken.
"""

import asyncio
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import tuple_row
from psycopg.sql import SQL

from onward.chassis.kafka.connection import KafkaConnection
from onward.chassis.kafka.following import Contents, Following
from onward.chassis.record import Received
from onward.contracts import topics
from onward.contracts.erasure import Tombstone

_ALONE = "select pg_advisory_xact_lock(hashtext('erased'), hashtext(current_schema()))"
# Whoever erases waits until every batch that looked before has ended; a batch that begins meanwhile waits for that.
# Two statements, so that the second sees what the first has waited for, on one way to the server and back.
_FIND = SQL(
    "select pg_advisory_xact_lock_shared(hashtext('erased'), hashtext(current_schema()));"
    " select node, at from erased where node = any({}::text[])"
)
_KEEP = """
    insert into erased (node, at, erasure_id) select * from unnest(%s::text[], %s::timestamptz[], %s::uuid[])
    on conflict (node) do update set at = greatest(erased.at, excluded.at), erasure_id = excluded.erasure_id
"""

Connection = psycopg.AsyncConnection[Any]


async def alone(connection: Connection) -> None:
    """Until the transaction ends, nobody takes a batch in this schema, and no batch is being taken."""
    await connection.execute(_ALONE)


async def erased_among(connection: Connection, named: Collection[str]) -> Mapping[str, datetime]:
    """
    Those of *named* that were erased, with until when what happened brings nobody back.

    To be asked first of all in a transaction: until it ends, nobody is erased.
    """
    async with connection.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute(_FIND.format(sorted(named)), prepare=False)
        cursor.nextset()
        return dict(await cursor.fetchall())


async def keep(connection: Connection, tombstones: Iterable[Tombstone]) -> None:
    """Write them into the table."""
    rows = {one.named: one for one in tombstones}
    named = sorted(rows)
    if named:
        await connection.execute(_KEEP, [named, [rows[n].at for n in named], [rows[n].erasure_id for n in named]])


async def missing_in(connection: Connection, tombstones: Mapping[str, Tombstone]) -> dict[str, Tombstone]:
    """Those that the table lacks: the database is from before them."""
    async with connection.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute("select node from erased where node = any(%s)", [sorted(tombstones)])
        known = {node for (node,) in await cursor.fetchall()}
    return {named: one for named, one in tombstones.items() if named not in known}


class _Tombstones:
    """A view of the topic: the last record of each."""

    def __init__(self) -> None:
        self.found: dict[str, Tombstone] = {}

    def take(self, record: Received[Tombstone]) -> None:
        """See `TopicView`."""
        self.found[record.body.named] = record.body

    async def settle(self, contents: Contents[Tombstone]) -> None:
        """See `TopicView`."""

    def refused(self, reason: str) -> None:
        """See `TopicView`."""


async def on_topic(kafka: KafkaConnection, client_id: str, *, within: float) -> dict[str, Tombstone]:
    """
    Every tombstone on the topic, by what it names.

    Raises:
        KafkaError, OSError, TimeoutError: The broker is away.
    """
    view = _Tombstones()
    following = Following(topics.TOMBSTONES, view)
    following.open(kafka, client_id)
    try:
        async with asyncio.timeout(within):
            await following.catch_up()
    finally:
        await following.close()
    return view.found
