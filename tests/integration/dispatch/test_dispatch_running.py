"""Dispatch as a process, on real Kafka and PostgreSQL: every delivery ends on a receipt; only what may go out does."""

import asyncio
import base64
import json
import os
import shutil
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from installation_keys import local_keys
from onward.chassis.kafka import admin
from onward.chassis.kafka.admin import create_topics
from onward.chassis.kafka.connection import KafkaConnection
from onward.chassis.releases.shipping import put_directory
from onward.chassis.security import keyring, sealing
from onward.contracts import paths
from onward.contracts.contact import Identity
from onward.contracts.decision import LegalBasis, RuleVersion
from onward.contracts.ids import pseudonym
from onward.contracts.referral import Delivery
from onward.directory import files as directory_files
from onward.local import deployment
from onward.local.service_spec import ServiceSpec
from onward.local.services import Services
from onward.local.stack import DATABASE_VARIABLE, KAFKA_VARIABLE, Stack

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DIRECTORY = directory_files.load()
PROVIDER = min(name for name, provider in DIRECTORY.providers.items() if "housing_authority" in provider.services)
PERSON, FORGOTTEN = "ab" * 16, "cd" * 16
TOPICS = admin.topic_specs([PROVIDER])
SECRETS = deployment.local_secrets(None, {})


@dataclass(frozen=True)
class Running:
    """Dispatch, running, and where."""

    bootstrap: str
    database: str
    secrets: dict[str, str]
    service: Services
    since: Mapping[TopicPartition, int]
    """Where each topic that it writes ended before: what is beyond is this test's."""


@pytest.fixture(scope="module")
def stack() -> Generator[Stack]:
    """Servers of its own, with the topics: they have fixed names."""
    environ = {name: value for name, value in os.environ.items() if name not in {KAFKA_VARIABLE, DATABASE_VARIABLE}}
    with Stack(environ=environ) as stack:
        asyncio.run(create_topics(stack.kafka_bootstrap, TOPICS))
        yield stack


@pytest.fixture
def running(stack: Stack, tmp_path: Path) -> Generator[Running]:
    """A dispatch of this test's own, with secrets that all share."""
    since = asyncio.run(ends(stack.kafka_bootstrap, "receipts", f"referrals.{PROVIDER}"))
    environment = {**stack.variables, **SECRETS}
    with Services([ServiceSpec("dispatch")], directory=tmp_path, env=environment) as service:
        yield Running(stack.kafka_bootstrap, stack.database_url, SECRETS, service, since)


async def ends(bootstrap: str, *topics: str) -> Mapping[TopicPartition, int]:
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap)
    await consumer.start()
    try:
        partitions = [TopicPartition(topic, number) for topic in topics for number in range(TOPICS[topic].partitions)]
        found: Mapping[TopicPartition, int] = await consumer.end_offsets(partitions)
    finally:
        await consumer.stop()
    return found


def a_delivery(number: int, *, person: str = PERSON, provider: str = PROVIDER, sealed: str = "") -> Delivery:
    return Delivery(
        referral_id=UUID(int=number),
        reference=f"QX{number:06}",
        person=person,
        provider=provider,
        category="ACCOMMODATION",
        urgency="within_5_working_days",
        rule="test",
        reason="test",
        legal_basis=LegalBasis(
            name="consent-referral",
            kind="consent",
            purpose="help",
            article_6="6(1)(a)",
            article_9="9(2)(a)",
            article_10="Sch. 1 para. 29",
            citation="test",
        ),
        made_at=NOW,
        respond_by=NOW,
        facts={"accommodation.status": "homeless", "risk.self_harm": 3},
        sealed=sealed,
    )


async def seal(running: Running, *, number: int, person: str, forget: bool = False) -> str:
    master, for_references = local_keys(dict(running.secrets))
    async with await psycopg.AsyncConnection.connect(running.database) as connection:
        await connection.execute("delete from keyring.person_key where person = %s", [person])  # an earlier test's
        key = sealing.new_key()
        await keyring.keep(connection, {person: key}, master=master, reference=for_references)
        if forget:
            await keyring.forget(connection, person)
    return sealing.seal(key, person, Identity(name=f"Test Person-{number:04}", address="canary-address"))


async def send(running: Running, deliveries: list[Delivery]) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=running.bootstrap)
    await producer.start()
    try:
        for delivery in deliveries:
            await producer.send_and_wait(
                "deliveries", delivery.model_dump_json().encode(), key=delivery.person.encode()
            )
    finally:
        await producer.stop()


async def receive(running: Running, topic: str, count: int) -> list[tuple[str, dict[str, Any], bytes]]:
    consumer = AIOKafkaConsumer(bootstrap_servers=running.bootstrap, isolation_level="read_committed")
    await consumer.start()
    try:
        since = {partition: offset for partition, offset in running.since.items() if partition.topic == topic}
        consumer.assign([*since])
        for partition, offset in since.items():
            consumer.seek(partition, offset)
        async with asyncio.timeout(30):
            records = [await consumer.getone() for _ in range(count)]
        return [
            ((record.key or b"").decode(), json.loads(record.value or b""), record.value or b"") for record in records
        ]
    finally:
        await consumer.stop()


async def test_what_may_go_out_does_and_the_rest_is_refused_with_its_reason(running: Running) -> None:
    sealed = await seal(running, number=1, person=PERSON)
    gone = await seal(running, number=2, person=FORGOTTEN, forget=True)
    await send(
        running,
        [
            a_delivery(1, sealed=sealed),
            a_delivery(2, person=FORGOTTEN, sealed=gone),
            a_delivery(3, provider="no-such-provider", sealed=sealed),
            a_delivery(4, sealed="v1.not-an-envelope"),
        ],
    )
    receipts = {body["referral_id"]: body for _, body, _ in await receive(running, "receipts", 4)}
    assert {UUID(key).int: (body["outcome"], body["reason"]) for key, body in receipts.items()} == {
        1: ("sent", ""),
        2: ("refused", "key_destroyed"),
        3: ("refused", "provider_unknown"),
        4: ("refused", "identity_unreadable"),
    }
    ((key, referral, content),) = await receive(running, f"referrals.{PROVIDER}", 1)
    id_key = base64.b64decode(running.secrets[deployment.ID_KEY_VARIABLE])
    assert key == referral["person"] == pseudonym(id_key, "provider", PROVIDER, PERSON)
    assert set(referral["disclosed"]) == set(receipts[str(UUID(int=1))]["disclosed"])
    assert referral["disclosed"]["name"] == "Test Person-0001"
    assert b"canary-address" not in content
    assert b"self_harm" not in content
    assert PERSON.encode() not in content


async def test_the_dispatch_log_tells_nothing_of_anybody(running: Running) -> None:
    sealed = await seal(running, number=1, person=PERSON)
    await send(running, [a_delivery(1, sealed=sealed), a_delivery(2, sealed=sealed, provider="no-such-provider")])
    await receive(running, "receipts", 2)
    running.service.stop()
    log = running.service.running["dispatch"].log.read_text()
    assert log
    assert "Test Person" not in log
    assert "canary" not in log


async def test_what_the_directory_of_another_image_decided_waits_until_that_image_was_installed(
    running: Running, tmp_path: Path
) -> None:
    """As in the midst of an upgrade, or when somebody approves after one what was decided before it."""
    other = tmp_path / "directory"
    shutil.copytree(paths.schemas() / "directory", other)
    (other / "west-midlands.yaml").write_text((other / "west-midlands.yaml").read_text() + "# of another image\n")
    decided = directory_files.load(other)
    version = RuleVersion(name="directory", version=decided.version, sha256=decided.sha256)
    sealed = await seal(running, number=1, person=PERSON)
    waiting = a_delivery(1, sealed=sealed).model_copy(update={"directory": version})
    await send(running, [waiting, a_delivery(2, sealed=sealed)])
    dispatch = running.service.running["dispatch"]
    async with asyncio.timeout(30):
        while f"directory {decided.version} has not been read" not in dispatch.log.read_text():  # noqa: ASYNC110 - see below
            await asyncio.sleep(0.1)  # a log tells nobody that it grew
    kafka = KafkaConnection(running.bootstrap)
    assert await put_directory(kafka, directory_files.read_files(other)), "as `onward topics` does from that image"
    assert not await put_directory(kafka, directory_files.read_files(other)), "it is safe to do again"
    receipts = [body for _, body, _ in await receive(running, "receipts", 2)]
    assert [(UUID(body["referral_id"]).int, body["outcome"]) for body in receipts] == [(1, "sent"), (2, "sent")]
    assert '"event": "partition.read_on"' in dispatch.log.read_text()
