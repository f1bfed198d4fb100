"""The commands that talk to a cluster, on a real one."""

import asyncio
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord
from typer.testing import CliRunner, Result

from conftest import Kafka
from installation_keys import ENVIRONMENT, ID_KEY, MASTER, OTHER_KEY, PARKING
from onward.chassis.kafka.admin import TopicSpec, create_topics
from onward.chassis.kafka.connection import KafkaConnection
from onward.chassis.processing.parking import Parking
from onward.chassis.security import installation
from onward.chassis.security.fingerprints import Secrets
from onward.cli import whole_topic
from onward.cli.main import app
from onward.contracts import topics
from onward.contracts.audit import AuditRecord
from onward.contracts.outcome import Parked
from onward.contracts.referral import Approval
from onward.local.stack import Stack

MENDING_KEY = {"ONWARD_MENDING_KEY": ENVIRONMENT["ONWARD_MENDING_KEY"]}
CONTENT = b'{"name": "canary-0001", "beep": "\x07"}'
REFERRAL = "2f1c0c52-6f0e-5d0a-9f5e-7d3c1b0a9e8d"


@dataclass(frozen=True)
class Original:
    """A record as a service fetched it before it parked it."""

    topic: str = "in.custody"
    partition: int = 2
    offset: int = 41
    key: bytes | None = b"canary-key"
    value: bytes | None = CONTENT
    headers: Sequence[tuple[str, bytes | None]] = (("ce_type", b"canary-header"),)
    timestamp: int = 1_772_000_000_000


def onward(*arguments: str, env: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(app, arguments, env=env)


@pytest.fixture(scope="module")
def bootstrap(kafka: Kafka) -> str:
    """A cluster on which people has parked two records, one in a transaction that was given up, one that was not."""
    asyncio.run(_park(kafka.bootstrap))
    return kafka.bootstrap


async def _park(bootstrap: str) -> None:
    await create_topics(
        bootstrap,
        {
            "parked.people": TopicSpec(1),
            "approvals": TopicSpec(3),
            "parked.routing": TopicSpec(1),
            "audit-acts": TopicSpec(1),
        },
    )
    parking = Parking("people", ID_KEY, PARKING[0])
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, transactional_id="test-parking")
    await producer.start()
    try:
        for offset, commits in ((40, False), (41, True)):
            ready = parking.park(Original(offset=offset), Parked("schema", "/person/\x1b[2J"), attempts=1)
            await producer.begin_transaction()
            await producer.send_and_wait(ready.topic, ready.value, key=ready.key, headers=list(ready.headers))
            await (producer.commit_transaction() if commits else producer.abort_transaction())
    finally:
        await producer.stop()


async def _next(bootstrap: str, topic: str, *, after: int) -> ConsumerRecord[bytes, bytes]:
    """The record that follows the first *after* ones."""
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    try:
        async with asyncio.timeout(20):
            for _ in range(after):
                await consumer.getone()
            return await consumer.getone()
    finally:
        await consumer.stop()


def test_parked_records_are_listed_with_their_reason_and_without_their_content(bootstrap: str) -> None:
    told = onward("parked", "list", "people", "--bootstrap", bootstrap)
    assert told.exit_code == 0
    (line,) = told.stdout.splitlines()
    assert "in.custody/2/41" in line
    assert "schema at /person/" in line
    assert "canary" not in told.output
    assert "\x1b" not in told.output


def _place(bootstrap: str) -> str:
    return onward("parked", "list", "people", "--bootstrap", bootstrap).stdout.split()[0]


def test_a_parked_record_shows_its_content_only_for_a_reason(bootstrap: str) -> None:
    where = (_place(bootstrap), "--bootstrap", bootstrap)
    plain = onward("parked", "show", *where, env=MENDING_KEY)
    assert (plain.exit_code, "canary" in plain.output) == (0, False)
    no_reason = onward("parked", "show", *where, "--reveal", env=MENDING_KEY)
    assert (no_reason.exit_code, "canary" in no_reason.output) == (2, False)
    no_key = onward("parked", "show", *where, "--reveal", "--reason", "mending", env={"ONWARD_MENDING_KEY": ""})
    assert (no_key.exit_code, "ONWARD_MENDING_KEY" in no_key.stderr) == (2, True)


def test_the_content_is_given_back_byte_for_byte_and_the_reason_is_told(bootstrap: str) -> None:
    where = (_place(bootstrap), "--bootstrap", bootstrap)
    revealed = onward("parked", "show", *where, "--reveal", "--reason", "mending", env=MENDING_KEY)
    assert revealed.exit_code == 0
    assert CONTENT in revealed.stdout_bytes
    assert b"canary-key" in revealed.stdout_bytes
    told = json.loads(revealed.stderr.splitlines()[0])
    assert (told["reason"], told["revealed"]) == ("mending", where[0])
    newest = asyncio.run(whole_topic.newest(bootstrap, topics.AUDIT_ACTS.name))
    assert newest is not None
    (act,) = AuditRecord.model_validate_json(newest.value or b"").entries
    assert (act.act, act.code, act.id, act.by) == ("reveal", "parked-show", where[0], told["by"])


def test_the_secrets_that_topics_are_made_with_are_noted_and_others_are_named(
    private_stack: Callable[..., Stack],
) -> None:
    at = ("--bootstrap", private_stack(postgres=False).kafka_bootstrap)
    secrets = {name: value for name, value in ENVIRONMENT.items() if name not in MENDING_KEY}
    for _ in range(2):
        assert onward("topics", *at, "--replication", "1", env=secrets).exit_code == 0
    refused = onward("topics", *at, "--replication", "1", env={**secrets, "ONWARD_MASTER_KEY": OTHER_KEY})
    assert refused.exit_code == 1
    assert "ONWARD_MASTER_KEY is not the one this installation was made with" in refused.stderr

    asyncio.run(_park(at[1]))
    where = (_place(at[1]), *at)
    sealed = onward("parked", "show", *where, "--reveal", "--reason", "mending", env={"ONWARD_MENDING_KEY": OTHER_KEY})
    assert sealed.exit_code == 1
    assert "ONWARD_PARKING_KEY is not the one this installation was made with" in sealed.stderr
    assert "canary" not in sealed.output


async def test_where_no_secret_was_ever_noted_there_is_nothing_to_compare_with_and_that_is_said_at_once(
    private_stack: Callable[..., Stack],
) -> None:
    connection = KafkaConnection(private_stack(postgres=False).kafka_bootstrap)
    async with asyncio.timeout(20):
        await installation.compare_with_topic(
            Secrets({"master-key": MASTER.held}), installation.Kafka(connection, "test", 60)
        )


def test_another_mending_key_opens_nothing(bootstrap: str) -> None:
    where = (_place(bootstrap), "--bootstrap", bootstrap)
    other = {"ONWARD_MENDING_KEY": OTHER_KEY}
    refused = onward("parked", "show", *where, "--reveal", "--reason", "mending", env=other)
    assert refused.exit_code == 1
    # With the installation's fingerprints at hand it is known to be another; without, it only does not open.
    assert re.search("another ONWARD_MENDING_KEY|ONWARD_PARKING_KEY is not the one", refused.stderr)
    assert "canary" not in refused.output


def test_a_service_that_parked_nothing_has_an_empty_list(bootstrap: str) -> None:
    for service in ("routing", "dispatch"):
        told = onward("parked", "list", service, "--bootstrap", bootstrap)
        assert (told.exit_code, told.stdout) == (0, "")


def test_a_record_that_is_not_there_and_a_service_that_is_not_there_are_misuse(bootstrap: str) -> None:
    for place in (
        "parked.people/0/99",
        "parked.people/7/0",
        "parked.dispatch/0/0",
        "decisions/0/0",
        "0:0",
        "parked.people/0/",
    ):
        assert onward("parked", "show", place, "--bootstrap", bootstrap).exit_code == 2, place
    assert "did you mean `people`" in onward("parked", "list", "poeple", "--bootstrap", bootstrap).stderr


def test_a_named_persons_word_is_published_as_an_approval(bootstrap: str) -> None:
    whose = ("--by", "p01", "--role", "approving-practitioner", "--bootstrap", bootstrap)
    for number, (flags, approved) in enumerate([((), True), (("--decline",), False)]):
        assert onward("approve", REFERRAL, *whose, *flags).exit_code == 0
        record = asyncio.run(_next(bootstrap, "approvals", after=number))
        assert record.value is not None
        approval = Approval.model_validate_json(record.value)
        assert (approval.approved, approval.by, approval.role) == (approved, "p01", "approving-practitioner")
        assert (record.key, dict(record.headers)["ce_type"]) == (REFERRAL.encode(), b"onward.approval.v1")


def test_a_cluster_that_is_not_there_is_said_plainly() -> None:
    told = onward("parked", "list", "people", "--bootstrap", "127.0.0.1:1")
    assert told.exit_code == 1
    assert "127.0.0.1:1" in told.stderr
    assert "Traceback" not in told.output
