"""
Real servers for the tests: one Kafka and one PostgreSQL for the whole session, started when the first test asks.

A test that breaks servers asks for `private_stack` and breaks its own.
"""

import gc
import itertools
import os
import re
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import psutil
import psycopg
import pytest
from hypothesis import settings
from psycopg import sql
from psycopg.conninfo import make_conninfo
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from onward.local import ports
from onward.local.broker import Profile
from onward.local.kafka import KafkaServer
from onward.local.postgres import PostgresServer
from onward.local.stack import DATABASE_VARIABLE, KAFKA_VARIABLE, Stack

_NUMBERS = itertools.count(1)

# A busy machine is slow, not wrong: no example is failed for the time that it took.
# The same examples in every run, so that a change is judged by what it changes; `make nightly` looks at fresh ones.
settings.register_profile("onward", deadline=None, derandomize=True)
settings.register_profile("fresh", deadline=None)
settings.load_profile("onward")

_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
if _WORKER:
    # Each process has ports of its own: a port that is free when one chooses it is taken when another does.
    _PLACE = int(_WORKER.removeprefix("gw")) % 4 + (4 if "TESTS_BESIDE" in os.environ else 0)
    _LOW = 20_000 + 1_500 * _PLACE
    os.environ.setdefault(ports.RANGE_VARIABLE, f"{_LOW}-{_LOW + 1_499}")

os.environ["COLUMNS"] = "80"  # so that no test depends on the width of the terminal it is started from


_SHARED = ("tests/integration/whole/", "tests/integration/secured/")
"""Folders whose tests share one running Onward each."""
_FIRST = (
    *(*_SHARED, "tests/chaos/", "tests/integration/alone/", "tests/integration/rules/"),
    *("tests/contract/", "tests/architecture/", "tests/unit/workbench/"),
)


class _OneWhole(LoadFileScheduling):
    """Spreads tests over processes by file, and keeps those together that share one running Onward."""

    def _split_scope(self, nodeid: str) -> str:
        return next((folder for folder in _SHARED if nodeid.startswith(folder)), super()._split_scope(nodeid))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling:
    return _OneWhole(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """
    What is collected, with all that it imports, lives as long as the process: no search for cycles goes through it.

    Without this, every seventh second of the tests that need no server goes to such searches.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest comes first, so that no process is left with it at the end."""
    items.sort(key=lambda item: next((at for at, folder in enumerate(_FIRST) if item.nodeid.startswith(folder)), 9))


@dataclass(frozen=True)
class Kafka:
    """The session's broker. Never kill it: others use it too."""

    bootstrap: str
    server: KafkaServer | None
    """None when ONWARD_KAFKA_BOOTSTRAP names an existing one."""


@dataclass(frozen=True)
class Postgres:
    """The session's database server. Never kill it: others use it too."""

    url: str
    server: PostgresServer | None
    """None when ONWARD_DATABASE_URL names an existing one."""


@pytest.fixture(scope="session")
def kafka() -> Generator[Kafka]:
    """A running Kafka, shared by the session: make topics with names from `unique`."""
    with Stack(postgres=False) as stack:
        yield Kafka(stack.kafka_bootstrap, None if os.environ.get(KAFKA_VARIABLE) else stack.kafka)


@pytest.fixture(scope="session")
def postgres() -> Generator[Postgres]:
    """A running PostgreSQL, shared by the session: ask for `database` to get an empty database on it."""
    with Stack(kafka=False) as stack:
        yield Postgres(stack.database_url, None if os.environ.get(DATABASE_VARIABLE) else stack.postgres)


@pytest.fixture
def unique(request: pytest.FixtureRequest) -> Callable[[str], str]:
    """Makes a name of its own for this test, valid for a topic, a group or a schema: `unique("contacts")`."""
    test = re.sub(r"[^a-z0-9]+", "-", request.node.name.lower())[:60].strip("-")
    # The process id: an existing broker keeps the topics of an earlier session.
    mark = f"{os.getpid()}-{next(_NUMBERS)}"
    return lambda name: f"{name}-{mark}-{test}"


@pytest.fixture
def database(postgres: Postgres) -> Generator[str]:
    """The address of an empty database, dropped after the test."""
    name = f"test_{os.getpid()}_{next(_NUMBERS)}"
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield make_conninfo(postgres.url, dbname=name)
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def private_stack() -> Generator[Callable[..., Stack]]:
    """
    Starts servers for this test alone, which it may kill: `private_stack(kafka=True, postgres=False)`.

    Takes `kafka`, `postgres` and `profile` as `Stack` does; existing servers are never used.
    """
    environ: Mapping[str, str] = {
        name: value for name, value in os.environ.items() if name not in {KAFKA_VARIABLE, DATABASE_VARIABLE}
    }
    with ExitStack() as started:

        def start(
            *, kafka: bool = True, postgres: bool = True, profile: Profile = "dev", kafka_port: int | None = None
        ) -> Stack:
            return started.enter_context(
                Stack(kafka=kafka, postgres=postgres, profile=profile, kafka_port=kafka_port, environ=environ)
            )

        yield start


@pytest.fixture
def leftovers() -> Callable[[Sequence[psutil.Process]], list[str]]:
    """
    The names of those processes that still run after 15 s, to be asserted empty.

    A zombie runs no more: in a container, whoever adopts orphans may collect them late or never.
    """

    def runs(process: psutil.Process) -> bool:
        try:
            return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False

    def wait(processes: Sequence[psutil.Process]) -> list[str]:
        deadline = time.monotonic() + 15
        while any(runs(process) for process in processes) and time.monotonic() < deadline:
            psutil.wait_procs(processes, timeout=0.05)
        return [process.name() for process in processes if runs(process)]

    return wait
