"""The whole way on one machine, broker and database included: how much, how fast, in how much memory."""

import asyncio
import base64
import os
import time
import urllib.request
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer
from prometheus_client.parser import text_string_to_metric_families

from bench import measuring
from onward.chassis.kafka.admin import create_topics, topic_specs
from onward.chassis.processing import groups
from onward.contracts.outcome import Ignored, Parked
from onward.directory import files as directory_files
from onward.intake.handlers import publishable
from onward.intake.partners import read
from onward.local.demo.chronicle import Chronicle
from onward.local.demo.playing import Playing, cast_all, load
from onward.local.deployment import ID_KEY_VARIABLE, local_secrets, service_specs
from onward.local.services import RunningService, Services
from onward.local.stack import Stack
from onward.rehearsal.effects import EffectsReader
from onward.rehearsal.messages import OutboundRecord, StepWriter
from onward.rehearsal.scenario import ScenarioFile

pytestmark = [pytest.mark.bench, pytest.mark.timeout(900)]

SCENARIOS = load()
EVENTS = 10_000
PER_SECOND = 50
LATENCY_EVENTS = 1_500
WARM_UP = 3_000
SECRETS = local_secrets(None, {})


def test_events_through_everything(private_stack: Callable[..., Stack], tmp_path: Path) -> None:
    asyncio.run(_throughput(private_stack(profile="bench"), tmp_path, SECRETS))


def test_from_append_to_append(private_stack: Callable[..., Stack], tmp_path: Path) -> None:
    asyncio.run(_latency(private_stack(profile="bench"), tmp_path, SECRETS))


async def _throughput(stack: Stack, logs: Path, secrets: Mapping[str, str]) -> None:
    playings = _people(SCENARIOS, WARM_UP + EVENTS)
    messages = [message for playing in playings for message in _messages(playing)[0]]
    async with _running(stack, logs, secrets) as (services, producer):
        await _send(producer, messages[:WARM_UP])
        await _handled(services, WARM_UP)
        before = {name: measuring.sample(service.pid) for name, service in services.items()}
        servers = {server.name: measuring.sample(server.pid) for server in stack.starts}
        began = time.monotonic()
        await _send(producer, messages[WARM_UP : WARM_UP + EVENTS])
        await _handled(services, WARM_UP + EVENTS)
        took = time.monotonic() - began
        after = {name: measuring.sample(service.pid) for name, service in services.items()}
        servers_after = {server.name: measuring.sample(server.pid) for server in stack.starts}
    rows = [(name, _per_event(before[name], after[name]), f"{after[name].rss_mb:.0f}") for name in services]
    rows += [(name, _per_event(servers[name], servers_after[name]), "") for name in servers]
    measuring.table(
        f"End to end: {EVENTS} partner events through all services in {took:.1f} s = {EVENTS / took:.0f} events/s"
        f" (aim: 1000; resident memory aim: under 120 MB each)",
        rows,
        ("process", "CPU µs/event", "MB"),
    )


def _per_event(before: measuring.Sample, after: measuring.Sample) -> str:
    return f"{(after.cpu_s - before.cpu_s) / EVENTS * measuring.MICRO:.0f}"


async def _latency(stack: Stack, logs: Path, secrets: Mapping[str, str]) -> None:
    name = "arrested-homeless-and-drinking"
    playings = _people({name: SCENARIOS[name]}, WARM_UP + LATENCY_EVENTS)[: WARM_UP + LATENCY_EVENTS]
    appended: dict[str, float] = {}
    async with _running(stack, logs, secrets) as (services, producer):
        await _send(producer, [message for playing in playings[:WARM_UP] for message in _messages(playing)[0]])
        await _handled(services, WARM_UP)
        started = time.monotonic()
        waiting: list[asyncio.Task[None]] = []
        for number, playing in enumerate(playings[WARM_UP:]):
            # An open loop: the next event comes at its time, however slow the one before was.
            await asyncio.sleep(max(0.0, started + number / PER_SECOND - time.monotonic()))
            waiting.append(asyncio.create_task(_send_one(producer, playing, appended)))
        await asyncio.gather(*waiting)
        await _handled(services, WARM_UP + LATENCY_EVENTS)
        arrived = await _arrivals(stack.kafka_bootstrap, secrets, contacts=WARM_UP + LATENCY_EVENTS)
    took = [latest - appended[contact] for contact, latest in arrived.items() if contact in appended]
    assert len(took) == LATENCY_EVENTS, "an event led to no referral"
    measuring.table(
        f"From append on in.custody to append on referrals.*, {PER_SECOND} events/s, {LATENCY_EVENTS} events, "
        "the later of two referrals (aim: p99 under 500 ms)",
        [(f"{measuring.percentile(took, 0.5):.0f}", f"{measuring.percentile(took, 0.99):.0f}", f"{max(took):.0f}")],
        ("p50 ms", "p99 ms", "max ms"),
    )


def _people(scenarios: Mapping[str, ScenarioFile], messages: int) -> list[Playing]:
    """Enough playings of *scenarios* to send so many messages."""
    today = datetime.now(UTC)  # noqa: TID251 - events of today
    id_key = base64.b64decode(SECRETS[ID_KEY_VARIABLE])
    once = cast_all(scenarios, now=today, id_key=id_key)
    sent = sum(len(_messages(playing)[0]) for playing in once)
    return cast_all(scenarios, now=today, id_key=id_key, share=messages / sent + 1)


def _messages(playing: Playing) -> tuple[list[OutboundRecord], list[str]]:
    """What partners send in a playing, and the ids of the contacts that come of it, known beforehand."""
    writer = StepWriter(playing.name, playing.cast, playing.id_key)
    seen, records = EffectsReader(), list[OutboundRecord]()
    for number, step in enumerate(playing.scenario.steps):
        if step.message is None:
            continue
        written = writer.write(step, number + 1, seen)
        made = read(step.message.source, written[0].value, written[0].headers, received_at=playing.cast.now)
        contacts = () if isinstance(made, Ignored | Parked) else made
        seen.contacts += [str(publishable(contact, playing.id_key).contact_id) for contact in contacts]
        records += written
    return records, seen.contacts


@asynccontextmanager
async def _running(
    stack: Stack, logs: Path, secrets: Mapping[str, str]
) -> AsyncGenerator[tuple[dict[str, RunningService], AIOKafkaProducer]]:
    specs = topic_specs(directory_files.load().providers)
    await create_topics(stack.kafka_bootstrap, specs)
    env = {**os.environ, **secrets, **stack.variables}
    producer = AIOKafkaProducer(
        bootstrap_servers=stack.kafka_bootstrap, enable_idempotence=True, max_batch_size=262_144
    )
    with Services(service_specs(), directory=logs, env=env) as services:
        await producer.start()
        try:
            yield services.running, producer
        finally:
            await producer.stop()


async def _send(producer: AIOKafkaProducer, messages: Sequence[OutboundRecord]) -> None:
    sent = [
        await producer.send(message.topic, message.value, key=message.key, headers=list(message.headers))
        for message in messages
    ]
    await asyncio.gather(*sent)


async def _send_one(producer: AIOKafkaProducer, playing: Playing, appended: dict[str, float]) -> None:
    (message,), contacts = _messages(playing)
    place = await producer.send_and_wait(message.topic, message.value, key=message.key)
    appended[contacts[0]] = place.timestamp


_WAITS = {"onward_messages_written_total": 1, "onward_events_received_total": -1, "onward_outbox_depth": 1}
_BOOKED = groups.booked()


async def _handled(services: dict[str, RunningService], events: int) -> None:
    """Wait until intake has handled so many events, and nothing is on its way anywhere."""
    async with asyncio.timeout(600):
        while True:
            figures = [await asyncio.to_thread(_figures, service) for service in services.values()]
            if sum(figure[0] for figure in figures) == events and not sum(figure[1] for figure in figures):
                return
            await asyncio.sleep(0.1)


def _figures(service: RunningService) -> tuple[int, float]:
    """How many partner events a service has handled, and how much waits for it."""
    with urllib.request.urlopen(service.metrics_url, timeout=10) as answer:
        families = list(text_string_to_metric_families(answer.read().decode()))
    samples = [sample for family in families for sample in family.samples]
    handled = sum(
        sample.value
        for sample in samples
        if sample.name == "onward_event_outcomes_total" and sample.labels["topic"].startswith("in")
    )
    # What one service wrote and the next has not handled: a lag is looked up every ten seconds only.
    waiting = sum(
        sample.value * _WAITS[sample.name]
        for sample in samples
        if sample.name in _WAITS and (sample.name == "onward_outbox_depth" or sample.labels["topic"] in _BOOKED)
    )
    return int(handled), waiting


async def _arrivals(bootstrap: str, secrets: Mapping[str, str], *, contacts: int) -> dict[str, float]:
    """When the last referral that each of so many contacts led to was appended, by contact."""
    providers = [f"referrals.{provider}" for provider in directory_files.load().providers]
    async with Chronicle(bootstrap, ["decisions", *providers], base64.b64decode(secrets[ID_KEY_VARIABLE])) as chronicle:
        made: dict[str, str] = {}

        def all_read() -> bool:
            made.update(
                (referral["referral_id"], decision["contact_id"])
                for decision in chronicle.bodies("decisions")
                for referral in decision["referrals"]
            )
            sent = sum(len(chronicle.entries[topic]) for topic in providers)
            return len(set(made.values())) == contacts and sent == len(made)

        assert await chronicle.until(all_read, seconds=60)
        arrived: dict[str, float] = {}
        for topic in providers:
            for entry in chronicle.entries[topic]:
                contact = made[entry.body["referral_id"]]
                arrived[contact] = max(arrived.get(contact, 0), entry.appended_ms)
        return arrived
