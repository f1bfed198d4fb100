"""Sees every record of every topic as it is committed, and sends records, from a thread of its own."""

import asyncio
import base64
import json
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Self, TypeVar

import pytest
from aiokafka import AIOKafkaProducer, ConsumerRecord, TopicPartition

from onward.chassis.kafka.connection import KafkaConnection
from onward.chassis.security.cause import cause_of
from onward.local.deployment import ID_KEY_VARIABLE

T = TypeVar("T")
Headers = Sequence[tuple[str, bytes | None]]

_POLL_MS = 50
_FROM_OUTSIDE = ("in", "replies", "approvals", "rulesets", "installation", "audit")
_IDS = ("contact_id", "situation_id", "referral_id")


@dataclass(frozen=True)
class Seen:
    """One committed record, byte for byte."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Headers
    appended_at: datetime
    cause: str
    """The place of the record it follows from; empty for what comes from outside."""

    @property
    def place(self) -> str:
        """What a record that follows from it names as its cause."""
        return f"{self.topic}/{self.partition}/{self.offset}"

    @cached_property
    def body(self) -> dict[str, Any]:
        """Its JSON document, if it is one of ours."""
        document: dict[str, Any] = json.loads(self.value or b"")
        return document

    def header(self, name: str) -> str:
        """The last header of this name; empty without one."""
        return next(
            (value.decode(errors="replace") for given, value in reversed(self.headers) if given == name and value), ""
        )


@dataclass(frozen=True)
class Sending:
    """A record to send."""

    topic: str
    value: bytes | None
    key: bytes | None = None
    headers: Headers = ()
    partition: int | None = None


@dataclass(frozen=True)
class Sent:
    """Where the broker put a record, and when."""

    place: str
    at: datetime


def moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


class Watch:
    """
    Reads *topics* (with their numbers of partitions) from the beginning, `read_committed`, until the block ends.

    *kafka* is a broker's address, or how one comes to it who may read everything. *secrets* are those of the services:
    what a record follows from is sealed. *sender* says how whoever writes to a topic comes to the broker; without it,
    as the reader does.
    """

    def __init__(
        self,
        kafka: str | KafkaConnection,
        topics: Mapping[str, int],
        secrets: Mapping[str, str],
        sender: Callable[[str], KafkaConnection] | None = None,
    ) -> None:
        self.records: dict[str, list[Seen]] = {topic: [] for topic in topics}
        self._topics = topics
        self._id_key = base64.b64decode(secrets[ID_KEY_VARIABLE])
        self._kafka = KafkaConnection(kafka) if isinstance(kafka, str) else kafka
        self._sender = sender or (lambda _topic: self._kafka)
        self._producers: dict[str, AIOKafkaProducer] = {}
        self._by_id: defaultdict[tuple[str, str], list[Seen]] = defaultdict(list)
        self._changed = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="watch", daemon=True)
        self._failure: BaseException | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        try:
            self._run(self._open(), within=60)
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._run(self._close(), within=60)
        finally:
            self._end()

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, T], *, within: float) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(within)

    async def _open(self) -> None:
        self._consumer = self._kafka.consumer(
            isolation_level="read_committed",
            auto_offset_reset="earliest",
            enable_auto_commit=False,
        )
        await self._consumer.start()
        self._partitions = [
            TopicPartition(topic, partition) for topic, count in self._topics.items() for partition in range(count)
        ]
        self._consumer.assign(self._partitions)
        await self._consumer.seek_to_beginning(*self._partitions)
        self._round = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    async def _close(self) -> None:
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)
        await self._consumer.stop()
        for producer in self._producers.values():
            await producer.stop()

    async def _read(self) -> None:
        try:
            while True:
                batches = await self._consumer.getmany(timeout_ms=_POLL_MS)
                if batches:
                    with self._changed:
                        for record in (record for batch in batches.values() for record in batch):
                            self._take(record)
                        self._changed.notify_all()
                self._round.set()
                self._round = asyncio.Event()
        except Exception as error:  # noqa: BLE001 - told to whoever waits
            with self._changed:
                self._failure = error
                self._changed.notify_all()
            self._round.set()

    def _cause(self, record: "ConsumerRecord[bytes, bytes]") -> str:
        headers = dict(record.headers)
        by_hand = headers.get("ce_source") == b"/onward/cli"
        if record.topic.partition(".")[0] in _FROM_OUTSIDE or by_hand or "ce_id" not in headers:
            return headers.get("origin", b"").decode()
        return cause_of(self._id_key, headers["ce_id"]).place

    def _take(self, record: "ConsumerRecord[bytes, bytes]") -> None:
        seen = Seen(
            record.topic,
            record.partition,
            record.offset,
            record.key,
            record.value,
            tuple(record.headers),
            moment(record.timestamp),
            self._cause(record),
        )
        self.records[seen.topic].append(seen)
        kind = seen.topic.partition(".")[0]
        if kind in _FROM_OUTSIDE:
            return
        self._by_id[kind, seen.cause].append(seen)
        if kind != "parked":
            for name in _IDS:
                if name in seen.body:
                    self._by_id[kind, str(seen.body[name])].append(seen)

    def about(self, kind: str, name: str) -> list[Seen]:
        """
        The records of one kind of topic (such as `referrals`, all providers' together) that are about *name*.

        That is the id of a contact, a situation or a referral, or the place of the record they follow from.
        """
        return list(self._by_id.get((kind, name), ()))

    def all(self, kind: str) -> list[Seen]:
        """Every record of one kind of topic."""
        return [seen for topic in list(self.records) if topic.partition(".")[0] == kind for seen in self.records[topic]]

    def catch_up(self, *, within: float = 40) -> None:
        """
        Wait until everything that is committed now has been seen.

        Topics are not seen in the order in which they are written: what follows from a record may show before another
        record that was committed with it, and whatever must *not* be there could still be on its way.
        """
        self._run(self._catch_up(), within=within)

    async def _catch_up(self) -> None:
        ends = await self._consumer.end_offsets(self._partitions)
        while not await self._are_past(ends):
            await self._round.wait()
            if self._failure:
                raise self._failure
        await self._round.wait()  # what was fetched up to there is taken by the end of the round

    async def _are_past(self, ends: Mapping[TopicPartition, int]) -> bool:
        for partition, end in ends.items():
            if await self._consumer.position(partition) < end:
                return False
        return True

    def until(self, found: Callable[[], T], *, what: str, within: float = 40) -> T:
        """What *found* gives as soon as that is true; fails the test when it is not within so many seconds."""
        deadline = time.monotonic() + within
        with self._changed:
            while not (result := found()):
                if self._failure:
                    raise self._failure
                if not self._changed.wait(timeout=max(0.0, deadline - time.monotonic())):
                    break
        return result or pytest.fail(f"waited {within} s in vain for {what}")

    def send(self, *sendings: Sending) -> list[Sent]:
        """Send records in this order and return when the broker has them all."""
        return self._run(self._send(sendings), within=60)

    async def _send(self, sendings: Sequence[Sending]) -> list[Sent]:
        waiting = [
            await (await self._producer_to(one.topic)).send(
                one.topic, one.value, key=one.key, headers=list(one.headers), partition=one.partition
            )
            for one in sendings
        ]
        told = [await each for each in waiting]
        return [Sent(f"{one.topic}/{one.partition}/{one.offset}", moment(one.timestamp)) for one in told]

    async def _producer_to(self, topic: str) -> AIOKafkaProducer:
        """One for each of those who send, started when it first does."""
        connection = self._sender(topic)
        name = str(connection.security.get("sasl_plain_username"))
        if name not in self._producers:
            self._producers[name] = producer = connection.producer(max_request_size=2_000_000)
            await producer.start()
        return self._producers[name]
