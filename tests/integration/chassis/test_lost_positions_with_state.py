"""A service that keeps state, on topics other than those it knew, refuses; recovered, it doubles nothing."""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

import psycopg
import pytest

from integration.chassis import faults_of_positions as faults
from integration.chassis.living import Living, Note, living, make_topics, notes, read, settings, until, write
from onward.chassis.errors import ChassisError, DatabaseBehindError, PositionLostError
from onward.chassis.processing.hop import StatefulHop
from onward.chassis.record import Received
from onward.cli.offsets.shapes import HopTopics
from onward.contracts.outcome import Ignored, Outcome, Published


class Broker(Protocol):
    """The session's broker."""

    bootstrap: str


Connection = psycopg.AsyncConnection[Any]
TABLE = "create table if not exists seen (number int primary key)"


@dataclass
class Unit:
    """What was seen, and what is new."""

    known: set[int]
    new: list[int] = field(default_factory=list[int])


class Numbers:
    """Remembers numbers, so that a repeat is known by what it is about: as people and tracking do by ids."""

    async def load(self, connection: Connection, records: Sequence[Received[Note]]) -> Unit:
        await connection.execute(TABLE)
        numbers = [record.body.number for record in records]
        cursor = await connection.execute("select number from seen where number = any(%s)", [numbers])
        return Unit({number for (number,) in await cursor.fetchall()})

    async def save(self, connection: Connection, unit: Unit) -> None:
        await connection.execute("insert into seen select unnest(%s::int[])", [unit.new])


@dataclass
class Ledger:
    """A service that notes each number and passes it on; 0 to 9 are handled before anything goes wrong."""

    bootstrap: str
    database: str
    shape: HopTopics
    given: Any

    def running(self, *, ready: bool = True) -> AbstractAsyncContextManager[Living]:
        output = notes(self.shape.outputs[0])

        def decide(received: Received[Note], unit: Unit) -> Outcome:
            if received.body.number in unit.known:
                return Ignored("repeat")
            unit.known.add(received.body.number)
            unit.new.append(received.body.number)
            return Published((output.message(received.body, key=received.body.key),))

        hop = StatefulHop(notes(self.shape.inputs[0]), decide, store=Numbers())
        return living(self.shape.service, self.given, [hop], ready=ready)

    async def write(self, *numbers: int) -> None:
        await write(self.bootstrap, self.shape.inputs[0], [Note(key="k", number=number) for number in numbers])

    async def written(self, count: int, *, within: float = 20) -> list[Any]:
        return await read(self.bootstrap, self.shape.outputs[0], count, within=within, partitions=1)

    async def handle(self, count: int) -> None:
        """Start it, and stop it when so many messages are out and all records handled."""
        async with self.running() as service:
            assert service.process.fatal is None, service.process.fatal
            await self.written(count)
            await until(lambda: all(not held.claimed for held in service.process.flows[0].owned.values()))

    async def refuses(self, kind: type[ChassisError]) -> str:
        async with self.running(ready=False) as service:
            await until(lambda: service.process.fatal is not None)
        assert service.codes == [1]
        assert isinstance(service.process.fatal, kind)
        assert "onward offsets recover" in str(service.process.fatal)
        return str(service.process.fatal)

    def sql(self, *statements: str) -> None:
        with psycopg.connect(self.database, options=f"-c search_path={self.shape.service}") as connection:
            for statement in statements:
                connection.execute(statement)  # written here

    def back_up(self) -> None:
        self.sql(*(f"create table old_{name} as table {name}" for name in ("input_shard", "outbox", "seen")))

    def restore(self) -> None:
        for name in ("input_shard", "outbox", "seen"):
            self.sql(f"truncate {name}", f"insert into {name} table old_{name}")

    async def out(self, count: int) -> Counter[int]:
        found = await self.written(count + 1, within=1)
        return Counter(Note.model_validate_json(record.value).number for record in found)


@pytest.fixture
async def ledger(kafka: Broker, database: str, unique: Callable[[str], str]) -> Ledger:
    """One that has handled its first ten records, and was stopped."""
    name = unique("ledger")[:16].replace("-", "_").strip("_")
    shape = HopTopics(name, (unique("in"),), (unique("out"),), keeps_state=True)
    await make_topics(kafka.bootstrap, shape.inputs[0], shape.outputs[0], shape.parked, partitions=1)
    made = Ledger(kafka.bootstrap, database, shape, settings(kafka.bootstrap, database))
    await made.write(*range(10))
    await made.handle(10)
    return made


async def test_a_topic_restored_from_an_older_copy_is_read_again_and_repeats_are_dropped(ledger: Ledger) -> None:
    """It holds fewer records than the database has handled, and then new ones."""
    await faults.make_anew(ledger.bootstrap, ledger.shape.inputs[0])
    await ledger.write(0, 1, 2, 3)
    told = await ledger.refuses(PositionLostError)
    assert "is 10, but the log ends at 4" in told

    (plan,) = await faults.recover(ledger.bootstrap, ledger.shape, ledger.database)

    assert plan.offset == 0
    await ledger.write(10, 11)
    await ledger.handle(12)
    assert await ledger.out(12) == Counter(range(12))


async def test_another_log_that_is_long_enough_for_the_position_is_told_by_its_records(ledger: Ledger) -> None:
    await faults.make_anew(ledger.bootstrap, ledger.shape.inputs[0])
    await ledger.write(*range(20, 40))
    told = await ledger.refuses(PositionLostError)
    assert "other records stand in" in told

    (plan,) = await faults.recover(ledger.bootstrap, ledger.shape, ledger.database)

    assert plan.offset == 0
    await ledger.handle(30)
    assert await ledger.out(30) == Counter([*range(10), *range(20, 40)])


async def test_records_removed_before_they_were_read_are_counted_and_named(ledger: Ledger) -> None:
    await ledger.write(10, 11, 12)
    await faults.delete_records(ledger.bootstrap, ledger.shape.inputs[0], before=12)
    told = await ledger.refuses(PositionLostError)
    assert "up to 2 records were removed before they were read" in told

    (plan,) = await faults.recover(ledger.bootstrap, ledger.shape, ledger.database)

    assert (plan.offset, plan.removed_unread) == (12, 2)
    await ledger.handle(11)
    assert await ledger.out(11) == Counter([*range(10), 12])


async def test_a_database_older_than_the_topics_goes_on_with_the_same_ids_sent_again(ledger: Ledger) -> None:
    ledger.back_up()
    await ledger.write(*range(10, 16))
    await ledger.handle(16)
    ledger.restore()
    told = await ledger.refuses(DatabaseBehindError)
    assert "16 messages were published, it holds 10" in told

    (plan,) = await faults.recover(ledger.bootstrap, ledger.shape, ledger.database)

    assert (plan.offset, plan.standing.repeats, plan.fault.needs_repeats) == (10, 6, True)
    await ledger.write(16)
    await ledger.handle(23)
    found = await ledger.written(23)
    assert len(found) == 23
    assert len({dict(record.headers)["ce_id"] for record in found}) == 17, "a repeat must have the id of the first"


async def test_an_emptied_database_is_refused_and_begins_at_the_beginning(ledger: Ledger) -> None:
    ledger.sql("truncate input_shard", "truncate outbox", "truncate seen")
    await ledger.refuses(DatabaseBehindError)

    (plan,) = await faults.recover(ledger.bootstrap, ledger.shape, ledger.database)

    assert (plan.offset, plan.standing.repeats) == (0, 10)
    await ledger.handle(20)
    assert len({dict(record.headers)["ce_id"] for record in await ledger.written(20)}) == 10


async def test_a_database_newer_than_the_topics_says_how_many_messages_they_lack(ledger: Ledger) -> None:
    """The cluster is an older copy: of what the database published, it holds only a part."""
    group = f"{ledger.shape.group(ledger.shape.inputs[0])}.outbox"
    await faults.set_offset(ledger.bootstrap, group, ledger.shape.inputs[0], 7)
    (standing,) = await faults.look(ledger.bootstrap, ledger.shape, ledger.database)
    assert standing.gone == 3
    await ledger.write(10)
    await ledger.handle(11)
    assert await ledger.out(11) == Counter(range(11))


async def test_a_database_whose_position_holds_needs_no_offset_in_kafka(ledger: Ledger) -> None:
    await faults.delete_group(ledger.bootstrap, f"{ledger.shape.group(ledger.shape.inputs[0])}.outbox")
    await ledger.write(10)
    await ledger.handle(11)
    assert await ledger.out(11) == Counter(range(11))
    assert await faults.recover(ledger.bootstrap, ledger.shape, ledger.database) == []
