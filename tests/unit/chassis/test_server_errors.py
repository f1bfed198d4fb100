"""What an error of a server means and what to do about it is told in words, and no secret is among them."""

import asyncio
import socket
import ssl
from typing import Any

import psycopg
import pytest
from aiokafka import errors as kafka
from psycopg.errors import FinishedPGconn, lookup

from onward.chassis.errors import FencedError, TopicsMissingError
from onward.chassis.kafka.patches.connection_causes import NotConnectedError
from onward.chassis.observability.server_errors import ServerTrouble, explain
from onward.chassis.postgres import database

SECRET = "s3cr3t-of-nobody"


def a_connection(host: str = "db.example", port: str = "5432") -> Any:
    return FinishedPGconn(
        db=b"onward", user=b"people", password=SECRET.encode(), host=host.encode(), port=port.encode()
    )


def refused_by_postgres(text: str, **where: str) -> psycopg.Error:
    server = 'connection failed: connection to server at "db.example", port 5432 failed: '
    return psycopg.OperationalError(server + text, pgconn=a_connection(**where))


def told(error: BaseException) -> ServerTrouble:
    found = explain(error)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        ("28P01", "wrong_password"),
        ("28000", "not_let_in"),
        ("3D000", "no_such_database"),
        ("42501", "no_right"),
        ("42P01", "no_such_table"),
        ("53100", "full"),
        ("53300", "too_many_connections"),
        ("57014", "too_slow"),
        ("57P02", "crashed"),
        ("57P03", "starting"),
        ("25006", "read_only"),
        ("40001", "conflict"),
        ("40P01", "conflict"),
        ("55P03", "too_slow"),
        ("08006", "lost"),
        ("58030", "server_fault"),
        ("0A000", "server_fault"),
    ],
)
def test_a_state_of_postgresql_is_told_with_its_code_and_what_to_do(state: str, kind: str) -> None:
    found = told(lookup(state)(f"words of the server about {SECRET}"))
    assert (found.server, found.kind, found.code) == ("PostgreSQL", kind, state)
    assert found.what_to_do
    assert state in str(found)
    assert SECRET not in str(found)


@pytest.mark.parametrize(
    ("text", "kind", "why"),
    [
        (
            'FATAL:  password authentication failed for user "people"',
            "wrong_password",
            'does not accept the password of user "people" at db.example:5432',
        ),
        ('FATAL:  database "onward" does not exist', "no_such_database", 'has no database "onward" at db.example:5432'),
        ('FATAL:  role "people" does not exist', "not_let_in", 'has no role "people" at db.example:5432'),
        ('FATAL:  role "people" is not permitted to log in', "not_let_in", "permit"),
        ('FATAL:  no pg_hba.conf entry for host "10.0.0.1", user "people"', "not_let_in", "pg_hba.conf"),
        ('FATAL:  permission denied for database "onward"', "no_right", 'the database "onward"'),
        ("FATAL:  sorry, too many clients already", "too_many_connections", "too many"),
        (
            "FATAL:  remaining connection slots are reserved for roles with SUPERUSER",
            "too_many_connections",
            "too many",
        ),
        ("FATAL:  the database system is starting up", "starting", "yet"),
        ("FATAL:  the database system is shutting down", "shutting_down", "shutting down"),
        (
            "FATAL:  Passwort-Authentifizierung für Benutzer »people« fehlgeschlagen",
            "not_let_in",
            "words that we do not know",
        ),
        ("server does not support SSL, but SSL was required", "tls", "encryption"),
        ("SSL error: certificate verify failed", "tls", "authority"),
        ("received invalid response to SSL negotiation: H", "not_this_server", "db.example:5432"),
        ("Connection refused\n\tIs the server running?", "refused", "at db.example:5432"),
        ("No route to host", "unreachable", "at db.example:5432"),
        ("timeout expired", "silent", "at db.example:5432"),
        ("server closed the connection unexpectedly", "lost", "at db.example:5432"),
        ("what nobody has ever seen", "lost", "at db.example:5432"),
    ],
)
def test_a_connection_that_postgresql_refuses_is_told_by_its_words(text: str, kind: str, why: str) -> None:
    found = told(refused_by_postgres(text))
    assert (found.server, found.kind) == ("PostgreSQL", kind)
    assert why in found.why
    assert len(str(found)) < 300, "a log line cuts what is longer"


def test_an_address_that_cannot_be_read_is_never_quoted() -> None:
    for text in (
        f'missing "=" after "postgresql//u:{SECRET}@host:5/x" in connection info string\n',
        f'invalid percent-encoded token: "{SECRET}"\n',
        f'invalid connection option "{SECRET}"\n',
    ):
        found = told(psycopg.ProgrammingError(text))
        assert found.kind == "bad_address"
        assert "%40" in found.what_to_do
        assert SECRET not in str(found)


@pytest.mark.parametrize("host", [f"{SECRET}@db", f"a {SECRET}", f'"{SECRET}'])
def test_a_host_that_is_no_host_may_be_a_piece_of_a_password_and_is_not_told(host: str) -> None:
    for error in (
        refused_by_postgres("Connection refused", host=host),
        psycopg.OperationalError(f"failed to resolve host '{host}': [Errno -2] Name or service not known"),
    ):
        assert SECRET not in str(told(error))
    port = psycopg.OperationalError(f'connection is bad: invalid port number: "{SECRET}"')
    assert told(port).kind == "bad_address"
    assert SECRET not in str(told(port))


def test_a_session_that_a_fallen_server_ended_was_not_taken_over_by_anybody() -> None:
    ended = lookup("57P01")
    assert database.is_usurped(ended("terminating connection due to administrator command"))
    assert not database.is_usurped(ended("terminating connection due to unexpected postmaster exit"))
    assert database.is_away(ended("terminating connection due to unexpected postmaster exit"))


def test_a_fallen_server_is_not_taken_for_somebody_who_ended_our_session() -> None:
    ended = lookup("57P01")
    assert told(ended("terminating connection due to administrator command")).kind == "session_ended"
    assert told(ended("terminating connection due to unexpected postmaster exit")).kind == "crashed"


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (kafka.KafkaConnectionError("Unable to bootstrap from [('h', 1, 2)]"), "unreachable"),
        (kafka.NodeNotReadyError("node 1"), "unreachable"),
        (kafka.KafkaConnectionError("Connection at h:1 closed"), "lost"),
        (kafka.RequestTimedOutError(), "silent"),
        (kafka.CoordinatorNotAvailableError(), "coordinator"),
        (kafka.CoordinatorLoadInProgressError(), "coordinator"),
        (kafka.NotCoordinatorError(), "coordinator"),
        (kafka.LeaderNotAvailableError(), "no_leader"),
        (kafka.NotEnoughReplicasError(), "no_leader"),
        (kafka.UnknownTopicOrPartitionError(), "no_such_topic"),
        (kafka.MessageSizeTooLargeError(), "too_large"),
        (kafka.TopicAuthorizationFailedError(), "no_right"),
        (kafka.TransactionalIdAuthorizationFailed(), "no_right"),
        (kafka.SaslAuthenticationFailed(), "wrong_password"),
        (kafka.ProducerFenced(), "fenced"),
        (kafka.InvalidProducerEpoch(), "fenced"),
        (kafka.InvalidProducerIdMapping(), "id_expired"),
        (kafka.ConcurrentTransactions(), "conflict"),
        (kafka.InvalidTransactionTimeout(), "not_allowed_there"),
        (kafka.KafkaStorageError(), "full"),
        (kafka.UnknownError(), "server_fault"),
    ],
)
def test_an_error_of_kafka_is_told_by_its_name_and_what_to_do(error: Exception, kind: str) -> None:
    found = told(error)
    assert (found.server, found.kind, found.code) == ("Kafka", kind, type(error).__name__)
    assert found.what_to_do
    assert len(str(found)) < 300


def test_every_error_of_the_client_library_has_an_answer() -> None:
    classes = [each for each in vars(kafka).values() if isinstance(each, type) and issubclass(each, kafka.KafkaError)]
    assert len(classes) > 80
    for each in classes:
        assert explain(each()) is not None, each


@pytest.mark.parametrize(
    ("cause", "kind", "why"),
    [
        (ConnectionRefusedError(111, "Connect call failed"), "refused", "refuses the connection at kafka.example:9092"),
        (socket.gaierror(-2, "Name or service not known"), "unknown_host", "found by name at kafka.example:9092"),
        (TimeoutError(), "silent", "does not answer in time at kafka.example:9092"),
        (ssl.SSLError("wrong version"), "tls", "encryption at kafka.example:9092"),
        (OSError(113, "No route to host"), "unreachable", "can be reached at kafka.example:9092"),
        (
            kafka.KafkaConnectionError("Connection at kafka.example:9092 closed"),
            "lost",
            "closed the connection at kafka",
        ),
    ],
)
def test_why_no_broker_was_reached_comes_from_what_caused_it(cause: Exception, kind: str, why: str) -> None:
    error = kafka.KafkaConnectionError("Unable to bootstrap")
    error.__cause__ = NotConnectedError("kafka.example", 9092)
    error.__cause__.__cause__ = cause
    found = told(error)
    assert (found.server, found.kind) == ("Kafka", kind)
    assert why in found.why


async def test_a_time_that_ran_out_is_that_of_whoever_was_asked() -> None:
    with pytest.raises(TimeoutError) as ran_out:
        async with asyncio.timeout(0):
            await asyncio.sleep(1)
    assert explain(ran_out.value, server="PostgreSQL") == ServerTrouble(
        "PostgreSQL", "silent", "does not answer in time"
    )
    nobody_s = explain(ran_out.value)
    assert nobody_s is not None
    assert nobody_s.server == "a server"


def test_what_is_no_server_s_fault_and_what_is_our_own_to_tell_is_left_alone() -> None:
    assert explain(KeyError("x")) is None
    assert explain(TopicsMissingError("make them")) is None
    ours = FencedError("another process")
    ours.__cause__ = psycopg.OperationalError("connection refused")
    assert explain(ours) is None
