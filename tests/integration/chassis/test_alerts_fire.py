"""
Each alert fires on what real processes tell under a real fault, and none on what they told before it.

What was scraped becomes the input of Prometheus' own rule tester: ten minutes of health as first scraped, then ten as
scraped under the fault. Ages go on growing as they did between two scrapes; everything else stays.
"""

import asyncio
import re
import shutil
import subprocess
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from prometheus_client.exposition import generate_latest

from integration.chassis.bystander import Watching, watching
from integration.chassis.living import Living, Note, living, make_topics, notes, read, settings, write
from onward.chassis import clock
from onward.chassis.observability import balance
from onward.chassis.processing.counts import Counts
from onward.chassis.processing.groups import Group
from onward.chassis.processing.hop import StatefulHop, StatelessHop
from onward.chassis.record import Received
from onward.contracts.outcome import Ignored, Outcome, Parked, Published, Reasons
from onward.local.stack import Stack

RULES = Path(__file__).resolve().parents[3] / "deploy" / "prometheus" / "rules" / "services.yaml"
PROMTOOL = shutil.which("promtool")
MINUTES = 10
SEEN = "onward_lag_seen_timestamp_seconds "
_MOMENT = re.compile(r"_timestamp_seconds\{")
_AGE = re.compile(r"onward_(consumer_lag|outbox_oldest)_seconds\{")


REASONS = Reasons(published=("published",), ignored=("unknown_event_type",), parked=("unreadable",))


class Empty:
    """A store with nothing in it."""

    async def load(self, connection: psycopg.AsyncConnection[Any], records: Any) -> None:
        """Nothing."""

    async def save(self, connection: psycopg.AsyncConnection[Any], unit: None) -> None:
        """Nothing."""


def decide(received: Received[Note], *_: object) -> Outcome:
    output = notes("mid" if received.topic == "in" else "out")
    match received.body.number:
        case 98:
            return Ignored("unknown_event_type")
        case 99:
            return Parked("unreadable")
        case _:
            return Published((output.message(received.body, key="k"),))


@dataclass(frozen=True)
class Scrape:
    """What every process told at one moment: series with their values."""

    at: float
    series: Mapping[str, float]


async def scrape(bystander: Watching, **services: Living) -> Scrape:
    """Ask every process as Prometheus does: one that does not answer is down."""
    await bystander.told()
    found: dict[str, float] = {}
    texts = {"bystander": generate_latest(bystander.metrics.registry).decode()}
    for name, service in services.items():
        try:
            texts[name] = (await service.ask("/metrics"))[1]
        except OSError:
            found[f'up{{job="onward",instance="{name}"}}'] = 0
    for instance, text in texts.items():
        found[f'up{{job="onward",instance="{instance}"}}'] = 1
        for line in text.splitlines():
            series, _, value = line.rpartition(" ")
            if line.startswith("onward_") and "_bucket" not in series:
                found[series.replace("{", f'{{instance="{instance}",', 1)] = float(value)
    return Scrape(clock.epoch(), found)


@dataclass(frozen=True)
class Scrapes:
    """Before a fault, and twice under it."""

    healthy: Scrape
    before: Scrape
    after: Scrape

    def input_series(self) -> list[dict[str, str]]:
        """For the rule tester: health, then the fault."""
        names = self.healthy.series.keys() | self.after.series.keys()
        return [{"series": name, "values": f"{self._well(name)} {self._ill(name)}"} for name in sorted(names)]

    def _well(self, name: str) -> str:
        value = self.healthy.series.get(name)
        if value is None:
            return f"_x{MINUTES}"
        if _MOMENT.search(name):
            # The tester's clock begins at 0, and in health a moment is never long ago.
            return f"{value - self.healthy.at}+60x{MINUTES - 1}" if value else f"0x{MINUTES - 1}"
        return f"{value}x{MINUTES - 1}"

    def _ill(self, name: str) -> str:
        value = self.after.series.get(name)
        earlier = self.before.series.get(name)
        if value is None:
            return "stale"
        if _MOMENT.search(name):
            moves = 60 if value != earlier else 0
            return f"{value - self.after.at + MINUTES * 60 if value else 0}+{moves}x{MINUTES}"
        if _AGE.match(name) and earlier is not None and value > earlier:
            return f"{value}+{(value - earlier) / (self.after.at - self.before.at) * 60}x{MINUTES}"
        return f"{value}x{MINUTES}"


def fired(scrapes: Scrapes, folder: Path, *minutes: int) -> set[str]:
    """The alerts that fire at one of these *minutes*, as Prometheus' own rule tester finds it."""
    names = [rule["alert"] for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]]
    cases = [{"eval_time": f"{minute}m", "alertname": name, "exp_alerts": []} for minute in minutes for name in names]
    tests = [{"interval": "1m", "input_series": scrapes.input_series(), "alert_rule_test": cases}]
    file = folder / f"scraped-{len(list(folder.iterdir()))}.yaml"
    file.write_text(yaml.safe_dump({"rule_files": [str(RULES)], "evaluation_interval": "30s", "tests": tests}))
    done = subprocess.run([str(PROMTOOL), "test", "rules", str(file)], capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    assert done.returncode == 0 or "alertname:" in said, said
    return {name for name in names if re.search(rf"alertname: {name}, time:", said)}


@pytest.mark.skipif(PROMTOOL is None, reason="promtool, of Prometheus, is not on this machine")
@pytest.mark.timeout(180)
async def test_each_alert_fires_on_what_processes_tell_under_its_fault_and_none_before(
    private_stack: Callable[..., Stack], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(balance, "IN_HAND_SECONDS", 2.0)
    monkeypatch.setattr(balance, "SETTLED_SECONDS", 0.5)
    stack = private_stack()
    kafka = stack.kafka_bootstrap
    await make_topics(kafka, "in", "mid", "out", "gone", "parked.one", "parked.two", partitions=1)
    reads = {"one.in": "in", "two.mid": "mid", "x.gone": "gone"}
    groups = [Group(group, {topic: topic}) for group, topic in reads.items()]
    async with AsyncExitStack() as running:
        bystander = await running.enter_async_context(watching(kafka, *groups, booked=("mid",)))
        given = settings(kafka, stack.database_url, request_timeout_s=5)
        two = await running.enter_async_context(
            living("two", given, [StatefulHop(notes("mid"), decide, store=Empty())])
        )
        async with living("one", settings(kafka), [StatelessHop(notes("in"), decide)], reasons=REASONS) as one:
            await write(kafka, "in", some(0, 1, 2))
            await read(kafka, "out", 3, partitions=1)
            await bystander.until(lambda told: [_lag(told, *each) for each in reads.items()] == [0, 0, 0])
            healthy = await scrape(bystander, one=one, two=two)

            await write(kafka, "in", some(98, 99))
            await write(kafka, "mid", some(7))  # a stranger
            await _miscount(kafka, "x.gone", "gone")
            missed = await bystander.until(
                lambda told: (
                    told["onward_unaccounted_events mid"] == -1 and told["onward_uncounted_records x.gone"] == 1
                )
            )
            await until_metric(one, 'onward_parked_total{reason="unreadable",service="one"}', 1)
            before = await scrape(bystander, one=one, two=two)
            await bystander.until(lambda told: told[SEEN] > missed[SEEN] + 2)
            in_the_books = Scrapes(healthy, before, await scrape(bystander, one=one, two=two))

            await _delete_topic(kafka, "out")
            await write(kafka, "in", some(8))
            await until_metric(two, 'onward_partitions_not_worked{service="two",topic="mid"}', 1)
        await write(kafka, "in", some(10, 11, 12))
        await _delete_records(kafka, "in")
        first = await bystander.until(lambda told: told["onward_records_deleted_unread one.in in"] > 0)
        before = await scrape(bystander, one=one, two=two)
        waits = "onward_consumer_lag_seconds one.in in"
        await bystander.until(lambda told: told[waits] > first[waits] + 2)
        left_behind = Scrapes(healthy, before, await scrape(bystander, one=one, two=two))

        stack.kafka.kill()
        alone = Scrapes(healthy, *[await scrape(bystander, one=one, two=two) for _ in range(2)])

    assert fired(left_behind, tmp_path, 5, 9) == set()
    assert fired(in_the_books, tmp_path, 11, 15, 19) == {"Parked", "UnknownEventType", "Unaccounted", "Uncounted"}
    assert fired(left_behind, tmp_path, 15, 19) >= {
        "InstanceDown",
        "NotReady",
        "PartitionNotWorked",
        "LeftUnread",
        "Lag",
        "OutboxStuck",
        "RecordsLost",
    }
    assert "LagUnknown" in fired(alone, tmp_path, 15)
    assert "LagUnknown" not in fired(left_behind, tmp_path, 11)


def some(*numbers: int) -> list[Note]:
    return [Note(key="k", number=number) for number in numbers]


def _lag(told: Mapping[str, float], group: str, topic: str) -> float | None:
    return told.get(f"onward_consumer_lag_messages {group} 0 {topic}")


async def until_metric(service: Living, series: str, least: float) -> None:
    """Wait until *service* tells so much of it."""
    async with asyncio.timeout(60):
        while (await service.metrics()).get(series, 0) < least:  # noqa: ASYNC110 - nobody tells when a counter changes
            await asyncio.sleep(0.2)


async def _miscount(bootstrap: str, group: str, topic: str) -> None:
    """As a fault of ours would: a record was received, and ended in nothing."""
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, group_id=group, enable_auto_commit=False)
    await consumer.start()
    try:
        consumer.assign([TopicPartition(topic, 0)])
        await consumer.commit({TopicPartition(topic, 0): (0, Counts(1, 0, received=1).text())})
    finally:
        await consumer.stop()


@asynccontextmanager
async def administering(bootstrap: str) -> AsyncGenerator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        yield admin
    finally:
        await admin.close()


async def _delete_topic(bootstrap: str, topic: str) -> None:
    async with administering(bootstrap) as admin:
        await admin.delete_topics([topic])


async def _delete_records(bootstrap: str, topic: str) -> None:
    """As retention does."""
    async with administering(bootstrap) as admin:
        await admin.delete_records({TopicPartition(topic, 0): RecordsToDelete(before_offset=-1)})
