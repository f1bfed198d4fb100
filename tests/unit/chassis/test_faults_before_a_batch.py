"""A fault of ours before a batch is decided gives its partition up, and keeps no other standing."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

from aiokafka.structs import ConsumerRecord, TopicPartition

from installation_keys import ID_KEY, PARKING
from onward.chassis.errors import ChassisError, FailureLimitError
from onward.chassis.postgres.shard import Shard
from onward.chassis.processing.batch import RecordProcessor
from onward.chassis.processing.context import FlowContext
from onward.chassis.processing.hop import StatefulHop
from onward.chassis.processing.partitions import Record, Timing
from onward.chassis.processing.shard_batch import ShardBatch
from onward.chassis.processing.stateful import StatefulFlow
from onward.chassis.record import ConsumedRecord, Received
from onward.contracts import topics
from onward.contracts.outcome import Ignored
from unit.chassis.test_ownership import ALL, Consumer, Subscriber, metrics


def a_record(partition: TopicPartition, offset: int) -> Record:
    return ConsumerRecord(partition.topic, partition.partition, offset, 0, 0, b"k", b"{}", None, 1, 2, ())


class Flow(StatefulFlow):
    """A stateful hop without a database: what would be committed is listed."""

    def __init__(self, read: Callable[[ConsumedRecord], Any], awaits: Callable[[Any], str | None] | None) -> None:
        self.fatal: list[ChassisError] = []
        self.done: list[TopicPartition] = []
        context = SimpleNamespace(
            **dict.fromkeys(("accounting", "producers", "cluster")),
            processor=RecordProcessor("people", ID_KEY, PARKING, failure_limit=3),
            service="people",
            settings=SimpleNamespace(database_url=""),
            metrics=metrics(),
            timing=Timing(1, 5),
            on_fatal=self.fatal.append,
        )
        hop = StatefulHop(
            topics.CONTACTS, lambda _record, _unit: Ignored("unused"), store=cast("Any", None), awaits=awaits
        )
        hop.read = read
        super().__init__(hop, cast("FlowContext", context))
        self.subscriber = Subscriber()
        cast("Consumer", self.consumer).assigned = frozenset(ALL)
        self.owned |= {place: Shard(place, 0) for place in ALL}

    async def _commit(self, batches: Any) -> None:
        batch: ShardBatch
        for batch in batches:
            self.done.append(batch.shard.partition)
            self.committed(batch.shard, batch.records)

    def handed_over(self, *records: Record) -> None:
        """What the client hands over, worked on as the framework has it."""
        asyncio.run(self.work(self.claim(records)))


def received(record: ConsumedRecord) -> Any:
    return Received(cast("Any", None), record.topic, "k", cast("Any", None), record.offset, record.partition)


def test_what_a_record_waits_for_cannot_be_told() -> None:
    def awaits(record: Received[Any]) -> str | None:
        if record.partition == ALL[0].partition:
            raise RuntimeError("a fault of ours")
        return None

    flow = Flow(received, awaits)
    flow.handed_over(a_record(ALL[0], 0), a_record(ALL[1], 0))
    assert flow.done == [ALL[1]]
    assert set(flow.missing) == {ALL[0]}, "it is told as standing still, and tried again after longer and longer pauses"


def test_the_service_stops_where_no_record_can_be_read_for_a_fault_of_ours() -> None:
    def read(_: ConsumedRecord) -> Any:
        raise RuntimeError("a fault of ours")

    flow = Flow(read, None)
    flow.handed_over(*(a_record(ALL[0], offset) for offset in range(5)))
    assert [type(error) for error in flow.fatal] == [FailureLimitError]
    assert not flow.done
