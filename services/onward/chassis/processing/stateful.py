"""
The stateful hop, exactly once: state, input offsets and outbox rows of a batch in one PostgreSQL transaction.

All shards of a process share a database session: one transaction for a whole batch, whatever partitions it came from.
After any error the session is closed, its shards are given up and taken anew.
"""

import asyncio
import random
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, AsyncExitStack
from typing import Any

import structlog
from aiokafka.structs import TopicPartition

from onward.chassis import clock
from onward.chassis.errors import ChassisError, FencedError
from onward.chassis.kafka.producers import Producers
from onward.chassis.postgres import database, outbox, shard
from onward.chassis.postgres.database import Connection
from onward.chassis.postgres.outbox import Relay
from onward.chassis.postgres.session import Session
from onward.chassis.postgres.shard import Move, Shard, ShardState
from onward.chassis.processing import counts, groups, starting
from onward.chassis.processing.accounting import BatchOutcomes
from onward.chassis.processing.awaiting import decidable
from onward.chassis.processing.backlog import Backlog
from onward.chassis.processing.batch import ProcessedBatch
from onward.chassis.processing.context import FlowContext
from onward.chassis.processing.hop import StatefulHop
from onward.chassis.processing.ownership import Ownership
from onward.chassis.processing.partitions import Claim, Idle, Record
from onward.chassis.processing.shard_batch import ShardBatch, UnwritableError
from onward.chassis.record import EncodedRecord, Received
from onward.chassis.tasks import Tasks
from onward.contracts.outcome import Parked

log = structlog.get_logger()

_CLASHES = 20
_FINISH_SECONDS = 2.0


class StatefulFlow(Ownership[Shard]):
    """Runs a stateful hop over the shards of this process."""

    def __init__(self, hop: StatefulHop[Any, Any], context: FlowContext) -> None:
        super().__init__(
            groups.of_hop(context.service, hop).name,
            context.metrics,
            context.timing,
            context.on_fatal,
            whole_family=hop.pattern is not None,
        )
        self._hop = hop
        self._processor = context.processor
        self._accounting = context.accounting
        self._settings = context.producers
        self._cluster = context.cluster
        self._address = (context.settings.database_url or "", context.service)
        self._session: Session | None = None
        self._opening = asyncio.Lock()
        self._relays: dict[Shard, Relay] = {}
        self._relaying = Tasks(self._died)
        self._backlog = Backlog(context.metrics)

    # Taking over and letting go

    async def acquire(self, partition: TopicPartition) -> Shard:
        """
        Take the shard in the database, which refuses the older owner from here on.

        Its outbox in Kafka is taken over when there is something to publish: most providers' reply topics are quiet.

        Raises:
            PositionLostError: The topic does not have the shard's position, or lacks one that it should have.
            DatabaseBehindError: The database lacks what the topics show was done.
        """
        async with self._opening:
            session = await self._open()
        async with session.lock:
            with self._answering(session.state):
                standing = await shard.acquire(session.state, self.group, partition)
        if standing is None:
            standing = await self._begin_shard(session, partition)
        await starting.check_shard(self.consumer, self._cluster, self.group, partition, standing, metrics=self.metrics)
        noted = await self._cluster.committed(outbox.position_group(self.group), partition)
        taken = Shard(
            partition,
            standing.next_offset,
            epoch=standing.epoch,
            next_sequence=standing.next_sequence,
            published=outbox.reconcile(partition, standing.published, noted, stored=standing.next_sequence),
            counts=counts.read(standing.counts) or counts.begun(standing.next_offset),
            relayed=counts.read(standing.relayed) or counts.begun(standing.published),
        )
        await self._read_relayed(taken)
        self._backlog.taken(taken)
        relay = self._relays[taken] = Relay(
            self.group,
            taken,
            session.relay,
            answering=self._answering,
            told=self._published,
            acquire=self._take_outbox,
            failed=self._relay_failed,
        )
        relay.start(self._relaying)
        return taken

    async def _take_outbox(self, taken: Shard, connection: Connection) -> None:
        """Fence every older owner of the shard's outbox, and only then read how far it was published."""
        partition = taken.partition
        with self._answering(connection):
            await shard.check(connection, self.group, taken)
        producers = Producers(self._settings, f"{self.group}.outbox.{partition.topic}.{partition.partition}")
        await producers.start()
        try:
            # Once more: a newer owner may have published rows that we never knew of.
            with self._answering(connection):
                await shard.check(connection, self.group, taken)
            async with asyncio.timeout(self._settings.request_timeout_s):
                noted = await self._cluster.committed(outbox.position_group(self.group), partition)
            taken.passed(outbox.reconcile(partition, taken.published, noted, stored=taken.next_sequence))
            await self._read_relayed(taken)
        except BaseException:
            await producers.discard()
            raise
        taken.producers = producers

    def _answering(self, connection: Connection) -> AbstractContextManager[None]:
        """PostgreSQL has as long to answer as Kafka, a whole transaction included."""
        return database.answering(connection, within=self._settings.request_timeout_s)

    async def _read_relayed(self, taken: Shard) -> None:
        """The broker's note is exact; the database's copy may lack the last rows, but is not forgotten."""
        note = await self._cluster.note(outbox.position_group(self.group), taken.partition)
        taken.relayed = counts.read(note) or taken.relayed

    async def _open(self) -> Session:
        if self._session is None or self._session.closed or self._session.state.closed or self._session.relay.closed:
            if self._session is not None:
                await self._session.close()
            url, schema = self._address
            state = await database.connect(url, schema, purpose="state")
            try:
                relay = await database.connect(url, schema, purpose="outbox")
            except BaseException:
                await state.close()
                raise
            # A row that is deleted late is published no second time: the position is in Kafka.
            await relay.execute("set synchronous_commit = off")
            self._session = Session(state, relay)
        return self._session

    async def _begin_shard(self, session: Session, partition: TopicPartition) -> ShardState:
        offset = await starting.first_of_shard(
            self.consumer,
            self._cluster,
            self.group,
            partition,
            metrics=self.metrics,
            is_new=self.is_new(partition) or await self._is_another_of_the_family(session, partition),
        )
        async with session.lock:
            with self._answering(session.state):
                await shard.begin(session.state, self.group, partition, offset)
                standing = await shard.acquire(session.state, self.group, partition)
        assert standing is not None
        return standing

    async def _is_another_of_the_family(self, session: Session, partition: TopicPartition) -> bool:
        """
        Whether nobody began this topic while the group has begun others of its family.

        Such a topic came while no process looked: a database that had lost what it knew would know of none.
        """
        if self._hop.pattern is None:
            return False
        async with session.lock:
            with self._answering(session.state):
                begun = await shard.topics_begun(session.state, self.group)
        return bool(begun) and partition.topic not in begun

    async def pass_over(self, owned: Shard, position: int) -> None:
        """See `Ownership`."""
        assert self._session is not None
        session = self._session
        async with session.lock:
            with self._answering(session.state):
                async with session.state.transaction():
                    await shard.hold(session.state, self.group, [owned])
                    await shard.advance(session.state, self.group, {owned: Move(position)})

    def abandon(self, failed: Sequence[Shard], error: BaseException) -> None:
        """Remember what is in their outboxes: it is not forgotten because we do not hold them."""
        self._backlog.abandoned(failed)
        super().abandon(failed, error)

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        """What was in the outboxes is for others to publish."""
        self._backlog.revoked()
        await super().on_partitions_revoked(revoked)

    async def release(self, owned: Sequence[Shard]) -> None:
        """Stop the relays; close the session once no shard needs it."""
        relays = [relay for each in owned if (relay := self._relays.pop(each, None)) is not None]
        await asyncio.gather(*(relay.stop() for relay in relays))
        await asyncio.gather(*(each.producers.discard() for each in owned if each.producers is not None))
        if not self.assigned and self._session is not None:
            await self._session.close()

    async def close(self) -> None:
        """Publish what is in the outbox, then let go of everything."""
        self.stopping = True
        await asyncio.gather(*(relay.finish(_FINISH_SECONDS) for relay in self._relays.values()))
        await super().close()

    def _relay_failed(self, failed: Shard, error: BaseException) -> None:
        if database.is_away(error):
            self._lose_session(error)
        self.abandon([failed] if not failed.abandoned else [], error)

    def _published(self, shard: Shard, rows: Sequence[EncodedRecord]) -> None:
        self.metrics.outbox_committed(self.metrics.name(shard.partition.topic))
        self.metrics.written(counts.by_family(rows))

    async def note(self) -> None:
        """See `Ownership`. The truth is in the database, and nothing of this is ever read back."""
        fresh = {each: (each.next_offset, each.note()) for each in self.owned.values()}
        fresh = {each: note for each, note in fresh.items() if str(note) != each.told}
        if fresh:
            await self.consumer.commit({each.partition: note for each, note in fresh.items()})
        for each, note in fresh.items():
            each.told = str(note)

    def tell(self) -> None:
        """Tell also how full the outboxes are."""
        super().tell()
        self._backlog.tell(self._backlog.waiting(self.owned.values(), self.missing))

    def idle(self, now: float) -> list[Idle]:
        """Also those whose outbox stands still, however often they were given up and taken again in between."""
        waiting = self._backlog.waiting(self.owned.values(), self.missing)
        stuck = {
            partition: Idle(partition, now - rows.moved_at, "its outbox stands still")
            for partition, rows in waiting.items()
            if rows is not None
        }
        return [*stuck.values(), *(each for each in super().idle(now) if each.partition not in stuck)]

    # Working

    async def work(self, claims: Sequence[Claim[Shard]]) -> None:
        """The whole batch in one transaction; if a record's own data makes that impossible, one by one."""
        async with AsyncExitStack() as locks:
            for owned, _ in sorted(claims, key=lambda claim: claim[0].partition):
                await locks.enter_async_context(owned.lock)
            found = [batch for owned, records in claims if (batch := self._readable(owned, records)) is not None]
            if batches := [batch for batch in found if batch.records]:
                try:
                    await self._commit(batches)
                except BaseException as error:
                    # Whatever it was, what became of the batch is unknown.
                    self.fail([batch.shard for batch in batches], error)
                    if not isinstance(error, Exception):
                        raise
            for batch in found:
                if batch.still_awaits is not None:
                    self.hold_back(batch.shard, batch.still_awaits)

    def _readable(self, owned: Shard, records: list[Record]) -> ShardBatch | None:
        """As `_fresh`; a fault of ours there gives up this partition alone, and is reported as any other."""
        try:
            return self._fresh(owned, records)
        except Exception as error:  # noqa: BLE001 - whatever it is, the other partitions must go on
            self.fail([owned], error)
            return None

    def _fresh(self, owned: Shard, records: list[Record]) -> ShardBatch | None:
        if owned.abandoned:
            return None
        fresh = self.fresh(owned, records)
        if not fresh:
            owned.claimed = False
            return None
        everything = [self._processor.read(self._hop.read, record) for record in fresh]
        read, still_awaits = decidable(everything, self._hop.awaits)
        return ShardBatch(owned, fresh[: len(read)], list(read), still_awaits)

    def fail(self, failed: Sequence[Shard], error: BaseException) -> None:
        """See `Ownership`."""
        if database.is_usurped(error):
            error = FencedError(
                "our database session was ended: another process has taken over, or the database is being shut down"
            )
        if database.is_away(error) or isinstance(error, FencedError):
            self._lose_session(error)
        self.abandon([each for each in failed if not each.abandoned], error)

    def _lose_session(self, error: BaseException) -> None:
        """The session is lost, and with it every shard: also those that had nothing in hand."""
        if self._session is not None:
            self._session.closed = True
        self.abandon(list(self.owned.values()), error)

    async def _commit(self, batches: Sequence[ShardBatch]) -> None:
        try:
            await self._transact(batches)
        except Exception as error:
            if isinstance(error, ChassisError) or database.is_away(error) or self._lost():
                raise
            log.warning("batch.divided", records=sum(len(batch.records) for batch in batches), exc_info=error)
            await self._one_by_one(batches)

    def _lost(self) -> bool:
        return self._session is None or self._session.closed or self._session.state.closed

    async def _one_by_one(self, batches: Sequence[ShardBatch]) -> None:
        """Some record breaks the store: give each a transaction of its own, and park those that still do."""
        for batch in batches:
            for record, read in zip(batch.records, batch.read, strict=True):
                alone = ShardBatch(batch.shard, [record], [read])
                try:
                    await self._transact([alone])
                except Exception as error:
                    if isinstance(error, ChassisError) or database.is_away(error) or self._lost():
                        raise
                    parked = self._processor.failed(record, error, reason="store_error")
                    await self._transact([ShardBatch(batch.shard, [record], [parked])])

    async def _transact(self, batches: Sequence[ShardBatch]) -> None:
        """One transaction; tried again when another was in its way."""
        for attempt in range(_CLASHES):
            began = clock.monotonic()
            try:
                processed = await self._transact_writable(batches)
            except Exception as error:
                if not database.is_clash(error) or attempt == _CLASHES - 1:
                    raise
                await asyncio.sleep(random.random() * 0.02 * (attempt + 1))  # noqa: S311 - jitter, not a secret
            else:
                self._conclude(batches, processed, began)
                return

    async def _transact_writable(self, batches: Sequence[ShardBatch]) -> list[ProcessedBatch]:
        """One transaction, without the records whose messages cannot be written: those are parked undecided."""
        while True:
            try:
                return await self._try_to_transact(batches)
            except UnwritableError as found:
                found.batch.read[found.index] = found.why

    async def _try_to_transact(self, batches: Sequence[ShardBatch]) -> list[ProcessedBatch]:
        assert self._session is not None
        session = self._session
        processed = [ProcessedBatch(BatchOutcomes(batch.shard.partition.topic)) for batch in batches]
        readable = [read for batch in batches for read in batch.read if isinstance(read, Received)]
        async with session.lock:
            with self._answering(session.state):
                await self._in_transaction(session.state, batches, processed, readable)
        return processed

    async def _in_transaction(
        self,
        connection: Connection,
        batches: Sequence[ShardBatch],
        processed: Sequence[ProcessedBatch],
        readable: Sequence[Received[Any]],
    ) -> None:
        async with connection.transaction():
            await shard.hold(connection, self.group, [batch.shard for batch in batches])
            unit = await self._hop.store.load(connection, readable) if readable else None
            for batch, result in zip(batches, processed, strict=True):
                self._decide(batch, unit, result)
                self._processor.bind(batch.shard.partition, batch.shard.counts.chain, result)
            if readable:
                await self._hop.store.save(connection, unit)
            moves = {batch.shard: batch.move(result) for batch, result in zip(batches, processed, strict=True)}
            await shard.advance(connection, self.group, moves)

    def _decide(self, batch: ShardBatch, unit: Any, result: ProcessedBatch) -> None:
        for index, (record, read) in enumerate(zip(batch.records, batch.read, strict=True)):
            outcome = self._processor.decide(self._hop.decide, record, read, unit)
            why = self._processor.conclude(record, outcome, result, feedback=self._hop.feedback)
            if why is not None and not isinstance(read, Parked):
                raise UnwritableError(batch, index, why)

    def _conclude(self, batches: Sequence[ShardBatch], processed: Sequence[ProcessedBatch], began: float) -> None:
        for batch, result in zip(batches, processed, strict=True):
            batch.shard.keep(result.outputs)
            batch.shard.counts = batch.counts(result)
            self.committed(batch.shard, batch.records)
            self._accounting.record_commit(result.outcomes, batch.records, began=began)
            if result.outputs and (relay := self._relays.get(batch.shard)) is not None:
                relay.wake()
