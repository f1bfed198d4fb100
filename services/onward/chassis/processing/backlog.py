"""What waits in the outboxes of a hop, also of shards that were given up and are not held again yet."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from aiokafka.structs import TopicPartition

from onward.chassis import clock
from onward.chassis.observability.metrics import Metrics
from onward.chassis.postgres.shard import OutboxBacklog, Shard


class Backlog:
    """Tells depth and age, by what the records of the input are counted as."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._left: dict[TopicPartition, OutboxBacklog] = {}
        self._told: set[str] = set()

    def abandoned(self, shards: Iterable[Shard]) -> None:
        """What is in their outboxes waits on, although nobody holds them."""
        self._left.update({each.partition: waiting for each in shards if (waiting := each.waiting()) is not None})

    def taken(self, shard: Shard) -> None:
        """It is held again: its rows wait since they came into the outbox, not since now."""
        shard.inherit(self._left.pop(shard.partition, None))

    def revoked(self) -> None:
        """All of it is for others to publish."""
        self._left.clear()

    def waiting(
        self, owned: Iterable[Shard], missing: Collection[TopicPartition]
    ) -> dict[TopicPartition, OutboxBacklog | None]:
        """What is in the outbox of each partition that is assigned to us."""
        found = {partition: self._left.get(partition) for partition in missing}
        return found | {each.partition: each.waiting() for each in owned}

    def tell(self, waiting: Mapping[TopicPartition, OutboxBacklog | None]) -> None:
        """Tell the metrics, for whoever reads them now."""
        now, depth, oldest = clock.monotonic(), Counter[str](), Counter[str]()
        for partition, rows in waiting.items():
            name = self._metrics.name(partition.topic)
            self._told.add(name)
            if rows is not None:
                depth[name] += rows.rows
                oldest[name] = max(oldest[name], int(now - rows.since))
        for name in self._told:
            self._metrics.outbox(name, depth[name], oldest=oldest[name])
