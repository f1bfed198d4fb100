"""A record that is lost, doubled or stuck between two services shows, across their restarts; and then not for ever."""

from collections.abc import Callable
from typing import Protocol

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from integration.chassis.bystander import watching
from integration.chassis.living import Note, living, make_topics, notes, read, settings, write, writing
from onward.chassis import clock
from onward.chassis.kafka.looking import Looker
from onward.chassis.observability import balance, openings
from onward.chassis.observability.balance import Opening
from onward.chassis.processing.groups import Group
from onward.chassis.processing.hop import StatelessHop
from onward.chassis.processing.redriving import REDRIVEN
from onward.chassis.record import Received
from onward.contracts.outcome import Outcome, Published


class Broker(Protocol):
    """The session's broker."""

    bootstrap: str


def some(count: int) -> list[Note]:
    return [Note(key="k", number=number) for number in range(count)]


def on(target: str) -> Callable[..., Outcome]:
    output = notes(target)

    def decide(received: Received[Note]) -> Outcome:
        return Published((output.message(received.body, key=received.body.key),))

    return decide


async def test_what_is_lost_doubled_or_stuck_between_two_services_shows(
    kafka: Broker, unique: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(balance, "IN_HAND_SECONDS", 3.0)
    monkeypatch.setattr(balance, "SETTLED_SECONDS", 0.5)
    one, two = unique("one")[:40], unique("two")[:40]
    source, middle, target = unique("in"), unique("mid"), unique("out")
    await make_topics(kafka.bootstrap, source, middle, target, f"parked.{one}", f"parked.{two}", partitions=1)
    given = settings(kafka.bootstrap, watch_every_s=1)
    later = settings(kafka.bootstrap, watch_every_s=1)
    both = Group(f"{one}.{source}", {source: source}), Group(f"{two}.{middle}", {middle: middle})
    missing = f"onward_unaccounted_events {middle}"

    async with watching(kafka.bootstrap, *both, booked=(middle,)) as bystander:

        async def comes_to(records: int) -> None:
            await bystander.until(lambda told: told.get(missing) == records)

        async with living(one, given, [StatelessHop(notes(source), on(middle))]):
            async with living(two, later, [StatelessHop(notes(middle), on(target))]):
                await write(kafka.bootstrap, source, some(10))
                await read(kafka.bootstrap, target, 10, partitions=1)
                await comes_to(0)
            # Nobody reads: what is written now is stuck.
            await write(kafka.bootstrap, source, some(4))
            await comes_to(4)
        # And lost for good: two of the four are passed over. Both services are new processes from here on.
        await _skip(kafka.bootstrap, f"{two}.{middle}", middle, to=13)
        given, later = (settings(kafka.bootstrap, watch_every_s=1) for _ in range(2))
        async with (
            living(one, given, [StatelessHop(notes(source), on(middle))]),
            living(two, later, [StatelessHop(notes(middle), on(target))]),
        ):
            await comes_to(2)
            await _begin(bystander.looker, middle, difference=2)
            await comes_to(0)
            # A stranger, or a hop that did its work twice, wrote three.
            await write(kafka.bootstrap, middle, some(3))
            await comes_to(-3)
            await _begin(bystander.looker, middle, difference=-1)
            await comes_to(0)
            # What is put back by hand was counted before.
            async with writing(kafka.bootstrap) as producer:
                body = Note(key="k", number=1).model_dump_json().encode()
                await producer.send_and_wait(middle, body, key=b"k", headers=[(REDRIVEN, b"parked.x/0/1")])
            assert len(await read(kafka.bootstrap, target, 16, partitions=1)) == 16
            told = await bystander.until(
                lambda told: told[f"onward_consumer_lag_messages {two}.{middle} 0 {middle}"] == 0
            )
            assert told[missing] == 0
            assert told[f"onward_uncounted_records {two}.{middle}"] == 0


async def _begin(looker: Looker, topic: str, *, difference: int) -> None:
    await openings.note(looker, topic, Opening(clock.epoch(), difference, clock.epoch()))


async def _skip(bootstrap: str, group: str, topic: str, *, to: int) -> None:
    """As a fault of ours would: the group's position moves, and says nothing of what it passed."""
    place = TopicPartition(topic, 0)
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, group_id=group, enable_auto_commit=False)
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    await consumer.start()
    try:
        noted = (await admin.list_consumer_group_offsets(group, partitions=[place]))[place]
        assert noted.offset < to
        consumer.assign([place])
        await consumer.commit({place: (to, noted.metadata)})
    finally:
        await consumer.stop()
        await admin.close()
