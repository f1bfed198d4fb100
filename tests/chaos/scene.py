"""A run of the harness from load to verdict, the same for the product and for the controls that must fail."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from chaos.harness import SESSION_SECONDS, Crew, FaultKind, Landed, Load, Reader, Storm, Verdict, make_topics, until
from onward.local.stack import Stack

INPUT, OUTPUT = "steps-in", "steps-out"


@dataclass(frozen=True)
class Plan:
    """What a run does."""

    module: str
    workers: int
    faults: Sequence[FaultKind]
    records: int = 20_000
    per_second: float = 900
    throttle_us: int = 300
    apart: tuple[float, float] = (1.0, 2.5)
    seed: int = 1
    parked: str = "parked.copier"
    settle_seconds: float = 60


@dataclass(frozen=True)
class Outcome:
    """How a run ended."""

    verdict: Verdict
    landed: Sequence[Landed]
    drained: bool
    ended: Sequence[tuple[str, int]]
    stopped_cleanly: bool
    logs: str


def environment(stack: Stack, *, throttle_us: int) -> dict[str, str]:
    """What a worker's environment holds."""
    return {
        **stack.variables,
        "ONWARD_INPUT_TOPIC": INPUT,
        "ONWARD_OUTPUT_TOPIC": OUTPUT,
        "ONWARD_THROTTLE_US": str(throttle_us),
        "ONWARD_BATCH_RECORDS": "200",
        "ONWARD_SESSION_TIMEOUT_S": str(SESSION_SECONDS),
        "ONWARD_REBALANCE_TIMEOUT_S": "5",
        "ONWARD_REQUEST_TIMEOUT_S": "6",
    }


async def play(stack: Stack, plan: Plan) -> Outcome:
    """Load, workers, faults; then wait until everything came out, and look again for what came out twice."""
    bootstrap = stack.kafka_bootstrap
    await make_topics(bootstrap, {INPUT: 6, OUTPUT: 4, plan.parked: 1})
    env = environment(stack, throttle_us=plan.throttle_us)
    directory = stack.directory / "workers"
    directory.mkdir()
    crew = Crew(plan.module, plan.workers, env, directory)
    load, reader = Load(bootstrap, INPUT, plan.records, plan.per_second), Reader(bootstrap, {OUTPUT: 4})
    storm = Storm(stack, crew, plan.faults, plan.seed, plan.apart, lambda: load.sent - reader.distinct, load.may_end)
    crew.tend()
    tending, reading = asyncio.create_task(crew.run()), asyncio.create_task(reader.run())
    try:
        assert await until(lambda: crew.logs().count("service.started") >= plan.workers, within=30), crew.logs()
        async with asyncio.TaskGroup() as group:
            group.create_task(load.run())
            group.create_task(storm.run())
        drained = await until(lambda: reader.distinct >= load.sent, within=plan.settle_seconds)
        # A stopped process that wakes late may still write: only then is nothing more to come.
        await until(lambda: not crew.stopped, within=15)
        await reader.quiet(seconds=2.0)
        verdict = Verdict.of(reader, load.sent)
    finally:
        for task in (tending, reading):
            task.cancel()
        await asyncio.gather(tending, reading, return_exceptions=True)
        clean = await asyncio.to_thread(crew.end)
    return Outcome(verdict, storm.landed, drained, crew.ended, all(clean.values()), crew.logs())
