"""The consumer of a hop, and the framework's broker that makes it: as the libraries', without their busy polling."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from aiokafka import AIOKafkaConsumer
from aiokafka.structs import ConsumerRecord, TopicPartition
from faststream.kafka import KafkaBroker

_WAIT_MS: Final = 1000


class PatientConsumer(AIOKafkaConsumer):
    """Waits for records instead of asking for them a hundred times a second; what comes is handed over at once."""

    async def getmany(
        self, *partitions: TopicPartition, timeout_ms: int = 0, max_records: int | None = None
    ) -> dict[TopicPartition, list[ConsumerRecord[bytes | None, bytes | None]]]:
        """As the library's, which the framework calls with a short time-out, and sleeps as long again after it."""
        return await super().getmany(*partitions, timeout_ms=max(timeout_ms, _WAIT_MS), max_records=max_records)

    def broken(self) -> str:
        """Why nothing will come any more although nobody said so; empty if all is well."""
        tasks = {
            "fetches records": getattr(self._fetcher, "error_future", None),
            "keeps the membership of the group": getattr(self._coordinator, "_coordination_task", None),
        }
        ended = [what for what, task in tasks.items() if task is not None and task.done()]
        return f"the client's task that {ended[0]} has ended" if ended else ""


class Broker(KafkaBroker):
    """Makes patient consumers."""

    async def _connect(self) -> Callable[..., AIOKafkaConsumer]:
        builder: Any = await super()._connect()
        patient = partial(PatientConsumer, **builder.keywords)
        self.config.broker_config.builder = patient
        return patient
