"""An outage that begins at any one stage of a batch or of a relay: nothing is lost, doubled or stuck."""

import asyncio
import itertools
import os
import random
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, get_args

import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from pydantic import SecretStr

from chaos.harness import Load, Reader, Verdict, make_topics, until
from chaos.outages.proxy import Failure, Proxy
from chaos.outages.rig import advertise
from chaos.outages.stages import STATEFUL, STATELESS, Trap, Traps, When
from chaos.scene import INPUT, OUTPUT
from chaos.services import stateful, stateless
from chaos.services.words import SECRETS, StepSettings
from integration.chassis.living import living
from onward.local import ports
from onward.local.stack import Stack

OUTAGE_SECONDS = 1.5
AGAIN_SECONDS = 90.0
FAILURES: tuple[Failure, ...] = get_args(Failure)

Case = tuple[str, When, str, Failure]


def cases(stages: dict[str, Any], servers: Sequence[str]) -> list[Case]:
    """Every stage, before and after, with every server and each way of failing in turn."""
    every = itertools.product(stages, get_args(When), servers)
    return [(*case, FAILURES[number % len(FAILURES)]) for number, case in enumerate(every)]


async def play(stack: Stack, proxies: dict[str, Proxy], module: Any, wanted: Sequence[Case], traps: Traps) -> None:
    """One service, under load, through one outage after the other."""
    given = StepSettings(
        kafka_bootstrap=f"127.0.0.1:{proxies['broker'].port}",
        database_url=make_conninfo(stack.database_url, port=proxies["database"].port),
        id_key=SecretStr(SECRETS["ONWARD_ID_KEY"]),
        parking_key=SECRETS["ONWARD_PARKING_KEY"],
        http_port=ports.free_port(),
        input_topic=INPUT,
        output_topic=OUTPUT,
        session_timeout_s=6,
        rebalance_timeout_s=8,
        request_timeout_s=6,
    )
    service = module.build(given)
    direct = stack.kafka_bootstrap
    await make_topics(direct, {INPUT: 4, OUTPUT: 2, f"parked.{service.name}": 1})
    load, reader = Load(direct, INPUT, 1, 100), Reader(direct, {OUTPUT: 2})
    reading = asyncio.create_task(reader.run())
    loading = asyncio.create_task(load.run())
    try:
        async with living(service.name, given, service.hops, migrations=service.migrations) as running:
            for case in wanted:
                stage, when, server, failure = case
                trap = traps.armed = Trap(stage, when, proxies[server], failure, OUTAGE_SECONDS)
                async with asyncio.timeout(AGAIN_SECONDS):
                    while not await until(trap.sprung.is_set, within=3):
                        # A stage of taking over, which a service at work does not pass: make it take over.
                        for proxy in proxies.values():
                            proxy.fail("refused")
                        await asyncio.sleep(0.3)
                        for proxy in proxies.values():
                            await proxy.mend()
                    assert load.sent > reader.distinct, f"{case}: nothing was in flight"
                    await trap.over.wait()
                traps.armed = None
                back = await until(partial(reader.has, load.sent), within=AGAIN_SECONDS)
                assert back, f"{case}: {load.sent - reader.distinct} wait; {running.log.getvalue()[-3000:]}"
            load.may_end.set()
            await loading
            assert await until(lambda: reader.distinct >= load.sent, within=AGAIN_SECONDS)
            await reader.quiet(seconds=1)
        assert running.codes == [0]
    finally:
        for task in (reading, loading):
            task.cancel()
        await asyncio.gather(reading, loading, return_exceptions=True)
    assert Verdict.of(reader, load.sent) == Verdict(load.sent, 0, 0, 0)


async def go(
    start: Callable[..., Stack],
    monkeypatch: pytest.MonkeyPatch,
    module: Any,
    stages: dict[str, Any],
    wanted: Sequence[Case],
) -> None:
    port = ports.free_port()
    way = Proxy(port)
    advertise(way.port, monkeypatch)
    stack = await asyncio.to_thread(lambda: start(kafka_port=port))
    there = Proxy(int(str(conninfo_to_dict(stack.database_url)["port"])))
    proxies = {"broker": way, "database": there}
    for proxy in proxies.values():
        await proxy.start()
    traps = Traps(stages, monkeypatch)
    try:
        await play(stack, proxies, module, wanted, traps)
    finally:
        for proxy in proxies.values():
            await proxy.stop()
    assert traps.passed == set(stages), "a stage that is never passed proves nothing"


@pytest.mark.timeout(400)
async def test_an_outage_at_some_stages_of_a_stateful_hop_changes_nothing(
    private_stack: Callable[..., Stack], monkeypatch: pytest.MonkeyPatch
) -> None:
    choice = random.Random(int(os.environ.get("ONWARD_TEST_SEED", "4")))
    wanted = choice.sample(cases(STATEFUL, ("broker", "database")), 6)
    await go(private_stack, monkeypatch, stateful, STATEFUL, wanted)


@pytest.mark.nightly
@pytest.mark.timeout(3600)
async def test_an_outage_at_every_stage_of_a_stateful_hop_changes_nothing(
    private_stack: Callable[..., Stack], monkeypatch: pytest.MonkeyPatch
) -> None:
    await go(private_stack, monkeypatch, stateful, STATEFUL, cases(STATEFUL, ("broker", "database")))


@pytest.mark.nightly
@pytest.mark.timeout(3600)
async def test_an_outage_at_every_stage_of_a_stateless_hop_changes_nothing(
    private_stack: Callable[..., Stack], monkeypatch: pytest.MonkeyPatch
) -> None:
    await go(private_stack, monkeypatch, stateless, STATELESS, cases(STATELESS, ("broker",)))
