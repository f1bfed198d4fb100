"""A broker or a database that is away: the process lives on, says so without a flood, and recovers by itself."""

import asyncio
import http.client
import re
import signal
import time
from collections.abc import Callable

import psutil
import pytest

from chaos.harness import Crew, Load, Reader, Verdict, make_topics, until
from chaos.scene import INPUT, OUTPUT, environment
from onward.local import ports
from onward.local.stack import Stack

AWAY_SECONDS = 14.0  # readiness trusts an answer for 12 s


def status(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


@pytest.mark.timeout(150)
async def test_a_service_outlives_an_outage_of_both_servers(private_stack: Callable[..., Stack]) -> None:
    stack = private_stack()
    bootstrap = stack.kafka_bootstrap
    await make_topics(bootstrap, {INPUT: 6, OUTPUT: 4, "parked.ledger": 1})
    directory = stack.directory / "workers"
    directory.mkdir()
    port = ports.free_port()
    env = {**environment(stack, throttle_us=0), "ONWARD_HTTP_PORT": str(port)}
    crew = Crew("chaos.services.stateful", 1, env, directory)
    name = crew.spawn()
    worker = psutil.Process(crew.workers[name].pid)
    load, reader = Load(bootstrap, INPUT, 500, 500), Reader(bootstrap, {OUTPUT: 4})
    load.may_end.set()
    reading = asyncio.create_task(reader.run())
    try:
        await load.run()
        assert await until(lambda: reader.distinct >= load.sent, within=30), crew.logs()
        assert await asyncio.to_thread(status, port, "/ready") == 200
        memory = worker.memory_info().rss

        await asyncio.gather(asyncio.to_thread(stack.kafka.kill), asyncio.to_thread(stack.postgres.kill))
        assert await until(lambda: status(port, "/ready") == 503, within=AWAY_SECONDS)
        # What was in hand has ended: from here on it only waits.
        lines, cpu, began = len(crew.logs().splitlines()), sum(worker.cpu_times()[:2]), time.monotonic()
        await asyncio.sleep(AWAY_SECONDS)
        away = time.monotonic() - began
        written = len(crew.logs().splitlines()) - lines
        used = sum(worker.cpu_times()[:2]) - cpu

        assert await asyncio.to_thread(status, port, "/live") == 200
        assert await asyncio.to_thread(status, port, "/ready") == 503
        assert written <= away, f"{written} lines in {away:.0f} s:\n{crew.logs()[-3000:]}"
        assert used < 0.03 * away, f"{used:.2f} s of CPU in {away:.0f} s of outage"
        assert worker.memory_info().rss - memory < 50_000_000

        await asyncio.gather(asyncio.to_thread(stack.kafka.start), asyncio.to_thread(stack.postgres.start))
        more = Load(bootstrap, INPUT, 1000, 1000, sent=load.sent)
        more.may_end.set()
        await more.run()

        assert await until(lambda: reader.distinct >= more.sent, within=45), crew.logs()[-5000:]
        assert await until(lambda: status(port, "/ready") == 200, within=15)
        assert not re.search(r"Traceback|service\.failed", crew.logs())
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        crew.workers[name].send(signal.SIGCONT)
        clean = await asyncio.to_thread(crew.end)

    assert Verdict.of(reader, more.sent) == Verdict(more.sent, 0, 0, 0)
    assert clean == {name: True}


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
