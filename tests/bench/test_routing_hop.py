"""What the routing hop costs for each event, beside a raw copier on the same broker in the same run."""

import asyncio
import contextlib
import itertools
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import psutil
import pytest

from bench import made_up, measuring
from onward.chassis.kafka.admin import TopicSpec, create_topics, topic_specs
from onward.contracts import topics
from onward.local.deployment import local_secrets
from onward.local.service_spec import ServiceSpec
from onward.local.services import Services
from onward.local.stack import Stack

pytestmark = [pytest.mark.bench, pytest.mark.timeout(600)]

RECORDS = 30_000
RULES = 1_000
WARM_UP = 2_000
ROUNDS = 3
HEADERS = [
    ("ce_specversion", b"1.0"),
    ("content-type", b"application/json"),
    ("ce_type", topics.SITUATIONS.event_type.encode()),
]


def test_routing_beside_a_raw_copier(private_stack: Callable[..., Stack], tmp_path: Path) -> None:
    schemas = made_up.schemas_with(RULES, tmp_path / "schemas")
    figures: list[tuple[float, float, float]] = []
    for number in range(ROUNDS):
        stack = private_stack(kafka=True, postgres=False, profile="bench")
        figures.append(asyncio.run(_one_round(stack, schemas, tmp_path / str(number))))
        stack.__exit__(None, None, None)
    copier = sorted(figure[0] for figure in figures)[ROUNDS // 2]
    routing = sorted(figure[1] for figure in figures)[ROUNDS // 2]
    rss = max(figure[2] for figure in figures)
    measuring.table(
        f"Routing hop, {RULES} rules, exactly once, {RECORDS} situations, {ROUNDS} rounds: process CPU",
        [
            ("raw aiokafka transactional copier", f"{copier:.1f}", "1.0"),
            ("onward routing", f"{routing:.1f}", f"{routing / copier:.1f}"),
            ("  each round", " ".join(f"{figure[1]:.1f}" for figure in figures), ""),
            ("  aim", "", "3.0"),
            ("  resident memory, MB", f"{rss:.0f}", ""),
        ],
        ("side", "µs/event", "ratio"),
    )


async def _one_round(stack: Stack, schemas: Path, logs: Path) -> tuple[float, float, float]:
    """CPU µs per event of the copier and of routing, and routing's resident memory in MB."""
    bootstrap = stack.kafka_bootstrap
    six = TopicSpec(6, {})
    await create_topics(bootstrap, {**topic_specs(()), "to-copy": six, "copied": six})
    script = Path(__file__).parent / "peers" / "copier.py"
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(script), bootstrap, "to-copy", "copied", "copier"
    )
    try:
        copier, _ = await _measured(bootstrap, "to-copy", "copied", "copier", process.pid)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.wait()
    env = {**os.environ, **local_secrets(None, {}), **stack.variables, "ONWARD_SCHEMAS": str(schemas)}
    with Services([ServiceSpec("routing")], directory=logs, env=env) as services:
        pid = services.running["routing"].pid
        routing, rss = await _measured(bootstrap, "situations", "decisions", "routing.situations", pid)
    return copier, routing, rss


async def _measured(bootstrap: str, source: str, target: str, group: str, pid: int) -> tuple[float, float]:
    """CPU µs per event, and resident memory in MB, of the process that moves all of *source* to *target*."""
    async with measuring.positions(bootstrap, group, source, partitions=6) as committed:
        await _send(bootstrap, source, WARM_UP, start=0)
        await _until(pid, committed, WARM_UP)
        before = measuring.sample(pid)
        await _send(bootstrap, source, RECORDS, start=WARM_UP)
        await _until(pid, committed, WARM_UP + RECORDS)
        after = measuring.sample(pid)
    assert await measuring.committed_records(bootstrap, [target]) == WARM_UP + RECORDS
    return (after.cpu_s - before.cpu_s) / RECORDS * measuring.MICRO, after.rss_mb


async def _send(bootstrap: str, topic: str, count: int, *, start: int) -> None:
    situations = itertools.islice(made_up.situations(start + count), start, None)
    await measuring.preload(
        bootstrap, topic, ((item.person.encode(), measuring.text(item), HEADERS) for item in situations)
    )


async def _until(pid: int, committed: Callable[[], Awaitable[int]], count: int) -> None:
    async with asyncio.timeout(240):
        while await committed() < count:
            assert psutil.pid_exists(pid), "it ended before its work was done"
            await asyncio.sleep(0.02)
