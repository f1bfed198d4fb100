"""The servers themselves: up, usable, killed, back with what was committed."""

import os
import socket
from collections.abc import Callable, Generator
from pathlib import Path

import psycopg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from onward.chassis.kafka.admin import TopicSpec, create_topics
from onward.local import ports
from onward.local.errors import PortTakenError
from onward.local.kafka import KafkaServer
from onward.local.postgres import PostgresServer
from onward.local.process import TemporaryDirectory
from onward.local.stack import Stack

StartStack = Callable[..., Stack]
Server = KafkaServer | PostgresServer


@pytest.fixture(params=["Kafka", "PostgreSQL"])
def server(request: pytest.FixtureRequest) -> Generator[Server]:
    """Each kind of server, its port chosen, not started."""
    directory = TemporaryDirectory("onward-test-")
    path: Path = directory.path / "server"
    made = KafkaServer(path, environ=os.environ) if request.param == "Kafka" else PostgresServer(path)
    yield made
    made.stop()
    directory.remove()


def _port(server: Server) -> int:
    address = server.bootstrap if isinstance(server, KafkaServer) else server.url.rpartition("/")[0]
    return int(address.rpartition(":")[2])


async def _committed(bootstrap: str, topic: str) -> list[bytes]:
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap, isolation_level="read_committed", auto_offset_reset="earliest"
    )
    partition = TopicPartition(topic, 0)
    await consumer.start()
    try:
        consumer.assign([partition])
        await consumer.seek_to_beginning(partition)
        end = (await consumer.end_offsets([partition]))[partition]
        values: list[bytes] = []
        while await consumer.position(partition) < end:
            batch = await consumer.getmany(timeout_ms=500)
            values += [record.value for records in batch.values() for record in records if record.value is not None]
        return values
    finally:
        await consumer.stop()


async def test_committed_records_survive_a_killed_broker_and_aborted_ones_stay_unseen(
    private_stack: StartStack,
) -> None:
    stack = private_stack(postgres=False)
    await create_topics(stack.kafka_bootstrap, {"kept": TopicSpec(partitions=1)})
    producer = AIOKafkaProducer(bootstrap_servers=stack.kafka_bootstrap, transactional_id="writer")
    await producer.start()
    async with producer.transaction():
        await producer.send_and_wait("kept", b"committed")
    await producer.begin_transaction()
    await producer.send_and_wait("kept", b"never committed")

    stack.kafka.kill()
    assert stack.kafka.exit_code() == 137
    stack.kafka.restart()

    await producer.stop()
    successor = AIOKafkaProducer(bootstrap_servers=stack.kafka_bootstrap, transactional_id="writer")
    await successor.start()  # ends the open transaction of its predecessor
    async with successor.transaction():
        await successor.send_and_wait("kept", b"after")
    await successor.stop()
    assert await _committed(stack.kafka_bootstrap, "kept") == [b"committed", b"after"]


def test_committed_rows_survive_a_killed_database_and_open_transactions_do_not(private_stack: StartStack) -> None:
    stack = private_stack(kafka=False)
    address = stack.database_url
    with psycopg.connect(address) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('committed')")
    broken = psycopg.connect(address)
    broken.execute("INSERT INTO kept VALUES ('never committed')")

    stack.postgres.kill()
    assert stack.postgres.exit_code() == 137
    with pytest.raises(psycopg.OperationalError):
        broken.execute("SELECT 1")
    broken.close()
    stack.postgres.restart()

    assert stack.database_url == address
    with psycopg.connect(address) as connection:
        assert connection.execute("SELECT word FROM kept").fetchall() == [("committed",)]


def test_a_free_port_that_somebody_takes_meanwhile_is_chosen_again(server: Server) -> None:
    lost = _port(server)
    with socket.create_server((ports.HOST, lost)):
        server.start()
        assert _port(server) != lost
        assert ports.is_open(_port(server))


def test_a_restart_keeps_its_port_or_says_that_it_is_taken(server: Server) -> None:
    server.start()
    port = _port(server)
    server.kill()
    with socket.create_server((ports.HOST, port)), pytest.raises(PortTakenError, match=f"port {port}.*{server.name}"):
        server.restart()
    server.restart()
    assert _port(server) == port
    assert ports.is_open(port)
