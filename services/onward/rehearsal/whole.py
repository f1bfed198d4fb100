"""
The whole of Onward in memory: every service as its `app.build` makes it, and what one publishes is what others read.

Records are bytes, encoded and decoded as on Kafka and handled by the chassis' own processor, so that a contract that is
broken is broken here too. Only three things stand for something else: lists for topics, dictionaries for tables, and
the moment that a record is sent at for the broker's clock.
"""

import copy
import re
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Any

from onward.chassis.kafka.partitioner import partition_of
from onward.chassis.processing.accounting import BatchOutcomes
from onward.chassis.processing.batch import ProcessedBatch, RecordProcessor
from onward.chassis.processing.hop import Hop, StatefulHop
from onward.chassis.record import EncodedRecord, Received
from onward.chassis.service import Service
from onward.contracts import topics
from onward.contracts.outcome import Parked
from onward.contracts.services import SERVICES
from onward.rehearsal.settings import RehearsalSettings
from onward.rehearsal.stores import Memory, MemoryStore
from onward.routing.ruling import Ruling


@dataclass(frozen=True, slots=True)
class MemoryRecord:
    """One record on a topic, as a client of the broker would have it."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]
    timestamp: int
    """When it was appended, in milliseconds since 1970."""


@dataclass(frozen=True, slots=True)
class RecordOutcome:
    """How a service ended a record."""

    service: str
    record: MemoryRecord
    ended: str
    """`published`, `ignored` or `parked`."""
    reason: str


@dataclass(frozen=True, slots=True)
class RecordEffects:
    """Everything that came of what was sent, until nothing was left to do."""

    records: tuple[MemoryRecord, ...]
    """What was sent, and all that the services published, in order."""
    outcomes: tuple[RecordOutcome, ...]


def built_services(tried_out: Ruling | None = None, settings: RehearsalSettings | None = None) -> tuple[Service, ...]:
    """
    Every service, put together once for any number of rehearsals.

    Args:
        tried_out: The rules to decide with, beside the project's own directory; by default the project's own.
        settings: By default those of every rehearsal.

    Raises:
        ConfigurationError: The rules, the directory or a topic file cannot be used; names every problem.
    """
    settings = settings or RehearsalSettings.made_up()
    made: list[Service] = []
    for name in SERVICES:
        build = import_module(f"onward.{name}.app").build
        made.append(build(settings, tried_out=tried_out) if name == "routing" else build(settings))
    return tuple(made)


class WholeInMemory:
    """Every service, with nothing on any topic and nothing remembered yet."""

    def __init__(self, services: Sequence[Service]) -> None:
        """A new one of *services*, which `built_services` made."""
        settings = services[0].settings
        assert isinstance(settings, RehearsalSettings), "services that `built_services` made"
        self.id_key = settings.ids
        self.records: list[MemoryRecord] = []
        """All that stands on any topic, in the order it came there."""
        self.memory = Memory(pepper=settings.pseudonyms)
        self._hops = [_MemoryHop(service, hop, self.memory) for service in services for hop in service.hops]
        self._next: Counter[tuple[str, int]] = Counter()

    async def send(
        self,
        topic: str,
        value: bytes,
        *,
        key: bytes,
        headers: Sequence[tuple[str, bytes | None]] = (),
        at: datetime,
    ) -> RecordEffects:
        """
        Append a record at the moment *at*, and have everything handled that follows from it, at the same moment.

        Moments must not go back from one call to the next: no broker's clock does.
        """
        waiting = deque([self._appended(topic, key, value, headers, int(at.timestamp() * 1000))])
        records: list[MemoryRecord] = []
        outcomes: list[RecordOutcome] = []
        while waiting:
            record = waiting.popleft()
            records.append(record)
            for hop in self._hops:
                if hop.reads(record.topic):
                    handled = await hop.handle(record)
                    waiting.extend(self._published(each, record) for each in handled.outputs)
                    ends = handled.outcomes.by_reason
                    outcomes += [RecordOutcome(hop.service, record, ended, reason) for ended, reason in ends]
        return RecordEffects(tuple(records), tuple(outcomes))

    def _published(self, output: EncodedRecord, cause: MemoryRecord) -> MemoryRecord:
        return self._appended(output.topic, output.key, output.value, tuple(output.headers), cause.timestamp)

    def _appended(
        self, topic: str, key: bytes, value: bytes, headers: Sequence[tuple[str, bytes | None]], timestamp: int
    ) -> MemoryRecord:
        partition = partition_of(key, topics.spread_over(topic) or 1)
        record = MemoryRecord(topic, partition, self._next[topic, partition], key, value, headers, timestamp)
        self._next[topic, partition] += 1
        self.records.append(record)
        return record


class _MemoryHop:
    """A hop as its service declares it, with what it remembers in memory; each record is a batch."""

    def __init__(self, service: Service, hop: Hop, memory: Memory) -> None:
        self.service = service.name
        self._processor = RecordProcessor(
            service.name,
            service.settings.ids,
            service.settings.parking,
            failure_limit=service.settings.failure_limit,
        )
        self._hop = copy.copy(hop)
        self._store: MemoryStore | None = None
        if isinstance(self._hop, StatefulHop):
            self._store = memory.store(self._hop.store)
        elif self._hop.lookup is not None:
            self._hop.lookup = memory.lookup(self._hop.lookup)

    def reads(self, topic: str) -> bool:
        """Whether the hop reads the topic of this name."""
        pattern = self._hop.pattern
        return topic in self._hop.names or (pattern is not None and re.fullmatch(pattern, topic) is not None)

    async def handle(self, record: MemoryRecord) -> ProcessedBatch:
        """What becomes of *record*."""
        if self._store is not None:
            read = self._processor.read(self._hop.read, record)
            return await self._with_state(self._store, record, read)
        assert not isinstance(self._hop, StatefulHop)
        handled = await self._processor.handle(self._hop, [record])
        assert handled.still_awaits is None, "rules and directory are those that every service was built with"
        return handled

    async def _with_state(
        self, store: MemoryStore, record: MemoryRecord, read: Received[Any] | Parked
    ) -> ProcessedBatch:
        """As the stateful flow takes a batch of one: where its messages cannot be written, its state is not either."""
        handled = ProcessedBatch(BatchOutcomes(record.topic), records=1)
        unit = None if isinstance(read, Parked) else await store.load(None, [read])
        outcome = self._processor.decide(self._hop.decide, record, read, unit)
        unwritable = self._processor.conclude(record, outcome, handled, feedback=self._hop.feedback)
        if isinstance(read, Parked):
            return handled
        if unwritable is not None:
            return await self._with_state(store, record, unwritable)
        await store.save(None, unit)
        return handled
