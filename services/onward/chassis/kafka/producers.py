"""Transactional producers: those of one input partition, used in turn, and discarded after any doubt."""

import asyncio
import warnings
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import InvalidProducerEpoch, MessageSizeTooLargeError, ProducerFenced, UnknownError
from aiokafka.producer.message_accumulator import BatchBuilder
from aiokafka.structs import TopicPartition

from onward.chassis import tasks
from onward.chassis.errors import TopicsMissingError
from onward.chassis.kafka.connection import KafkaConnection
from onward.chassis.kafka.partitioner import partition_of
from onward.chassis.kafka.patches import client_tasks
from onward.chassis.record import EncodedRecord
from onward.contracts import topics

IN_TURN = 2
"""With one, a transaction waits for the marks of the one before it: five times the latency."""

_RETRY_BACKOFF_MS = 3
"""The client waits so long, 100 ms by default, when the broker is still completing the transaction before."""

_BATCH_BYTES = 262_144
_METADATA_SECONDS = 5
_METADATA_MS = 30_000
_STOP_SECONDS = 1


@dataclass(frozen=True)
class ProducerSettings:
    """What every producer of a process has in common."""

    kafka: KafkaConnection
    client_id: str
    request_timeout_s: float
    transaction_timeout_s: float = 30.0

    def make(self, transactional_id: str) -> AIOKafkaProducer:
        """A producer, not yet started."""
        return self.kafka.producer(
            client_id=self.client_id,
            transactional_id=transactional_id,
            transaction_timeout_ms=int(self.transaction_timeout_s * 1000),
            request_timeout_ms=int(self.request_timeout_s * 1000),
            retry_backoff_ms=_RETRY_BACKOFF_MS,
            max_batch_size=_BATCH_BYTES,
            linger_ms=0,
            metadata_max_age_ms=_METADATA_MS,
        )


class Producers:
    """The producers of one input partition. Only one transaction is open at a time."""

    def __init__(self, settings: ProducerSettings, transactional_id: str) -> None:
        self._timeout = settings.request_timeout_s
        self._tasks: set[asyncio.Task[Any]] = set()
        """What they do beside us."""
        self._all = [settings.make(f"{transactional_id}.{number}") for number in range(IN_TURN)]
        self._turn = 0

    async def start(self) -> None:
        """
        Take the transactional ids over: older owners are fenced, and what they left open is aborted.

        Raises:
            Exception: The broker is away; the producers are discarded.
        """
        try:
            with client_tasks.noted_in(self._tasks):
                async with asyncio.timeout(self._timeout):
                    await asyncio.gather(*(producer.start() for producer in self._all))
        except BaseException:
            await self.discard()
            raise

    async def commit(
        self, outputs: Sequence[EncodedRecord], position: tuple[TopicPartition, int], group: str, *, note: str = ""
    ) -> None:
        """
        Write *outputs* and *group*'s *position* in one transaction, with a *note* of up to 4096 bytes beside it.

        Raises:
            Exception: The outcome is unknown, or it is fenced: discard the producers, and read the position again.
        """
        producer = self._all[self._turn]
        self._turn = (self._turn + 1) % len(self._all)
        partition, offset = position
        # Not the client's own context: on failure it would wait, perhaps for ever, to abort. The successor aborts.
        with client_tasks.noted_in(self._tasks):
            async with asyncio.timeout(self._timeout):
                await producer.begin_transaction()
                await publish(producer, outputs)
                await producer.send_offsets_to_transaction({partition: (offset, note)}, group)
                await producer.commit_transaction()

    async def discard(self) -> None:
        """Stop them as far as the broker lets us, and leave nothing of them behind; never raises."""
        await _discard(self._all, self._tasks)


def is_overtaken(error: BaseException) -> bool:
    """Whether another has begun under our transactional id: a commit in just that moment is answered "unknown"."""
    return isinstance(error, ProducerFenced | InvalidProducerEpoch) or isinstance(error.__cause__, UnknownError)


async def let_go(producer: AIOKafkaProducer) -> None:
    """Stop a producer of which nothing is wanted any more, as far as the broker lets us; never raises."""
    await _discard([producer], set())


async def _discard(producers: Sequence[AIOKafkaProducer], started: set[asyncio.Task[Any]]) -> None:
    # One that cannot reach the broker may never stop. A transactional one is fenced by its successor.
    with warnings.catch_warnings():
        await asyncio.gather(*(tasks.ended(producer.stop(), within=_STOP_SECONDS) for producer in producers))
    # Its tasks wait for the broker for ever, and would go on trying to connect.
    await client_tasks.end(started, within=_STOP_SECONDS)
    # `stop` gives up halfway where the client's own task has ended with an error, and leaves connections open.
    await asyncio.gather(*(tasks.ended(producer.client.close(), within=_STOP_SECONDS) for producer in producers))


async def publish(producer: AIOKafkaProducer, outputs: Sequence[EncodedRecord]) -> None:
    """
    Write *outputs* in the producer's open transaction, in order within each partition, and wait until all are in.

    Fills whole batches by itself: `send` costs three times as much for each record.

    Raises:
        TopicsMissingError: A topic does not exist.
        BatchTooLargeError: A topic's `max.message.bytes` is below what we write.
        Exception: A batch was refused. The client's own commit would not say so.
    """
    counts: dict[str, int] = {}
    filling: dict[tuple[str, int], BatchBuilder] = {}
    full: list[tuple[tuple[str, int], BatchBuilder]] = []
    for output in outputs:
        topic = output.topic
        if topic not in counts:
            counts[topic] = await _partitions(producer, topic)
        place = (topic, partition_of(output.key, counts[topic]))
        builder = filling.get(place)
        if builder is None:
            builder = filling[place] = producer.create_batch()
        if not _append(builder, output):
            full.append((place, builder))
            builder = filling[place] = producer.create_batch()
            _append(builder, output)
    sent: list[Awaitable[object]] = []
    for (topic, partition), builder in [*full, *filling.items()]:
        builder.close()
        sent.append(_named(await producer.send_batch(builder, topic, partition=partition), topic, builder.size()))
    if sent:
        await asyncio.gather(*sent)


class BatchTooLargeError(MessageSizeTooLargeError):
    """A topic takes no batch of this size."""

    def __init__(self, topic: str, size: int) -> None:
        super().__init__()
        self.topic = topic
        self.size = size
        """Bytes of the whole batch."""


async def _named(sent: Awaitable[object], topic: str, size: int) -> None:
    """Wait for a batch; the client does not say which of them was refused."""
    try:
        await sent
    except MessageSizeTooLargeError as error:
        raise BatchTooLargeError(topic, size) from error


def _append(builder: BatchBuilder, output: EncodedRecord) -> bool:
    return builder.append(timestamp=None, key=output.key, value=output.value, headers=output.headers) is not None


async def _partitions(producer: AIOKafkaProducer, topic: str) -> int:
    try:
        async with asyncio.timeout(_METADATA_SECONDS):
            there = len(await producer.partitions_for(topic))
    except TimeoutError:
        raise TopicsMissingError(
            f"topic `{topic}` does not exist; make it with `onward topics`, and the service goes on"
        ) from None
    wanted = topics.spread_over(topic) or there
    if there < wanted:
        raise TopicsMissingError(
            f"topic `{topic}` has {there} partitions, and its file says {wanted}: `onward topics` adds them"
        )
    return wanted
