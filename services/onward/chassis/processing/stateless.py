"""
The stateless hop, exactly once: outputs and input offset of a batch in one Kafka transaction per input partition.

The transactional ids belong to the input partition, not to the process. Whoever takes the partition over starts its
producers under those ids: the broker then refuses the older owner and ends what it left open. Only after that is the
group's committed offset final, and only then is it read. This fences per partition, which the client library's
version of the protocol (without the group's generation) does not do by itself.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from aiokafka.structs import TopicPartition

from onward.chassis import clock
from onward.chassis.kafka.producers import Producers
from onward.chassis.processing import groups, starting
from onward.chassis.processing.batch import ProcessedBatch
from onward.chassis.processing.context import FlowContext
from onward.chassis.processing.counts import Counts, begun, by_family, read
from onward.chassis.processing.hop import StatelessHop
from onward.chassis.processing.ownership import Ownership
from onward.chassis.processing.partitions import Claim, OwnedPartition, Record
from onward.chassis.processing.positions import Begin


@dataclass(slots=True, eq=False, kw_only=True)
class StatelessPartition(OwnedPartition):
    """An input partition with the producers that may commit for it."""

    counts: Counts
    """Of what is committed."""
    producers: Producers


class StatelessFlow(Ownership[StatelessPartition]):
    """Runs a stateless hop over the input partitions of this process."""

    def __init__(self, hop: StatelessHop, context: FlowContext) -> None:
        super().__init__(groups.of_hop(context.service, hop).name, context.metrics, context.timing, context.on_fatal)
        self._hop = hop
        self._processor = context.processor
        self._accounting = context.accounting
        self._settings = context.producers
        self._cluster = context.cluster

    async def acquire(self, partition: TopicPartition) -> StatelessPartition:
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
        return StatelessPartition(partition, where.offset, counts=counts, producers=producers)

    async def release(self, owned: Sequence[StatelessPartition]) -> None:
        """Discard the producers."""
        await asyncio.gather(*(each.producers.discard() for each in owned))

    async def work(self, claims: Sequence[Claim[StatelessPartition]]) -> None:
        """Each partition's batch in a transaction of its own, side by side."""
        await asyncio.gather(*(self._work_on(owned, records) for owned, records in claims))

    async def _work_on(self, owned: StatelessPartition, records: list[Record]) -> None:
        async with owned.lock:
            fresh = self.fresh(owned, records)
            if owned.abandoned:
                return
            if not fresh:
                owned.claimed = False
                return
            try:
                await self._commit(owned, fresh)
            except BaseException as error:
                # Whatever it was, what became of the batch is unknown.
                self.abandon([owned], error)
                if not isinstance(error, Exception):
                    raise

    async def pass_over(self, owned: StatelessPartition, position: int) -> None:
        """See `Ownership`."""
        await owned.producers.commit([], (owned.partition, position), self.group, note=owned.counts.text())

    async def _commit(self, owned: StatelessPartition, records: list[Record]) -> None:
        began = clock.monotonic()
        processed = await self._processor.handle(self._hop, records)
        if processed.records:
            await self._conclude(owned, records[: processed.records], processed, began)
        if processed.still_awaits is not None:
            self.hold_back(owned, processed.still_awaits)

    async def _conclude(
        self, owned: StatelessPartition, records: list[Record], processed: ProcessedBatch, began: float
    ) -> None:
        position = (owned.partition, records[-1].offset + 1)
        self._processor.bind(owned.partition, owned.counts.chain, processed)
        counts = owned.counts.after(records, processed.outcomes.by_outcome())
        counts = counts.chained(processed.chain).wrote(processed.outputs)
        await owned.producers.commit(processed.outputs, position, self.group, note=counts.text())
        owned.counts = counts
        self.committed(owned, records)
        self.metrics.written(by_family(processed.outputs))
        self._accounting.record_commit(processed.outcomes, records, began=began)
