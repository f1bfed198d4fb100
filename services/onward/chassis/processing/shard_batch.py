"""What of a batch belongs to one shard, and where it leads the shard."""

from dataclasses import dataclass, field
from typing import Any

from onward.chassis.postgres.shard import Move, Shard
from onward.chassis.processing.awaiting import StillAwaits
from onward.chassis.processing.batch import ProcessedBatch
from onward.chassis.processing.counts import Counts
from onward.chassis.processing.partitions import Record
from onward.chassis.record import Received
from onward.contracts.outcome import Parked


@dataclass(frozen=True)
class ShardBatch:
    """What of a batch belongs to one shard: its records, each read or already refused."""

    shard: Shard
    records: list[Record]
    read: list[Received[Any] | Parked] = field(default_factory=list[Received[Any] | Parked])
    still_awaits: StillAwaits | None = None
    """Asks what the record after these waits for; None when there is none that has to."""

    def counts(self, result: ProcessedBatch) -> Counts:
        """Those of the shard, with its records."""
        return self.shard.counts.after(self.records, result.outcomes.by_outcome()).chained(result.chain)

    def move(self, result: ProcessedBatch) -> Move:
        """How far the shard gets with it."""
        last = self.records[-1]
        return Move(last.offset + 1, result.outputs, last.offset, last.timestamp, self.counts(result))


class UnwritableError(Exception):
    """What a decision wants to publish cannot be written; the state must not hold the decision either."""

    def __init__(self, batch: ShardBatch, index: int, why: Parked) -> None:
        super().__init__(why.reason)
        self.batch = batch
        self.index = index
        self.why = why
