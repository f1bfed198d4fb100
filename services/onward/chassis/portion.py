"""What of a batch belongs to one shard, and where it leads the shard."""

from dataclasses import dataclass, field
from typing import Any

from onward.chassis.batch import Handled
from onward.chassis.ownership import Record
from onward.chassis.record import Received
from onward.chassis.shard import Move, Shard
from onward.contracts.outcome import Parked


@dataclass(frozen=True)
class Portion:
    """What of a batch belongs to one shard: its records, each read or already refused."""

    shard: Shard
    records: list[Record]
    read: list[Received[Any] | Parked] = field(default_factory=list[Received[Any] | Parked])

    def move(self, result: Handled) -> tuple[Shard, Move]:
        """Where its records, ended so, lead the shard."""
        counts = self.shard.counts.after(self.records, result.tally.by_outcome())
        return self.shard, Move(self.records[-1].offset + 1, result.outputs, counts)
