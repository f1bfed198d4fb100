"""How a client proves who it is comes from the environment; what does not fit together is refused before anything."""

from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from onward.chassis.errors import ConfigurationError
from onward.chassis.kafka.connection import KafkaConnection
from onward.chassis.kafka.tokens import CommandTokens, TokenError

WITH_PASSWORD = {
    "SECURITY_PROTOCOL": "SASL_PLAINTEXT",
    "SASL_MECHANISM": "SCRAM-SHA-512",
    "SASL_USERNAME": "intake",
    "SASL_PASSWORD": "not for the log",
}
BY_TOKEN = {"SECURITY_PROTOCOL": "SASL_PLAINTEXT", "SASL_MECHANISM": "OAUTHBEARER"}


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Any:
    def reading(**variables: str) -> KafkaConnection:
        for name, value in variables.items():
            monkeypatch.setenv(f"ONWARD_KAFKA_{name}", value)
        return KafkaConnection.of_environment("broker.example:9093")

    return reading


def test_without_a_word_nothing_is_encrypted_and_nobody_logs_in(read: Any) -> None:
    assert read().security == {}


def test_a_password_is_given_to_the_client_and_shown_to_nobody(read: Any) -> None:
    connection = read(**WITH_PASSWORD)
    assert connection.security["sasl_plain_password"] == "not for the log"
    assert "not for the log" not in repr(connection)


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"SECURITY_PROTOCOL": "TLS"}, "ONWARD_KAFKA_SECURITY_PROTOCOL: Input should be 'PLAINTEXT'"),
        ({"SECURITY_PROTOCOL": "SASL_SSL"}, "SASL_MECHANISM belongs to"),
        ({"SASL_MECHANISM": "PLAIN"}, "SASL_MECHANISM belongs to"),
        ({**WITH_PASSWORD, "SASL_PASSWORD": ""}, "SCRAM-SHA-512 needs ONWARD_KAFKA_SASL_USERNAME and"),
        (BY_TOKEN, "OAUTHBEARER needs ONWARD_KAFKA_TOKEN_COMMAND or"),
        ({**BY_TOKEN, "TOKEN_COMMAND": "a", "TOKEN_URL": "https://id.example"}, "and not both"),
        ({**BY_TOKEN, "TOKEN_URL": "https://id.example"}, "TOKEN_URL needs ONWARD_KAFKA_TOKEN_CLIENT_ID"),
        ({**BY_TOKEN, "TOKEN_URL": "file:///etc/passwd"}, "ONWARD_KAFKA_TOKEN_URL"),
        ({"CA_FILE": "/no/such/file"}, "ONWARD_KAFKA_CA_FILE: Path does not point to a file"),
        ({"CA_FILE": __file__}, "ONWARD_KAFKA_CA_FILE is only for"),
        ({"SECURITY_PROTOCOL": "SSL", "CA_FILE": __file__}, "holds no certificate in PEM form"),
        ({"SECURITY_PROTOCOL": "SSL", "CERTIFICATE_FILE": __file__}, "belong together"),
        (
            {"SECURITY_PROTOCOL": "SSL", "CERTIFICATE_FILE": __file__, "KEY_FILE": __file__},
            "are no certificate and its key",
        ),
        ({"OPTIONS": '{"acks": 0}'}, "must not set acks"),
        ({"OPTIONS": '{"conections_max_idle_ms": 1}'}, "has no option conections_max_idle_ms"),
        ({"OPTIONS": '{"connections_max_idle_ms": "abc"}'}, "connections_max_idle_ms must be a whole number"),
        ({"OPTIONS": "acks=0"}, "ONWARD_KAFKA_OPTIONS: must be a JSON object"),
    ],
)
def test_what_does_not_fit_together_is_named_with_its_variable(read: Any, variables: dict[str, str], said: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        read(**variables)
    assert said in str(refused.value)
    assert "not for the log" not in str(refused.value)


def test_each_kind_of_client_takes_the_further_options_that_it_knows_and_ours_stand(read: Any) -> None:
    connection = read(OPTIONS='{"fetch_max_wait_ms": 100, "connections_max_idle_ms": 60000}')
    consumer = connection.options_for(AIOKafkaConsumer, {"isolation_level": "read_committed"})
    assert consumer["fetch_max_wait_ms"] == 100
    assert consumer["isolation_level"] == "read_committed"
    producer = connection.options_for(AIOKafkaProducer, {})
    assert producer == {"bootstrap_servers": "broker.example:9093", "connections_max_idle_ms": 60000}


async def test_a_token_is_what_a_program_prints() -> None:
    assert await CommandTokens("printf ' token\n'").token() == "token"


@pytest.mark.parametrize(
    ("command", "said"),
    [("false", "false ends with 1"), ("true", "true prints nothing"), ("no-such-program-anywhere", "does not start")],
)
async def test_a_program_that_gives_no_token_is_named(command: str, said: str) -> None:
    with pytest.raises(TokenError, match=said):
        await CommandTokens(command).token()


def test_only_one_module_makes_clients_of_each_server() -> None:
    """TLS, logins and bounded waits are of every client only if nobody makes one beside."""
    services = Path(__file__).parents[3] / "services" / "onward"
    kafka = ("AIOKafkaProducer(", "AIOKafkaConsumer(", "AIOKafkaAdminClient(", "AIOKafkaClient(")
    makers = (*kafka, "psycopg.connect(", "AsyncConnection.connect(")
    found = {
        str(file.relative_to(services))
        for file in services.rglob("*.py")
        for line in file.read_text().splitlines()
        if any(maker in line for maker in makers) and not line.startswith("class ")
    }
    assert found == {"chassis/kafka/connection.py", "chassis/postgres/database.py"}
