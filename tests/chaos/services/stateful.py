"""A stateful service on the real chassis: each step is noted in a table, once, and sent on."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import structlog

from chaos.services.words import Step, StepSettings, steps
from onward.chassis.processing.hop import StatefulHop
from onward.chassis.record import Received
from onward.chassis.runtime import run
from onward.chassis.service import Service
from onward.contracts.outcome import Outcome, Published

log = structlog.get_logger()


@dataclass
class Unit:
    """The steps of a batch."""

    noted: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])


class Steps:
    """Counts how often each step was applied: more than once is a fault."""

    def __init__(self, settings: StepSettings) -> None:
        self._settings = settings

    async def load(self, connection: psycopg.AsyncConnection[Any], records: Sequence[Received[Step]]) -> Unit:  # noqa: ARG002 - the port names it
        await asyncio.sleep(len(records) * self._settings.throttle_us / 1_000_000)
        return Unit()

    async def save(self, connection: psycopg.AsyncConnection[Any], unit: Unit) -> None:
        await connection.execute(
            "insert into step select key, sequence, 1 from unnest(%s::text[], %s::int[]) as noted (key, sequence)"
            " on conflict (key, sequence) do update set times = step.times + 1",
            ([key for key, _ in unit.noted], [sequence for _, sequence in unit.noted]),
        )
        held = Path(self._settings.hold_before_commit or "/nowhere")
        while await asyncio.to_thread(held.exists):
            log.info("batch.held")
            await asyncio.sleep(0.1)


def build(settings: StepSettings) -> Service:
    """One hop, slowed down as the test asks."""
    output = steps(settings.output_topic)

    def decide(received: Received[Step], unit: Unit) -> Outcome:
        message = output.message(received.body, key=received.body.key)
        unit.noted.append((received.body.key, received.body.sequence))
        return Published((message,))

    hop = StatefulHop(steps(settings.input_topic), decide, store=Steps(settings))
    return Service("ledger", settings, [hop], migrations="chaos.services:sql")


if __name__ == "__main__":
    run(build, StepSettings)
