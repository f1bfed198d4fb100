"""One running Onward for all tests of this folder, started when the first asks, gone when the last has ended."""

import asyncio
import os
from collections.abc import Generator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from integration.whole.watching import Watch
from integration.whole.whole_system import System
from onward.chassis.kafka import admin
from onward.chassis.kafka.admin import create_topics
from onward.cli.main import app
from onward.directory import files as directory_files
from onward.local import deployment
from onward.local.services import Services
from onward.local.stack import DATABASE_VARIABLE, KAFKA_VARIABLE, Stack

STOPPING = ("test_kill_one_service.py", "test_lost_offsets.py", "test_parked_comes_back.py")


@pytest.fixture(scope="package")
def whole() -> Generator[System]:
    """Everything, running. Servers of its own: topics have fixed names, and what others write would not add up."""
    environ = {name: value for name, value in os.environ.items() if name not in {KAFKA_VARIABLE, DATABASE_VARIABLE}}
    secrets = deployment.local_secrets(None, {})
    providers = directory_files.load()
    topics = admin.topic_specs(sorted(providers.providers))
    with Stack(environ=environ) as stack:
        asyncio.run(create_topics(stack.kafka_bootstrap, topics))
        # A service that is killed is missed after so long; the least that a busy machine bears.
        environment = {**stack.variables, **secrets, "ONWARD_SESSION_TIMEOUT_S": "4"}
        trusted, erasers = keys_of_erasers(stack.directory)
        environment["ONWARD_RULE_KEYS"] = str(trusted)
        with (
            Services(deployment.service_specs(), directory=stack.directory / "logs", env=environment) as services,
            Watch(stack.kafka_bootstrap, {name: spec.partitions for name, spec in topics.items()}, secrets) as watch,
        ):
            yield System(
                directory=stack.directory,
                secrets=secrets,
                watch=watch,
                providers=providers,
                bootstrap=stack.kafka_bootstrap,
                database=stack.database_url,
                services=services,
                trusted=trusted,
                erasers=erasers,
            )


def keys_of_erasers(folder: Path) -> tuple[Path, tuple[Path, Path]]:
    """The file of trusted keys, and the private keys of two people who may sign that a person is erased."""
    lines: list[str] = []
    private = (folder / "eraser-1.pem", folder / "eraser-2.pem")
    for path in private:
        made = CliRunner().invoke(app, ["rules", "keys", "new", path.stem, "--role", "eraser", "--out", str(path)])
        assert made.exit_code == 0, made.output
        lines.append(made.stdout)
    trusted = folder / "keys.yaml"
    trusted.write_text("schema: rule-keys/v1\nkeys:\n" + "".join(lines))
    return trusted, private


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What stops services comes last here: those that start again count from 0, and others hold counts to records."""
    ours = [number for number, item in enumerate(items) if item.path.parent == Path(__file__).parent]
    ordered = sorted((items[number] for number in ours), key=_turn)
    for number, item in zip(ours, ordered, strict=True):
        items[number] = item


def _turn(item: pytest.Item) -> int:
    return STOPPING.index(item.path.name) + 1 if item.path.name in STOPPING else 0
