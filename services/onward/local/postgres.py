"""One PostgreSQL server as a child process."""

import os
import secrets
import signal
import time
from pathlib import Path

import psycopg

from onward.chassis.postgres import database
from onward.local import ports
from onward.local.cache import need_room, place_of_data
from onward.local.errors import DataDirectoryError, NotReadyError, ServerDiedError
from onward.local.postgres_home import PostgresHome, hand_over, locate
from onward.local.process import GuardedProcess

_VERSION = "18"
_ROOM = 300_000_000  # bytes: 40 MB to begin with, and the write-ahead log
_INIT_SECONDS = 60
_START_SECONDS = 60
_STOP_SECONDS = 20
_PORT_LOST = "could not bind"
_USER = "onward"
_DATABASE = "onward"

_SETTINGS = (
    f"listen_addresses={ports.HOST}",
    "unix_socket_directories=",  # a socket's path may be 107 bytes long; temporary directories are longer on some
    "max_connections=200",  # every test has a database of its own
    "shared_buffers=64MB",
    "timezone=UTC",
    "log_timezone=UTC",
    "log_min_messages=warning",
)
# Data that goes away at the end needs to survive a kill of the server, not of the machine.
_SHORT_LIVED = ("fsync=off", "full_page_writes=off")


class PostgresServer:
    """
    A server in *directory*, started by `start` and reachable at `url`.

    Its port stays the same over `kill`, `stop` and `restart`, and so does its data. It listens on the loopback address
    and asks for a password that was made up for its data directory: a superuser may start programs as whoever runs the
    server, and a machine may have other users.

    Args:
        directory: Its data, password and log; made if absent.
        port: A fixed port, or None for a free one.
        keep: The data is wanted after the end: write it to the disk, and stop with care.
    """

    name = "PostgreSQL"

    def __init__(self, directory: Path, *, port: int | None = None, keep: bool = False) -> None:
        self._directory = directory
        self._fixed = port
        self._keep = keep
        self._port = ports.take(port, wanted_by="PostgreSQL")
        directory.mkdir(parents=True, exist_ok=True)
        self._home: PostgresHome = locate(directory)
        self._process: GuardedProcess | None = None
        self._password = ""
        self.start_seconds = 0.0
        """Seconds from starting the process to ready, at the last start."""

    @property
    def url(self) -> str:
        """The address of the database `onward`, with user and password, for psycopg."""
        return self.database_url(_DATABASE)

    def database_url(self, database: str) -> str:
        """The address of another database of this server."""
        return self._address(database, self._port)

    def _address(self, database: str, port: int) -> str:
        return f"postgresql://{_USER}:{self._password}@{ports.HOST}:{port}/{database}"

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._port

    @property
    def pid(self) -> int:
        """Process id of the postmaster, of the last one when it has ended."""
        assert self._process is not None, "start() first"
        return self._process.pid

    @property
    def log(self) -> Path:
        """The server's own log."""
        return self._directory / "postgres.log"

    @property
    def _data(self) -> Path:
        return self._directory / "data"

    def start(self) -> None:
        """
        Start it and return when it takes connections.

        Raises:
            PortTakenError: the port that it must have, because it was asked for or used before, is in use.
            DataDirectoryError: the data was made by another version, or cannot be reached.
            ServerDiedError, NotReadyError: it did not come up.
        """
        need_room(self._directory, _ROOM, what="PostgreSQL's data", chosen_with=place_of_data(kept=self._keep))
        self._initialise()
        # Clients know the port from the first start on: it is not chosen again.
        again = ports.free_port if self._process is None and self._fixed is None else None
        self._port = ports.start_on(self._port, again=again, start=self._start_on, lost=_PORT_LOST, server=self.name)
        self._create_database()

    def _initialise(self) -> None:
        """Make the data directory, the first time; read its password, each time."""
        secret = self._directory / "password"
        version = self._data / "PG_VERSION"
        hand_over(self._data, self._home.user)
        if version.exists() and secret.exists():
            if version.read_text().strip() != _VERSION:
                raise DataDirectoryError(
                    self._data,
                    f"it was made by PostgreSQL {version.read_text().strip()}, this is {_VERSION}",
                    "Choose another directory, or dump and load the data with that version's own tools",
                )
        else:
            secret.unlink(missing_ok=True)
            descriptor = os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(secrets.token_urlsafe(24))
            self._run_initdb(secret)
        self._password = secret.read_text()

    def _run_initdb(self, secret: Path) -> None:
        owner = self._home.user
        if owner is not None:
            os.chown(secret, owner, owner)
        command = [
            self._home.program("initdb"),
            f"--pgdata={self._data}",
            f"--username={_USER}",
            f"--pwfile={secret}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            # the same order of text on every machine, whatever languages it has
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            "--no-sync",
        ]
        process = GuardedProcess("PostgreSQL's initdb", command, log=self._directory / "initdb.log", user=owner)
        try:
            process.wait_until(lambda: process.exit_code() == 0, within=_INIT_SECONDS)
        finally:
            process.stop(within=0)

    def _start_on(self, port: int) -> None:
        settings = [*_SETTINGS, f"port={port}", *(() if self._keep else _SHORT_LIVED)]
        command = [self._home.program("postgres"), "-D", str(self._data)]
        for setting in settings:
            command += ["-c", setting]
        began = time.monotonic()
        # SIGQUIT, not SIGKILL, when we are gone: the server gives back its shared memory.
        self._process = process = GuardedProcess(
            "PostgreSQL", command, log=self.log, user=self._home.user, farewell=signal.SIGQUIT
        )
        try:
            process.wait_until(lambda: self._answers(port), within=_START_SECONDS)
        except (ServerDiedError, NotReadyError):
            process.kill()
            raise
        self.start_seconds = time.monotonic() - began

    def _answers(self, port: int) -> bool:
        try:
            database.blocking(self._address("postgres", port)).close()
        except psycopg.OperationalError:
            return False
        return True

    def _create_database(self) -> None:
        with database.blocking(self.database_url("postgres")) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [_DATABASE]).fetchone()
            if known is None:
                connection.execute(f"CREATE DATABASE {_DATABASE}")

    def exit_code(self) -> int | None:
        """How the server ended, or None while it runs (or was never started)."""
        return None if self._process is None else self._process.exit_code()

    def log_tail(self) -> str:
        """The last lines of its log since its last start."""
        return "" if self._process is None else self._process.log_tail()

    def kill(self) -> None:
        """SIGKILL the server and all its processes, as a crash would; returns when they have gone."""
        if self._process is not None:
            self._process.kill()

    def restart(self) -> None:
        """Start it again on the same port with the same data; stops it first if it still runs."""
        self.stop()
        self.start()

    def stop(self) -> None:
        """Stop it: after a checkpoint when its data is kept, at once when it is not."""
        if self._process is not None:
            self._process.stop(signal.SIGINT if self._keep else signal.SIGQUIT, within=_STOP_SECONDS)
