"""Kafka and PostgreSQL together: what a command or a test asks for."""

import contextlib
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from rich.console import Console

from onward.chassis.errors import ChassisError
from onward.chassis.postgres import database
from onward.local.broker import Profile
from onward.local.errors import LocalStackError, NotOurServerError, PythonTooOldError, UnreachableError
from onward.local.kafka import KafkaServer
from onward.local.postgres import PostgresServer
from onward.local.process import TemporaryDirectory
from onward.local.security import StackSecurity
from onward.local.tls_front import TlsFront

KAFKA_VARIABLE = "ONWARD_KAFKA_BOOTSTRAP"
DATABASE_VARIABLE = "ONWARD_DATABASE_URL"
_ANSWER_SECONDS = 10
_OLDEST_PYTHON = (3, 11)
LOGS = "logs"
"""Where the services' logs go, below the directory of a run; each server's is beside its data."""
_LOG_FOLDERS = ("kafka", "postgres", LOGS)


def check_python(found: tuple[int, int]) -> None:
    """
    Refuse an interpreter that is too old.

    Raises:
        PythonTooOldError: *found* is below 3.11.
    """
    if found < _OLDEST_PYTHON:
        raise PythonTooOldError(found, _OLDEST_PYTHON)


def _need_kafka(bootstrap: str) -> None:
    for address in bootstrap.split(","):
        host, _, port = address.strip().rpartition(":")
        # a port that is no number: OverflowError or ValueError; a host that is none: OSError
        with contextlib.suppress(OSError, ValueError, OverflowError):
            socket.create_connection((host.strip("[]"), int(port)), timeout=_ANSWER_SECONDS).close()
            return
    raise UnreachableError("Kafka", bootstrap, KAFKA_VARIABLE)


def _need_database(url: str) -> None:
    try:
        database.blocking(url).close()
    except psycopg.Error:
        # The address may hold a password: the variable's name says enough.
        raise UnreachableError("PostgreSQL", f"the address in {DATABASE_VARIABLE}", DATABASE_VARIABLE) from None


def _copied(run: Path) -> Path:
    """The logs of a run, copied to a place of their own."""
    kept = Path(tempfile.mkdtemp(prefix="onward-logs-"))
    for log in (log for folder in _LOG_FOLDERS for log in (run / folder).glob("*.log")):
        shutil.copy(log, kept / log.name)
    return kept


class Stack:
    """
    Real servers for as long as the `with` block lasts, and not a moment longer, even if this process is killed.

    A server named by ONWARD_KAFKA_BOOTSTRAP or ONWARD_DATABASE_URL is used instead of starting one of that kind, and is
    never stopped.

    Args:
        kafka: Whether Kafka is wanted.
        postgres: Whether PostgreSQL is wanted.
        data: Directory that keeps the data for the next start; None: a temporary one, removed at the end.
        profile: `dev` (small, fast to start) or `bench` (for figures).
        kafka_port: A fixed port, or None for a free one.
        postgres_port: A fixed port, or None for a free one.
        environ: Where the variables above and XDG_CACHE_HOME are looked up; None: the environment of this process.
        console: Where the one-time download shows its progress.
        keep_logs: Keep the logs of a run that ends with an error of ours; `kept_logs` says where.
        security: Certificates and logins, if nobody is to come in without; both servers are then the stack's own.

    Raises:
        LocalStackError: on entering; one class for each cause, each naming what to do.
    """

    def __init__(
        self,
        *,
        kafka: bool = True,
        postgres: bool = True,
        data: Path | None = None,
        profile: Profile = "dev",
        kafka_port: int | None = None,
        postgres_port: int | None = None,
        environ: Mapping[str, str] | None = None,
        console: Console | None = None,
        keep_logs: bool = False,
        security: StackSecurity | None = None,
    ) -> None:
        self._environ: Mapping[str, str] = os.environ if environ is None else environ
        self._wants_kafka = kafka
        self._wants_postgres = postgres
        self._data = data
        self._profile: Profile = profile
        self._kafka_port = kafka_port
        self._postgres_port = postgres_port
        self._console = console
        self._kafka: KafkaServer | None = None
        self._postgres: PostgresServer | None = None
        self._temporary: TemporaryDirectory | None = None
        self._keep_logs = keep_logs
        self.security = security
        self._front: TlsFront | None = None
        self.kept_logs: Path | None = None
        """Where the logs of this run were kept, once it has ended badly."""

    def __enter__(self) -> Self:
        check_python(sys.version_info[:2])
        try:
            self._temporary = TemporaryDirectory()
            self._start()
        except BaseException as error:
            self._end(error)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end(error)

    def _end(self, error: BaseException | None) -> None:
        """Stop; before anything is removed, keep the logs if *error* is one that they may explain."""
        self._stop_servers()
        if self._keep_logs and self._temporary is not None and isinstance(error, LocalStackError | ChassisError):
            self.kept_logs = _copied(self._temporary.path) if self._data is None else self._data.resolve()
        self.stop()

    def _start(self) -> None:
        existing_kafka, existing_database = self._environ.get(KAFKA_VARIABLE), self._environ.get(DATABASE_VARIABLE)
        if self._wants_postgres and existing_database:
            _need_database(existing_database)
        if self._wants_kafka and existing_kafka:
            _need_kafka(existing_kafka)
        keep = self._data is not None
        base = self.directory if self._data is None else self._data.resolve()
        if self._wants_postgres and not existing_database:
            # With security clients come by what stands before it.
            port = self._postgres_port if self.security is None else None
            self._postgres = PostgresServer(base / "postgres", port=port, keep=keep)
            self._postgres.start()
            if self.security is not None:
                front = TlsFront(self._postgres.port, self.security.certificate, port=self._postgres_port or 0)
                self._front = front.__enter__()
        if self._wants_kafka and not existing_kafka:
            self._kafka = KafkaServer(
                base / "kafka",
                environ=self._environ,
                profile=self._profile,
                port=self._kafka_port,
                keep=keep,
                console=self._console,
                security=None if self.security is None else self.security.kafka,
            )
            self._kafka.start()

    def stop(self) -> None:
        """Stop what was started and remove what was temporary. A second call does nothing."""
        self._stop_servers()
        if self._temporary is not None:
            self._temporary.remove()

    def _stop_servers(self) -> None:
        if self._kafka is not None:
            self._kafka.stop()
        if self._front is not None:
            self._front.__exit__(None, None, None)
            self._front = None
        if self._postgres is not None:
            self._postgres.stop()

    @property
    def directory(self) -> Path:
        """A directory of this run, for logs and the like; removed at the end."""
        assert self._temporary is not None, "use the stack in a `with` block"
        return self._temporary.path

    @property
    def kafka(self) -> KafkaServer:
        """
        The broker that this stack started.

        Raises:
            NotOurServerError: it started none.
        """
        if self._kafka is None:
            raise NotOurServerError("Kafka", KAFKA_VARIABLE)
        return self._kafka

    @property
    def postgres(self) -> PostgresServer:
        """
        The database server that this stack started.

        Raises:
            NotOurServerError: it started none.
        """
        if self._postgres is None:
            raise NotOurServerError("PostgreSQL", DATABASE_VARIABLE)
        return self._postgres

    @property
    def kafka_bootstrap(self) -> str:
        """Host and port of the broker, ours or the existing one."""
        return (self._wants_kafka and self._environ.get(KAFKA_VARIABLE)) or self.kafka.bootstrap

    @property
    def database_port(self) -> int:
        """Where clients of our database come in: by TLS if the stack is secured."""
        return self.postgres.port if self._front is None else self._front.port

    @property
    def database_url(self) -> str:
        """Address of the database, ours or the existing one, for psycopg; of a secured one, past its TLS."""
        return (self._wants_postgres and self._environ.get(DATABASE_VARIABLE)) or self.postgres.url

    @property
    def variables(self) -> dict[str, str]:
        """What a service's environment needs to find the servers."""
        kafka = {KAFKA_VARIABLE: self.kafka_bootstrap} if self._wants_kafka else {}
        return {**kafka, **({DATABASE_VARIABLE: self.database_url} if self._wants_postgres else {})}

    @property
    def starts(self) -> tuple[KafkaServer | PostgresServer, ...]:
        """The servers that this stack runs itself."""
        return tuple(server for server in (self._kafka, self._postgres) if server is not None)
