"""
Who works on which input partition, and from which offset.

The client library may hand over records of a partition before it has told us that the partition is ours, and after
it was taken away; it may also hand over the next batch although the one before was never committed. So:

* an assigned partition is paused until its older owners are fenced and its last committed position is known;
* a batch is claimed in the same step in which it was handed over, and only if the partition is ours;
* a claim that does not end in a commit leads back to the last committed position before anything else is taken.

Whatever is assigned and not held is missing, and one loop takes what is missing, again and again. No event has to be
seen for that: a partition cannot be forgotten.
"""

import asyncio
import contextlib
from abc import abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Generic

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener
from aiokafka.errors import ProducerFenced
from aiokafka.structs import TopicPartition

from onward.chassis import clock
from onward.chassis.errors import ChassisError, FencedError, TopicsMissingError
from onward.chassis.observability.metrics import Metrics
from onward.chassis.observability.server_errors import told
from onward.chassis.processing.awaiting import HoldingBack, StillAwaits
from onward.chassis.processing.newcomers import Newcomers
from onward.chassis.processing.partitions import Claim, H, Idle, Missing, Record, Subscriber, Timing
from onward.chassis.tasks import Tasks

log = structlog.get_logger()

_LOOK_SECONDS = 1.0
_LOOK_AGAIN_SECONDS = 0.2
"""Between two looks while a partition is held back."""


class Ownership(ConsumerRebalanceListener, Generic[H]):
    """The input partitions of one hop in this process. Subclasses say what taking one over means."""

    def __init__(
        self,
        group: str,
        metrics: Metrics,
        timing: Timing,
        on_fatal: Callable[[ChassisError], None],
        *,
        whole_family: bool = False,
    ) -> None:
        self.group = group
        self.owned: dict[TopicPartition, H] = {}
        self.missing: dict[TopicPartition, Missing[H]] = {}
        self.ever_assigned = False
        self.subscriber: Subscriber | None = None
        self.stopping = False
        """Nothing is taken again: set before the subscriber stops."""
        self.metrics = metrics
        self._timing = timing
        self._on_fatal = on_fatal
        self._between = False
        """What was assigned is taken away, and what will be is not known yet."""
        self._changed = asyncio.Event()
        self._takes = Tasks(self._died)
        self._newcomers = Newcomers(with_topics=whole_family)
        self._pauses: dict[TopicPartition, Iterator[float]] = {}
        self._holding_back = HoldingBack(metrics)

    @abstractmethod
    async def acquire(self, partition: TopicPartition) -> H:
        """Fence every older owner, and only then read the last committed position."""

    @abstractmethod
    async def release(self, owned: Sequence[H]) -> None:
        """Close what *owned* needed, in bounded time; never raises."""

    @abstractmethod
    async def work(self, claims: Sequence[Claim[H]]) -> None:
        """Handle the claimed records, each partition's in one commit. Gives up what fails; never raises for it."""

    @abstractmethod
    async def pass_over(self, owned: H, position: int) -> None:
        """Commit *position* although no record was handled: only transaction marks stand before it."""

    async def note(self) -> None:
        """
        Tell the broker how far each partition is, where its commits do not: for information only.

        Raises:
            KafkaError, OSError, TimeoutError: It was not told; the next time will do.
        """

    @property
    def consumer(self) -> AIOKafkaConsumer:
        """The client's consumer, while the subscriber runs."""
        assert self.subscriber is not None
        assert self.subscriber.consumer is not None
        return self.subscriber.consumer

    @property
    def assigned(self) -> frozenset[TopicPartition]:
        """What the group has given us, as far as we know."""
        return frozenset(self.owned.keys() | self.missing.keys())

    def _died(self, name: str, error: BaseException) -> None:
        self._on_fatal(ChassisError(f"{name} of {self.group} ended with {type(error).__name__}"))

    def is_new(self, partition: TopicPartition) -> bool:
        """Whether *partition* was added lately, while this process watched."""
        return self._newcomers.is_new(partition, now=clock.monotonic())

    # The two callbacks run in the client's own task, beside the batch in hand.

    async def on_partitions_revoked(  # pyright: ignore[reportIncompatibleMethodOverride] - may be a coroutine
        self, revoked: Iterable[TopicPartition]
    ) -> None:
        """Finish the batch in hand, then let go of everything: every rebalance takes all partitions away."""
        self._between = True
        gone, missing = self.owned, self.missing
        self.owned, self.missing = {}, {}
        for name in {self.metrics.name(partition.topic) for partition in revoked}:
            self.metrics.rebalanced(name)
        self._tell_owned(gone)
        await self._takes.stop(within=self._timing.release)
        await asyncio.gather(*(self._finish(owned) for owned in gone.values()))
        former = [each.former for each in missing.values() if each.former is not None]
        await self.release([*gone.values(), *former])

    async def on_partitions_assigned(  # pyright: ignore[reportIncompatibleMethodOverride] - may be a coroutine
        self, assigned: Iterable[TopicPartition]
    ) -> None:
        """Read none of them before it is taken over; the loop takes them, each from its own position."""
        self._between, self.ever_assigned = False, True
        self._adopt(assigned)
        self._changed.set()

    def _adopt(self, assigned: Iterable[TopicPartition]) -> None:
        now = clock.monotonic()
        fresh = [each for each in assigned if each not in self.owned and each not in self.missing]
        for partition in fresh:
            # In one step with being told: the client hands records over from here on.
            self.consumer.pause(partition)
            # Else the client asks for a committed offset, and raises without one. Nothing is read from here.
            self.consumer.seek(partition, 0)
            self.missing[partition] = Missing(now, now)
        self._newcomers.look(fresh, self.consumer, now=now)

    async def close(self) -> None:
        """Let go of everything: the service stops."""
        self.stopping = True
        await self.on_partitions_revoked(())

    async def _finish(self, owned: H) -> None:
        # After the wait, whoever takes over next ends our transaction: nothing is lost.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._timing.release), owned.lock:
                pass
        owned.abandoned = True

    # Taking over

    async def keep(self) -> None:
        """Take what is assigned and not held, for as long as the process runs."""
        while True:
            self._changed.clear()
            if not self.stopping:
                self._look()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._until_next()):
                    await self._changed.wait()

    def _look(self) -> None:
        if not self._between and self.subscriber is not None and self.subscriber.consumer is not None:
            # Asked, not only told: a callback of ours that failed would be logged by the client, and forgotten.
            self._adopt(self.subscriber.consumer.assignment())
            self._holding_back.end(self.owned.values(), self.subscriber.consumer)
        now = clock.monotonic()
        for partition, missing in self.missing.items():
            if not missing.acquiring and missing.due <= now:
                missing.acquiring = True
                name = f"taking {partition.topic}/{partition.partition}"
                self._takes.start(self._take_over(partition, missing), name=name)

    def _until_next(self) -> float:
        now = clock.monotonic()
        due = (missing.due - now for missing in self.missing.values() if not missing.acquiring)
        look = _LOOK_AGAIN_SECONDS if any(owned.held_back for owned in self.owned.values()) else _LOOK_SECONDS
        return max(0.0, min((look, *due)))

    async def _take_over(self, partition: TopicPartition, missing: Missing[H]) -> None:
        owned: H | None = None
        try:
            if missing.former is not None:
                await self.release([missing.former])
                missing.former = None
            async with asyncio.timeout(self._timing.acquire):
                owned = await self.acquire(partition)
            self._begin(owned, missing)
        except BaseException as error:
            self._postpone(partition, missing, error)
            if owned is not None:
                owned.abandoned = True
                await self.release([owned])
            if not isinstance(error, Exception):
                raise
        finally:
            missing.acquiring = False
            self._changed.set()

    def _begin(self, owned: H, missing: Missing[H]) -> None:
        """One step, without an await: from here on, what is handed over follows on the committed position."""
        partition = owned.partition
        if self.missing.get(partition) is not missing or partition not in self.consumer.assignment():
            raise FencedError(f"{partition.topic}/{partition.partition} was taken away while we took it over")
        if owned.abandoned:
            raise FencedError(f"{partition.topic}/{partition.partition} was given up while we took it over")
        self.consumer.seek(partition, owned.next_offset)
        self.consumer.resume(partition)
        del self.missing[partition]
        self.owned[partition] = owned
        self._tell_owned([partition])
        log.info("partition.taken", topic=partition.topic, partition=partition.partition, offset=owned.next_offset)

    def _postpone(self, partition: TopicPartition, missing: Missing[H], error: BaseException) -> None:
        """Try again after a pause that grows until a batch is committed; unless trying again can mend nothing."""
        if self.stopping or self.missing.get(partition) is not missing or isinstance(error, asyncio.CancelledError):
            missing.due = clock.monotonic() + self._timing.heartbeat
            return
        pause = next(self._pauses.setdefault(partition, clock.pauses()))
        if isinstance(error, ProducerFenced | FencedError):
            # Perhaps the group has gone on without us: let a heartbeat tell us before we fence the new owner.
            pause = max(pause, 2 * self._timing.heartbeat)
        missing.due = clock.monotonic() + pause
        missing.why = told(error)
        log.warning(
            "partition.given_up",
            topic=partition.topic,
            partition=partition.partition,
            exc_info=error,
            why=missing.why,
            again_in_s=round(pause, 1),
        )
        if isinstance(error, ChassisError) and not isinstance(error, FencedError | TopicsMissingError):
            self._on_fatal(error)

    # Delivery

    def claim(self, records: Sequence[Record]) -> list[Claim[H]]:
        """
        The records that may be worked on, by partition. Call in the step in which they were handed over.

        Records of a partition that is not ours are dropped. If the batch before never reached a commit, the partition
        goes back to its last committed position: a commit of this batch would pass over that one.
        """
        batches: dict[TopicPartition, list[Record]] = {}
        for record in records:
            batches.setdefault(TopicPartition(record.topic, record.partition), []).append(record)
        claims: list[Claim[H]] = []
        for partition, batch in batches.items():
            owned = self.owned.get(partition)
            if owned is None:
                continue
            if owned.claimed:
                self._rewind(owned)
            else:
                owned.claimed, owned.claimed_at = True, clock.monotonic()
                claims.append((owned, batch))
        return claims

    def rewind_unfinished(self, records: Sequence[Record]) -> int:
        """Take back what was claimed of *records* and has not ended in a commit; how many partitions it was."""
        partitions = {TopicPartition(record.topic, record.partition) for record in records}
        owned = [self.owned[partition] for partition in partitions if partition in self.owned]
        unfinished = [each for each in owned if each.claimed and not each.lock.locked()]
        for each in unfinished:
            self._rewind(each)
        return len(unfinished)

    def _rewind(self, owned: H) -> None:
        owned.claimed = False
        self.consumer.seek(owned.partition, owned.next_offset)
        self.metrics.rewound(self.metrics.name(owned.partition.topic))

    def hold_back(self, owned: H, still: StillAwaits) -> None:
        """Read no further in *owned* than to what is committed: the next record has to wait, as *still* says."""
        owned.claimed = False
        if self.owned.get(owned.partition) is owned and owned.partition in self.consumer.assignment():
            self._holding_back.begin(owned, still, self.consumer)
            self._changed.set()

    def fresh(self, owned: H, records: Sequence[Record]) -> list[Record]:
        """Those of *records* that no commit covers. The others should never come; they are counted and dropped."""
        fresh = [record for record in records if record.offset >= owned.next_offset]
        if dropped := len(records) - len(fresh):
            self.metrics.dropped(self.metrics.name(owned.partition.topic), dropped)
        return fresh

    def fail(self, failed: Sequence[H], error: BaseException) -> None:
        """What was done with *failed* is unknown."""
        self.abandon(failed, error)

    def committed(self, owned: H, records: Sequence[Record]) -> None:
        """The batch is durable: go on after it."""
        owned.next_offset = records[-1].offset + 1
        owned.claimed = False
        self._pauses.pop(owned.partition, None)

    def abandon(self, failed: Sequence[H], error: BaseException) -> None:
        """The outcome for *failed* is unknown: they are missing from here on, and taken from what was committed."""
        mine = [owned for owned in failed if self.owned.get(owned.partition) is owned]
        for owned in failed:
            owned.abandoned = True
            if owned not in mine:
                # Taken away in the meantime: whoever owns it now does this batch again.
                topic, partition = owned.partition
                log.info("batch.refused", topic=topic, partition=partition, exc_info=error)
        now = clock.monotonic()
        for owned in mine:
            del self.owned[owned.partition]
            missing = self.missing[owned.partition] = Missing(now, now, former=owned)
            self.metrics.aborted(self.metrics.name(owned.partition.topic))
            self._pause(owned.partition)
            self._postpone(owned.partition, missing, error)
        self._tell_owned([owned.partition for owned in mine])
        self._changed.set()

    def _pause(self, partition: TopicPartition) -> None:
        consumer = self.subscriber.consumer if self.subscriber is not None else None
        if consumer is not None and partition in consumer.assignment():
            consumer.pause(partition)

    # What can be told

    def idle(self, now: float) -> list[Idle]:
        """The partitions on which nothing happens although something should, *now* by the monotonic clock."""
        found = [Idle(partition, now - each.since, each.why) for partition, each in self.missing.items()]
        for partition, owned in self.owned.items():
            if owned.claimed:
                found.append(Idle(partition, now - owned.claimed_at, "the batch in hand does not come to its end"))
        return found

    def _tell_owned(self, changed: Iterable[TopicPartition]) -> None:
        partitions = list(changed)
        owned = Counter(self.metrics.name(partition.topic) for partition in self.owned)
        for name in {self.metrics.name(partition.topic) for partition in partitions}:
            self.metrics.owning(name, owned[name])

    def tell(self) -> None:
        """Tell the metrics what changes by itself, for whoever reads them now."""
        self._holding_back.tell(self.owned.values())
