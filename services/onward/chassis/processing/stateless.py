"""
The stateless hop, exactly once: outputs and input offset of a batch in one Kafka transaction per input partition.

The transactional ids belong to the input partition, not to the process. Whoever takes the partition over starts its
producers under those ids: the broker then refuses the older owner and ends what it left open. Only after that is the
group's committed offset final, and only then is it read. This fences per partition, which the client library's
version of the protocol (without the group's generation) does not do by itself.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aiokafka.structs import TopicPartition

from onward.chassis import clock
from onward.chassis.errors import ChassisError
from onward.chassis.kafka.cluster import Cluster
from onward.chassis.kafka.producers import Producers, ProducerSettings
from onward.chassis.observability.metrics import Metrics
from onward.chassis.processing import starting
from onward.chassis.processing.accounting import Books
from onward.chassis.processing.batch import Bench
from onward.chassis.processing.counts import Counts, begun, by_family, read
from onward.chassis.processing.hop import StatelessHop
from onward.chassis.processing.ownership import Claim, Held, Ownership, Record, Timing
from onward.chassis.processing.positions import Begin


@dataclass(slots=True, eq=False, kw_only=True)
class Owned(Held):
    """An input partition with the producers that may commit for it."""

    counts: Counts
    """Of what is committed."""
    producers: Producers


class StatelessFlow(Ownership[Owned]):
    """Runs a stateless hop over the input partitions of this process."""

    def __init__(
        self,
        hop: StatelessHop,
        bench: Bench,
        books: Books,
        producers: ProducerSettings,
        cluster: Cluster,
        *,
        group: str,
        metrics: Metrics,
        timing: Timing,
        on_fatal: Callable[[ChassisError], None],
    ) -> None:
        super().__init__(group, metrics, timing, on_fatal)
        self._hop = hop
        self._bench = bench
        self._books = books
        self._settings = producers
        self._cluster = cluster

    async def take(self, partition: TopicPartition) -> Owned:
        """
        Start the partition's producers, then read the group's committed offset.

        Raises:
            PositionLostError: There is none although there should be, or the log does not have it.
        """
        producers = Producers(self._settings, f"{self.group}.{partition.topic}.{partition.partition}")
        await producers.start()
        try:
            committed = await self._cluster.committed(self.group, partition)
            is_new = self.is_new(partition)
            where = await starting.find(
                self.consumer, self.group, partition, committed, metrics=self.metrics, is_new=is_new
            )
            counts = read(await self._cluster.note(self.group, partition)) or begun(where.offset)
            if isinstance(where, Begin):
                # At once: from here on, to have no offset means that it was lost.
                await producers.commit([], (partition, where.offset), self.group, note=counts.text())
        except BaseException:
            await producers.discard()
            raise
        return Owned(partition, where.offset, counts=counts, producers=producers)

    async def let_go(self, held: Sequence[Owned]) -> None:
        """Discard the producers."""
        await asyncio.gather(*(each.producers.discard() for each in held))

    async def work(self, claims: Sequence[Claim[Owned]]) -> None:
        """Each partition's batch in a transaction of its own, side by side."""
        await asyncio.gather(*(self._work_on(owned, records) for owned, records in claims))

    async def _work_on(self, owned: Owned, records: list[Record]) -> None:
        async with owned.lock:
            fresh = self.fresh(owned, records)
            if owned.given_up:
                return
            if not fresh:
                owned.claimed = False
                return
            try:
                await self._commit(owned, fresh)
            except BaseException as error:
                # Whatever it was, what became of the batch is unknown.
                self.give_up([owned], error)
                if not isinstance(error, Exception):
                    raise

    async def pass_over(self, held: Owned, position: int) -> None:
        """See `Ownership`."""
        await held.producers.commit([], (held.partition, position), self.group, note=held.counts.text())

    async def _commit(self, owned: Owned, records: list[Record]) -> None:
        began = clock.monotonic()
        handled = await self._bench.handle(self._hop, records)
        position = (owned.partition, records[-1].offset + 1)
        counts = owned.counts.after(records, handled.tally.by_outcome()).wrote(handled.outputs)
        await owned.producers.commit(handled.outputs, position, self.group, note=counts.text())
        owned.counts = counts
        self.committed(owned, records)
        self.metrics.written(by_family(handled.outputs))
        self._books.close(handled.tally, records, began=began)
