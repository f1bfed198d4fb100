"""A record that names what this process has not read yet holds its own partition back, and nothing else."""

import asyncio
from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from structlog.testing import capture_logs

from onward.chassis import clock
from onward.chassis.processing.awaiting import decidable
from onward.chassis.record import Received
from onward.contracts.outcome import Parked
from onward.contracts.redrive import Redrive
from unit.chassis.test_ownership import ALL, Flow, a_record
from unit.chassis.virtual_time import VirtualLoop

AT = datetime(2026, 3, 4, 12, tzinfo=UTC)


def received(number: int) -> Received[Redrive]:
    body = Redrive(parked="a", state="published", topic="t", partition=0, redrives=1, reason="", by="people")
    return Received(body, "t", "k", AT, number, 0)


def test_a_batch_ends_before_the_first_record_that_has_to_wait() -> None:
    batch: list[Received[Redrive] | Parked] = [received(0), Parked("schema"), received(2), received(3)]
    there = {0, 3}
    read, still = decidable(batch, lambda record: None if record.offset in there else "a directory")
    assert list(read) == batch[:2]
    assert still is not None
    assert still() == "a directory"
    there.add(2)
    assert still() is None
    assert decidable(batch, lambda _: None) == (batch, None)
    assert decidable(batch, None) == (batch, None)


@pytest.fixture
def loop() -> Generator[VirtualLoop]:
    made = VirtualLoop()
    real, clock.monotonic = clock.monotonic, made.time
    yield made
    clock.monotonic = real
    made.close()


@dataclass
class Scene:
    """A flow whose first partition has a record that waits."""

    flow: Flow = field(default_factory=Flow)
    waits: bool = True

    async def begin(self) -> asyncio.Task[None]:
        flow = self.flow
        flow.reached[ALL[0]] = 5
        flow.client.assigned = frozenset(ALL)
        keeper = asyncio.create_task(flow.keep())
        await flow.on_partitions_assigned(ALL)
        await asyncio.sleep(1)
        ((owned, _),) = flow.claim([a_record(ALL[0], 5)])
        flow.client.seek(ALL[0], 6)
        flow.hold_back(owned, lambda: "directory 3f9c01" if self.waits else None)
        return keeper

    def seconds(self) -> float:
        self.flow.tell()
        (family,) = [f for f in self.flow.metrics.registry.collect() if f.name == "onward_held_back_seconds"]
        (sample,) = family.samples
        return sample.value


def test_what_waits_is_ours_and_paused_where_it_stood_and_the_others_go_on(loop: VirtualLoop) -> None:
    scene = Scene()

    async def play() -> None:
        keeper = await scene.begin()
        await asyncio.sleep(300)
        keeper.cancel()

    with capture_logs() as logs:
        loop.run_until_complete(play())
    flow = scene.flow
    assert set(flow.owned) == set(ALL)
    assert flow.client.paused == {ALL[0]}
    assert flow.client.position[ALL[0]] == 5
    assert not flow.idle(loop.time()), "to wait is no fault of this process: nobody must end it"
    assert scene.seconds() > 299
    (told,) = [each for each in logs if each["event"] == "partition.held_back"]
    assert (told["topic"], told["partition"], told["offset"]) == (*ALL[0], 5)
    assert told["why"] == "directory 3f9c01"


def test_as_soon_as_it_came_the_partition_is_read_on_from_what_was_committed(loop: VirtualLoop) -> None:
    scene = Scene()

    async def play() -> None:
        keeper = await scene.begin()
        await asyncio.sleep(10)
        assert scene.seconds() > 9
        scene.waits = False
        await asyncio.sleep(0.5)
        keeper.cancel()

    loop.run_until_complete(play())
    assert not scene.flow.client.paused
    assert scene.flow.client.position[ALL[0]] == 5
    assert scene.seconds() == 0


def test_what_came_in_the_same_moment_is_not_told_as_waiting(loop: VirtualLoop) -> None:
    scene = Scene(waits=False)

    async def play() -> None:
        (await scene.begin()).cancel()

    with capture_logs() as logs:
        loop.run_until_complete(play())
    assert not [each for each in logs if each["event"] == "partition.held_back"]
    assert scene.flow.client.position[ALL[0]] == 5
    assert scene.flow.claim([a_record(ALL[0], 5)])


def test_a_record_waits_since_it_first_had_to_however_often_its_partition_is_taken_anew(loop: VirtualLoop) -> None:
    scene = Scene()

    async def again() -> None:
        flow = scene.flow
        flow.abandon([flow.owned[ALL[0]]], OSError("the database is away"))
        await asyncio.sleep(30)
        ((owned, _),) = flow.claim([a_record(ALL[0], 5)])
        flow.hold_back(owned, lambda: "directory 3f9c01" if scene.waits else None)

    async def play() -> None:
        keeper = await scene.begin()
        for _ in range(4):
            await asyncio.sleep(60)
            await again()
        assert scene.seconds() > 4 * 90 - 5, "else nobody is ever called"
        # Another record, after this one was done elsewhere, waits for itself alone.
        scene.flow.reached[ALL[0]] = 6
        await again()
        assert scene.seconds() < 5
        keeper.cancel()

    loop.run_until_complete(play())
