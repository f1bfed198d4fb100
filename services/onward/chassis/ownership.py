"""
Who works on which input partition, and from which offset.

The client library may hand over records of a partition before it has told us that the partition is ours, and after
it was taken away; it may also hand over the next batch although the one before was never committed. So:

* an assigned partition is paused until its older owners are fenced and its last committed position is known;
* a batch is claimed in the same step in which it was handed over, and only if the partition is ours;
* a claim that does not end in a commit leads back to the last committed position before anything else is taken.
"""

import asyncio
import contextlib
from abc import abstractmethod
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener
from aiokafka.errors import ProducerFenced
from aiokafka.structs import ConsumerRecord, TopicPartition

from onward.chassis import clock
from onward.chassis.errors import ChassisError, FencedError, TopicsMissingError
from onward.chassis.metrics import Metrics

log = structlog.get_logger()

Record: TypeAlias = ConsumerRecord[bytes | None, bytes | None]


@dataclass(slots=True, eq=False)
class Held:
    """An input partition that is ours."""

    partition: TopicPartition
    next_offset: int
    """The first offset that no commit covers."""
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    given_up: bool = False
    claimed: bool = False
    """A batch was handed out and has not ended in a commit."""
    caught_up_at: float = 0.0
    """When nothing was left to do, in seconds since 1970."""
    appended_ms: int = 0
    """When the last handled record was appended."""


H = TypeVar("H", bound=Held)
Claim: TypeAlias = tuple[H, list[Record]]


class Subscriber(Protocol):
    """What we need of FastStream's subscriber: its consumer, present from its start to its stop."""

    consumer: AIOKafkaConsumer | None


@dataclass(frozen=True)
class Timing:
    """How long an owner waits for what, in seconds."""

    heartbeat: float
    release: float
    """For the batch in hand when a partition is taken away; less than the group's rebalance timeout."""


class Ownership(ConsumerRebalanceListener, Generic[H]):
    """The input partitions of one hop in this process. Subclasses say what taking one over means."""

    def __init__(self, group: str, metrics: Metrics, timing: Timing, on_fatal: Callable[[ChassisError], None]) -> None:
        self.group = group
        self.held: dict[TopicPartition, H] = {}
        self.assigned: frozenset[TopicPartition] = frozenset()
        self.ever_assigned = False
        self.subscriber: Subscriber | None = None
        self.stopping = False
        """Nothing is taken again: set before the subscriber stops."""
        self.metrics = metrics
        self._timing = timing
        self._on_fatal = on_fatal
        self._generation = 0
        self._retakes: set[asyncio.Task[None]] = set()
        self._pauses: dict[TopicPartition, Iterator[float]] = {}

    @abstractmethod
    async def take(self, partition: TopicPartition) -> H:
        """Fence every older owner, and only then read the last committed position."""

    @abstractmethod
    async def let_go(self, held: Sequence[H]) -> None:
        """Close what *held* needed; never raises."""

    @abstractmethod
    async def work(self, claims: Sequence[Claim[H]]) -> None:
        """Handle the claimed records, each partition's in one commit. Gives up what fails; never raises for it."""

    @property
    def consumer(self) -> AIOKafkaConsumer:
        """The client's consumer, while the subscriber runs."""
        assert self.subscriber is not None
        assert self.subscriber.consumer is not None
        return self.subscriber.consumer

    # The two callbacks run in the client's own task, beside the batch in hand.

    async def on_partitions_revoked(  # pyright: ignore[reportIncompatibleMethodOverride] - may be a coroutine
        self, revoked: Iterable[TopicPartition]
    ) -> None:
        """Finish the batch in hand, then let go of everything: every rebalance takes all partitions away."""
        self._generation += 1
        gone, self.held, self.assigned = self.held, {}, frozenset()
        for name in {self.metrics.name(partition.topic) for partition in revoked}:
            self.metrics.rebalanced(name)
        self._tell_owned(gone)
        await self._stop_retaking()
        await asyncio.gather(*(self._finish(held) for held in gone.values()))
        await self.let_go(list(gone.values()))

    async def on_partitions_assigned(  # pyright: ignore[reportIncompatibleMethodOverride] - may be a coroutine
        self, assigned: Iterable[TopicPartition]
    ) -> None:
        """Take the partitions over, one by one, and start to read each from its own position."""
        partitions = list(assigned)
        # Before the first await: the client hands records over from here on.
        self.consumer.pause(*partitions)
        self.assigned = frozenset(partitions)
        self.ever_assigned = True
        generation = self._generation
        await asyncio.gather(*(self._try_to_take(partition, generation) for partition in partitions))

    async def close(self) -> None:
        """Let go of everything: the service stops."""
        await self.on_partitions_revoked(())

    async def _finish(self, held: H) -> None:
        # After the wait, whoever takes over next ends our transaction: nothing is lost.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._timing.release), held.lock:
                pass
        held.given_up = True

    async def _try_to_take(self, partition: TopicPartition, generation: int) -> None:
        try:
            held = await self.take(partition)
        except TopicsMissingError as error:
            self._retake_later(partition, generation, error)
        except ChassisError as error:
            self._on_fatal(error)
        except Exception as error:  # noqa: BLE001 - whatever it is, the partition must be tried again
            self._retake_later(partition, generation, error)
        else:
            await self._begin(held, generation)

    async def _begin(self, held: H, generation: int) -> None:
        partition = held.partition
        if generation != self._generation or partition not in self.consumer.assignment():
            held.given_up = True
            await self.let_go([held])
            return
        # One step without an await: from here on, what is handed over follows on the committed position.
        self.consumer.seek(partition, held.next_offset)
        self.held[partition] = held
        self.consumer.resume(partition)
        self._tell_owned([partition])
        log.info("partition.taken", topic=partition.topic, partition=partition.partition, offset=held.next_offset)

    def _retake_later(self, partition: TopicPartition, generation: int, error: BaseException) -> None:
        """Try again after a pause that grows until a batch is committed."""
        if self.stopping:
            return
        pause = next(self._pauses.setdefault(partition, clock.pauses()))
        if isinstance(error, ProducerFenced | FencedError):
            # Perhaps the group has gone on without us: let a heartbeat tell us before we fence the new owner.
            pause = max(pause, 2 * self._timing.heartbeat)
        log.warning(
            "partition.given_up",
            topic=partition.topic,
            partition=partition.partition,
            exc_info=error,
            why=str(error) if isinstance(error, ChassisError) else None,
            again_in_s=round(pause, 1),
        )
        self._spawn(self._retake(partition, generation, pause))

    async def _retake(self, partition: TopicPartition, generation: int, pause: float) -> None:
        await asyncio.sleep(pause)
        if generation == self._generation and partition not in self.held:
            await self._try_to_take(partition, generation)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._retakes.add(task)
        task.add_done_callback(self._retakes.discard)

    async def _stop_retaking(self) -> None:
        tasks = [task for task in self._retakes if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

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
            held = self.held.get(partition)
            if held is None:
                continue
            if held.claimed:
                self._rewind(held)
            else:
                held.claimed = True
                claims.append((held, batch))
        return claims

    def rewind_unfinished(self, records: Sequence[Record]) -> int:
        """Take back what was claimed of *records* and has not ended in a commit; how many partitions it was."""
        partitions = {TopicPartition(record.topic, record.partition) for record in records}
        held = [self.held[partition] for partition in partitions if partition in self.held]
        unfinished = [each for each in held if each.claimed and not each.lock.locked()]
        for each in unfinished:
            self._rewind(each)
        return len(unfinished)

    def _rewind(self, held: H) -> None:
        held.claimed = False
        self.consumer.seek(held.partition, held.next_offset)
        self.metrics.rewound(self.metrics.name(held.partition.topic))

    def committed(self, held: H, records: Sequence[Record]) -> None:
        """The batch is durable: go on after it."""
        held.next_offset = records[-1].offset + 1
        held.appended_ms = records[-1].timestamp
        held.claimed = False
        self._pauses.pop(held.partition, None)

    async def give_up(self, failed: Sequence[H], error: BaseException) -> None:
        """The outcome for *failed* is unknown: close what they needed, and take them again from what was committed."""
        mine = [held for held in failed if self.held.get(held.partition) is held]
        generation = self._generation
        for held in failed:
            held.given_up = True
            if held not in mine:
                # Taken away in the meantime: whoever owns it now does this batch again.
                topic, partition = held.partition
                log.info("batch.refused", topic=topic, partition=partition, exc_info=error)
        for held in mine:
            del self.held[held.partition]
            self.metrics.aborted(self.metrics.name(held.partition.topic))
            self._pause(held.partition)
        self._tell_owned([held.partition for held in mine])
        await self.let_go(failed)
        if isinstance(error, ChassisError) and not isinstance(error, FencedError | TopicsMissingError):
            self._on_fatal(error)
            return
        for held in mine:
            self._retake_later(held.partition, generation, error)

    def _pause(self, partition: TopicPartition) -> None:
        if not self.stopping and partition in self.consumer.assignment():
            self.consumer.pause(partition)

    def _tell_owned(self, changed: Iterable[TopicPartition]) -> None:
        partitions = list(changed)
        owned = Counter(self.metrics.name(partition.topic) for partition in self.held)
        still = {(self.metrics.name(partition.topic), partition.partition) for partition in self.held}
        for name in {self.metrics.name(partition.topic) for partition in partitions}:
            self.metrics.owning(name, owned[name])
        for partition in partitions:
            name = self.metrics.name(partition.topic)
            if (name, partition.partition) not in still:
                self.metrics.forget_lag(name, partition.partition)
