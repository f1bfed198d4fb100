"""TLS, logins and rights on a real broker: who is let in works, who is not is told why and what to do."""

import asyncio
import http.server
import json
import threading
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any

import pytest

from integration.chassis.living import Note, living, make_topics, notes, read, settings, write
from integration.chassis.secured import (
    DESCRIBE,
    GROUP,
    PASSWORD,
    READ,
    SERVICE,
    TOPIC,
    TRANSACTIONAL_ID,
    WRITE,
    Authority,
    Secured,
    allow,
    secured,
    token,
)
from onward.chassis.kafka import patches
from onward.chassis.kafka.cluster import Cluster
from onward.chassis.kafka.connection import KafkaConnection
from onward.chassis.observability.server_errors import explain
from onward.chassis.processing.hop import StatelessHop
from onward.chassis.record import Received
from onward.contracts.outcome import Outcome, Published
from onward.local import ports


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Generator[Secured]:
    patches.install()
    with secured(tmp_path_factory.mktemp("secured")) as running:
        yield running


def connection(address: str, variables: Mapping[str, str]) -> KafkaConnection:
    with pytest.MonkeyPatch.context() as environment:
        for name, value in variables.items():
            environment.setenv(name, value)
        return KafkaConnection.of_environment(address)


async def topics(address: str, variables: Mapping[str, str]) -> frozenset[str]:
    cluster = Cluster(connection(address, variables), "a-test")
    try:
        return await cluster.topics()
    finally:
        await cluster.close()


@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"])
async def test_who_has_the_right_password_is_let_in(broker: Secured, mechanism: str) -> None:
    await topics(f"localhost:{broker.port}", broker.by_password(mechanism=mechanism))


async def test_a_service_that_has_its_rights_and_no_others_copies_exactly_once(broker: Secured) -> None:
    source, target = "in.secured", "out.secured"
    await make_topics(broker.inner, source, target, f"parked.{SERVICE}", partitions=1)
    await allow(
        broker.inner,
        SERVICE,
        (TOPIC, source, READ), (TOPIC, target, WRITE), (TOPIC, f"parked.{SERVICE}", WRITE),
        (TOPIC, "installation", READ), (TOPIC, "installation", WRITE),
        (GROUP, f"{SERVICE}.*", READ),
        (TRANSACTIONAL_ID, f"{SERVICE}.*", WRITE), (TRANSACTIONAL_ID, "onward.installation", WRITE),
    )  # fmt: skip
    await write(broker.inner, source, [Note(key="k", number=number) for number in range(20)])
    output = notes(target)

    def decide(received: Received[Note]) -> Outcome:
        return Published((output.message(received.body, key=received.body.key),))

    given = settings(f"localhost:{broker.port}", **of(broker.by_password()))
    async with living(SERVICE, given, [StatelessHop(notes(source), decide)], installed_at=broker.inner) as service:
        assert len(await read(broker.inner, target, 20, partitions=1)) == 20
        assert service.process.fatal is None


def of(variables: Mapping[str, str]) -> dict[str, str]:
    """As settings are called in Python."""
    return {name.removeprefix("ONWARD_").lower(): value for name, value in variables.items()}


async def test_a_token_that_a_program_prints_lets_in(broker: Secured, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(token(SERVICE))
    await topics(f"localhost:{broker.port}", by_token(broker, ONWARD_KAFKA_TOKEN_COMMAND=f"cat {tmp_path / 'token'}"))


def by_token(broker: Secured, **more: str) -> dict[str, str]:
    return {
        "ONWARD_KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
        "ONWARD_KAFKA_CA_FILE": str(broker.authority.file),
        "ONWARD_KAFKA_SASL_MECHANISM": "OAUTHBEARER",
        **more,
    }


async def test_a_token_of_an_openid_provider_lets_in_and_is_asked_for_once(broker: Secured) -> None:
    asked: list[tuple[str, str]] = []

    class Provider(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = self.rfile.read(int(self.headers["Content-Length"])).decode()
            asked.append((self.headers["Authorization"], form))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"access_token": token(SERVICE), "expires_in": 600}).encode())

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as the library names it
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", ports.free_port()), Provider)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        variables = by_token(
            broker,
            ONWARD_KAFKA_TOKEN_URL=f"http://127.0.0.1:{server.server_port}/token",
            ONWARD_KAFKA_TOKEN_CLIENT_ID="onward",
            ONWARD_KAFKA_TOKEN_CLIENT_SECRET=PASSWORD,
            ONWARD_KAFKA_TOKEN_SCOPE="kafka",
        )
        await topics(f"localhost:{broker.port}", variables)
    finally:
        await asyncio.to_thread(server.shutdown)
        server.server_close()
        thread.join()
    ((login, form),) = asked
    assert login.startswith("Basic ")
    assert form == "grant_type=client_credentials&scope=kafka"


async def test_a_client_certificate_lets_in_where_one_is_wanted(broker: Secured) -> None:
    certificate, key = broker.authority.certify(SERVICE)
    variables = {
        "ONWARD_KAFKA_SECURITY_PROTOCOL": "SSL",
        "ONWARD_KAFKA_CA_FILE": str(broker.authority.file),
        "ONWARD_KAFKA_CERTIFICATE_FILE": str(certificate),
        "ONWARD_KAFKA_KEY_FILE": str(key),
    }
    await topics(f"localhost:{broker.mutual}", variables)


async def why_not(address: str, variables: Mapping[str, str]) -> tuple[str, str]:
    """What kind of trouble it is, and all that is said of it."""
    with pytest.raises(Exception) as refused:  # noqa: PT011 - which one is what `explain` tells
        await topics(address, variables)
    trouble = explain(refused.value, server="Kafka")
    assert trouble is not None
    assert PASSWORD not in str(trouble)
    return trouble.kind, str(trouble)


async def test_a_wrong_password_is_told_from_everything_else(broker: Secured) -> None:
    variables = broker.by_password(ONWARD_KAFKA_SASL_PASSWORD="another one")
    kind, said = await why_not(f"localhost:{broker.port}", variables)
    assert kind == "wrong_password"
    assert "ONWARD_KAFKA_SASL_USERNAME" in said


async def test_another_authority_is_told(broker: Secured, tmp_path: Path) -> None:
    other = Authority(tmp_path, "another authority")
    kind, said = await why_not(f"localhost:{broker.port}", broker.by_password(ONWARD_KAFKA_CA_FILE=str(other.file)))
    assert (kind, "ONWARD_KAFKA_CA_FILE" in said) == ("tls", True), said
    assert "authority that we do not trust" in said


async def test_another_host_name_is_told(broker: Secured) -> None:
    kind, said = await why_not(f"127.0.0.1:{broker.port}", broker.by_password())
    assert kind == "tls"
    assert "for another host" in said


async def test_an_expired_certificate_is_told(tmp_path: Path) -> None:
    with secured(tmp_path, days=(-9, -1)) as expired:
        kind, said = await why_not(f"localhost:{expired.port}", expired.by_password())
    assert kind == "tls"
    assert "has expired" in said


async def test_no_client_certificate_where_one_is_wanted_is_told(broker: Secured) -> None:
    variables = {
        "ONWARD_KAFKA_SECURITY_PROTOCOL": "SSL",
        "ONWARD_KAFKA_CA_FILE": str(broker.authority.file),
    }
    kind, said = await why_not(f"localhost:{broker.mutual}", variables)
    assert kind == "tls"
    assert "ONWARD_KAFKA_CERTIFICATE_FILE" in said


async def test_tls_to_a_plain_port_is_told(broker: Secured) -> None:
    kind, said = await why_not(broker.inner, broker.by_password())
    assert kind == "tls"
    assert "without TLS" in said


async def test_plain_words_to_a_tls_port_are_told(broker: Secured) -> None:
    kind, said = await why_not(f"localhost:{broker.port}", {})
    assert kind == "tls"
    assert "ONWARD_KAFKA_SECURITY_PROTOCOL" in said


@pytest.mark.parametrize(
    ("allowed", "said"),
    [
        ([(TOPIC, "{topic}", DESCRIBE), (GROUP, "g", READ)], "read or write a topic"),
        ([(TOPIC, "{topic}", READ)], "its consumer group"),
    ],
)
async def test_what_a_client_has_no_right_to_is_named(
    broker: Secured, unique: Any, allowed: list[tuple[int, str, int]], said: str
) -> None:
    topic = unique("rights")
    await make_topics(broker.inner, topic, partitions=1)
    user = f"user-{unique('')}"[:30]
    await allow(broker.inner, user, *[(kind, name.format(topic=topic), what) for kind, name, what in allowed])
    variables = by_token(broker, ONWARD_KAFKA_TOKEN_COMMAND=f"printf {token(user)}")
    consumer = connection(f"localhost:{broker.port}", variables).consumer(topic, group_id="g")
    with pytest.raises(Exception) as refused:  # noqa: PT011, PT012 - which one is what `explain` tells
        try:
            await consumer.start()
            await asyncio.wait_for(consumer.getone(), 20)
        finally:
            await consumer.stop()
    trouble = explain(refused.value)
    assert trouble is not None
    assert trouble.kind == "no_right"
    assert said in str(trouble)


async def test_no_right_to_a_transactional_id_is_named(broker: Secured) -> None:
    producer = connection(f"localhost:{broker.port}", broker.by_password()).producer(transactional_id="of-others")
    with pytest.raises(Exception) as refused:  # noqa: PT011 - which one is what `explain` tells
        await producer.start()
    await producer.stop()
    trouble = explain(refused.value)
    assert trouble is not None
    assert (trouble.kind, "transactional id" in str(trouble)) == ("no_right", True)
