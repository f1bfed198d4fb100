"""One message from a person at a terminal, as a CloudEvent."""

from typing import Any

from aiokafka import AIOKafkaProducer

from onward.contracts.ids import content_id
from onward.contracts.outcome import Outgoing


async def publish(bootstrap: str, message: Outgoing[Any]) -> None:
    """
    Send *message*, and return when every in-sync copy has it.

    Raises:
        KafkaError: the broker is away or refused it; nothing may be assumed of the message.
    """
    value = message.body.model_dump_json().encode()
    headers = [
        ("ce_specversion", b"1.0"),
        ("content-type", b"application/json"),
        ("ce_id", content_id(value).encode()),
        ("ce_source", b"/onward/cli"),
        ("ce_type", message.event_type.encode()),
    ]
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", enable_idempotence=True)
    try:
        await producer.start()
        await producer.send_and_wait(message.topic, key=message.key.encode(), value=value, headers=headers)
    finally:
        await producer.stop()
