"""Everything that was ever committed on any topic, read along as it happens."""

import asyncio
import contextlib
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import TracebackType
from typing import Any, Self

from aiokafka import AIOKafkaConsumer, ConsumerRecord

from onward.chassis.kafka.connection import KafkaConnection
from onward.chassis.security.cause import cause_of

_POLL_MS = 100
# Or, of the audit chains, with ids of their own: they are about records and follow from none.
_FROM_OUTSIDE = ("in.", "replies.", "approvals", "rulesets", "installation", "audit")
_LOOK_EVERY = 0.25  # seconds


@dataclass(frozen=True)
class Entry:
    """One committed record."""

    topic: str
    partition: int
    offset: int
    key: str
    headers: Mapping[str, str]
    value: bytes
    appended_ms: int = 0
    """When the broker appended it, in milliseconds since 1970."""
    cause: str = ""
    """The place of the record that it follows from; empty for what comes from outside."""

    @cached_property
    def body(self) -> dict[str, Any]:
        """The record's JSON document. Only for topics of ours."""
        document: dict[str, Any] = json.loads(self.value)
        return document

    @property
    def place(self) -> str:
        """Where it stands: what a record that follows from it names as its cause."""
        return f"{self.topic}/{self.partition}/{self.offset}"


@dataclass(slots=True)
class Chronicle:
    """Reads every given topic from its beginning, `read_committed`, and remembers all of it."""

    bootstrap: str
    topics: Sequence[str]
    id_key: bytes
    """The key that opens what a record follows from."""
    entries: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    caused: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    """The records that followed from each, by its place."""
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    _consumer: AIOKafkaConsumer | None = None
    _task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        # Without a group it is given every partition of its topics.
        self._consumer = KafkaConnection.of_environment(self.bootstrap).consumer(
            *self.topics,
            isolation_level="read_committed",
            auto_offset_reset="earliest",
            enable_auto_commit=False,
        )
        await self._consumer.start()
        self._task = asyncio.create_task(self._read())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        if self._consumer is not None:
            await self._consumer.stop()

    async def _read(self) -> None:
        assert self._consumer is not None
        while True:
            batches = await self._consumer.getmany(timeout_ms=_POLL_MS)
            if not batches:
                continue
            for records in batches.values():
                for entry in map(self._entry, records):
                    self.entries[entry.topic].append(entry)
                    if entry.cause:
                        self.caused[entry.cause].append(entry)
            async with self._changed:
                self._changed.notify_all()

    async def until(self, holds: Callable[[], bool], *, seconds: float) -> bool:
        """Wait until *holds* is true, looking again as records come in; False when *seconds* have passed first."""
        try:
            async with asyncio.timeout(seconds):
                while not holds():
                    async with self._changed:
                        await self._changed.wait()
                    await asyncio.sleep(_LOOK_EVERY)  # records come in crowds: looking once for each would take all day
        except TimeoutError:
            return holds()
        return True

    async def follow(self, *topics: str) -> AsyncIterator[Entry]:
        """Each record of *topics* once, past and to come, for as long as the chronicle is open."""
        read = dict.fromkeys(topics, 0)
        while True:
            for topic in topics:
                while read[topic] < len(self.entries[topic]):
                    read[topic] += 1
                    yield self.entries[topic][read[topic] - 1]
            async with self._changed:
                await self._changed.wait_for(lambda: any(read[topic] < len(self.entries[topic]) for topic in topics))

    def bodies(self, *topics: str) -> list[dict[str, Any]]:
        """The documents on *topics*, in the order they were read."""
        return [entry.body for topic in topics for entry in self.entries[topic]]

    def _entry(self, record: ConsumerRecord[bytes, bytes]) -> Entry:
        headers = {name: (value or b"").decode(errors="replace") for name, value in record.headers}
        return Entry(
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            key=(record.key or b"").decode(errors="replace"),
            headers=headers,
            value=record.value or b"",
            appended_ms=record.timestamp,
            cause=self._cause(record.topic, headers),
        )

    def _cause(self, topic: str, headers: Mapping[str, str]) -> str:
        if topic.startswith(_FROM_OUTSIDE) or "ce_id" not in headers:
            return headers.get("origin", "")
        return cause_of(self.id_key, headers["ce_id"]).place
