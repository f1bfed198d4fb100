"""The stateful hop on real servers: what a record's own data, a clash or a wrong database can and cannot do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import psycopg
from psycopg import errors

from installation_keys import MENDING
from integration.chassis.living import Note, living, make_topics, notes, read, settings, until, write
from onward.chassis.errors import DatabaseBehindError
from onward.chassis.observability.metrics import Counted
from onward.chassis.processing.hop import StatefulHop
from onward.chassis.processing.parking import unseal
from onward.chassis.record import Received
from onward.contracts.outcome import Noted, Outcome, Published
from onward.contracts.topics import Topic


class Broker(Protocol):
    """The session's broker."""

    bootstrap: str


Connection = psycopg.AsyncConnection[Any]
TABLE = "create table if not exists seen (number int primary key check (number <> 13), times int not null)"


@dataclass
class Unit:
    """The numbers of a batch."""

    numbers: list[int] = field(default_factory=list[int])


class Numbers:
    """Notes numbers; cannot hold the 13; may fail a few times first."""

    def __init__(self, failures: Sequence[Exception] = ()) -> None:
        self.failures = list(failures)

    async def load(self, connection: Connection, records: Sequence[Received[Note]]) -> Unit:  # noqa: ARG002 - the port names it
        await connection.execute(TABLE)
        return Unit()

    async def save(self, connection: Connection, unit: Unit) -> None:
        if self.failures:
            raise self.failures.pop(0)
        await connection.execute(
            "insert into seen select number, 1 from unnest(%s::int[]) as given (number)"
            " on conflict (number) do update set times = seen.times + 1",
            [unit.numbers],
        )


def hop(source: str, output: Topic[Note], store: Numbers) -> StatefulHop[Note, Unit]:
    def decide(received: Received[Note], unit: Unit) -> Outcome:
        if received.body.number == 7:
            raise ValueError("seven")
        body = received.body
        if body.number == 5:
            body = Note(key=body.key, number=5, text="x" * 1_100_000)
        message = output.message(body, key=received.body.key)
        unit.numbers.append(received.body.number)
        return Published((message,))

    return StatefulHop(notes(source), decide, store=store)


def seen(database: str, schema: str) -> dict[int, int]:
    with psycopg.connect(database) as connection:
        rows = connection.execute(f'select number, times from "{schema}".seen').fetchall()  # a name of this test
    return dict(rows)


def some(count: int) -> list[Note]:
    return [Note(key=f"k{number % 5}", number=number) for number in range(count)]


async def test_a_record_that_breaks_the_store_or_its_own_message_is_parked_alone_and_leaves_no_trace(
    kafka: Broker, database: str, unique: Callable[[str], str]
) -> None:
    name, source, target = "breaking", unique("in"), unique("out")
    await make_topics(kafka.bootstrap, source, target, f"parked.{name}")
    await write(kafka.bootstrap, source, some(20))

    async with living(name, settings(kafka.bootstrap, database), [hop(source, notes(target), Numbers())]) as service:
        found = await read(kafka.bootstrap, target, 17)
        parked = await read(kafka.bootstrap, f"parked.{name}", 3)
        await until(lambda: not service.process.health.hindrances())
        metrics = await service.metrics()

    assert sorted(Note.model_validate_json(record.value).number for record in found) == [
        n for n in range(20) if n not in {5, 7, 13}
    ]
    originals = {
        dict(each.headers)["reason"]: unseal([MENDING], each.topic, each.value, dict(each.headers)).value
        for each in parked
    }
    assert {reason: Note.model_validate_json(value or b"").number for reason, value in originals.items()} == {
        b"handler_error": 7,
        b"store_error": 13,
        b"output_too_large": 5,
    }
    assert seen(database, name) == {n: 1 for n in range(20) if n not in {5, 7, 13}}
    assert metrics[f'onward_events_received_total{{service="{name}",topic="{source}"}}'] == 20
    assert metrics[f'onward_outbox_depth{{service="{name}",topic="{source}"}}'] == 0


async def test_a_clash_of_transactions_is_tried_again_and_applied_once(
    kafka: Broker, database: str, unique: Callable[[str], str]
) -> None:
    name, source, target = "clashing", unique("in"), unique("out")
    await make_topics(kafka.bootstrap, source, target, f"parked.{name}", partitions=1)
    await write(kafka.bootstrap, source, [Note(key="k", number=number) for number in (1, 2, 3)])
    store = Numbers([errors.DeadlockDetected(), errors.SerializationFailure()])

    async with living(name, settings(kafka.bootstrap, database), [hop(source, notes(target), store)]):
        found = await read(kafka.bootstrap, target, 3, partitions=1)

    assert [Note.model_validate_json(record.value).number for record in found] == [1, 2, 3]
    assert store.failures == []
    assert seen(database, name) == {1: 1, 2: 1, 3: 1}


async def test_a_lost_session_is_replaced_and_everything_is_applied_once(
    kafka: Broker, database: str, unique: Callable[[str], str]
) -> None:
    name, source, target = "losing", unique("in"), unique("out")
    await make_topics(kafka.bootstrap, source, target, f"parked.{name}")
    numbers = [number for number in range(60) if number not in {5, 7, 13}]
    await write(kafka.bootstrap, source, [Note(key=f"k{n % 5}", number=n) for n in numbers])
    store = Numbers([errors.AdminShutdown(), psycopg.OperationalError("connection lost")])

    async with living(name, settings(kafka.bootstrap, database, batch_records=10), [hop(source, notes(target), store)]):
        found = await read(kafka.bootstrap, target, len(numbers))

    assert sorted(Note.model_validate_json(record.value).number for record in found) == numbers
    assert seen(database, name) == dict.fromkeys(numbers, 1)


async def test_what_a_batch_notes_is_counted_once_however_often_it_is_tried(
    kafka: Broker, database: str, unique: Callable[[str], str]
) -> None:
    name, source, target = "counting", unique("in"), unique("out")
    await make_topics(kafka.bootstrap, source, target, f"parked.{name}", partitions=1)
    await write(kafka.bootstrap, source, [Note(key="k", number=number) for number in range(20, 60)])
    tried: list[int] = []

    def decide(received: Received[Note], unit: Unit) -> Outcome:
        tried.append(received.body.number)
        unit.numbers.append(received.body.number)
        return Published(noted=(Noted("onward_test_seen"),))

    # After every decision of the batch, and before its commit.
    store = Numbers([errors.AdminShutdown(), psycopg.OperationalError("connection lost")])
    counters = [Counted("onward_test_seen", "Notes that were handled.")]
    hops = [StatefulHop(notes(source), decide, store=store)]
    async with living(name, settings(kafka.bootstrap, database), hops, counters=counters) as service:
        await until(lambda: [held.next_offset for held in service.process.flows[0].owned.values()] == [40])
        metrics = await service.metrics()
    assert len(seen(database, name)) == 40
    assert len(tried) > 40, "nothing was tried twice"
    assert [value for sample, value in metrics.items() if sample.startswith("onward_test_seen_total")] == [40.0]


async def test_a_database_that_is_older_than_the_topics_is_refused(
    kafka: Broker, database: str, unique: Callable[[str], str]
) -> None:
    name, source, target = "older", unique("in"), unique("out")
    await make_topics(kafka.bootstrap, source, target, f"parked.{name}", partitions=1)
    await write(kafka.bootstrap, source, some(5))
    hops = [hop(source, notes(target), Numbers())]
    async with living(name, settings(kafka.bootstrap, database), hops):
        await read(kafka.bootstrap, target, 4, partitions=1)
    with psycopg.connect(database) as connection:
        connection.execute(f"drop schema {name} cascade")

    async with living(name, settings(kafka.bootstrap, database), hops, ready=False) as service:
        await until(lambda: service.process.fatal is not None)

    assert service.codes == [1]
    assert isinstance(service.process.fatal, DatabaseBehindError)
    assert "older than the topics" in str(service.process.fatal)
    assert len(await read(kafka.bootstrap, target, 9, within=2, partitions=1)) == 5


async def test_a_topic_that_was_made_anew_under_a_database_is_refused(
    kafka: Broker, database: str, unique: Callable[[str], str]
) -> None:
    name, source, target = "anew", unique("in"), unique("out")
    await make_topics(kafka.bootstrap, source, target, f"parked.{name}", partitions=1)
    await write(kafka.bootstrap, source, some(3))
    hops = [hop(source, notes(target), Numbers())]
    async with living(name, settings(kafka.bootstrap, database), hops):
        await read(kafka.bootstrap, target, 3, partitions=1)
    with psycopg.connect(database) as connection:
        connection.execute(f"update {name}.input_shard set next_offset = 100")

    async with living(name, settings(kafka.bootstrap, database), hops, ready=False) as service:
        await until(lambda: service.process.fatal is not None)

    assert service.codes == [1]
    assert "made anew" in str(service.process.fatal)


async def test_rows_left_in_the_outbox_are_published_by_the_next_owner_in_order(
    kafka: Broker, database: str, unique: Callable[[str], str]
) -> None:
    name, source, target = "leaving", unique("in"), unique("out")
    await make_topics(kafka.bootstrap, source, target, f"parked.{name}", partitions=1)
    await write(kafka.bootstrap, source, some(5))
    hops = [hop(source, notes(target), Numbers())]
    async with living(name, settings(kafka.bootstrap, database), hops):
        await read(kafka.bootstrap, target, 5, partitions=1)
    with psycopg.connect(database) as connection:
        connection.execute(f"set search_path = {name}")
        connection.execute(
            "insert into outbox select consumer_group, topic, partition, next_sequence + n, %s, 'k', convert_to("
            """'{"key": "k", "number": ' || (100 + n) || '}', 'utf8'), '[["a", "b"]]' """
            "from input_shard, generate_series(0, 4) as n",
            [target],
        )
        connection.execute("update input_shard set next_sequence = next_sequence + 5")

    async with living(name, settings(kafka.bootstrap, database), hops) as service:
        found = await read(kafka.bootstrap, target, 10, partitions=1)
        await until(lambda: not service.process.health.hindrances())

    assert [Note.model_validate_json(record.value).number for record in found[5:]] == [100, 101, 102, 103, 104]
    assert found[-1].headers == (("a", b"b"),)
    with psycopg.connect(database) as connection:
        assert connection.execute(f"select count(*) from {name}.outbox").fetchone() == (0,)
