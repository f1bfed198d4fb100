"""Records from a person at a terminal, as CloudEvents."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaProducer

from onward.chassis.kafka.connection import KafkaConnection
from onward.chassis.kafka.producers import let_go
from onward.contracts.ids import content_id
from onward.contracts.outcome import Outgoing

PATIENCE_SECONDS = 60.0
"""How long the broker may take for one record. The client alone would try for ever, and so would its end."""


class Sender:
    """Writes records, one after the other."""

    def __init__(self, producer: AIOKafkaProducer, patience: float) -> None:
        self._producer = producer
        self._patience = patience

    async def send(self, topic: str, key: str, event_type: str, value: bytes) -> None:
        """
        Write one record, and return when every in-sync copy has it.

        Raises:
            KafkaError: the broker refused it.
            TimeoutError: it did not take it in time; nothing may be assumed of the record.
        """
        headers = [
            ("ce_specversion", b"1.0"),
            ("content-type", b"application/json"),
            ("ce_id", content_id(value).encode()),
            ("ce_source", b"/onward/cli"),
            ("ce_type", event_type.encode()),
        ]
        async with asyncio.timeout(self._patience):
            await self._producer.send_and_wait(topic, key=key.encode(), value=value, headers=headers)


@asynccontextmanager
async def sending(bootstrap: str, *, patience: float = PATIENCE_SECONDS) -> AsyncGenerator[Sender]:
    """
    A way to the broker.

    Args:
        bootstrap: Address of the broker.
        patience: Seconds that it may take for one record.

    Raises:
        KafkaError: the broker is away.
    """
    producer = KafkaConnection.of_environment(bootstrap).producer(acks="all", enable_idempotence=True)
    try:
        await producer.start()
        yield Sender(producer, patience)
    finally:
        await let_go(producer)


async def publish(bootstrap: str, message: Outgoing[Any]) -> None:
    """
    Send *message*, and return when every in-sync copy has it.

    Raises:
        KafkaError, TimeoutError: the broker is away or refused it; nothing may be assumed of the message.
    """
    async with sending(bootstrap) as sender:
        await sender.send(message.topic, message.key, message.event_type, message.body.model_dump_json().encode())
