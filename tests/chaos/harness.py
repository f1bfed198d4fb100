"""
The fault harness: an open-loop load, supervised workers, a seeded schedule of faults, and the verdict.

A run that used up its input before its last fault landed proves nothing, so every fault notes how much was left.
"""

import asyncio
import os
import random
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Literal, Self

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from chaos.services.words import SECRETS, Step
from onward.chassis.kafka.admin import TopicSpec, create_topics
from onward.contracts.topics import INSTALLATION, group_of
from onward.local.process import GuardedProcess
from onward.local.stack import Stack

FaultKind = Literal["kill", "stop", "term", "broker", "database"]
SESSION_SECONDS = 4.0
STOPPED_SECONDS = 6.0  # longer than the session: the group goes on without the process
KEYS = 211
_OWN_PATIENCE_MS = 4000  # of the test's own clients: what is measured is the services' patience, not theirs
IN_FLIGHT = 20  # records on their way when a fault lands


async def make_topics(bootstrap: str, topics: Mapping[str, int]) -> None:
    """Make topics, each with so many partitions, stamped by the broker; whoever parks may read all others."""
    stamped = {"message.timestamp.type": "LogAppendTime", "max.message.bytes": "2097152"}
    services = [name.removeprefix("parked.") for name in topics if name.startswith("parked.")]
    groups = {name: tuple(group_of(service, name) for service in services) for name in topics}
    new = {name: TopicSpec(number, stamped, read_by=groups[name]) for name, number in topics.items()}
    # Beside them the one on which every service compares its secrets.
    await create_topics(bootstrap, {**new, INSTALLATION.name: TopicSpec(1)})


@dataclass
class Load:
    """Writes steps at a given rate, whatever the service does: at least *records*, and until it is told to end."""

    bootstrap: str
    topic: str
    records: int
    per_second: float
    sent: int = 0
    may_end: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Write. The key is spread evenly; each key's steps are numbered from 0."""
        producer = AIOKafkaProducer(
            bootstrap_servers=self.bootstrap,
            enable_idempotence=True,
            linger_ms=5,
            retry_backoff_ms=50,
            request_timeout_ms=_OWN_PATIENCE_MS,
        )
        await producer.start()
        began, first = time.monotonic(), self.sent
        try:
            while self.sent < self.records or not self.may_end.is_set():
                due = first + int((time.monotonic() - began) * self.per_second) + 1
                written = [await self._write(producer, number) for number in range(self.sent, due)]
                await asyncio.gather(*written)
                self.sent = due
                await asyncio.sleep(0.02)
        finally:
            await producer.stop()

    async def _write(self, producer: AIOKafkaProducer, number: int) -> "asyncio.Future[object]":
        step = Step(key=f"k{number % KEYS}", sequence=number // KEYS)
        sent: asyncio.Future[object] = await producer.send(
            self.topic, step.model_dump_json().encode(), key=step.key.encode()
        )
        return sent


@dataclass
class Reader:
    """Reads everything that became visible on the output topics, with `read_committed`, in order."""

    bootstrap: str
    topics: Mapping[str, int]
    """With their numbers of partitions."""
    seen: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    distinct: int = 0
    last_at: float = 0.0
    _known: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def has(self, records: int) -> bool:
        """Whether so many different ones have come out."""
        return self.distinct >= records

    async def quiet(self, *, seconds: float) -> None:
        """Return once nothing new has come for so long."""
        await until(lambda: time.monotonic() - self.last_at >= seconds, within=60)

    async def run(self) -> None:
        """Read until cancelled."""
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self.bootstrap,
            isolation_level="read_committed",
            auto_offset_reset="earliest",
            enable_auto_commit=False,
            request_timeout_ms=_OWN_PATIENCE_MS,
        )
        await consumer.start()
        try:
            partitions = [
                TopicPartition(topic, number) for topic, count in self.topics.items() for number in range(count)
            ]
            consumer.assign(partitions)
            await consumer.seek_to_beginning(*partitions)
            while True:
                for records in (await consumer.getmany(timeout_ms=200)).values():
                    for record in records:
                        step = Step.model_validate_json(record.value or b"")
                        sequence = self.seen[step.key]
                        self.distinct += step.sequence not in self._known[step.key]
                        self._known[step.key].add(step.sequence)
                        sequence.append(step.sequence)
                        self.last_at = time.monotonic()
        finally:
            await consumer.stop()


@dataclass(frozen=True)
class Verdict:
    """What was found at the output."""

    expected: int
    missing: int
    doubled: int
    out_of_order: int

    @classmethod
    def of(cls, reader: Reader, records: int) -> Self:
        """Compare with what the load wrote: each key's sequence, once, ascending."""
        expected = Counter(f"k{number % KEYS}" for number in range(records))
        missing = doubled = disorder = 0
        for key, count in expected.items():
            sequence = reader.seen.get(key, [])
            missing += count - len(set(sequence))
            doubled += len(sequence) - len(set(sequence))
            firsts = list(dict.fromkeys(sequence))
            disorder += sum(later < earlier for earlier, later in pairwise(firsts))
        return cls(records, missing, doubled, disorder)


@dataclass
class Crew:
    """Worker processes of one service; one that ended is replaced, as an orchestrator would."""

    module: str
    size: int
    env: Mapping[str, str]
    directory: Path
    workers: dict[str, GuardedProcess] = field(default_factory=dict[str, GuardedProcess])
    stopped: dict[str, float] = field(default_factory=dict[str, float])
    ended: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])
    made: int = 0

    def spawn(self) -> str:
        """Start one more worker; its name."""
        self.made += 1
        name = f"{self.module.rpartition('.')[2]}-{self.made}"
        tests = Path(__file__).resolve().parents[1]
        path = os.pathsep.join([str(tests.parent / "services"), str(tests)])
        env = {**os.environ, **SECRETS, **self.env, "PYTHONPATH": path, "WORKER": name}
        self.workers[name] = GuardedProcess(
            name, [sys.executable, "-m", self.module], log=self.directory / f"{name}.log", env=env
        )
        return name

    def tend(self) -> None:
        """Wake those whose time is over; replace those that ended."""
        now = time.monotonic()
        for name in [name for name, until in self.stopped.items() if now >= until]:
            del self.stopped[name]
            self.workers[name].send(signal.SIGCONT)
        for name, process in list(self.workers.items()):
            code = process.exit_code()
            if code is not None:
                process.await_end(within=1)
                self.ended.append((name, code))
                del self.workers[name]
                self.stopped.pop(name, None)
        while len(self.workers) < self.size:
            self.spawn()

    async def run(self) -> None:
        """Tend until cancelled."""
        while True:
            self.tend()
            await asyncio.sleep(0.1)

    def strike(self, kind: FaultKind, choice: random.Random) -> str:
        """Hit one running worker; its name."""
        running = [name for name in self.workers if name not in self.stopped]
        name = choice.choice(sorted(running))
        if kind == "kill":
            self.workers[name].send(signal.SIGKILL)
        elif kind == "term":
            self.workers[name].send(signal.SIGTERM)
        else:
            self.workers[name].send(signal.SIGSTOP)
            self.stopped[name] = time.monotonic() + STOPPED_SECONDS
        return name

    def end(self) -> dict[str, bool]:
        """Stop all; which of them stopped by themselves within 20 s."""
        for name in self.stopped:
            self.workers[name].send(signal.SIGCONT)
        for process in self.workers.values():
            process.send(signal.SIGTERM)
        return {name: process.await_end(within=20) for name, process in self.workers.items()}

    def logs(self) -> str:
        """Everything they wrote."""
        return "\n".join(path.read_text(errors="replace") for path in sorted(self.directory.glob("*.log")))


@dataclass(frozen=True)
class Landed:
    """A fault that was done, and how much of the input was still to come out then."""

    kind: FaultKind
    left: int


@dataclass
class Storm:
    """The faults of a run, one after the other, in an order and at moments that the seed decides."""

    stack: Stack
    crew: Crew
    kinds: Sequence[FaultKind]
    seed: int
    apart: tuple[float, float]
    left: Callable[[], int]
    over: asyncio.Event
    landed: list[Landed] = field(default_factory=list[Landed])

    async def run(self) -> None:
        """Do them all."""
        choice = random.Random(self.seed)
        kinds = list(self.kinds)
        choice.shuffle(kinds)
        for kind in kinds:
            await asyncio.sleep(choice.uniform(*self.apart))
            # Not while the service happens to have nothing in hand: such a fault would prove nothing.
            await until(lambda: self.left() >= IN_FLIGHT, within=20)
            self.landed.append(Landed(kind, self.left()))
            if kind == "broker":
                await asyncio.to_thread(self.stack.kafka.kill)
                await asyncio.sleep(choice.uniform(0, 1.5))
                await asyncio.to_thread(self.stack.kafka.start)
            elif kind == "database":
                await asyncio.to_thread(self.stack.postgres.kill)
                await asyncio.sleep(choice.uniform(0, 1.5))
                await asyncio.to_thread(self.stack.postgres.start)
            else:
                self.crew.strike(kind, choice)
        await asyncio.sleep(self.apart[0])
        self.over.set()


async def until(condition: Callable[[], bool], *, within: float) -> bool:
    """Wait for *condition*; whether it came true in time."""
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(0.05)
    return True
