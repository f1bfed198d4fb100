"""Many records at once, as stock clients send them: taken whole. A decompression bomb: refused by the broker."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Literal, Protocol

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import MessageSizeTooLargeError

from onward.chassis.kafka.admin import TopicSpec, create_topics
from onward.contracts import topics


class Broker(Protocol):
    """The session's broker."""

    bootstrap: str


Codec = Literal["gzip"]
# A batch is what the broker measures. Stock clients fill it with whatever waits for one partition.
STOCK_BATCH = 1_000_012
BURSTS = [
    ("replies.{provider}", [b"x" * 150] * 600),
    ("in.custody", [b"x" * 1_900] * 400),
]


async def _made(kafka: Broker, name: str, file: str, **other: str) -> str:
    await create_topics(kafka.bootstrap, {name: TopicSpec(1, {**topics.files()[file].config(), **other})})
    return name


@asynccontextmanager
async def _stock_client(kafka: Broker, codec: Codec | None) -> AsyncGenerator[AIOKafkaProducer]:
    producer = AIOKafkaProducer(
        bootstrap_servers=kafka.bootstrap, max_batch_size=STOCK_BATCH, compression_type=codec, linger_ms=100
    )
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


async def _in_one_batch(producer: AIOKafkaProducer, topic: str, values: list[bytes]) -> int:
    """Write as many of *values* as a batch takes, in one; returns how many."""
    batch = producer.create_batch()
    for value in values:
        if batch.append(timestamp=None, key=b"k", value=value, headers=[]) is None:
            break
    batch.close()
    await (await producer.send_batch(batch, topic, partition=0))
    count: int = batch.record_count()
    return count


async def _end(kafka: Broker, topic: str) -> int:
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka.bootstrap)
    await consumer.start()
    try:
        place = TopicPartition(topic, 0)
        end: int = (await consumer.end_offsets([place]))[place]
        return end
    finally:
        await consumer.stop()


@pytest.mark.parametrize("codec", [None, "gzip"])
@pytest.mark.parametrize(("file", "burst"), BURSTS, ids=["replies", "custody"])
async def test_a_burst_in_one_batch_is_taken_whole(
    kafka: Broker, unique: Callable[[str], str], file: str, burst: list[bytes], codec: Codec | None
) -> None:
    topic = await _made(kafka, unique("burst"), file)
    async with _stock_client(kafka, codec) as producer:
        assert await _in_one_batch(producer, topic, burst) == len(burst)
    assert await _end(kafka, topic) == len(burst)


@pytest.mark.parametrize("file", ["replies.{provider}", "in.custody"])
async def test_a_batch_as_full_as_a_stock_client_makes_it_is_taken(
    kafka: Broker, unique: Callable[[str], str], file: str
) -> None:
    topic = await _made(kafka, unique("full"), file)
    async with _stock_client(kafka, None) as producer:
        taken = await _in_one_batch(producer, topic, [b"x" * 1_000] * 2_000)
    assert taken * 1_000 > 0.95 * STOCK_BATCH, "the batch was not full"
    assert await _end(kafka, topic) == taken


@pytest.mark.parametrize("file", ["replies.{provider}", "in.custody"])
async def test_a_bomb_that_is_small_until_it_is_unpacked_is_refused_by_the_broker(
    kafka: Broker, unique: Callable[[str], str], file: str
) -> None:
    bomb = [b"x" * 5_000_000]
    topic = await _made(kafka, unique("bomb"), file)
    lax = await _made(kafka, unique("lax"), file, **{"compression.type": "producer"})
    async with _stock_client(kafka, "gzip") as producer:
        with pytest.raises(MessageSizeTooLargeError):
            await _in_one_batch(producer, topic, bomb)
        # The control: it is the setting that refuses it, and not the size in which it is sent.
        assert await _in_one_batch(producer, lax, bomb) == 1
    assert await _end(kafka, topic) == 0
