"""The books between services, on a real broker: shown, and begun anew."""

import asyncio
from collections.abc import Callable

from aiokafka import AIOKafkaConsumer, TopicPartition
from typer.testing import CliRunner, Result

from onward.chassis.kafka.admin import TopicSpec, create_topics
from onward.chassis.processing.counts import Counts
from onward.cli.main import app
from onward.local.stack import Stack


def onward(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


async def note(bootstrap: str, group: str, topic: str, counts: Counts) -> None:
    """As the owner of the topic's only partition does, with its position."""
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, group_id=group, enable_auto_commit=False)
    await consumer.start()
    try:
        consumer.assign([TopicPartition(topic, 0)])
        await consumer.commit({TopicPartition(topic, 0): (0, counts.text())})
    finally:
        await consumer.stop()


def pages(bootstrap: str) -> dict[str, list[str]]:
    result = onward("books", "list", "--bootstrap", bootstrap)
    assert result.exit_code == 0, result.output
    return {line.split()[0]: line.split()[1:] for line in result.output.splitlines()}


def test_the_books_are_shown_and_begin_anew_with_what_stands(private_stack: Callable[..., Stack]) -> None:
    bootstrap = private_stack(postgres=False).kafka_bootstrap
    asyncio.run(create_topics(bootstrap, {name: TopicSpec(1, {}, 1) for name in ("in.custody", "contacts")}))
    day = 86_400_000
    asyncio.run(note(bootstrap, "intake.in", "in.custody", Counts(day, 0, 5, 0, 5, 0, 0, {"contacts": 5})))
    asyncio.run(note(bootstrap, "people.contacts", "contacts", Counts(2 * day, 3, 4, 1, 4, 0, 0, {"situations": 4})))

    shown = pages(bootstrap)
    assert shown["contacts"] == ["5", "3", "2", "0", "0", "1970-01-03", "00:00:00"]
    assert shown["situations"][:3] == ["4", "0", "4"]

    begun = onward("books", "begin", "contacts", "--bootstrap", bootstrap)
    assert (begun.exit_code, begun.output) == (0, "the books of contacts begin with a difference of 2\n")
    assert pages(bootstrap)["contacts"][:4] == ["5", "3", "2", "2"]


def test_books_are_begun_only_of_a_topic_between_services() -> None:
    result = onward("books", "begin", "contact", "--bootstrap", "127.0.0.1:1")
    assert result.exit_code == 2
    assert "did you mean `contacts`" in result.output


def test_a_broker_that_is_away_is_said_so() -> None:
    result = onward("books", "list", "--bootstrap", "127.0.0.1:1")
    assert result.exit_code == 1
    assert "Kafka refuses the connection at 127.0.0.1:1" in result.output
