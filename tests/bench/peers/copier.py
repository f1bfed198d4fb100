"""
The peer of the routing hop: a raw aiokafka copier, exactly once, that does nothing but copy.

usage: copier.py BOOTSTRAP INPUT OUTPUT GROUP

One transaction for each fetched batch, offsets inside, `send` for each record: the way aiokafka's documentation has it.
It does not decode, decide, encode or count, so it is the floor of what any hop on this stack can cost.
"""

import asyncio
import signal
import sys

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer


async def main(bootstrap: str, source: str, target: str, group: str) -> None:
    """Copy until SIGTERM."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    consumer = AIOKafkaConsumer(
        source,
        bootstrap_servers=bootstrap,
        group_id=group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
    )
    producer = AIOKafkaProducer(
        bootstrap_servers=bootstrap,
        transactional_id=group,
        max_batch_size=262_144,
        retry_backoff_ms=3,
    )
    await consumer.start()
    await producer.start()
    while not stop.is_set():
        batches = await consumer.getmany(timeout_ms=100, max_records=500)
        if not batches:
            continue
        async with producer.transaction():
            sent = [
                await producer.send(target, record.value, key=record.key, headers=list(record.headers))
                for records in batches.values()
                for record in records
            ]
            await asyncio.gather(*sent)
            offsets = {partition: records[-1].offset + 1 for partition, records in batches.items()}
            await producer.send_offsets_to_transaction(offsets, group)
    await producer.stop()
    await consumer.stop()


asyncio.run(main(*sys.argv[1:]))
