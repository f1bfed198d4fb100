"""What real servers, and what is no server at all, make our clients raise is told apart, and no password with it."""

import asyncio
import os
import signal
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import Protocol

import psutil
import psycopg
import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from integration.chassis.living import make_topics
from onward.chassis.kafka import patches
from onward.chassis.kafka.admin import TopicSpec, create_topics
from onward.chassis.kafka.connection import KafkaConnection
from onward.chassis.kafka.producers import ProducerSettings, let_go, publish
from onward.chassis.observability.server_errors import Server, ServerTrouble, explain
from onward.chassis.record import EncodedRecord
from onward.local import ports
from onward.local.stack import Stack


class Broker(Protocol):
    bootstrap: str


@pytest.fixture(autouse=True)
def _causes() -> None:
    patches.install()


async def trouble(server: Server, work: Awaitable[object], *, within: float = 20) -> ServerTrouble:
    """What *work* runs into, explained."""
    with pytest.raises(Exception) as raised:  # noqa: PT011 - whatever it is, it must be explained
        async with asyncio.timeout(within):
            await work
    found = explain(raised.value, server=server)
    assert found is not None, raised.value
    assert found.server == server
    assert found.what_to_do
    return found


async def ask(url: str, statement: str = "select 1", *, options: str = "") -> None:
    connection = await psycopg.AsyncConnection.connect(url, autocommit=True, connect_timeout=2, options=options)
    async with connection:
        await connection.execute(statement.encode())


@contextmanager
def silence() -> Generator[int]:
    """The port of something that takes connections and never says a word."""
    with socket.socket() as listening:
        listening.bind((ports.HOST, 0))
        listening.listen()
        yield listening.getsockname()[1]


@asynccontextmanager
async def something_else(answer: bytes) -> AsyncGenerator[int]:
    """The port of something that says *answer* to whatever it hears, and hangs up."""

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if answer:
            await reader.read(10)
            writer.write(answer)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(hang_up, ports.HOST, 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def test_each_way_in_which_postgresql_does_not_let_us_in_is_told_apart(database: str) -> None:
    name = conninfo_to_dict(database)["dbname"]
    role = f"weak_{name}"
    await ask(database, f"create role {role} login password 'right'")
    await ask(database, f"create role {role}_out nologin password 'right'")
    weak = make_conninfo(database, user=role, password="right")
    try:
        found = {
            "password": await trouble("PostgreSQL", ask(make_conninfo(database, password="canary-wrong"))),
            "none": await trouble("PostgreSQL", ask(make_conninfo(database, password=""))),
            "role": await trouble("PostgreSQL", ask(make_conninfo(weak, user=f"{role}_out"))),
            "database": await trouble("PostgreSQL", ask(make_conninfo(database, dbname="absent"))),
            "create": await trouble("PostgreSQL", ask(weak, "create schema people")),
            "tls": await trouble("PostgreSQL", ask(make_conninfo(database, sslmode="require"))),
        }
        await ask(database, f'revoke connect on database "{name}" from public')
        found["connect"] = await trouble("PostgreSQL", ask(weak))
    finally:
        await ask(database, f"drop role {role}")
        await ask(database, f"drop role {role}_out")
    assert {case: each.kind for case, each in found.items()} == {
        "password": "wrong_password",
        "none": "wrong_password",
        "role": "not_let_in",
        "database": "no_such_database",
        "create": "no_right",
        "connect": "no_right",
        "tls": "tls",
    }
    assert '"absent"' in found["database"].why
    assert all("canary-wrong" not in str(each) and "right'" not in str(each) for each in found.values())


async def test_postgresql_that_is_not_there_is_told_apart_from_one_that_is_silent_or_another_server(
    database: str,
) -> None:
    closed = ports.free_port()
    with silence() as silent:
        async with something_else(b"HTTP/1.1 400 Bad Request\r\n\r\n") as web, something_else(b"") as rude:
            found = {
                "refused": await trouble("PostgreSQL", ask(make_conninfo(database, port=closed))),
                "silent": await trouble("PostgreSQL", ask(make_conninfo(database, port=silent))),
                "not_this_server": await trouble("PostgreSQL", ask(make_conninfo(database, port=web))),
                "lost": await trouble("PostgreSQL", ask(make_conninfo(database, port=rude))),
                "unknown_host": await trouble("PostgreSQL", ask(make_conninfo(database, host="no-such-host.invalid"))),
                "bad_address": await trouble("PostgreSQL", ask("postgresql//onward:canary@here:5/x")),
            }
    assert {case: each.kind for case, each in found.items()} == {case: case for case in found}
    assert f"{ports.HOST}:{closed}" in found["refused"].why
    assert "no-such-host.invalid" in found["unknown_host"].why
    assert "canary" not in str(found["bad_address"])


async def test_what_postgresql_refuses_while_we_work_is_told_apart(database: str) -> None:
    read_only = ask(database, "create table t (x int)", options="-c default_transaction_read_only=on")
    slow = ask(database, "select pg_sleep(9)", options="-c statement_timeout=50")
    found = [
        await trouble("PostgreSQL", read_only),
        await trouble("PostgreSQL", slow),
        await trouble("PostgreSQL", ask(database, "select * from input_shard")),
        await trouble("PostgreSQL", ask(database, "select pg_terminate_backend(pg_backend_pid())")),
    ]
    assert [each.kind for each in found] == ["read_only", "too_slow", "no_such_table", "session_ended"]
    assert [each.code for each in found] == ["25006", "57014", "42P01", "57P01"]


async def until_asleep(watching: psycopg.AsyncConnection) -> None:
    while True:
        asleep = await watching.execute("select from pg_stat_activity where wait_event = 'PgSleep'")
        if await asleep.fetchall():
            return
        await asyncio.sleep(0.02)


async def test_a_database_that_falls_freezes_stops_or_is_full_is_told_from_one_that_ends_our_session(
    private_stack: Callable[..., Stack],
) -> None:
    stack = private_stack(kafka=False)
    server, url = stack.postgres, stack.database_url

    async def sleeping(then: Callable[[], object]) -> ServerTrouble:
        connection = await psycopg.AsyncConnection.connect(url, autocommit=True)
        asleep = asyncio.create_task(trouble("PostgreSQL", connection.execute("select pg_sleep(20)")))
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as watching:
            await until_asleep(watching)
        await asyncio.to_thread(then)
        try:
            return await asleep
        finally:
            await connection.close()

    many: list[psycopg.AsyncConnection] = []

    async def use_them_up() -> None:
        while True:
            many.append(await psycopg.AsyncConnection.connect(url, autocommit=True))

    found = {"too_many_connections": await trouble("PostgreSQL", use_them_up())}
    for connection in many:
        await connection.close()
    os.kill(server.pid, signal.SIGSTOP)
    found["silent"] = await trouble("PostgreSQL", ask(url))
    os.kill(server.pid, signal.SIGCONT)
    found["lost"] = await sleeping(server.kill)
    found["refused"] = await trouble("PostgreSQL", ask(url))
    await asyncio.to_thread(server.start)
    idle = await psycopg.AsyncConnection.connect(url, autocommit=True)
    # Only the main process: those that wait for a client still say that it is gone, and go too.
    os.kill(server.pid, signal.SIGKILL)
    await asyncio.to_thread(psutil.Process(idle.info.backend_pid).wait, 20)
    found["crashed"] = await trouble("PostgreSQL", idle.execute("select 1"))
    await idle.close()
    server.kill()
    await asyncio.to_thread(server.start)
    found["session_ended"] = await sleeping(lambda: os.kill(server.pid, signal.SIGINT))
    assert {case: each.kind for case, each in found.items()} == {case: case for case in found}


async def connect(bootstrap: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=1500)
    try:
        await admin.start()
    finally:
        await admin.close()


async def test_each_way_in_which_no_broker_is_reached_is_told_apart(kafka: Broker) -> None:
    await connect(kafka.bootstrap)  # the control: nothing of this is our own doing
    closed = ports.free_port()
    with silence() as silent:
        async with something_else(b"HTTP/1.1 400 Bad Request\r\n\r\n") as web, something_else(b"") as rude:
            found = {
                "refused": await trouble("Kafka", connect(f"{ports.HOST}:{closed}")),
                "silent": await trouble("Kafka", connect(f"{ports.HOST}:{silent}")),
                "unknown_host": await trouble("Kafka", connect("no-such-host.invalid:9092")),
                "web": await trouble("Kafka", connect(f"{ports.HOST}:{web}")),
                "rude": await trouble("Kafka", connect(f"{ports.HOST}:{rude}")),
            }
    assert {case: each.kind for case, each in found.items()} == {
        "refused": "refused",
        "silent": "silent",
        "unknown_host": "unknown_host",
        "web": "lost",
        "rude": "lost",
    }
    assert f"{ports.HOST}:{closed}" in found["refused"].why
    assert "no-such-host.invalid:9092" in found["unknown_host"].why
    assert "TLS" in found["rude"].what_to_do


async def test_what_kafka_refuses_while_we_work_is_told_apart(kafka: Broker, unique: Callable[[str], str]) -> None:
    topic, key = unique("small"), unique("tx")
    await make_topics(kafka.bootstrap, topic, partitions=1)

    async def write(name: str, size: int) -> None:
        producer = AIOKafkaProducer(
            bootstrap_servers=kafka.bootstrap, request_timeout_ms=1500, max_request_size=4_000_000
        )
        await producer.start()
        try:
            await producer.send_and_wait(name, b"x" * size)
        finally:
            await let_go(producer)

    async def fence() -> None:
        older, newer = (AIOKafkaProducer(bootstrap_servers=kafka.bootstrap, transactional_id=key) for _ in range(2))
        try:
            await older.start()
            await newer.start()
            await older.begin_transaction()
            await older.send_and_wait(topic, b"x")
        finally:
            await let_go(older)
            await let_go(newer)

    async def take_too_long() -> None:
        producer = AIOKafkaProducer(
            bootstrap_servers=kafka.bootstrap, transactional_id=key, transaction_timeout_ms=10**9
        )
        try:
            await producer.start()
        finally:
            await let_go(producer)

    found = {
        "too_large": await trouble("Kafka", write(topic, 3_000_000)),
        "no_such_topic": await trouble("Kafka", write(unique("absent"), 1)),
        "fenced": await trouble("Kafka", fence()),
        "not_allowed_there": await trouble("Kafka", take_too_long()),
    }
    assert {case: each.kind for case, each in found.items()} == {case: case for case in found}


async def test_a_batch_that_a_topic_does_not_take_is_told_with_the_topic_and_its_size(
    kafka: Broker, unique: Callable[[str], str]
) -> None:
    fits, small = unique("fits"), unique("small")
    specs = {fits: TopicSpec(1), small: TopicSpec(1, {"max.message.bytes": "2000"})}
    await create_topics(kafka.bootstrap, specs)
    producer = ProducerSettings(KafkaConnection(kafka.bootstrap), "test", request_timeout_s=10).make(unique("tx"))
    await producer.start()

    async def write() -> None:
        await producer.begin_transaction()
        await publish(producer, [EncodedRecord(topic, b"k", b"x" * 5000, []) for topic in (fits, small)])

    try:
        found = await trouble("Kafka", write())
    finally:
        await let_go(producer)
    assert (found.kind, found.code) == ("too_large", "BatchTooLargeError")
    assert f"`{small}`: 5," in found.why
    assert fits not in found.why


async def test_a_frozen_broker_is_silent_not_refusing(private_stack: Callable[..., Stack]) -> None:
    stack = private_stack(postgres=False)
    os.kill(stack.kafka.pid, signal.SIGSTOP)
    try:
        frozen = await trouble("Kafka", connect(stack.kafka_bootstrap))
    finally:
        os.kill(stack.kafka.pid, signal.SIGCONT)
    stack.kafka.kill()
    gone = await trouble("Kafka", connect(stack.kafka_bootstrap))
    assert (frozen.kind, gone.kind) == ("silent", "refused")
    assert stack.kafka_bootstrap in frozen.why
