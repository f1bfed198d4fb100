"""Whoever lives tells how far everybody is: of dead groups too, of partitions that nobody holds, and later."""

from collections.abc import Callable
from typing import Any, Protocol

import psycopg

from integration.chassis.bystander import watching
from integration.chassis.living import Note, living, make_topics, notes, read, settings, write
from onward.chassis.processing.groups import Group
from onward.chassis.processing.hop import StatefulHop, StatelessHop
from onward.chassis.record import Received
from onward.contracts.outcome import Outcome, Published
from onward.local.stack import Stack


class Broker(Protocol):
    """The session's broker."""

    bootstrap: str


class Empty:
    """A store with nothing in it."""

    async def load(self, connection: psycopg.AsyncConnection[Any], records: Any) -> None:
        """Nothing."""

    async def save(self, connection: psycopg.AsyncConnection[Any], unit: None) -> None:
        """Nothing."""


def some(count: int, first: int = 0) -> list[Note]:
    return [Note(key=f"k{number % 7}", number=number) for number in range(first, first + count)]


def on(target: str) -> Callable[..., Outcome]:
    output = notes(target)

    def decide(received: Received[Note], *_: object) -> Outcome:
        return Published((output.message(received.body, key=received.body.key),))

    return decide


async def test_the_lag_of_a_group_is_told_by_others_while_nobody_of_it_lives(
    kafka: Broker, unique: Callable[[str], str]
) -> None:
    name, source, target = unique("svc")[:40], unique("in"), unique("out")
    await make_topics(kafka.bootstrap, source, target, f"parked.{name}", partitions=1)
    group = f"{name}.{source}"
    lag, waits = f"onward_consumer_lag_messages {group} 0 {source}", f"onward_consumer_lag_seconds {group} {source}"
    async with watching(kafka.bootstrap, Group(group, {source: source})) as bystander:
        await write(kafka.bootstrap, source, some(50))
        never_lived = await bystander.until(lambda told: told.get(lag) == 50)
        later = await bystander.until(lambda told: told[waits] > never_lived[waits])
        async with living(name, settings(kafka.bootstrap), [StatelessHop(notes(source), on(target))]) as service:
            await bystander.until(lambda told: told[lag] == 0)
        await write(kafka.bootstrap, source, some(20))
        dead = await bystander.until(lambda told: told[lag] == 20)

    assert service.codes == [0]
    assert later[lag] == 50
    assert dead[f"onward_uncounted_records {group}"] == 0


async def test_a_group_that_has_caught_up_says_so_behind_the_marks_of_transactions(
    kafka: Broker, database: str, unique: Callable[[str], str]
) -> None:
    first, second = unique("one")[:40], unique("two")[:40].replace("-", "_")
    source, middle, target = unique("in"), unique("mid"), unique("out")
    await make_topics(kafka.bootstrap, source, middle, target, f"parked.{first}", f"parked.{second}", partitions=1)
    read_by = {f"{first}.{source}": source, f"{second}.{middle}": middle}
    async with (
        living(first, settings(kafka.bootstrap), [StatelessHop(notes(source), on(middle))]),
        living(second, settings(kafka.bootstrap, database), [StatefulHop(notes(middle), on(target), store=Empty())]),
        watching(kafka.bootstrap, *(Group(group, {topic: topic}) for group, topic in read_by.items())) as bystander,
    ):
        await write(kafka.bootstrap, source, some(30))
        await read(kafka.bootstrap, target, 30, partitions=1)
        lags = [f"onward_consumer_lag_messages {group} 0 {topic}" for group, topic in read_by.items()]
        await bystander.until(lambda told: [told.get(lag) for lag in lags] == [0, 0])
        ends = (await bystander.looker.look(lambda topic: topic in {middle, target}, ())).ends

    assert sorted(ends.values()) > [30, 30], "marks of transactions are there, and count for nothing"


async def test_what_waits_when_the_broker_goes_waits_longer_while_it_is_away(
    private_stack: Callable[..., Stack],
) -> None:
    stack = private_stack(postgres=False)
    await make_topics(stack.kafka_bootstrap, "in", partitions=1)
    await write(stack.kafka_bootstrap, "in", some(5))
    lag, waits = "onward_consumer_lag_messages g.in 0 in", "onward_consumer_lag_seconds g.in in"
    async with watching(stack.kafka_bootstrap, Group("g.in", {"in": "in"})) as bystander:
        before = await bystander.until(lambda told: told.get(lag) == 5)
        stack.kafka.kill()
        away = await bystander.until(lambda told: told[waits] > before[waits] + 4)

    assert away[lag] == 5
    assert away["onward_lag_seen_timestamp_seconds "] == before["onward_lag_seen_timestamp_seconds "]
