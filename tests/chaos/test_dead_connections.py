"""Connections that are open and dead, brokers that have moved, producers that nobody wants any more."""

import asyncio
import os
import signal
from collections.abc import Callable
from functools import partial

import psycopg
import pytest
from aiokafka.structs import TopicPartition
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from pydantic import SecretStr

from chaos.harness import Load, Reader, Verdict, make_topics, until
from chaos.outages.proxy import Proxy
from chaos.outages.rig import advertise
from chaos.scene import INPUT, OUTPUT
from chaos.services import stateful
from chaos.services.words import SECRETS, StepSettings
from integration.chassis.living import Living, living
from onward.chassis.kafka import patches
from onward.chassis.kafka.connection import KafkaConnection
from onward.chassis.kafka.producers import Producers, ProducerSettings
from onward.chassis.postgres import database as postgres
from onward.local import ports
from onward.local.stack import Stack


def given(bootstrap: str, database: str) -> StepSettings:
    return StepSettings(
        kafka_bootstrap=bootstrap,
        database_url=database,
        id_key=SecretStr(SECRETS["ONWARD_ID_KEY"]),
        parking_key=SECRETS["ONWARD_PARKING_KEY"],
        http_port=ports.free_port(),
        input_topic=INPUT,
        output_topic=OUTPUT,
        session_timeout_s=6,
        rebalance_timeout_s=8,
        request_timeout_s=12,
    )


@pytest.mark.timeout(150)
async def test_a_dead_database_connection_is_told_and_stalls_nothing_for_half_a_minute(
    private_stack: Callable[..., Stack],
) -> None:
    """A balancer that forgets a connection, a server that freezes: open, and no answer ever comes."""
    stack = private_stack()
    bootstrap = stack.kafka_bootstrap
    await make_topics(bootstrap, {INPUT: 3, OUTPUT: 2, "parked.ledger": 1})
    settings = given(bootstrap, stack.database_url)
    service = stateful.build(settings)
    load, reader = Load(bootstrap, INPUT, 1, 50), Reader(bootstrap, {OUTPUT: 2})
    reading, loading = asyncio.create_task(reader.run()), asyncio.create_task(load.run())
    try:
        async with living(service.name, settings, service.hops, migrations=service.migrations) as running:
            for purpose, told in (("state", "the batch in hand"), ("outbox", "its outbox stands still")):
                assert await until(lambda: reader.distinct > 0, within=20)
                frozen = await asyncio.to_thread(freeze, stack.database_url, f"onward ledger {purpose}")
                try:
                    unready = await until(partial(_told, running, told), within=12)
                    assert unready, running.process.health.hindrances()
                    assert (await running.ask("/ready"))[0] == 503
                    back = await until(partial(reader.has, load.sent), within=30)
                    assert back, running.log.getvalue()[-3000:]
                    assert await until(lambda: not running.process.health.hindrances(), within=5)
                finally:
                    os.kill(frozen, signal.SIGCONT)
            load.may_end.set()
            await loading
            assert await until(lambda: reader.distinct >= load.sent, within=20)
        assert running.codes == [0]
    finally:
        for task in (reading, loading):
            task.cancel()
        await asyncio.gather(reading, loading, return_exceptions=True)
    assert Verdict.of(reader, load.sent) == Verdict(load.sent, 0, 0, 0)


async def test_a_connection_that_dies_while_nobody_uses_it_is_cut(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else each service on a person's way would notice only when it is reached, and wait for its own time-out then."""
    monkeypatch.setattr(postgres, "_ASK_SECONDS", 0.1)
    monkeypatch.setattr(postgres, "_ALIVE_SECONDS", 0.5)
    parts = conninfo_to_dict(database)
    proxy = Proxy(int(str(parts["port"])))
    await proxy.start()
    try:
        async with await postgres.connect(make_conninfo(database, port=proxy.port), "public", purpose="state") as idle:
            await asyncio.sleep(1)
            assert not idle.closed, "one that lives is left alone"
            proxy.fail("half-open")
            assert await until(lambda: idle.closed, within=5)
    finally:
        await proxy.stop()


def _told(running: Living, what: str) -> bool:
    return what in str(running.process.health.hindrances())


def freeze(url: str, name: str) -> int:
    """
    Stop the server process of the connection called *name*, between two transactions; its number.

    One that is frozen in a transaction keeps its locks until the operating system ends it: no client can help that.
    """
    look = "select pid, state from pg_stat_activity where application_name = %s"
    with psycopg.connect(url, autocommit=True) as connection:
        while True:
            row = connection.execute(look, [name]).fetchone()
            assert row is not None
            os.kill(row[0], signal.SIGSTOP)
            stopped = connection.execute(look, [name]).fetchone()
            if stopped is not None and stopped[1] == "idle":
                return int(row[0])
            os.kill(row[0], signal.SIGCONT)


@pytest.mark.timeout(120)
async def test_a_service_finds_brokers_that_have_all_moved_and_leaves_no_producer_behind(
    private_stack: Callable[..., Stack], monkeypatch: pytest.MonkeyPatch
) -> None:
    port = ports.free_port()
    door, before, after = Proxy(port), Proxy(port), Proxy(port)
    for proxy in (door, before, after):
        await proxy.start()
    advertise(before.port, monkeypatch)
    stack = await asyncio.to_thread(lambda: private_stack(kafka_port=port))
    bootstrap = f"127.0.0.1:{door.port}"
    await make_topics(bootstrap, {INPUT: 3, OUTPUT: 2, "parked.ledger": 1})
    settings = given(bootstrap, stack.database_url)
    service = stateful.build(settings)
    load = Load(bootstrap, INPUT, 300, 300)
    load.may_end.set()
    try:
        async with living(service.name, settings, service.hops, migrations=service.migrations) as running:
            await load.run()
            flow = running.process.flows[0]
            moved = sum(held.next_offset for held in flow.owned.values())

            await before.stop()
            await asyncio.to_thread(stack.kafka.kill)
            monkeypatch.undo()
            advertise(after.port, monkeypatch)
            await asyncio.to_thread(stack.kafka.start)
            more = Load(bootstrap, INPUT, 600, 300, sent=load.sent)
            more.may_end.set()
            await more.run()

            reader = Reader(bootstrap, {OUTPUT: 2})
            reading = asyncio.create_task(reader.run())
            back = await until(lambda: reader.distinct >= more.sent, within=40)
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
            assert back, running.log.getvalue()[-3000:]
            assert sum(held.next_offset for held in flow.owned.values()) > moved
        await nothing_is_left_of_a_producer_whose_broker_is_gone(stack, bootstrap)
    finally:
        for proxy in (door, after):
            await proxy.stop()


async def nothing_is_left_of_a_producer_whose_broker_is_gone(stack: Stack, bootstrap: str) -> None:
    patches.install()
    before = asyncio.all_tasks()
    producers = Producers(ProducerSettings(KafkaConnection(bootstrap), "left", request_timeout_s=3), "left-behind")
    await producers.start()
    await asyncio.to_thread(stack.kafka.kill)
    with pytest.raises(Exception):  # noqa: B017, PT011 - whatever the client says of a broker that is gone
        await producers.commit([], (TopicPartition(INPUT, 0), 1), "left-behind")
    await producers.discard()

    # The proxies' own tasks come and go.
    left = [task for task in asyncio.all_tasks() - before if "aiokafka" in str(task.get_coro())]
    assert left == []
