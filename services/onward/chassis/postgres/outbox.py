"""
The outbox, exactly once from PostgreSQL into Kafka.

A relay publishes a shard's rows in order, in Kafka transactions that also commit the position reached, as an offset
of a second consumer group, `<group>.outbox`, for the shard's input partition. Position and messages are one thing.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager

import structlog
from aiokafka.structs import TopicPartition

from onward.chassis.errors import DatabaseBehindError
from onward.chassis.postgres.database import Connection
from onward.chassis.postgres.shard import Shard, unpacked
from onward.chassis.record import EncodedRecord
from onward.chassis.tasks import Tasks, cancel

log = structlog.get_logger()

_MOST_AT_ONCE = 1000
_STOP_SECONDS = 2.0

_READ = """
    select sequence, topic, key, value, headers from outbox
    where consumer_group = %s and source_topic = %s and partition = %s and sequence >= %s
    order by sequence limit %s
"""
_CLEAR = """
    with gone as (
        delete from outbox where consumer_group = %(group)s and source_topic = %(topic)s
            and partition = %(partition)s and sequence < %(published)s
    )
    update input_shard set published = %(published)s, relayed = %(relayed)s
    where consumer_group = %(group)s and topic = %(topic)s and partition = %(partition)s and epoch = %(epoch)s
"""


def position_group(group: str) -> str:
    """The consumer group that holds the outbox positions of *group*'s shards."""
    return f"{group}.outbox"


def reconcile(partition: TopicPartition, published: int, noted: int | None, *, stored: int) -> int:
    """
    Where the relay goes on, from what the database (*published*) and the broker (*noted*) each know.

    *stored* is the number of rows that the outbox ever held.

    The broker's note is the truth. It forgets the note of a shard that was quiet for longer than
    `offsets.retention.minutes`; the database's copy, written after each publication, is exact by then.

    Raises:
        DatabaseBehindError: More was published than the database ever held.
    """
    published = max(published, noted or 0)
    if published > stored:
        raise DatabaseBehindError(lacks(partition, f"{published} messages were published, it holds {stored}"))
    return published


def lacks(partition: TopicPartition, what: str) -> str:
    """That the database does not know of something that was done with the records of *partition*, and what to do."""
    return (
        f"the database is older than the topics: of {partition.topic}/{partition.partition}, {what}. Nothing was "
        "changed: restore one that is not older; without one, `onward offsets recover` says what would go out again, "
        "and goes on"
    )


class Relay:
    """Publishes one shard's outbox for as long as the shard is ours."""

    def __init__(
        self,
        group: str,
        shard: Shard,
        connection: Connection,
        *,
        answering: Callable[[Connection], AbstractContextManager[None]],
        told: Callable[[Shard, Sequence[EncodedRecord]], None],
        acquire: Callable[[Shard, Connection], Awaitable[None]],
        failed: Callable[[Shard, BaseException], None],
    ) -> None:
        self._answering = answering
        self._acquire = acquire
        self._failed = failed
        self._group = group
        self._shard = shard
        self._connection = connection
        self._told = told
        self._more = asyncio.Event()
        self._empty = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self, tasks: Tasks) -> None:
        """Begin with what is there, as one of *tasks*. If it cannot go on, `failed` is called once, and it ends."""
        self._more.set()
        topic, partition = self._shard.partition
        self._task = tasks.start(self._run(), name=f"publishing the outbox of {topic}/{partition}")

    def wake(self) -> None:
        """There are new rows."""
        self._empty.clear()
        self._more.set()

    async def stop(self) -> None:
        """Stop at once; what is in the middle of being published is aborted by the next owner."""
        if self._task is not None:
            await cancel([self._task], within=_STOP_SECONDS)

    async def finish(self, within: float) -> None:
        """Publish what is there, but wait no longer than *within* seconds."""
        try:
            async with asyncio.timeout(within):
                await self._empty.wait()
        except TimeoutError:
            log.info("outbox.left", topic=self._shard.partition.topic, partition=self._shard.partition.partition)

    async def _run(self) -> None:
        try:
            while True:
                await self._more.wait()
                self._more.clear()
                while self._shard.published < self._shard.next_sequence:
                    await self._publish()
                self._empty.set()
        except Exception as error:  # noqa: BLE001 - whatever it was, what was published is unknown
            self._empty.set()
            # Told in one step, and nothing closed here: closing ends this task, which must not wait for its own end.
            self._failed(self._shard, error)

    async def _publish(self) -> None:
        shard = self._shard
        if shard.producers is None:
            await self._acquire(shard, self._connection)
            if shard.published == shard.next_sequence:
                return
        rows = shard.kept(_MOST_AT_ONCE) or await self._read()
        reached = shard.published + len(rows)
        assert shard.producers is not None
        relayed = shard.relayed.wrote(rows)
        group = position_group(self._group)
        await shard.producers.commit(rows, (shard.partition, reached), group, note=relayed.text())
        shard.relayed = relayed
        shard.passed(reached)
        self._told(shard, rows)
        topic, partition = shard.partition
        place = {"group": self._group, "topic": topic, "partition": partition}
        known = {**place, "published": reached, "relayed": relayed.text(), "epoch": shard.epoch}
        with self._answering(self._connection):
            await self._connection.execute(_CLEAR, known)

    async def _read(self) -> list[EncodedRecord]:
        shard = self._shard
        place = (self._group, *shard.partition)
        with self._answering(self._connection):
            cursor = await self._connection.execute(_READ, (*place, shard.published, _MOST_AT_ONCE))
            rows = await cursor.fetchall()
        numbers = [row[0] for row in rows]
        if not rows or numbers != list(range(shard.published, shard.published + len(rows))):
            raise DatabaseBehindError(
                f"the outbox of {shard.partition.topic}/{shard.partition.partition} has a hole at row "
                f"{shard.published}: rows were removed by hand, or the database was restored in part"
            )
        return [
            EncodedRecord(topic, bytes(key), bytes(value), unpacked(headers)) for _, topic, key, value, headers in rows
        ]
