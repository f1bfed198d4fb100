"""A stale owner, held just before its commit, is refused when it is let go."""

import asyncio
import signal
from collections.abc import Callable

import psycopg
import pytest
from aiokafka.structs import TopicPartition

from chaos.harness import Crew, Load, Reader, Verdict, make_topics, until
from chaos.scene import INPUT, OUTPUT, environment
from onward.chassis.errors import FencedError
from onward.chassis.postgres import migrations, shard
from onward.chassis.postgres.database import connect
from onward.chassis.postgres.shard import Shard
from onward.local.stack import Stack

GROUP, PLACE = "ledger.steps-in", TopicPartition("steps-in", 0)


async def test_a_change_of_a_stale_owner_is_refused_by_its_epoch(database: str) -> None:
    migrations.apply(database, "ledger", [migrations.OWN])
    stale = await connect(database, "ledger", purpose="stale")
    fresh = await connect(database, "ledger", purpose="fresh")
    async with stale, fresh:
        await shard.begin(stale, GROUP, PLACE, 0)
        first = await shard.acquire(stale, GROUP, PLACE)
        # Without the session's number nobody ends the stale owner's session: the epoch is the only fence left.
        await stale.execute("update input_shard set backend_pid = null")
        second = await shard.acquire(fresh, GROUP, PLACE)
        assert first is not None
        assert second is not None

        with pytest.raises(FencedError):
            await shard.hold(stale, GROUP, [Shard(PLACE, 0, epoch=first.epoch)])
        await shard.hold(fresh, GROUP, [Shard(PLACE, 0, epoch=second.epoch)])


async def test_taking_over_ends_the_session_of_an_owner_frozen_in_a_transaction(database: str) -> None:
    migrations.apply(database, "ledger", [migrations.OWN])
    frozen = await connect(database, "ledger", purpose="frozen")
    fresh = await connect(database, "ledger", purpose="fresh")
    async with fresh:
        await shard.begin(frozen, GROUP, PLACE, 7)
        first = await shard.acquire(frozen, GROUP, PLACE)
        assert first is not None
        owned = Shard(PLACE, 7, epoch=first.epoch)
        await frozen.execute("begin")
        await shard.hold(frozen, GROUP, [owned])
        await shard.advance(frozen, GROUP, {owned: shard.Move(100)})

        async with asyncio.timeout(5):
            standing = await shard.acquire(fresh, GROUP, PLACE)

        with pytest.raises(psycopg.OperationalError):
            await frozen.execute("commit")
        assert standing is not None
        assert (standing.next_offset, standing.epoch) == (7, 2)


@pytest.mark.timeout(120)
async def test_a_process_held_before_its_commit_changes_nothing_when_it_wakes(
    private_stack: Callable[..., Stack],
) -> None:
    stack = private_stack()
    bootstrap = stack.kafka_bootstrap
    await make_topics(bootstrap, {INPUT: 6, OUTPUT: 4, "parked.ledger": 1})
    directory = stack.directory / "workers"
    directory.mkdir()
    failpoint = stack.directory / "hold"
    env = environment(stack, throttle_us=100)
    held = Crew("chaos.services.stateful", 1, {**env, "ONWARD_HOLD_BEFORE_COMMIT": str(failpoint)}, directory / "held")
    other = Crew("chaos.services.stateful", 1, env, directory / "other")
    held.directory.mkdir()
    other.directory.mkdir()
    load, reader = Load(bootstrap, INPUT, 3000, 500), Reader(bootstrap, {OUTPUT: 4})
    name = held.spawn()
    reading, loading = asyncio.create_task(reader.run()), asyncio.create_task(load.run())
    try:
        assert await until(lambda: reader.distinct > 100, within=30), held.logs()
        failpoint.touch()
        assert await until(lambda: "batch.held" in held.logs(), within=10), held.logs()
        held.workers[name].send(signal.SIGSTOP)
        other.spawn()
        assert await until(lambda: other.logs().count("partition.taken") == 6, within=30), other.logs()
        before = reader.distinct
        assert await until(lambda: reader.distinct > before + 100, within=30), other.logs()

        await asyncio.to_thread(failpoint.unlink)
        held.workers[name].send(signal.SIGCONT)

        # Which of the two depends on whether it hears of the rebalance or of its ended session first.
        assert await until(lambda: "partition.given_up" in held.logs() or "batch.refused" in held.logs(), within=20), (
            held.logs()
        )
        load.may_end.set()
        await loading
        assert await until(lambda: reader.distinct >= load.sent, within=30), (
            f"the one that was held:\n{held.logs()}\nthe other:\n{other.logs()}"
        )
        await reader.quiet(seconds=2)
    finally:
        reading.cancel()
        loading.cancel()
        await asyncio.gather(reading, loading, return_exceptions=True)
        await asyncio.gather(*(asyncio.to_thread(crew.end) for crew in (held, other)))

    assert Verdict.of(reader, load.sent) == Verdict(load.sent, 0, 0, 0)
    with psycopg.connect(stack.database_url) as connection:
        applied = connection.execute("select count(*), max(times) from ledger.step").fetchone()
    assert applied == (load.sent, 1)
