"""
The two usual designs, as controls: the harness must catch them, or it would not catch us.

`per_process`: Kafka transactions with one transactional id for each process, as the client library's guide shows.
`after_produce`: produce, wait for the acknowledgements, then commit the offsets.
"""

import asyncio
import os
import signal

import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import KafkaError

from chaos.services.words import Step, StepSettings
from onward.chassis.observability import logs

GROUP = "control"


async def copy(
    settings: StepSettings, consumer: AIOKafkaConsumer, producer: AIOKafkaProducer, *, transactional: bool
) -> None:
    """Copy one batch."""
    batches = await consumer.getmany(timeout_ms=100, max_records=settings.batch_records)
    records = [record for batch in batches.values() for record in batch]
    if not records:
        return
    offsets = {partition: batch[-1].offset + 1 for partition, batch in batches.items()}
    if transactional:
        await producer.begin_transaction()
    sent = [
        await producer.send(
            settings.output_topic,
            Step.model_validate_json(record.value or b"").model_dump_json().encode(),
            key=record.key,
        )
        for record in records
    ]
    await asyncio.gather(*sent)
    await asyncio.sleep(len(records) * settings.throttle_us / 1_000_000)
    if transactional:
        await producer.send_offsets_to_transaction(offsets, GROUP)
        await producer.commit_transaction()
    else:
        await consumer.commit(offsets)


async def main(design: str) -> None:
    """Copy until told to stop; after an error, end: whoever supervises starts a new process."""
    settings = StepSettings()  # the environment gives them
    logs.configure("control", "info")
    transactional = design == "per_process"
    consumer = AIOKafkaConsumer(
        settings.input_topic,
        bootstrap_servers=settings.kafka_bootstrap,
        group_id=GROUP,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
        session_timeout_ms=int(settings.session_timeout_s * 1000),
        heartbeat_interval_ms=int(settings.session_timeout_s * 100),
        rebalance_timeout_ms=int(settings.rebalance_timeout_s * 1000),
    )
    identity = f"control-{os.environ['WORKER']}" if transactional else None
    producer = AIOKafkaProducer(
        bootstrap_servers=settings.kafka_bootstrap, retry_backoff_ms=3, transactional_id=identity
    )
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await producer.start()
    await consumer.start()
    structlog.get_logger().info("service.started")
    try:
        while not stop.is_set():
            await copy(settings, consumer, producer, transactional=transactional)
    except KafkaError as error:
        structlog.get_logger().error("service.failed", exc_info=error)
        os._exit(1)
    await consumer.stop()
    await producer.stop()
