"""A partition that is assigned and not worked on ends the process, with the reason; a server that is away does not."""

import asyncio
from collections.abc import Generator

import pytest
from aiokafka.structs import TopicPartition

from onward.chassis import clock
from onward.chassis.errors import ChassisError, NotWorkingError
from onward.chassis.kafka.consuming import PatientConsumer
from onward.chassis.observability.health import Health, Probe
from onward.chassis.observability.watchdog import PATIENCE_SECONDS, Watchdog
from onward.chassis.processing.partitions import Missing, OwnedPartition
from unit.chassis.test_ownership import ALL, Flow, Subscriber

PLACE = ALL[0]


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1000.0


@pytest.fixture
def time() -> Generator[Clock]:
    made = Clock()
    real, clock.monotonic = clock.monotonic, lambda: made.now
    yield made
    clock.monotonic = real


class Scene:
    """One hop, one server, and a watchdog over both."""

    def __init__(self, time: Clock) -> None:
        self.time = time
        self.fatal: list[ChassisError] = []
        self.flow = Flow()
        self.flow.ever_assigned = True
        self.probe = Probe("the broker", "broker_away", self._ask, "Kafka", answered_at=time.now)
        self.dog = Watchdog([self.flow], [self.probe], self.flow.metrics, self.fatal.append)
        self.health = Health()
        self.health.flows, self.health.starting = [self.flow], ""

    async def _ask(self) -> None:
        """It answers."""

    def after(self, seconds: float, *, answers: bool = True) -> None:
        """So much later, look again and again, as the watchdog does."""
        until = self.time.now + seconds
        while self.time.now < until:
            self.time.now += 5
            if answers:
                self.probe.answered_at = self.time.now
            self.dog.look()


def test_a_partition_that_nobody_takes_ends_the_process_after_two_minutes_and_says_why(time: Clock) -> None:
    scene = Scene(time)
    scene.flow.missing[PLACE] = Missing(time.now, time.now, why="PostgreSQL refuses")
    scene.after(PATIENCE_SECONDS - 10)
    assert not scene.fatal
    assert "PostgreSQL refuses" in str(scene.health.hindrances())

    scene.after(20)

    assert isinstance(scene.fatal[0], NotWorkingError)
    assert "contacts/0" in str(scene.fatal[0])
    assert "PostgreSQL refuses" in str(scene.fatal[0])


def test_a_batch_that_never_ends_makes_it_unready_and_ends_it(time: Clock) -> None:
    scene = Scene(time)
    scene.flow.owned[PLACE] = OwnedPartition(PLACE, 0, claimed=True, claimed_at=time.now)
    scene.after(15)
    assert scene.health.ready_reasons()[0][0] == "partitions_stand_still"
    scene.after(PATIENCE_SECONDS)
    assert scene.fatal


def test_waiting_for_a_server_that_is_away_ends_nothing_and_counts_anew_when_it_is_back(time: Clock) -> None:
    scene = Scene(time)
    scene.flow.missing[PLACE] = Missing(time.now, time.now)
    scene.after(10 * PATIENCE_SECONDS, answers=False)
    assert not scene.fatal
    scene.after(PATIENCE_SECONDS - 20)
    assert not scene.fatal
    scene.after(30)
    assert scene.fatal


def test_what_is_worked_on_is_left_alone(time: Clock) -> None:
    scene = Scene(time)
    scene.flow.owned[PLACE] = OwnedPartition(PLACE, 0)
    scene.after(10 * PATIENCE_SECONDS)
    assert not scene.fatal
    assert scene.health.hindrances() == []


def test_a_client_whose_own_tasks_have_ended_is_noticed_at_once(time: Clock) -> None:
    scene = Scene(time)

    class Broken(PatientConsumer):
        def __init__(self) -> None:
            """Nothing is connected."""

        _closed = True  # nothing was opened

        def broken(self) -> str:
            return "the client's task that fetches records has ended"

    async def look() -> None:
        scene.flow.subscriber = Subscriber()
        scene.flow.subscriber.consumer = Broken()
        scene.dog.look()

    asyncio.run(look())
    assert "fetches records" in str(scene.fatal[0])


def test_the_metric_tells_which_topic_stands_still(time: Clock) -> None:
    scene = Scene(time)
    for partition in ALL[:2]:
        scene.flow.missing[TopicPartition(*partition)] = Missing(time.now, time.now)
    scene.after(20)
    line = 'onward_partitions_not_worked{service="people",topic="contacts"} 2.0'
    assert line.encode() in scene.flow.metrics.text()
