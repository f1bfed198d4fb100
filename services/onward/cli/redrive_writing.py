"""Writes parked records back, with the notes that they went, in transactions."""

import asyncio
import contextlib
from collections.abc import Awaitable, Iterator, Sequence
from typing import Self, TypeAlias

from aiokafka import AIOKafkaProducer
from aiokafka.errors import MessageSizeTooLargeError, RecordListTooLargeError
from aiokafka.producer.message_accumulator import BatchBuilder
from aiokafka.structs import TopicPartition

from onward.chassis.kafka.connection import KafkaConnection
from onward.chassis.kafka.partitioner import partition_of
from onward.chassis.kafka.producers import ProducerSettings, let_go
from onward.cli.publishing import PATIENCE_SECONDS
from onward.cli.redriving import TOO_LARGE, Going, RedriveReport
from onward.contracts import topics

# What a killed command left open holds up whoever reads those topics for so long.
_TRANSACTION_SECONDS = 10.0
_ABORT_SECONDS = 5


class Writer:
    """Writes back what one service parked, in transactions; begun anew after any doubt."""

    def __init__(self, bootstrap: str, service: str, notes: int) -> None:
        self._settings = ProducerSettings(
            KafkaConnection.of_environment(bootstrap),
            "onward-redrive",
            request_timeout_s=PATIENCE_SECONDS / 2,
            transaction_timeout_s=_TRANSACTION_SECONDS,
        )
        self._id = f"onward.redrive.{service}"
        self._notes = notes

    async def __aenter__(self) -> Self:
        await self._begin()
        return self

    async def __aexit__(self, *_: object) -> None:
        await let_go(self._producer)

    async def _begin(self) -> None:
        self._producer = self._settings.make(self._id)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._producer.start()
        except BaseException:
            await let_go(self._producer)
            raise

    async def write(self, going: Sequence[Going], told: RedriveReport) -> None:
        """
        Write all of *going* in one transaction; if a topic refuses one for its size, one by one without it.

        Raises:
            ProducerFenced: Another redrive of this service has begun; of this transaction nothing is done.
            KafkaError, TimeoutError: The broker is away or refuses; whether this transaction is done is not known.
        """
        if not going:
            return
        try:
            await self._transact(going)
        except (MessageSizeTooLargeError, RecordListTooLargeError):
            await let_go(self._producer)
            await self._begin()  # the client cannot count on after a refusal
            if len(going) == 1:
                told.stays(going[0].record, TOO_LARGE)
                return
            for one in going:
                await self.write([one], told)
        else:
            for one in going:
                told.went(one.record, one.to.topic)

    async def _transact(self, going: Sequence[Going]) -> None:
        producer = self._producer
        async with asyncio.timeout(PATIENCE_SECONDS):
            await producer.begin_transaction()
            try:
                waiting: list[Awaitable[object]] = []
                for to, batch in _batches(producer, going, self._notes):
                    batch.close()
                    waiting.append(await producer.send_batch(batch, to.topic, partition=to.partition))
                await asyncio.gather(*waiting)
            except BaseException:
                # Or whoever reads these topics waits until the transaction times out.
                with contextlib.suppress(Exception):
                    async with asyncio.timeout(_ABORT_SECONDS):
                        await producer.abort_transaction()
                raise
            await producer.commit_transaction()


def _batches(
    producer: AIOKafkaProducer, going: Sequence[Going], notes: int
) -> Iterator[tuple[TopicPartition, BatchBuilder]]:
    """The records and their notes in whole batches, those of a partition in order."""
    filling: dict[TopicPartition, BatchBuilder] = {}
    for to, key, value, headers in _records(going, notes):
        batch = filling.get(to)
        if batch is not None and batch.append(timestamp=None, key=key, value=value, headers=headers) is None:
            yield to, batch
            batch = None
        if batch is None:
            batch = filling[to] = producer.create_batch()
            batch.append(timestamp=None, key=key, value=value, headers=headers)
    yield from filling.items()


_Record: TypeAlias = tuple[TopicPartition, bytes | None, bytes | None, Sequence[tuple[str, bytes | None]]]


def _records(going: Sequence[Going], notes: int) -> Iterator[_Record]:
    for one in going:
        yield one.to, one.key, one.value, one.headers
        key = one.note.parked.encode()
        yield (
            TopicPartition(topics.REDRIVES.name, partition_of(key, notes)),
            key,
            one.note.model_dump_json().encode(),
            _headers(one.note.parked),
        )


def _headers(parked: str) -> list[tuple[str, bytes]]:
    return [
        ("ce_specversion", b"1.0"),
        ("content-type", b"application/json"),
        ("ce_id", f"redriven/{parked}".encode()),
        ("ce_source", b"/onward/cli"),
        ("ce_type", topics.REDRIVES.event_type.encode()),
    ]
