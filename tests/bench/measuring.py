"""What the figures are taken with: processes' own CPU time and memory, the broker's clock, and a table."""

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass

import psutil
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from onward.contracts.base import Message

MICRO = 1_000_000


@dataclass(frozen=True)
class Sample:
    """CPU time used and memory held by a process at one moment."""

    cpu_s: float
    rss_mb: float
    at_s: float


def sample(pid: int) -> Sample:
    """The process now, all its threads, without its children."""
    process = psutil.Process(pid)
    times = process.cpu_times()
    return Sample(times.user + times.system, process.memory_info().rss / 1e6, time.monotonic())


async def preload(bootstrap: str, topic: str, records: Iterable[tuple[bytes, bytes, list[tuple[str, bytes]]]]) -> int:
    """Write *records* (key, value, headers) to *topic*; how many there were."""
    producer = AIOKafkaProducer(
        bootstrap_servers=bootstrap, enable_idempotence=True, linger_ms=5, max_batch_size=262_144
    )
    await producer.start()
    count = 0
    pending: list[asyncio.Future[object]] = []
    for key, value, headers in records:
        pending.append(await producer.send(topic, value, key=key, headers=headers))
        count += 1
    await asyncio.gather(*pending)
    await producer.stop()
    return count


def text(message: Message) -> bytes:
    """*message* as a service writes it."""
    return message.model_dump_json().encode()


async def committed_records(bootstrap: str, topics: Sequence[str]) -> int:
    """How many committed records *topics* hold, read one by one: markers and aborted records do not count."""
    consumer = AIOKafkaConsumer(
        *topics, bootstrap_servers=bootstrap, isolation_level="read_committed", auto_offset_reset="earliest"
    )
    await consumer.start()
    partitions = [*consumer.assignment()]
    ends = await consumer.end_offsets(partitions)
    count = 0
    while any([await consumer.position(partition) < ends[partition] for partition in partitions]):
        for records in (await consumer.getmany(timeout_ms=500)).values():
            count += len(records)
    await consumer.stop()
    return count


async def until(holds: Callable[[], bool], *, seconds: float) -> None:
    """Look every 50 ms whether *holds*; TimeoutError when it does not in time."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 - what is waited for is in another process
            await asyncio.sleep(0.05)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which *share* of *values* lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def table(title: str, rows: Sequence[Sequence[object]], header: Sequence[str]) -> None:
    """Print *rows* under *header*, columns aligned."""
    text = [[str(cell) for cell in row] for row in [header, *rows]]
    widths = [max(len(row[column]) for row in text) for column in range(len(header))]
    print(f"\n{title}")  # noqa: T201 - figures are what this prints
    for row in text:
        print("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)))  # noqa: T201


@contextlib.asynccontextmanager
async def positions(
    bootstrap: str, group: str, topic: str, *, partitions: int
) -> AsyncGenerator[Callable[[], Awaitable[int]]]:
    """Tells how many records of *topic* the consumer *group* has committed, for a topic without transaction markers."""
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, group_id=group, enable_auto_commit=False)
    await consumer.start()
    all_of_it = [TopicPartition(topic, number) for number in range(partitions)]
    consumer.assign(all_of_it)

    async def committed() -> int:
        return sum([await consumer.committed(partition) or 0 for partition in all_of_it])

    try:
        yield committed
    finally:
        await consumer.stop()
