"""Tracking as a process, on real Kafka and PostgreSQL: one referral's way from the decision to the acceptance."""

import asyncio
import json
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from installation_keys import local_keys, seal_reference
from onward.chassis.kafka import admin
from onward.chassis.kafka.admin import create_topics
from onward.chassis.security import keyring, sealing
from onward.contracts.base import Message
from onward.contracts.decision import RuleVersion
from onward.contracts.referral import Approval, Receipt
from onward.directory import files as directory_files
from onward.local import deployment
from onward.local.service_spec import ServiceSpec
from onward.local.services import Services
from onward.local.stack import Stack
from unit.tracking.ledger_builders import MONDAY_9AM, PERSON, a_decision, a_proposal, a_reply

DIRECTORY = directory_files.load()
PROVIDER, STRANGER = sorted(DIRECTORY.providers)[:2]


@dataclass(frozen=True)
class Running:
    """Where tracking is running, and how the partner's own reference `C/1` is sealed there."""

    bootstrap: str
    reference: str


async def seal(database: str, environment: dict[str, str], reference: str) -> str:
    """A reference under the person's key, as people would seal it."""
    async with await psycopg.AsyncConnection.connect(database) as connection:
        await keyring.prepare(connection)
        keys = {PERSON: sealing.new_key()}
        master, for_references = local_keys(environment)
        await keyring.keep(connection, keys, master=master, reference=for_references)
    return seal_reference(keys[PERSON], PERSON, "custody", reference)


@pytest.fixture
def running(private_stack: Callable[..., Stack]) -> Generator[Running]:
    stack = private_stack()
    asyncio.run(create_topics(stack.kafka_bootstrap, admin.topic_specs(sorted(DIRECTORY.providers))))
    environment = {**stack.variables, **deployment.local_secrets(None, {})}
    with Services([ServiceSpec("tracking")], directory=stack.directory / "logs", env=environment):
        yield Running(stack.kafka_bootstrap, asyncio.run(seal(stack.database_url, environment, "C/1")))


async def send(bootstrap: str, *messages: tuple[str, str, Message]) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap)
    await producer.start()
    try:
        for topic, key, body in messages:
            await producer.send_and_wait(topic, body.model_dump_json().encode(), key=key.encode())
    finally:
        await producer.stop()


async def records_of(bootstrap: str, topic: str, count: int) -> list[tuple[str, bytes, dict[str, bytes | None]]]:
    """Key, value and headers of the first *count* records of a topic."""
    consumer = AIOKafkaConsumer(
        topic, bootstrap_servers=bootstrap, auto_offset_reset="earliest", isolation_level="read_committed"
    )
    await consumer.start()
    try:
        async with asyncio.timeout(40):
            records = [await consumer.getone() for _ in range(count)]
    finally:
        await consumer.stop()
    return [((record.key or b"").decode(), record.value or b"", dict(record.headers)) for record in records]


async def receive(bootstrap: str, topic: str, count: int) -> list[tuple[str, dict[str, Any]]]:
    """Key and body of the first *count* messages of a topic."""
    return [(key, json.loads(value)) for key, value, _ in await records_of(bootstrap, topic, count)]


async def test_a_referral_s_whole_way(running: Running) -> None:
    bootstrap = running.bootstrap
    sent, waiting = (
        a_proposal(provider=PROVIDER),
        a_proposal("debt", category="FINANCE_DEBT", service="debt_advice", provider=PROVIDER, approval="approver"),
    )
    decision = a_decision(
        sent,
        waiting,
        missing=["accommodation.status"],
        references={"custody": running.reference},
        directory=RuleVersion(name="directory", version=DIRECTORY.version, sha256=DIRECTORY.sha256),
    )
    await send(bootstrap, ("decisions", PERSON, decision), ("decisions", PERSON, decision))
    [(key, first)] = await receive(bootstrap, "deliveries", 1)
    assert (key, first["referral_id"]) == (PERSON, str(sent.referral_id))
    [(key, question)] = await receive(bootstrap, "questions.custody", 1)
    assert (key, [fact["path"] for fact in question["facts"]]) == ("C/1", ["accommodation.status"])

    approval = Approval(referral_id=waiting.referral_id, approved=True, by="staff-0001", role="approver", at=MONDAY_9AM)
    receipt = Receipt(referral_id=sent.referral_id, person=PERSON, provider=PROVIDER, outcome="sent")
    await send(
        bootstrap,
        ("approvals", str(waiting.referral_id), approval),
        ("receipts", PERSON, receipt),
        (f"replies.{STRANGER}", str(sent.referral_id), a_reply(sent.referral_id, "REJECTED", reason="OTHER")),
    )
    deliveries = [body for _, body in await receive(bootstrap, "deliveries", 2)]
    assert [(body["referral_id"], body["approved_by"]) for body in deliveries] == [
        (str(sent.referral_id), None),
        (str(waiting.referral_id), "staff-0001"),
    ]
    [(_, _, headers)] = await records_of(bootstrap, "parked.tracking", 1)
    assert b"not_their_referral" in headers.values()

    # Two openings, the approval and the receipt: everything before the reply.
    await receive(bootstrap, "referral-events", 4)
    reply = a_reply(sent.referral_id, "ACCEPTED")
    await send(bootstrap, *[(f"replies.{PROVIDER}", str(sent.referral_id), reply)] * 2)
    events = [body for _, body in await receive(bootstrap, "referral-events", 5)]
    assert [event["now"] for event in events if event["referral_id"] == str(sent.referral_id)] == [
        "READY",
        "SENT",
        "ACCEPTED",
    ]
    told = [body for _, body in await receive(bootstrap, "status.custody", 4)]
    assert {(body["reference"], body["status"]) for body in told} == {
        ("C/1", status) for status in ("READY", "READY", "SENT", "ACCEPTED")
    }
    [(_, escalation)] = await receive(bootstrap, "escalations", 1)
    assert escalation["kind"] == "approval-needed"
