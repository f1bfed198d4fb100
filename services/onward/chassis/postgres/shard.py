"""
A shard: one input partition's share of a service's state, with the offset it has reached, in PostgreSQL.

Taking a shard raises its epoch and ends the database session of the owner before, who may sit frozen in the middle
of a transaction and hold its locks. Every change is made under the row's lock and only if the epoch is still ours.
"""

import json
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from aiokafka.structs import TopicPartition

from onward.chassis import clock
from onward.chassis.errors import FencedError
from onward.chassis.kafka.producers import Producers
from onward.chassis.postgres.database import Connection
from onward.chassis.processing.counts import Counts, begun
from onward.chassis.processing.partitions import OwnedPartition
from onward.chassis.record import EncodedRecord

_MOST_KEPT = 5000

_END_OLDER_OWNER = """
    select pg_terminate_backend(activity.pid)
    from input_shard shard
    join pg_stat_activity activity
      on activity.pid = shard.backend_pid and activity.backend_start = shard.backend_start
    where shard.consumer_group = %s and shard.topic = %s and shard.partition = %s and activity.pid <> pg_backend_pid()
"""
_BEGIN = """
    insert into input_shard (consumer_group, topic, partition, epoch, next_offset, next_sequence, published)
    values (%s, %s, %s, 0, %s, 0, 0) on conflict do nothing
"""
_TAKE = """
    update input_shard shard
    set epoch = shard.epoch + 1, backend_pid = session.pid, backend_start = session.backend_start
    from pg_stat_activity session
    where session.pid = pg_backend_pid()
      and shard.consumer_group = %s and shard.topic = %s and shard.partition = %s
    returning shard.epoch, shard.next_offset, shard.next_sequence, shard.published,
        shard.handled_offset, shard.handled_ms, shard.counts, shard.relayed
"""
_BEGUN = "select distinct topic from input_shard where consumer_group = %s"
_EPOCH = "select epoch from input_shard where consumer_group = %s and topic = %s and partition = %s"
_LOCK = """
    select shard.topic, shard.partition, shard.epoch
    from input_shard shard
    join unnest(%s::text[], %s::int[]) as wanted (topic, partition) using (topic, partition)
    where shard.consumer_group = %s
    order by shard.topic, shard.partition
    for update of shard
"""
_ADVANCE = """
    update input_shard shard
    set next_offset = moved.next_offset, next_sequence = moved.next_sequence,
        handled_offset = coalesce(moved.handled_offset, shard.handled_offset),
        handled_ms = coalesce(moved.handled_ms, shard.handled_ms),
        counts = coalesce(moved.counts, shard.counts)
    from unnest(%s::text[], %s::int[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::text[])
      as moved (topic, partition, next_offset, next_sequence, handled_offset, handled_ms, counts)
    where shard.consumer_group = %s and shard.topic = moved.topic and shard.partition = moved.partition
"""
_PUT = "copy outbox (consumer_group, source_topic, partition, sequence, topic, key, value, headers) from stdin"


@dataclass(frozen=True, slots=True)
class ShardState:
    """What the database says of a shard that was just taken."""

    epoch: int
    next_offset: int
    next_sequence: int
    published: int
    handled_offset: int | None = None
    """The newest record that was handled, and when it was appended; None before the first."""
    handled_ms: int | None = None
    counts: str | None = None
    relayed: str | None = None


@dataclass(frozen=True, slots=True)
class OutboxBacklog:
    """Rows of an outbox. Moments are by the monotonic clock."""

    rows: int
    since: float
    """When the oldest of them came into it."""
    moved_at: float
    """When it was last empty or moved on."""


@dataclass(frozen=True, slots=True)
class Move:
    """How far a transaction brings a shard."""

    next_offset: int
    rows: Sequence[EncodedRecord] = ()
    """For the outbox."""
    handled_offset: int | None = None
    """The newest record of the batch, and when it was appended; None when there is none."""
    handled_ms: int | None = None
    counts: Counts | None = None
    """With the batch; None when nothing was counted."""


@dataclass(slots=True, eq=False)
class Shard(OwnedPartition):
    """A shard that is ours."""

    epoch: int = 0
    next_sequence: int = 0
    published: int = 0
    """Outbox rows below this number are in the topics."""
    producers: Producers | None = None
    """Those of its outbox, once there was something to publish."""
    moved_at: float = field(default_factory=clock.monotonic)
    """When the outbox was last empty or moved on, by the monotonic clock."""
    unpublished: dict[int, EncodedRecord] = field(default_factory=dict[int, EncodedRecord])
    """The newest rows of the outbox, to spare the relay reading them back; not always all of them."""
    counts: Counts = field(default_factory=lambda: begun(0))
    """Of what is committed in the database."""
    relayed: Counts = field(default_factory=lambda: begun(0))
    """What left the outbox: only `written` is counted in it."""
    put_at: deque[tuple[int, float]] = field(default_factory=deque[tuple[int, float]])
    """When rows were put into the outbox: below which number, on the monotonic clock. What was there when the shard
    was taken counts as put then."""

    def __post_init__(self) -> None:
        if self.published < self.next_sequence:
            self.put_at.append((self.next_sequence, clock.monotonic()))

    def keep(self, rows: Sequence[EncodedRecord]) -> None:
        """*rows* are committed: number them on, and keep them for the relay unless it is far behind."""
        if self.published == self.next_sequence:
            self.moved_at = clock.monotonic()
        if len(self.unpublished) + len(rows) <= _MOST_KEPT:
            self.unpublished.update(enumerate(rows, self.next_sequence))
        else:
            self.unpublished.clear()
        self.next_sequence += len(rows)
        if rows:
            self.put_at.append((self.next_sequence, clock.monotonic()))

    def kept(self, most: int) -> list[EncodedRecord]:
        """The next unpublished rows in order, as far as they are kept."""
        numbers = islice(range(self.published, self.next_sequence), most)
        rows: list[EncodedRecord] = []
        for number in numbers:
            row = self.unpublished.get(number)
            if row is None:
                break
            rows.append(row)
        return rows

    def passed(self, sequence: int) -> None:
        """The rows below *sequence* are published."""
        if sequence == self.published:
            return
        for number in range(self.published, sequence):
            self.unpublished.pop(number, None)
        self.published = sequence
        self.moved_at = clock.monotonic()
        while self.put_at and self.put_at[0][0] <= sequence:
            self.put_at.popleft()

    def note(self) -> str:
        """Its counts, for others to know."""
        return replace(self.counts, written=self.relayed.written).text()

    def waiting(self) -> OutboxBacklog | None:
        """What is in the outbox; None if nothing is."""
        if not self.put_at:
            return None
        return OutboxBacklog(self.next_sequence - self.published, self.put_at[0][1], self.moved_at)

    def inherit(self, before: OutboxBacklog | None) -> None:
        """What was in the outbox *before* this process lost the shard may be there still: it waits since then."""
        if before is not None and self.put_at:
            self.put_at[0] = (self.put_at[0][0], before.since)
            self.moved_at = before.moved_at


async def acquire(connection: Connection, group: str, partition: TopicPartition) -> ShardState | None:
    """Make the shard ours: its older owner's session is ended and its epoch outdated. None if it was never begun."""
    place = (group, partition.topic, partition.partition)
    async with connection.transaction():
        await connection.execute(_END_OLDER_OWNER, place)
        cursor = await connection.execute(_TAKE, place)
        row = await cursor.fetchone()
    return None if row is None else ShardState(*row)


async def begin(connection: Connection, group: str, partition: TopicPartition, first_offset: int) -> None:
    """Note that the shard begins at *first_offset*, unless another process has done so by now."""
    await connection.execute(_BEGIN, (group, partition.topic, partition.partition, first_offset))


async def topics_begun(connection: Connection, group: str) -> frozenset[str]:
    """The topics of which *group* has begun a partition, whoever holds it now."""
    cursor = await connection.execute(_BEGUN, (group,))
    return frozenset(topic for (topic,) in await cursor.fetchall())


async def check(connection: Connection, group: str, shard: Shard) -> None:
    """
    See that *shard* is still ours.

    Raises:
        FencedError: It has another owner by now.
    """
    cursor = await connection.execute(_EPOCH, (group, *shard.partition))
    row = await cursor.fetchone()
    if row is None or row[0] != shard.epoch:
        raise FencedError(f"{shard.partition.topic}/{shard.partition.partition} has another owner by now")


async def hold(connection: Connection, group: str, shards: Sequence[Shard]) -> None:
    """
    Lock the rows of *shards* for this transaction.

    Raises:
        FencedError: One has another owner by now.
    """
    topics, partitions = _columns(shards)
    cursor = await connection.execute(_LOCK, (topics, partitions, group))
    epochs = {TopicPartition(topic, partition): epoch for topic, partition, epoch in await cursor.fetchall()}
    for shard in shards:
        if epochs.get(shard.partition) != shard.epoch:
            raise FencedError(f"{shard.partition.topic}/{shard.partition.partition} has another owner by now")


async def advance(connection: Connection, group: str, moves: Mapping[Shard, Move]) -> None:
    """In this transaction, move each shard to its next offset and put its rows into the outbox."""
    shards = list(moves)
    topics, partitions = _columns(shards)
    offsets = [move.next_offset for move in moves.values()]
    sequences = [shard.next_sequence + len(move.rows) for shard, move in moves.items()]
    handled = [move.handled_offset for move in moves.values()]
    handled_ms = [move.handled_ms for move in moves.values()]
    counts = [None if move.counts is None else move.counts.text() for move in moves.values()]
    if any(move.rows for move in moves.values()):
        async with connection.cursor() as cursor, cursor.copy(_PUT) as copy:
            for shard, move in moves.items():
                for number, row in enumerate(move.rows, shard.next_sequence):
                    await copy.write_row(
                        (group, *shard.partition, number, row.topic, row.key, row.value, _packed(row.headers))
                    )
    await connection.execute(_ADVANCE, (topics, partitions, offsets, sequences, handled, handled_ms, counts, group))


def _columns(shards: Sequence[Shard]) -> tuple[list[str], list[int]]:
    return [shard.partition.topic for shard in shards], [shard.partition.partition for shard in shards]


def _packed(headers: list[tuple[str, bytes]]) -> bytes:
    return json.dumps([(name, value.decode()) for name, value in headers]).encode()


def unpacked(headers: bytes) -> list[tuple[str, bytes]]:
    """The headers of a row of the outbox."""
    return [(name, value.encode()) for name, value in json.loads(headers)]
