"""The broker of `deploy/compose.yaml` as configured there: prepared by its commands, and closed to everybody else."""

from collections.abc import Generator
from pathlib import Path

import pytest

from integration.deployment.compose_broker import ComposeBroker, compose_broker
from integration.deployment.roles import with_roles
from onward.contracts import topics
from onward.contracts.services import SECRETS, SERVICES
from onward.deployment.postgres_roles import OWNER, ROLES
from onward.directory import files as directory_files
from onward.local.service_spec import ServiceSpec
from onward.local.services import Services

pytestmark = pytest.mark.nightly
"""The rights themselves are tried by `make test`; this makes 258 topics and runs five services as well."""


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Generator[ComposeBroker]:
    with compose_broker(tmp_path_factory.mktemp("compose")) as running:
        yield running


def installation(broker: ComposeBroker) -> dict[str, str]:
    return {f"ONWARD_{name.replace('-', '_').upper()}_FILE": str(broker.secrets / name) for name in SECRETS["people"]}


def test_it_is_prepared_by_its_commands_and_by_nobody_else(broker: ComposeBroker) -> None:
    refused = broker.onward("intake", "deploy", "rights", "--apply")
    assert refused.exit_code == 1, "a service gives nobody rights"
    given = broker.onward("admin", "deploy", "rights", "--apply")
    assert given.exit_code == 0, given.output
    outside = len(topics.sources()) + len(directory_files.load().providers)
    assert f"{outside} quotas" in given.output, "of every partner and provider"
    refused = broker.onward("intake", "topics", "--replication", "1")
    assert refused.exit_code == 1, "a service makes no topics"
    made = broker.onward("operator", "topics", "--replication", "1", **installation(broker))
    assert made.exit_code == 0, made.output
    again = broker.onward("operator", "topics", "--replication", "1", **installation(broker))
    assert again.exit_code == 0, again.output
    listed = broker.onward("operator", "books", "list")
    assert listed.exit_code == 0, listed.output


@pytest.mark.parametrize("user", ["intake", "admin", "partner-custody"])
def test_nobody_comes_in_with_a_wrong_word_or_without_tls(broker: ComposeBroker, user: str, tmp_path: Path) -> None:
    (tmp_path / "wrong").write_text("another word")
    wrong = broker.onward(user, "books", "list", ONWARD_KAFKA_SASL_PASSWORD_FILE=str(tmp_path / "wrong"))
    assert wrong.exit_code == 1
    assert "another word" not in wrong.output


def test_every_service_lives_with_its_own_rights_alone(broker: ComposeBroker, database: str, tmp_path: Path) -> None:
    """All five become ready as who they are in Kafka and PostgreSQL, and the parts of one message pass through."""
    with with_roles(database) as of:
        owner = {"ONWARD_DATABASE_URL": of(OWNER)}
        done = broker.onward("admin", "migrate", **owner)
        assert done.exit_code == 0, done.output
        assert broker.onward("admin", "deploy", "rights", "--apply").exit_code == 0
        assert broker.onward("operator", "topics", "--replication", "1", **installation(broker), **owner).exit_code == 0
        roles = {role.name for role in ROLES}
        specs = [
            ServiceSpec(
                name,
                env={
                    **broker.login(name),
                    **installation(broker),
                    **({"ONWARD_DATABASE_URL": of(f"onward_{name}")} if f"onward_{name}" in roles else {}),
                },
            )
            for name in SERVICES
        ]
        with Services(specs, directory=tmp_path / "logs", env={}, ready_within=240) as services:
            services.check()
            logs = "".join(service.log.read_text() for service in services.running.values())
        for word in ("Authorization", "denied", "not_noted", "InsufficientPrivilege", "not authorized"):
            assert word not in logs, [line for line in logs.splitlines() if word in line][:5]
