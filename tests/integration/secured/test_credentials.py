"""Each process of the secured stack has its own credentials alone, and whoever has none does not come in."""

import os
import stat
from pathlib import Path

import psycopg
import pytest
from aiokafka.errors import KafkaError, TopicAuthorizationFailedError
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from integration.secured.secured_system import SecuredSystem
from onward.chassis.installation_secrets import NAMES
from onward.chassis.kafka.connection import KafkaConnection
from onward.contracts.services import SECRETS, SERVICES, STATEFUL_SERVICES
from onward.local.deployment import VARIABLES

CREDENTIALS = ("PASSWORD", "DATABASE_URL", *VARIABLES)


def test_a_service_is_given_its_own_credentials_as_files_and_no_others(whole: SecuredSystem) -> None:
    folder = whole.secrets_folder
    for name in SERVICES:
        environ = whole.service(name).environ()
        given = {key: value for key, value in environ.items() if any(word in key for word in CREDENTIALS)}
        wanted = {
            "ONWARD_KAFKA_SASL_PASSWORD_FILE": str(folder / "kafka" / name),
        }
        wanted |= {
            f"{variable}_FILE": str(folder / secret)
            for secret, variable in zip(NAMES, VARIABLES, strict=True)
            if secret in SECRETS[name]
        }
        if name in {*STATEFUL_SERVICES, "dispatch"}:
            wanted["ONWARD_DATABASE_URL_FILE"] = str(folder / "postgres" / name)
        assert given == wanted
        assert environ["ONWARD_KAFKA_SASL_USERNAME"] == name
        assert (environ["ONWARD_KAFKA_SECURITY_PROTOCOL"], environ["ONWARD_KAFKA_SASL_MECHANISM"]) == (
            "SASL_SSL",
            "SCRAM-SHA-512",
        )


def test_no_secret_is_an_argument_or_in_the_environment_or_in_a_log(whole: SecuredSystem) -> None:
    folder = whole.secrets_folder
    hidden = [folder / name for name in NAMES if name != "parking-key"]  # which is public
    files = [*(folder / "kafka").iterdir(), *(folder / "postgres").iterdir(), *hidden]
    secrets = {path.read_text() for path in files} | {
        str(conninfo_to_dict(path.read_text())["password"]) for path in (folder / "postgres").iterdir()
    }
    assert len(secrets) > 20
    places: dict[str, str] = {}
    for process in whole.family():
        places[f"arguments of {process.pid}"] = " ".join(process.cmdline())
        places[f"environment of {process.pid}"] = " ".join(process.environ().values())
    logs = [path for path in whole.directory.rglob("*.log") if not path.stem.isdigit()]
    places |= {str(path): path.read_text(errors="replace") for path in logs}
    places["what it printed"] = "".join(whole.said)
    assert {place for place, text in places.items() if any(secret in text for secret in secrets)} == set()


def test_files_of_the_stack_are_closed_to_other_users(whole: SecuredSystem) -> None:
    folder = whole.secrets_folder
    for path in (folder, *folder.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    for path in (whole.directory / "kafka", whole.directory / "logs", whole.directory / "postgres" / "data"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    assert Path(whole.directory / "postgres" / "password").stat().st_mode & 0o077 == 0


async def test_nobody_comes_to_the_broker_without_tls_or_without_a_login(whole: SecuredSystem) -> None:
    for connection in (
        KafkaConnection(whole.found["kafka"]),
        KafkaConnection(
            whole.found["kafka"], {**whole.as_("partner-custody").security, "sasl_plain_password": "another"}
        ),
    ):
        client = connection.client(request_timeout_ms=2_000)
        with pytest.raises(KafkaError):
            await client.bootstrap()
        await client.close()


async def test_a_partner_writes_as_itself_and_as_no_other(whole: SecuredSystem) -> None:
    producer = whole.as_("partner-liaison").producer()
    await producer.start()
    try:
        with pytest.raises(TopicAuthorizationFailedError):
            await producer.send_and_wait("in.custody", b"{}")
    finally:
        await producer.stop()


def test_the_database_is_reached_by_tls_and_each_service_reads_its_own_tables(whole: SecuredSystem) -> None:
    dispatch = (whole.secrets_folder / "postgres" / "dispatch").read_text()
    with psycopg.connect(dispatch) as connection:
        assert connection.pgconn.ssl_in_use
        connection.execute("select count(*) from keyring.person_key")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("select count(*) from tracking.referral")
    with pytest.raises(psycopg.OperationalError, match="closed"):
        psycopg.connect(make_conninfo(dispatch, sslmode="disable")).close()
    assert os.path.exists(str(conninfo_to_dict(dispatch)["sslrootcert"]))  # noqa: PTH110
