"""`onward demo`: the stack, the services, the day, and what became of everybody."""

import asyncio
import base64
import tempfile
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from onward.chassis.kafka.admin import TopicSpec, create_topics
from onward.chassis.kafka.connection import KafkaConnection
from onward.local.demo import books, report
from onward.local.demo.chronicle import Chronicle, Entry
from onward.local.demo.day import PlayedDay
from onward.local.demo.playing import cast_all, people
from onward.local.deployment import ID_KEY_VARIABLE
from onward.local.service_spec import ServiceSpec
from onward.local.services import RunningService, Services
from onward.local.stack import Stack
from onward.rehearsal.scenario import ScenarioFile

_BALANCE_SECONDS = 30
"""How long the services may take to handle the last records after every scenario has been played."""


def demo(
    scenarios: Mapping[str, ScenarioFile],
    services: Sequence[ServiceSpec],
    topics: Mapping[str, TopicSpec],
    *,
    env: Mapping[str, str],
    seconds: float,
    share: float = 1.0,
    out: Console,
) -> int:
    """
    Play the day and tell what became of it.

    Args:
        scenarios: What is played.
        services: Every service, to run as a process.
        topics: Every topic, to make beforehand.
        env: Secrets and settings for the services.
        seconds: Over how long the partners' messages are spread.
        share: Below 1, each scenario is played that much less often.
        out: Where to tell.

    Returns:
        0 when the books balance and every scenario went as its file expects, else 1.

    Raises:
        LocalStackError: A server or a service cannot be started or died.
        ChassisError: The topics cannot be made.
    """
    with (
        Stack(console=out) as stack,
        tempfile.TemporaryDirectory(prefix="onward-demo-") as logs,
    ):
        out.print("Kafka and PostgreSQL are up; starting the services…")
        asyncio.run(create_topics(stack.kafka_bootstrap, topics))
        with Services(services, directory=Path(logs), env={**env, **stack.variables}) as running:
            return asyncio.run(
                _play(
                    stack.kafka_bootstrap,
                    scenarios=scenarios,
                    topics=topics,
                    running=running,
                    id_key=base64.b64decode(env[ID_KEY_VARIABLE]),
                    seconds=seconds,
                    share=share,
                    out=out,
                )
            )


async def _play(
    bootstrap: str,
    *,
    scenarios: Mapping[str, ScenarioFile],
    topics: Mapping[str, TopicSpec],
    running: Services,
    id_key: bytes,
    seconds: float,
    share: float,
    out: Console,
) -> int:
    today = datetime.now(UTC)  # noqa: TID251 - the demo's day is today
    playings = cast_all(scenarios, now=today, id_key=id_key, share=share)
    producer = KafkaConnection.of_environment(bootstrap).producer(enable_idempotence=True)
    await producer.start()
    try:
        async with Chronicle(bootstrap, [*topics], id_key) as chronicle:
            day = PlayedDay(chronicle, producer, playings)
            out.print(f"A synthetic day: {people(playings)} people, {day.messages()} messages.\n")
            await _send_all(day, seconds, out)
            accounts = await _balanced(chronicle, list(running.running.values()))
    finally:
        await producer.stop()
    return _tell(out, day, accounts)


async def _send_all(day: PlayedDay, seconds: float, out: Console) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=out) as progress:
        bar = progress.add_task("partners send", total=day.messages())

        async def pace() -> None:
            progress.advance(bar)
            await asyncio.sleep(seconds / day.messages())

        for part in day.parts:
            progress.update(bar, description=f"partners send and providers answer, part {part + 1} of {len(day.parts)}")
            await day.send(pace=pace)
            progress.update(bar, description=f"waiting for what comes of it, part {part + 1} of {len(day.parts)}")
            await day.settled()


async def _balanced(chronicle: Chronicle, services: Sequence[RunningService]) -> list[books.Account]:
    """The accounts, as soon as they balance; as they stand when they do not in time."""
    deadline = asyncio.get_running_loop().time() + _BALANCE_SECONDS
    while True:
        outcomes = await asyncio.to_thread(_counted, services)
        accounts = books.balance(_by_kind(chronicle.entries), outcomes)
        if all(account.balances for account in accounts) or asyncio.get_running_loop().time() > deadline:
            return accounts
        await asyncio.sleep(0.5)


def _by_kind(entries: Mapping[str, Sequence[Entry]]) -> dict[str, list[Entry]]:
    kinds: dict[str, list[Entry]] = defaultdict(list)
    for topic, records in entries.items():
        kinds[topic.partition(".")[0]].extend(records)
    return kinds


def _counted(services: Sequence[RunningService]) -> dict[str, Counter[str]]:
    """How the services say the records of each kind of topic ended."""
    outcomes: dict[str, Counter[str]] = defaultdict(Counter)
    for service in services:
        with urllib.request.urlopen(service.metrics_url, timeout=5) as answer:  # noqa: S310 - our own service
            text = answer.read().decode()
        for family in text_string_to_metric_families(text):
            if family.name == "onward_event_outcomes":
                for sample in family.samples:
                    if sample.name.endswith("_total"):
                        kind = sample.labels["topic"].partition(".")[0]
                        outcomes[kind][sample.labels["outcome"]] += int(sample.value)
    return outcomes


def _tell(out: Console, day: PlayedDay, accounts: list[books.Account]) -> int:
    told: set[str] = set()
    out.rule("What became of a dozen people")
    for playing in day.playings:
        demo = playing.scenario.demo
        if demo is not None and demo.told and playing.name not in told:
            told.add(playing.name)
            report.tell(out, playing, day.observed(playing))
    out.rule("The day in numbers")
    report.outcomes(out, day.chronicle.bodies("decisions"), day.chronicle.bodies("referral-events"))
    report.books(out, accounts)
    wrong = day.faults()
    for name, faults in wrong.items():
        out.print(f"[red]{name} did not go as its scenario expects[/red]: {'; '.join(faults)}", highlight=False)
    if not wrong:
        names = {playing.name for playing in day.playings}
        out.print(f"All {len(day.playings)} playings of {len(names)} scenarios went as their files expect.")
    balanced = all(account.balances for account in accounts)
    out.print("[green]The books balance.[/green]" if balanced else "[red]The books do not balance.[/red]")
    return 0 if balanced and not wrong else 1
