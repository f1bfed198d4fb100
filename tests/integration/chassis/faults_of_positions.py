"""What can happen to the position of a group and to the log it stands in, done on a real broker."""

import asyncio
import shutil
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from aiokafka.errors import for_code
from aiokafka.protocol.admin import DeleteGroupsRequest

from installation_keys import ID_KEY
from integration.chassis.living import Note, make_topics
from onward.cli.offsets.applying import Applying
from onward.cli.offsets.looking import standings
from onward.cli.offsets.planning import PartitionPosition, Plan, plan
from onward.cli.offsets.shapes import HopTopics
from onward.local import broker
from onward.local.kafka import KafkaServer


@asynccontextmanager
async def admin(bootstrap: str) -> AsyncGenerator[AIOKafkaAdminClient]:
    """An administrator's connection."""
    client = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await client.start()
    try:
        yield client
    finally:
        await client.close()


async def delete_group(bootstrap: str, group: str) -> None:
    """What `kafka-consumer-groups --delete` does; to the service it looks like offsets that expired."""
    async with admin(bootstrap) as client:
        coordinator = await client.find_coordinator(group)
        # The client has no method for it.
        response: Any = await client._send_request(DeleteGroupsRequest([group]), coordinator)
        for _, code in response.results:
            if code:
                raise for_code(code)(group)


def empty_the_offsets(kafka: KafkaServer) -> None:
    """Every group's offsets are gone with the files in which the broker keeps them."""
    kafka.kill()
    logs = list((kafka.log.parent / "data").glob("__consumer_offsets-*"))
    assert logs
    for log in logs:
        shutil.rmtree(log)
    kafka.start()


def keep_offsets_for_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """Brokers that are started from here on forget the offsets of a group that has had no member for so long."""
    write = broker.write_properties

    def forgetful(path: Path, *, port: int, controller_port: int, data: Path) -> None:
        write(path, port=port, controller_port=controller_port, data=data)
        with path.open("a") as properties:
            properties.write("\noffsets.retention.minutes=1\noffsets.retention.check.interval.ms=1000\n")

    monkeypatch.setattr(broker, "write_properties", forgetful)


async def committed(bootstrap: str, group: str, topic: str) -> int | None:
    """What the broker still knows of a group without members."""
    async with admin(bootstrap) as client:
        found = await client.list_consumer_group_offsets(group, partitions=[TopicPartition(topic, 0)])
    (position,) = found.values()
    return position.offset if position.offset >= 0 else None


async def delete_records(bootstrap: str, topic: str, *, before: int, partition: int = 0) -> None:
    """What retention does."""
    async with admin(bootstrap) as client:
        await client.delete_records({TopicPartition(topic, partition): RecordsToDelete(before_offset=before)})


async def delete_topic(bootstrap: str, topic: str) -> None:
    """Gone, and gone from the broker's lists."""
    async with admin(bootstrap) as client:
        await client.delete_topics([topic])
        while topic in await client.list_topics():  # noqa: ASYNC110 - the broker tells nobody
            await asyncio.sleep(0.05)


async def make_anew(bootstrap: str, topic: str) -> None:
    """As somebody does by hand: nobody commits first offsets."""
    await delete_topic(bootstrap, topic)
    await make_topics(bootstrap, topic, partitions=1)


async def set_offset(bootstrap: str, group: str, topic: str, offset: int) -> None:
    """Commit an offset for a group without members."""
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, group_id=group, enable_auto_commit=False)
    await consumer.start()
    try:
        consumer.assign([TopicPartition(topic, 0)])
        await consumer.commit({TopicPartition(topic, 0): offset})
    finally:
        await consumer.stop()


async def set_offset_of_active(bootstrap: str, group: str, topic: str, offset: int) -> None:
    """The same while a process of the group works: only a transaction may."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, transactional_id=f"set-{group}")
    await producer.start()
    try:
        async with producer.transaction():
            await producer.send_offsets_to_transaction({TopicPartition(topic, 0): offset}, group)
    finally:
        await producer.stop()


async def write_in_a_transaction(bootstrap: str, topic: str, note: Note) -> None:
    """One record, and the mark of its transaction after it."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, transactional_id=f"write-{topic}")
    await producer.start()
    try:
        async with producer.transaction():
            await producer.send_and_wait(topic, note.model_dump_json().encode(), key=note.key.encode())
    finally:
        await producer.stop()


async def look(bootstrap: str, shape: HopTopics, database: str | None = None) -> list[PartitionPosition]:
    """What `onward offsets show` looks at."""
    return await standings(bootstrap, shape, database_url=database, id_key=ID_KEY)


async def recover(bootstrap: str, shape: HopTopics, database: str | None = None) -> Sequence[Plan]:
    """What `onward offsets recover --apply --repeat-messages` does."""
    plans = [made for each in await look(bootstrap, shape, database) if (made := plan(each)) is not None]
    applying = Applying(bootstrap, shape.service, database)
    try:
        for each in plans:
            await applying.apply(each)
    finally:
        await applying.close()
    return plans
