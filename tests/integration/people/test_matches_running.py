"""Two people who may be one: asked by `people` on real Kafka and PostgreSQL, answered at a terminal, and taken back."""

import asyncio
import json
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from typer.testing import CliRunner, Result

from onward.chassis.kafka import admin
from onward.chassis.kafka.admin import create_topics
from onward.cli.main import app
from onward.contracts.contact import Contact
from onward.contracts.situation import Situation
from onward.local import deployment
from onward.local.service_spec import ServiceSpec
from onward.local.services import Services
from onward.local.stack import Stack
from unit.people.people_builders import a_contact, born, named

ANNE: dict[str, Any] = {"name": "Anne Test-One", "date_of_birth": born("1990-05-01"), "phone": "01632 960001"}


def onward(*words: str) -> Result:
    return CliRunner().invoke(app, words)


@pytest.fixture
def bootstrap(private_stack: Callable[..., Stack], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[str]:
    """A broker with `people` running, and the keys of a person who says who is who."""
    private, trusted = tmp_path / "records-1.pem", tmp_path / "keys.yaml"
    made = onward("rules", "keys", "new", "records-1", "--role", "matcher", "--out", str(private))
    assert made.exit_code == 0
    trusted.write_text(f"schema: rule-keys/v1\nkeys:\n{made.stdout}")
    stack = private_stack()
    asyncio.run(create_topics(stack.kafka_bootstrap, admin.topic_specs([])))
    environment = {**stack.variables, **deployment.local_secrets(None, {}), "ONWARD_RULE_KEYS": str(trusted)}
    for name, value in {"ONWARD_RULE_KEYS": str(trusted), "ONWARD_MY_RULE_KEY": str(private)}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("ONWARD_KAFKA_BOOTSTRAP", stack.kafka_bootstrap)
    with Services([ServiceSpec("people")], directory=stack.directory / "logs", env=environment):
        yield stack.kafka_bootstrap


async def send(bootstrap: str, *contacts: Contact) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap)
    await producer.start()
    try:
        for contact in contacts:
            await producer.send_and_wait("contacts", contact.model_dump_json().encode(), key=b"a story")
    finally:
        await producer.stop()


async def situations(bootstrap: str, count: int) -> list[Situation]:
    """The first *count* situations."""
    consumer = AIOKafkaConsumer(
        "situations", bootstrap_servers=bootstrap, auto_offset_reset="earliest", isolation_level="read_committed"
    )
    await consumer.start()
    try:
        async with asyncio.timeout(60):
            records = [await consumer.getone() for _ in range(count)]
    finally:
        await consumer.stop()
    ordered = sorted(records, key=lambda record: record.timestamp)
    return [Situation.model_validate_json(record.value or b"") for record in ordered]


def test_a_question_is_listed_answered_and_the_answer_is_taken_back(bootstrap: str) -> None:
    sexes = {"custody": "male", "liaison": "female"}
    told = [
        a_contact(source, source=source, reference=source, facts={"person.sex": sex}, **ANNE)
        for source, sex in sexes.items()
    ]
    asyncio.run(send(bootstrap, *told))
    before = asyncio.run(situations(bootstrap, 2))
    assert len({one.person for one in before}) == 2

    listed = onward("matches", "list")
    assert "agree: name, date of birth, telephone\n  differ: sex" in listed.stdout
    assert not any(value in listed.stdout for value in ("Anne", "960001", "1990"))
    (question,) = json.loads(onward("matches", "list", "--json").stdout)["matches"]

    assert onward("matches", "same", question["match_id"], "--by", "p01").exit_code == 0
    joined = asyncio.run(situations(bootstrap, 3))[-1]
    assert joined.revision == 2
    assert joined.formerly
    assert onward("matches", "list").stdout == "No question waits.\n"
    assert "one person, by p01" in onward("matches", "list", "--answered").stdout

    assert onward("matches", "different", question["match_id"], "--by", "p02").exit_code == 0
    after = asyncio.run(situations(bootstrap, 5))[3:]
    assert {one.contact_id for one in after} == {named(source) for source in sexes}
    assert len({one.person for one in after}) == 2
    assert {one.facts["person.sex"] for one in after} == set(sexes.values())
