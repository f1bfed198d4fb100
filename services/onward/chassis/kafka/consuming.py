"""The consumer of a hop, and the framework's broker that makes it: as the libraries', without their busy polling."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from aiokafka import AIOKafkaConsumer
from aiokafka.structs import ConsumerRecord, TopicPartition
from faststream.kafka import KafkaBroker

from onward.chassis.kafka.connection import KafkaConnection

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
    """Makes patient consumers, connected as all clients of the product are."""

    def __init__(self, kafka: KafkaConnection, **options: Any) -> None:
        super().__init__(kafka.bootstrap, **options)
        self._kafka = kafka

    async def _connect(self) -> Callable[..., AIOKafkaConsumer]:
        builder: Any = await super()._connect()
        # The framework would have to be told of TLS and SASL in classes of its own, which leave out token providers.
        patient = partial(PatientConsumer, **self._kafka.options_for(AIOKafkaConsumer, builder.keywords))
        self.config.broker_config.builder = patient
        return patient
