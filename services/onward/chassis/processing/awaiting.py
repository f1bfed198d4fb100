"""Records that have to wait for something that they name: where a batch ends because of one, and for what."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, TypeAlias

import structlog
from aiokafka import AIOKafkaConsumer
from aiokafka.structs import TopicPartition

from onward.chassis import clock
from onward.chassis.observability.metrics import Metrics
from onward.chassis.record import Received
from onward.contracts.outcome import Parked

log = structlog.get_logger()

Awaits: TypeAlias = Callable[[Received[Any]], str | None]
"""What a record has to wait for, in words for the log that say what to do if it does not come; None: nothing."""

StillAwaits: TypeAlias = Callable[[], str | None]
"""As `Awaits`, of one record."""


def decidable(
    read: Sequence[Received[Any] | Parked], awaits: Awaits | None
) -> tuple[Sequence[Received[Any] | Parked], StillAwaits | None]:
    """Those of *read* that come before the first that has to wait, and how to ask whether that one still has to."""
    if awaits is not None:
        for index, record in enumerate(read):
            if isinstance(record, Received) and awaits(record) is not None:
                return read[:index], partial(awaits, record)
    return read, None


@dataclass(slots=True)
class HeldBack:
    """Nothing more is read of a partition for now: its next record has to wait."""

    still: StillAwaits
    since: float
    """By the monotonic clock."""


class Owned(Protocol):
    """What is needed of a partition that is ours."""

    partition: TopicPartition
    next_offset: int
    held_back: HeldBack | None


class HoldingBack:
    """Holds back partitions of one hop. They stay ours: nothing is lost, parked or passed over, and others go on."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._told: set[str] = set()
        """What the records of partitions that were held back are counted as."""
        self._since: dict[TopicPartition, tuple[int, float]] = {}
        """
        Which record each partition was last held back for, and since when: it waits no less long because its partition
        was given up, or taken away, and taken anew.
        """

    def begin(self, owned: Owned, still: StillAwaits, consumer: AIOKafkaConsumer) -> None:
        """Go back to what is committed, and read no further until *still* says that the record needs not wait."""
        topic, partition = owned.partition
        consumer.seek(owned.partition, owned.next_offset)
        if (what := still()) is None:
            return
        consumer.pause(owned.partition)
        owned.held_back = HeldBack(still, self._waits_since(owned))
        log.warning("partition.held_back", topic=topic, partition=partition, offset=owned.next_offset, why=what)

    def _waits_since(self, owned: Owned) -> float:
        offset, since = self._since.get(owned.partition, (-1, 0.0))
        if offset != owned.next_offset:
            since = clock.monotonic()
            self._since[owned.partition] = owned.next_offset, since
        return since

    def end(self, everything: Collection[Owned], consumer: AIOKafkaConsumer) -> None:
        """Read on where what a record waited for has come."""
        for owned in everything:
            if owned.held_back is None or owned.held_back.still() is not None:
                continue
            topic, partition = owned.partition
            took_ms = round(1000 * (clock.monotonic() - owned.held_back.since))
            owned.held_back = None
            self._since.pop(owned.partition, None)
            if owned.partition in consumer.assignment():
                consumer.seek(owned.partition, owned.next_offset)
                consumer.resume(owned.partition)
            log.info("partition.read_on", topic=topic, partition=partition, took_ms=took_ms)

    def tell(self, everything: Collection[Owned]) -> None:
        """Tell the metrics for how long records have waited."""
        waited = dict.fromkeys(self._told, 0)
        for owned in everything:
            if owned.held_back is not None:
                name = self._metrics.name(owned.partition.topic)
                seconds = 1 + int(clock.monotonic() - owned.held_back.since)
                waited[name] = max(seconds, waited.get(name, 0))
        self._told.update(waited)
        for name, seconds in waited.items():
            self._metrics.held_back(name, seconds)
