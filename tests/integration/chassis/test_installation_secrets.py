"""
No process works with other secrets than its installation was made with, whoever is first and whatever was lost.

What services do about it is in test_wrong_secrets_running.py.
"""

import asyncio
import gc
import os
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from aiokafka import AIOKafkaProducer
from psycopg.conninfo import make_conninfo

from installation_keys import REFERENCE
from onward.chassis.errors import ChassisError, SecretsDifferError
from onward.chassis.kafka import admin, patches
from onward.chassis.kafka.admin import create_topics
from onward.chassis.kafka.connection import KafkaConnection
from onward.chassis.kafka.producers import publish
from onward.chassis.record import EncodedRecord
from onward.chassis.security import installation, keyring, sealing
from onward.chassis.security.envelope import Use
from onward.chassis.security.fingerprints import VARIABLES, Noted, Secrets, missing
from onward.chassis.security.wrapping import LocalKeys
from onward.contracts import topics
from onward.local.stack import DATABASE_VARIABLE, KAFKA_VARIABLE, Stack

TOPIC = topics.INSTALLATION.name
RIGHT = Secrets({"pepper": (b"p" * 32,), "master-key": (b"k" * 32,)})
WRONG = Secrets({"pepper": (b"q" * 32,), "master-key": (b"x" * 32,)})


@dataclass(frozen=True)
class Servers:
    """Kafka with the topic, and PostgreSQL; nothing is noted."""

    kafka: installation.Kafka
    database: str


@pytest.fixture(scope="module")
def shared() -> Generator[Servers]:
    environ = {name: value for name, value in os.environ.items() if name not in {KAFKA_VARIABLE, DATABASE_VARIABLE}}
    with Stack(environ=environ) as stack:
        patches.install()
        asyncio.run(create_topics(stack.kafka_bootstrap, {TOPIC: admin.topic_specs([])[TOPIC]}))
        yield Servers(installation.Kafka(KafkaConnection(stack.kafka_bootstrap), "test", 20), stack.database_url)


@pytest.fixture
async def servers(shared: Servers) -> Servers:
    await forget(shared)
    return shared


async def write(servers: Servers, *records: tuple[str, bytes | None]) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=servers.kafka.connection.bootstrap)
    await producer.start()
    try:
        for key, value in records:
            await producer.send_and_wait(TOPIC, value, key=key.encode())
    finally:
        await producer.stop()


async def as_owner(servers: Servers, *statements: str) -> None:
    async with await psycopg.AsyncConnection.connect(servers.database, autocommit=True) as connection:
        for statement in statements:
            await connection.execute(statement.encode())


async def forget(servers: Servers) -> None:
    """As if nothing had ever been noted."""
    await forget_the_topic(servers)
    await as_owner(servers, "drop schema if exists keyring cascade")


async def forget_the_topic(servers: Servers) -> None:
    await write(servers, *((name, None) for name in VARIABLES))


async def standing(servers: Servers) -> Noted:
    """What the topic says once it says both: a commit is seen a moment after it was made."""
    async with asyncio.timeout(20):
        while True:
            noted = await installation.noted_on_topic(servers.kafka)
            if not missing(RIGHT, noted):
                return noted


async def outcomes(servers: Servers, *starters: tuple[Secrets, str | None]) -> list[bool]:
    """Start them together, each with its database if it has one; whether each was let through or refused."""

    async def start(secrets: Secrets, url: str | None) -> bool:
        try:
            await installation.check(secrets, servers.kafka, url)
        except SecretsDifferError:
            return False
        return True

    return await asyncio.gather(*(start(*each) for each in starters))


async def test_of_two_first_starters_with_different_secrets_exactly_one_is_let_through(servers: Servers) -> None:
    for attempt in range(12):
        await forget(servers)
        # Without a database, with one, and one of each.
        urls = [(None, None), (servers.database, servers.database), (servers.database, None)][attempt % 3]
        first, second = (Secrets(RIGHT.values), urls[0]), (Secrets(WRONG.values), urls[1])
        if attempt % 2:
            first, second = second, first
        through = await outcomes(servers, first, second)
        assert sorted(through) == [False, True], f"attempt {attempt}"
        winner, loser = (first, second) if through[0] else (second, first)
        assert await outcomes(servers, (winner[0], servers.database)) == [True]
        assert await outcomes(servers, (loser[0], None)) == [False]
        assert await outcomes(servers, (loser[0], servers.database)) == [False]


async def test_who_found_nothing_noted_and_was_overtaken_before_noting_anything_is_refused(
    servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    about_to, go_on = asyncio.Event(), asyncio.Event()

    async def held_up(producer: AIOKafkaProducer, outputs: Sequence[EncodedRecord]) -> None:
        if not about_to.is_set():
            about_to.set()
            await go_on.wait()
        await publish(producer, outputs)

    monkeypatch.setattr(installation, "publish", held_up)
    overtaken = asyncio.create_task(installation.check(WRONG, servers.kafka, servers.database))
    await about_to.wait()
    await installation.check(RIGHT, servers.kafka, servers.database)
    noted = await standing(servers)
    go_on.set()
    complaints: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    with pytest.raises(SecretsDifferError):
        await overtaken
    gc.collect()
    assert complaints == [], "an error that nobody looked at fills the log of a first start"
    assert await standing(servers) == noted
    assert await installation.noted_in_database(servers.database) == noted


async def test_many_first_starters_with_the_same_secrets_are_all_let_through_and_note_one_thing(
    servers: Servers,
) -> None:
    starters = [(Secrets(RIGHT.values), servers.database if number % 2 else None) for number in range(6)]
    assert await outcomes(servers, *starters) == [True] * 6
    on_topic = await standing(servers)
    in_database = await installation.noted_in_database(servers.database)
    assert on_topic == in_database
    assert set(on_topic) == set(RIGHT.values)


async def test_what_the_topic_lost_is_noted_again_as_the_database_has_it_and_the_other_way_round(
    servers: Servers,
) -> None:
    await installation.check(RIGHT, servers.kafka, servers.database)
    noted = await standing(servers)
    await forget_the_topic(servers)
    assert await installation.noted_on_topic(servers.kafka) == {}
    assert await outcomes(servers, (WRONG, servers.database)) == [False]
    assert await installation.noted_on_topic(servers.kafka) == {}, "who is refused notes nothing"
    await installation.check(RIGHT, servers.kafka, servers.database)
    assert await standing(servers) == noted

    await as_owner(servers, "delete from keyring.secret_fingerprint")
    await installation.check(RIGHT, servers.kafka, servers.database)
    assert await installation.noted_in_database(servers.database) == noted


async def test_topics_of_one_installation_and_a_database_of_another_are_refused_and_both_named(
    servers: Servers,
) -> None:
    await installation.check(RIGHT, servers.kafka, servers.database)
    await forget_the_topic(servers)
    await installation.check(WRONG, servers.kafka, None)
    for secrets in (RIGHT, WRONG):
        with pytest.raises(SecretsDifferError, match="two installations"):
            await installation.check(secrets, servers.kafka, servers.database)


async def a_database_from_before(servers: Servers) -> None:
    """Person keys, and no fingerprints."""
    async with await psycopg.AsyncConnection.connect(servers.database, autocommit=True) as connection:
        await keyring.prepare(connection)
        await keyring.keep(
            connection,
            {"ab" * 16: sealing.new_key()},
            master=LocalKeys(Use.PERSON_KEY, RIGHT.values["master-key"]),
            reference=REFERENCE,
        )
        await connection.execute("drop table keyring.secret_fingerprint")


async def test_a_master_key_that_opens_nothing_of_an_older_installation_is_not_believed(servers: Servers) -> None:
    await a_database_from_before(servers)
    for _ in range(2):
        with pytest.raises(SecretsDifferError, match="does not open the person keys"):
            await installation.check(WRONG, servers.kafka, servers.database)
    assert await installation.noted_on_topic(servers.kafka) == {}
    assert await installation.noted_in_database(servers.database) == {}

    await installation.check(RIGHT, servers.kafka, servers.database)
    assert set(await installation.noted_in_database(servers.database)) == set(RIGHT.values)


async def test_a_user_who_may_only_read_the_keyring_compares_and_leaves_the_noting_to_people(
    servers: Servers,
) -> None:
    await a_database_from_before(servers)
    await as_owner(
        servers,
        "create role reader login password 'reader'",
        "grant usage on schema keyring to reader",
        "grant select on keyring.person_key to reader",
    )
    reader = make_conninfo(servers.database, user="reader", password="reader")
    with pytest.raises(SecretsDifferError):
        await installation.check(WRONG, servers.kafka, reader)
    await installation.check(RIGHT, servers.kafka, reader)
    await installation.check(RIGHT, servers.kafka, servers.database)
    with pytest.raises(ChassisError, match="grant it select"):
        await installation.check(RIGHT, servers.kafka, reader)
    await as_owner(servers, "grant select on keyring.secret_fingerprint to reader")
    await installation.check(RIGHT, servers.kafka, reader)
    with pytest.raises(SecretsDifferError, match="ONWARD_MASTER_KEY and ONWARD_PEPPER"):
        await installation.check(WRONG, servers.kafka, reader)


async def test_what_nobody_of_us_has_written_on_the_topic_is_not_overlooked(servers: Servers) -> None:
    await write(servers, ("pepper", b'{"secret": "pepper"}'))
    with pytest.raises(ChassisError, match="cannot read"):
        await installation.check(RIGHT, servers.kafka, None)
