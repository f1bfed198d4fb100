"""A stateless service on the real chassis: each step in, the same step out."""

import asyncio
from collections.abc import Sequence

from chaos.services.words import Step, StepSettings, steps
from onward.chassis.processing.hop import StatelessHop
from onward.chassis.record import Received
from onward.chassis.runtime import run
from onward.chassis.service import Service
from onward.contracts.outcome import Outcome, Published


def build(settings: StepSettings) -> Service:
    """One hop, slowed down as the test asks."""
    output = steps(settings.output_topic)

    async def lookup(records: Sequence[Received[Step]]) -> None:
        await asyncio.sleep(len(records) * settings.throttle_us / 1_000_000)

    def decide(received: Received[Step], _: None) -> Outcome:
        return Published((output.message(received.body, key=received.body.key),))

    return Service("copier", settings, [StatelessHop(steps(settings.input_topic), decide, lookup=lookup)])


if __name__ == "__main__":
    run(build, StepSettings)
