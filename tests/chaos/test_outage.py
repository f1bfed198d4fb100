"""A service that is told to stop while the broker is away stops in time."""

import asyncio
from collections.abc import Callable

import pytest

from chaos.harness import Crew, Load, make_topics, until
from chaos.scene import INPUT, OUTPUT, environment
from onward.local.stack import Stack


@pytest.mark.timeout(90)
async def test_a_service_stops_in_time_while_the_broker_is_away(private_stack: Callable[..., Stack]) -> None:
    stack = private_stack(postgres=False)
    await make_topics(stack.kafka_bootstrap, {INPUT: 6, OUTPUT: 4, "parked.copier": 1})
    directory = stack.directory / "workers"
    directory.mkdir()
    crew = Crew("chaos.services.stateless", 1, environment(stack, throttle_us=5000), directory)
    name = crew.spawn()
    load = Load(stack.kafka_bootstrap, INPUT, 2000, 5000)
    load.may_end.set()
    await load.run()
    assert await until(lambda: "batch.committed" in crew.logs(), within=30), crew.logs()
    await asyncio.to_thread(stack.kafka.kill)

    assert await asyncio.to_thread(crew.end) == {name: True}, crew.logs()[-3000:]
    assert crew.workers[name].exit_code() == 0
