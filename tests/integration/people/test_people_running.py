"""People as a process, on real Kafka and PostgreSQL: contacts in, sealed situations out."""

import asyncio
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass

import psycopg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from installation_keys import local_keys
from onward.chassis.kafka import admin
from onward.chassis.kafka.admin import create_topics
from onward.chassis.security import keyring, sealing
from onward.contracts.contact import Contact
from onward.contracts.situation import Situation
from onward.local import deployment
from onward.local.service_spec import ServiceSpec
from onward.local.services import Services
from onward.local.stack import Stack
from unit.people.people_builders import a_contact, a_link, a_release, a_screening, named

NOMS = "NOMS A1234BC"


@dataclass(frozen=True)
class Running:
    """Where people is running."""

    bootstrap: str
    database: str
    variables: Mapping[str, str]


@pytest.fixture
def running(private_stack: Callable[..., Stack]) -> Generator[Running]:
    stack = private_stack()
    asyncio.run(create_topics(stack.kafka_bootstrap, admin.topic_specs([])))
    environment = {**stack.variables, **deployment.local_secrets(None, {})}
    with Services([ServiceSpec("people")], directory=stack.directory / "logs", env=environment):
        yield Running(stack.kafka_bootstrap, stack.database_url, environment)


async def send(running: Running, *contacts: Contact) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=running.bootstrap)
    await producer.start()
    try:
        for contact in contacts:
            # One key, one partition: the order of a story is the order it is told in.
            await producer.send_and_wait("contacts", contact.model_dump_json().encode(), key=b"a story")
    finally:
        await producer.stop()


async def receive(running: Running, topic: str, count: int) -> list[tuple[str, bytes]]:
    """Key and value of the first *count* records of a topic."""
    consumer = AIOKafkaConsumer(
        topic, bootstrap_servers=running.bootstrap, auto_offset_reset="earliest", isolation_level="read_committed"
    )
    await consumer.start()
    try:
        async with asyncio.timeout(60):
            records = [await consumer.getone() for _ in range(count)]
    finally:
        await consumer.stop()
    return [((record.key or b"").decode(), record.value or b"") for record in records]


async def test_a_person_s_whole_way(running: Running) -> None:
    release = a_release("release", NOMS, day=5)
    await send(
        running,
        release,
        release,
        a_contact("licence", "CRN X123456", day=6, name="Test Person-0001"),
        a_link("number added", "same", NOMS, "CRN X123456", day=7),
        a_screening("late screening", NOMS, day=2, needs={"accommodation": 3}),
        a_screening("answer to nothing", day=8, in_reply_to=named("never told")),
        a_screening("answer", day=9, in_reply_to=named("release"), needs={"mental_health": 2}),
    )
    records = await receive(running, "situations", 7)
    told = [(key, Situation.model_validate_json(value)) for key, value in records]
    assert all(key == situation.person for key, situation in told)
    # Two persons' situations may be on two partitions, between which there is no order.
    (stranger,) = (one for _, one in told if (one.contact_id, one.revision) == (named("licence"), 1))
    known = [one for _, one in told if one is not stranger]
    assert [(situation.contact_id, situation.revision) for situation in known] == [
        (named("release"), 1),
        (named("number added"), 1),
        (named("licence"), 2),  # now the same person's as the release
        (named("late screening"), 1),
        (named("licence"), 3),  # now with what the screening found
        (named("answer"), 1),
    ]
    first, last = known[0], known[-1]
    assert stranger.person != first.person
    assert {situation.person for situation in known} == {first.person}
    assert [situation.formerly for situation in known] == [(), *[(stranger.person,)] * 5]
    assert last.facts["needs.accommodation"] == 3
    assert last.facts["custody.status"] == "released"
    assert last.identity_fields == ("name", "identifiers.NOMS", "identifiers.CRN")

    async with await psycopg.AsyncConnection.connect(running.database) as connection:
        master, _ = local_keys(dict(running.variables))
        keys = await keyring.keys_for(connection, [last.person], master=master)
    opened = sealing.open_sealed(keys[last.person], last.person, last.sealed)
    assert opened.name == "Test Person-0001"
    assert not any(b"Test Person-0001" in value or b"A1234BC" in value for _, value in records)
    assert len(await receive(running, "parked.people", 1)) == 1
