"""A record that has to wait holds up its own partition, in whichever process, and nothing of it is lost or doubled."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import psycopg
import pytest

from integration.chassis.living import Living, Note, living, make_topics, notes, read, settings, until, write, writing
from onward.chassis.processing.hop import Hop, StatefulHop, StatelessHop
from onward.chassis.record import Received
from onward.contracts.outcome import Outcome, Published
from onward.contracts.topics import Topic


class Broker(Protocol):
    """The session's broker."""

    bootstrap: str


@dataclass
class Gate:
    """What notes wait for that say so: each names a number, which is there or not yet."""

    there: set[str] = field(default_factory=set[str])

    def awaits(self, record: Received[Note]) -> str | None:
        wanted = record.body.text
        return None if not wanted or wanted in self.there else f"version {wanted}"


async def nothing(records: Sequence[Received[Note]]) -> Mapping[str, str]:  # noqa: ARG001 - the port names it
    return {}


class Nothing:
    """Keeps no state: what is seen of the outputs is enough."""

    async def load(self, connection: psycopg.AsyncConnection[Any], records: Sequence[Received[Note]]) -> list[Note]:  # noqa: ARG002 - the port names it
        return []

    async def save(self, connection: psycopg.AsyncConnection[Any], unit: list[Note]) -> None:
        """Nothing to keep."""


def hop(kind: str, source: str, output: Topic[Note], gate: Gate) -> Hop:
    def decide(received: Received[Note], unit: object) -> Outcome:  # noqa: ARG001 - as both kinds call it
        return Published((output.message(received.body, key=received.body.key),))

    if kind == "stateless":
        return StatelessHop(notes(source), decide, lookup=nothing, awaits=gate.awaits)
    return StatefulHop(notes(source), decide, store=Nothing(), awaits=gate.awaits)


def numbers(found: Sequence[Any]) -> list[int]:
    return [Note.model_validate_json(record.value).number for record in found]


async def waits(service: Living) -> float:
    series = await service.metrics()
    (seconds,) = [value for name, value in series.items() if name.startswith("onward_held_back_seconds")]
    return seconds


@pytest.mark.parametrize("kind", ["stateless", "stateful"])
async def test_what_waits_is_done_once_when_it_came_and_the_other_partition_never_stood_still(
    kafka: Broker, database: str, unique: Callable[[str], str], kind: str
) -> None:
    name, source, target = f"waiting{kind}", unique("in"), unique("out")
    await make_topics(kafka.bootstrap, source, target, f"parked.{name}")
    gate = Gate({"1"})
    given = settings(kafka.bootstrap, database)
    async with writing(kafka.bootstrap) as producer:

        async def put(partition: int, number: int, text: str = "") -> None:
            body = Note(key=f"p{partition}", number=number, text=text)
            await producer.send_and_wait(source, body.model_dump_json().encode(), partition=partition)

        for number, text in enumerate(["", "1", "2", "", "3"]):
            await put(0, number, text)
        await put(1, 10)
        async with living(name, given, [hop(kind, source, notes(target), gate)]) as service:
            assert sorted(numbers(await read(kafka.bootstrap, target, 3))) == [0, 1, 10]
            await until(lambda: '"why": "version 2"' in service.log.getvalue())
            await put(1, 11)
            assert sorted(numbers(await read(kafka.bootstrap, target, 4))) == [0, 1, 10, 11]
            assert await waits(service) > 0
            assert not service.process.health.hindrances()
        assert service.codes == [0], "a service whose record waits stops cleanly"
        # Another process finds it where it stood, and waits on.
        async with living(name, given, [hop(kind, source, notes(target), gate)]) as service:
            await until(lambda: '"why": "version 2"' in service.log.getvalue())
            gate.there.add("2")
            assert sorted(numbers(await read(kafka.bootstrap, target, 6))) == [0, 1, 2, 3, 10, 11]
            await until(lambda: '"why": "version 3"' in service.log.getvalue())
            gate.there.add("3")
            found = await read(kafka.bootstrap, target, 7)
            await until(lambda: service.log.getvalue().count("partition.read_on") == 2)
            assert await waits(service) == 0
        assert service.process.fatal is None
    assert [number for number in numbers(found) if number < 10] == [0, 1, 2, 3, 4]
    assert sorted(numbers(found)) == [0, 1, 2, 3, 4, 10, 11]
    assert await read(kafka.bootstrap, f"parked.{name}", 1, within=0.5) == []


async def test_every_topic_of_a_family_is_read_also_one_that_is_made_and_written_to_while_nobody_had_seen_it(
    kafka: Broker, database: str, unique: Callable[[str], str]
) -> None:
    name, head, target = "familiar", unique("said"), unique("out")
    first, second, third = (f"{head}.{each}" for each in ("one", "two", "three"))
    await make_topics(kafka.bootstrap, first, target, f"parked.{name}")
    family = Topic(f"{head}.{{provider}}", "onward.test-note.v1", Note)
    output = notes(target)

    def decide(received: Received[Note], unit: list[Note]) -> Outcome:  # noqa: ARG001 - as the hop calls it
        return Published((output.message(received.body, key=received.body.key),))

    def made() -> list[Hop]:
        return [StatefulHop(family, decide, store=Nothing(), names=[first], whole_family=True)]

    async def make(topic: str, number: int) -> None:
        await make_topics(kafka.bootstrap, topic)
        await write(kafka.bootstrap, topic, [Note(key=f"k{each}", number=number + each) for each in range(4)])

    given = settings(kafka.bootstrap, database)
    async with living(name, given, made()) as service:
        await write(kafka.bootstrap, first, [Note(key="k", number=0)])
        await read(kafka.bootstrap, target, 1)
        await make(second, 10)
        assert sorted(numbers(await read(kafka.bootstrap, target, 5, within=30))) == [0, 10, 11, 12, 13]
        series = await service.metrics()
        assert service.process.fatal is None
    handled = {key: value for key, value in series.items() if key.startswith("onward_events_received_total")}
    assert handled == {f'onward_events_received_total{{service="{name}",topic="{head}"}}': 5.0}, "one series for all"
    # The third comes while no process looks, and is written to.
    await make(third, 20)
    async with living(name, given, made()) as service:
        found = await read(kafka.bootstrap, target, 9, within=30)
        assert service.process.fatal is None
    assert sorted(numbers(found)) == [0, 10, 11, 12, 13, 20, 21, 22, 23]
