"""Partitions that are added: read within a minute, by writers of ours used only once nobody's order can suffer."""

import asyncio
from collections.abc import Callable
from typing import Protocol

import pytest
from aiokafka.admin import NewPartitions

from integration.chassis.faults_of_positions import admin
from integration.chassis.living import (
    Note,
    living,
    make_topics,
    notes,
    pass_marks,
    read,
    settings,
    until,
    write,
    writing,
)
from onward.chassis.kafka.admin import TopicSpec
from onward.chassis.processing.hop import StatelessHop
from onward.chassis.record import Received
from onward.cli.offsets.adding import TopicNotQuietError, add_partitions
from onward.cli.offsets.shapes import HopTopics
from onward.contracts.outcome import Outcome, Published


class Broker(Protocol):
    """The session's broker."""

    bootstrap: str


async def test_a_partition_added_to_a_running_service_is_read_from_its_first_record_within_a_minute(
    kafka: Broker, unique: Callable[[str], str]
) -> None:
    name, source, target = unique("svc")[:40], unique("in"), unique("out")
    await make_topics(kafka.bootstrap, source, target, f"parked.{name}", partitions=1)
    output = notes(target)

    def decide(received: Received[Note]) -> Outcome:
        return Published((output.message(received.body, key=received.body.key),))

    async with living(name, settings(kafka.bootstrap), [StatelessHop(notes(source), decide)]) as service:
        await write(kafka.bootstrap, source, [Note(key="k", number=0)])
        await read(kafka.bootstrap, target, 1, partitions=1)
        async with admin(kafka.bootstrap) as client:
            await client.create_partitions({source: NewPartitions(total_count=2)})
        async with writing(kafka.bootstrap) as producer:
            # A partner's client may see the partition before we do.
            for number in (1, 2):
                await producer.send_and_wait(
                    source, Note(key="k", number=number).model_dump_json().encode(), partition=1
                )
        found = await read(kafka.bootstrap, target, 3, partitions=1, within=60)
        assert service.process.fatal is None
        await until(lambda: len(service.process.flows[0].owned) == 2)
        async with asyncio.timeout(60):
            while not any(_is_the_new_one(series, source) for series in await service.metrics()):  # noqa: ASYNC110 - see below
                await asyncio.sleep(0.5)  # nobody tells when the watch has looked again

    assert sorted(Note.model_validate_json(record.value).number for record in found) == [0, 1, 2]


def _is_the_new_one(series: str, topic: str) -> bool:
    return series.startswith("onward_consumer_lag_messages") and topic in series and 'partition="1"' in series


async def test_partitions_are_added_to_what_services_write_only_when_it_was_read_and_nobody_writes(
    kafka: Broker, unique: Callable[[str], str]
) -> None:
    first, second = unique("first")[:30], unique("second")[:30]
    source, middle, target = unique("in"), unique("mid"), unique("out")
    await make_topics(kafka.bootstrap, source, middle, target, f"parked.{first}", f"parked.{second}", partitions=1)
    shapes = [HopTopics(first, (source,), (middle,)), HopTopics(second, (middle,), (target,))]
    more = {middle: TopicSpec(3, read_by=(shapes[1].group(middle),))}

    def hop(reads: str, writes: str) -> StatelessHop:
        output = notes(writes)
        return StatelessHop(
            notes(reads), lambda received: Published((output.message(received.body, key=received.body.key),))
        )

    await write(kafka.bootstrap, source, [Note(key=f"k{number}", number=number) for number in range(5)])
    async with living(first, settings(kafka.bootstrap), [hop(source, middle)]):
        await read(kafka.bootstrap, middle, 5, partitions=1)
        with pytest.raises(TopicNotQuietError, match=f"{first} writes to {middle} and is running"):
            await add_partitions(kafka.bootstrap, more, shapes, database_url=None)
    with pytest.raises(TopicNotQuietError, match=f"{second} has not read {middle}/0 to its end"):
        await add_partitions(kafka.bootstrap, more, shapes, database_url=None)
    async with living(second, settings(kafka.bootstrap), [hop(middle, target)]) as reader:
        await read(kafka.bootstrap, target, 5, partitions=1)
        await pass_marks(reader)
        assert await add_partitions(kafka.bootstrap, more, shapes, database_url=None) == [middle]
        await write(kafka.bootstrap, source, [Note(key=f"k{number}", number=5 + number) for number in range(5)])
        async with living(first, settings(kafka.bootstrap), [hop(source, middle)]):
            found = await read(kafka.bootstrap, target, 10, partitions=1, within=60)
        assert reader.process.fatal is None

    numbers = [Note.model_validate_json(record.value).number for record in found]
    assert sorted(numbers) == list(range(10))
    assert all(numbers.index(number) < numbers.index(5 + number) for number in range(5)), "each key in its order"
