"""A service with another secret refuses to start, and handles not one record."""

import asyncio
import json
import os
from collections.abc import Generator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from pydantic import SecretStr

import onward.dispatch.app
import onward.intake.app
import onward.people.app
import onward.routing.app
import onward.tracking.app
from installation_keys import ENVIRONMENT, OF_PEOPLE, OTHER_KEY, OTHER_MENDING, text
from integration.chassis.living import settings, until
from onward.chassis.errors import ChassisError, SecretsDifferError
from onward.chassis.kafka import admin
from onward.chassis.kafka.admin import create_topics
from onward.chassis.kafka.connection import KafkaConnection
from onward.chassis.observability import health
from onward.chassis.runtime import Process
from onward.chassis.security import installation
from onward.chassis.security.fingerprints import VARIABLES
from onward.cli.installed_secrets import secrets_of_environment
from onward.contracts import paths
from onward.directory import files as directory_files
from onward.local.stack import DATABASE_VARIABLE, KAFKA_VARIABLE, Stack

OTHERS: dict[str, dict[str, Any]] = {
    "ONWARD_ID_KEY": {"id_key": SecretStr(OTHER_KEY)},
    "ONWARD_PARKING_KEY": {"parking_key": text(OTHER_MENDING.parking_key.raw)},
}
SERVICES: dict[str, Any] = {
    "intake": onward.intake.app,
    "people": onward.people.app,
    "routing": onward.routing.app,
    "tracking": onward.tracking.app,
    "dispatch": onward.dispatch.app,
}
TOPICS = admin.topic_specs(sorted(directory_files.load().providers))


@pytest.fixture(scope="module")
def stack() -> Generator[Stack]:
    """Servers with all topics; nobody has noted anything."""
    environ = {name: value for name, value in os.environ.items() if name not in {KAFKA_VARIABLE, DATABASE_VARIABLE}}
    with Stack(environ=environ) as stack:
        asyncio.run(create_topics(stack.kafka_bootstrap, TOPICS))
        yield stack


def a_process(stack: Stack, name: str, **other: Any) -> Process:
    """The service as it is, in this process."""
    app = SERVICES[name]
    given = settings(stack.kafka_bootstrap, stack.database_url, **other).model_dump()
    own = {"database_url": stack.database_url, **OF_PEOPLE, **other}
    return Process(app.build(app.Settings.model_validate(given | own)))


async def ends(bootstrap: str) -> dict[str, int]:
    """How many records and marks each topic holds."""
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap)
    await consumer.start()
    try:
        partitions = [
            TopicPartition(name, number) for name, spec in TOPICS.items() for number in range(spec.partitions)
        ]
        consumer.assign(partitions)
        found = dict.fromkeys(TOPICS, 0)
        for partition, end in (await consumer.end_offsets(partitions)).items():
            found[partition.topic] += end
    finally:
        await consumer.stop()
    return found


async def committed(bootstrap: str) -> dict[str, dict[TopicPartition, int]]:
    """What each consumer group has committed."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        groups = [name for name, _ in await admin.list_consumer_groups()]
        return {
            name: {
                partition: noted.offset
                for partition, noted in (await admin.list_consumer_group_offsets(name)).items()
                if noted.offset >= 0
            }
            for name in groups
        }
    finally:
        await admin.close()


async def write(bootstrap: str, *records: tuple[str, bytes | None, bytes | None]) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap)
    await producer.start()
    try:
        for topic, key, value in records:
            await producer.send_and_wait(topic, value, key=key)
    finally:
        await producer.stop()


def an_example(folder: str, name: str) -> bytes:
    return (paths.schemas() / "examples" / folder / name).read_bytes()


def made_here(path: Path) -> bytes:
    """An example as this installation would have made it: with the directory that it was shipped with."""
    shipped = directory_files.load()
    directory = {"name": "directory", "version": shipped.version, "sha256": shipped.sha256}
    return json.dumps(json.loads(path.read_text()) | {"directory": directory, "release_number": 0}).encode()


async def waiting_records(bootstrap: str) -> None:
    """Something to handle for every service."""
    await write(
        bootstrap,
        ("in.custody", b"1", an_example("in.custody", "detention-authorised.json")),
        ("contacts", b"1", an_example("onward.contact.v1", "arrested-homeless-and-drinking.json")),
        ("situations", b"1", next((paths.schemas() / "examples/onward.situation.v1").glob("*.json")).read_bytes()),
        ("decisions", b"1", made_here(next((paths.schemas() / "examples/onward.decision.v1").glob("*.json")))),
        ("deliveries", b"1", made_here(next((paths.schemas() / "examples/onward.delivery.v1").glob("*.json")))),
    )


async def rows(stack: Stack, query: str) -> list[tuple[Any, ...]]:
    async with await psycopg.AsyncConnection.connect(stack.database_url, autocommit=True) as connection:
        return await (await connection.execute(query.encode())).fetchall()


async def grown(bootstrap: str, before: dict[str, int], wanted: set[str]) -> None:
    """Wait until all of these topics hold more than *before*."""
    waited_for = wanted
    try:
        async with asyncio.timeout(60):
            while waited_for:
                now = await ends(bootstrap)
                waited_for = {topic for topic in wanted if now[topic] <= before[topic]}
                await asyncio.sleep(0.2)
    except TimeoutError:
        pytest.fail(f"nothing came to {sorted(waited_for)}")


async def until_ended(process: Process) -> tuple[int, ChassisError | None]:
    """Its exit code, and what it could not go on with."""
    async with asyncio.timeout(120):
        return await process.run(), process.fatal


async def test_with_another_secret_nothing_is_handled_and_those_with_the_right_ones_work_on(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    bootstrap = stack.kafka_bootstrap
    right_ones = secrets_of_environment()
    assert right_ones is not None
    await installation.check(right_ones, installation.Kafka(KafkaConnection(bootstrap), "test", 20), None)
    await waiting_records(bootstrap)
    before, positions = await ends(bootstrap), await committed(bootstrap)
    assert all(before[topic] for topic in ("in.custody", "contacts", "situations", "decisions", "deliveries"))
    wrong = {
        (name, variable): a_process(stack, name, **other) for name in SERVICES for variable, other in OTHERS.items()
    }
    ended = dict(zip(wrong, await asyncio.gather(*(until_ended(each) for each in wrong.values())), strict=True))

    for (name, variable), (code, why) in ended.items():
        assert (code, type(why)) == (1, SecretsDifferError), name
        assert f"this process's {variable} is not the one this installation was made with" in str(why)
        assert any(variable in each for each in wrong[name, variable].health.hindrances()), "`/ready` says why"
    assert await ends(bootstrap) == before
    assert await committed(bootstrap) == positions
    assert await rows(stack, "select from people.input_shard union all select from tracking.input_shard") == []
    assert await rows(stack, "select to_regclass('keyring.person_key')") == [(None,)], "no key was made"

    # The control: there was something to handle for each of them.
    right = {name: a_process(stack, name) for name in SERVICES}
    running = [asyncio.create_task(process.run()) for process in right.values()]
    try:
        await grown(bootstrap, before, {"contacts", "situations", "decisions", "referral-events", "receipts"})
        late = a_process(stack, "people", master_key=SecretStr(OTHER_KEY))
        assert (await until_ended(late))[0] == 1
        assert not late.flows[0].ever_assigned
        await until(lambda: not [why for process in right.values() for why in process.health.hindrances()], within=60)
    finally:
        for process in right.values():
            process.stop()
        codes = await asyncio.gather(*running)
    assert codes == [0] * len(right)
    assert {secret for (secret,) in await rows(stack, "select secret from keyring.secret_fingerprint")} == set(
        VARIABLES
    )


async def test_dispatch_is_not_ready_while_the_database_is_away_and_is_again_when_it_is_back(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_PROBE_SECONDS", 0.5)
    monkeypatch.setattr(health, "_AWAY_SECONDS", 1.5)
    process = a_process(stack, "dispatch")
    running = asyncio.create_task(process.run())
    try:
        await until(lambda: not process.health.hindrances(), within=60)
        await asyncio.to_thread(stack.postgres.kill)
        await until(lambda: any("the database" in why for why in process.health.hindrances()), within=60)
        await asyncio.to_thread(stack.postgres.start)
        await until(lambda: not process.health.hindrances(), within=60)
    finally:
        process.stop()
        await running
