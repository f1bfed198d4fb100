"""Real services in this process, on a real broker: for tests that look inside."""

import asyncio
import http.client
import io
import logging
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from installation_keys import OF_EVERY_SERVICE
from onward.chassis.kafka.admin import commit_beginning
from onward.chassis.observability import logs
from onward.chassis.observability.metrics import Counted
from onward.chassis.processing.hop import Hop
from onward.chassis.processing.transaction_marks import TransactionMarks
from onward.chassis.runtime import Process
from onward.chassis.service import Service
from onward.chassis.settings import Settings
from onward.contracts.base import Message
from onward.contracts.outcome import PLAIN, Reasons
from onward.contracts.topics import INSTALLATION, Topic
from onward.local import ports


class Note(Message):
    """What the tests send."""

    key: str
    number: int
    text: str = ""


def notes(name: str) -> Topic[Note]:
    """A topic of notes."""
    return Topic(name, "onward.test-note.v1", Note)


def settings(bootstrap: str, database: str | None = None, **more: Any) -> Settings:
    """Settings of a service under test: quick to notice, quick to give up."""
    given: dict[str, Any] = {
        "kafka_bootstrap": bootstrap,
        "database_url": database,
        **OF_EVERY_SERVICE,
        "session_timeout_s": 6,
        "rebalance_timeout_s": 8,
        "http_port": ports.free_port(),
        **more,
    }
    return Settings(**given)


async def make_topics(bootstrap: str, *names: str, partitions: int = 2) -> None:
    """Topics stamped by the broker; beside them the one on which every service compares its secrets."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    stamped = {"message.timestamp.type": "LogAppendTime", "max.message.bytes": "2097152"}
    try:
        new = [NewTopic(name, partitions, 1, topic_configs=stamped) for name in names]
        await admin.create_topics([*new, NewTopic(INSTALLATION.name, 1, 1)])
    finally:
        await admin.close()


@asynccontextmanager
async def writing(bootstrap: str) -> AsyncGenerator[AIOKafkaProducer]:
    """A plain producer."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, max_request_size=2_000_000)
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


async def write(bootstrap: str, topic: str, bodies: Sequence[Note]) -> None:
    """Write *bodies* under their keys."""
    async with writing(bootstrap) as producer:
        sent = [await producer.send(topic, body.model_dump_json().encode(), key=body.key.encode()) for body in bodies]
        await asyncio.gather(*sent)


async def read(bootstrap: str, topic: str, count: int, *, within: float = 20, partitions: int = 2) -> list[Any]:
    """At least *count* committed records of *topic*, in the order of each partition; fewer after *within* seconds."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap, isolation_level="read_committed", auto_offset_reset="earliest"
    )
    await consumer.start()
    found: list[Any] = []
    try:
        consumer.assign([TopicPartition(topic, number) for number in range(partitions)])
        async with asyncio.timeout(within):
            while len(found) < count:
                for records in (await consumer.getmany(timeout_ms=100)).values():
                    found.extend(records)
    except TimeoutError:
        pass
    finally:
        await consumer.stop()
    return found


async def until(condition: Callable[[], bool], *, within: float = 20) -> None:
    """Wait for *condition*."""
    async with asyncio.timeout(within):
        while True:
            if condition():
                return
            await asyncio.sleep(0.02)


@dataclass
class Living:
    """A service that runs."""

    process: Process
    settings: Settings
    codes: list[int] = field(default_factory=list[int])
    log: io.StringIO = field(default_factory=io.StringIO)

    def get(self, path: str) -> tuple[int, str]:
        """Ask one of its endpoints; blocking."""
        connection = http.client.HTTPConnection(self.settings.http_host, self.settings.http_port, timeout=5)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    async def ask(self, path: str) -> tuple[int, str]:
        """Ask one of its endpoints."""
        return await asyncio.to_thread(self.get, path)

    async def metrics(self) -> Mapping[str, float]:
        """Its metrics by series."""
        _, text = await self.ask("/metrics")
        lines = (line.rpartition(" ") for line in text.splitlines() if line and not line.startswith("#"))
        return {series: float(value) for series, _, value in lines}


async def pass_marks(service: Living) -> None:
    """What the service does by itself once a partition was idle for a while: pass over what is no record."""
    (flow,) = service.process.flows
    async with asyncio.timeout(20):
        # The client may not have come to the marks yet.
        while any([await flow.consumer.position(each) < await _end(flow.consumer, each) for each in flow.owned]):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.05)
    marks = TransactionMarks(flow)
    await marks.look()
    await marks.look()


async def _end(consumer: AIOKafkaConsumer, partition: TopicPartition) -> int:
    end: int = (await consumer.end_offsets([partition]))[partition]
    return end


_installed: set[tuple[str, str]] = set()


async def install(bootstrap: str, name: str, hops: Sequence[Hop]) -> None:
    """Commit the groups' first offsets, once for each service of a test, as `onward topics` does when it makes them."""
    for hop in hops:
        group = f"{name}.{hop.label}"
        if (bootstrap, group) in _installed:
            continue
        _installed.add((bootstrap, group))
        found = [TopicPartition(topic, number) for topic in hop.names for number in await _partitions(bootstrap, topic)]
        if found:
            await commit_beginning(bootstrap, group, found)


async def _partitions(bootstrap: str, topic: str) -> list[int]:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        (described,) = await admin.describe_topics([topic])
    finally:
        await admin.close()
    return [each["partition"] for each in described["partitions"]]


@asynccontextmanager
async def living(
    name: str,
    given: Settings,
    hops: Sequence[Hop],
    *,
    ready: bool = True,
    migrations: str | None = None,
    reasons: Reasons = PLAIN,
    installed_at: str | None = None,
    counters: Sequence[Counted] = (),
) -> AsyncGenerator[Living]:
    """
    Run a service until the block ends; its exit code is then in `codes`.

    *installed_at* is where whoever installs it reaches the broker, if not as the service does.
    """
    await install(installed_at or given.kafka_bootstrap, name, hops)
    process = Process(Service(name, given, hops, migrations=migrations, reasons=reasons, counters=counters))
    service = Living(process, given)
    handlers, level = logging.root.handlers[:], logging.root.level
    logs.configure(name, given.log_level, service.log)
    running = asyncio.create_task(process.run())
    try:
        if ready:
            await until(lambda: running.done() or not process.health.hindrances(), within=40)
        yield service
    finally:
        process.stop()
        service.codes.append(await running)
        logging.root.handlers, logging.root.level = handlers, level
        structlog.reset_defaults()
