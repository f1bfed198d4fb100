"""Servers that go away in every way and for any time, under load: all works again by itself, and the books balance."""

import random
from collections.abc import Callable, Sequence

import pytest

from chaos.outages.auditor import Audit, audit, read_everything
from chaos.outages.rig import KINDS, WORKS_AGAIN_SECONDS, Outage, Rig, rig, table
from onward.local.stack import Stack

MOST_GROWN = 50_000_000
MOST_CPU = 0.05  # of a core
LONG_ENOUGH = 13  # readiness trusts an answer for 12 s
SHORT = [
    Outage("both", "killed", LONG_ENOUGH),
    Outage("database", "killed", 4),
    Outage("broker", "silent", 3),
    Outage("database", "refused", 3),
    Outage("broker", "frozen", 2),
    Outage("database", "frozen", 2),
]

# Of each length so many for each of the ten pairs of server and kind, and the longest once for each server and kind
# that differs in what a client sees.
LONG = [
    *(Outage(server, kind, 1) for server in ("broker", "database") for kind in KINDS for _ in range(2)),
    *(Outage(server, kind, 10) for server in ("broker", "database") for kind in KINDS for _ in range(2)),
    *(Outage(server, kind, 30) for server in ("broker", "database") for kind in KINDS),
    *(Outage(server, kind, 60) for server in ("broker", "database") for kind in KINDS[::2]),
    *(Outage(server, kind, 180) for server in ("broker", "database") for kind in ("killed", "half-open")),
]


async def play(running: Rig, outages: Sequence[Outage]) -> Audit:
    for outage in outages:
        seen = await running.suffer(outage)
        print(  # noqa: T201 - the run takes long: it tells how far it is
            f"{outage.server} {outage.kind} {outage.seconds:.0f} s: works again after {seen.recovered:.1f} s",
            flush=True,
        )
    await running.drained()
    return audit(await read_everything(running.stack.kafka_bootstrap), running.load.acknowledged)


def check(running: Rig, audited: Audit, outages: Sequence[Outage]) -> None:
    print(f"\n{table(running.seen)}\n{audited}")  # noqa: T201 - the figures that are asked for
    running.services.check()
    assert [one.outage for one in running.seen] == list(outages)
    assert all(one.in_flight for one in running.seen)
    assert audited.faults == []
    assert audited.parked == 0
    assert audited.counts.get("replies", 0) > 0, "the providers said nothing: half of the way was not tried"
    slow = [one for one in running.seen if one.recovered > WORKS_AGAIN_SECONDS]
    assert slow == []
    told = [one for one in running.seen if one.outage.seconds >= 10 and one.lines_a_second > 1]
    assert told == []
    long = [one for one in running.seen if one.outage.seconds >= LONG_ENOUGH]
    assert long
    assert [one for one in long if one.grown > MOST_GROWN or not one.alive] == []
    # Without a broker there is nothing to do, and nobody is ready.
    stopped = [one for one in long if one.outage.server != "database" and one.outage.kind == "killed"]
    assert stopped
    assert [one for one in stopped if one.cpu > MOST_CPU or one.ready] == []


@pytest.mark.timeout(240)
async def test_every_outage_ends_by_itself(
    private_stack: Callable[..., Stack], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with rig(private_stack, monkeypatch) as running:
        audited = await play(running, SHORT)
        check(running, audited, SHORT)


@pytest.mark.nightly
@pytest.mark.timeout(7200)
async def test_sixty_outages_end_by_themselves(
    private_stack: Callable[..., Stack], monkeypatch: pytest.MonkeyPatch
) -> None:
    outages = list(LONG)
    random.Random(9).shuffle(outages)
    assert len(outages) >= 60
    async with rig(private_stack, monkeypatch) as running:
        audited = await play(running, outages)
        check(running, audited, outages)
