"""One Apache Kafka broker as a child process."""

import shutil
import signal
import time
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console

from onward.local import broker, fencing, ports
from onward.local.broker import Profile
from onward.local.cache import cache_directory, need_room, place_of_data
from onward.local.errors import NotReadyError, ServerDiedError
from onward.local.kafka_home import prepare
from onward.local.kafka_security import KafkaSecurity
from onward.local.process import GuardedProcess

_ROOM = 300_000_000  # bytes: a day of play, with room to spare
_START_SECONDS = 60
_STOP_SECONDS = 20
_PORT_LOST = "BindException"


class KafkaServer:
    """
    A broker in *directory*, started by `start` and reachable at `bootstrap`.

    Its port stays the same over `kill`, `stop` and `restart`, and so does its data.

    Args:
        directory: Its data, configuration and log; made if absent.
        environ: Names the cache (XDG_CACHE_HOME, HOME).
        profile: `dev` (small, fast to start) or `bench` (for figures).
        port: A fixed port, or None for a free one.
        keep: The data is wanted after the end: stop with care.
        console: Where the one-time download shows its progress.
        security: Its certificate and logins, if nobody is to come in without; None: whoever reaches it may do all.
    """

    name = "Kafka"

    def __init__(
        self,
        directory: Path,
        *,
        environ: Mapping[str, str],
        profile: Profile = "dev",
        port: int | None = None,
        keep: bool = False,
        console: Console | None = None,
        security: KafkaSecurity | None = None,
    ) -> None:
        self._directory = directory
        self._security = security
        self._profile: Profile = profile
        self._fixed = port
        self._keep = keep
        self._home = prepare(cache_directory(environ), console or Console(stderr=True))
        self._port = ports.take(port, wanted_by="Kafka")
        self._process: GuardedProcess | None = None
        self.start_seconds = 0.0
        """Seconds from starting the JVM to ready, at the last start."""

    @property
    def bootstrap(self) -> str:
        """Host and port for clients."""
        return f"{ports.HOST}:{self._port}"

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._port

    @property
    def pid(self) -> int:
        """Process id of the JVM, of the last one when it has ended."""
        assert self._process is not None, "start() first"
        return self._process.pid

    @property
    def log(self) -> Path:
        """The broker's own log."""
        return self._directory / "broker.log"

    def start(self) -> None:
        """
        Start it and return when clients are served.

        Raises:
            PortTakenError: the port that it must have, because it was asked for or used before, is in use.
            ServerDiedError, NotReadyError: it did not come up.
        """
        need_room(self._directory, _ROOM, what="Kafka's data", chosen_with=place_of_data(kept=self._keep))
        # Clients know the port from the first start on: it is not chosen again.
        again = ports.free_port if self._process is None and self._fixed is None else None
        self._port = ports.start_on(self._port, again=again, start=self._start_on, lost=_PORT_LOST, server=self.name)

    def _start_on(self, port: int) -> None:
        data = self._directory / "data"
        scratch = self._directory / "scratch"
        shutil.rmtree(scratch, ignore_errors=True)  # a killed JVM leaves its native libraries there
        self._directory.mkdir(parents=True, exist_ok=True)
        self._directory.chmod(0o700)  # before there is anything in it: a machine may have other users
        scratch.mkdir()
        if not data.exists():
            shutil.copytree(self._home.formatted, data)
        elif fencing.crashed(data):
            fencing.fence(self._home, self._directory, data, scratch)
        properties = self._directory / "server.properties"
        controller_port = ports.free_port()
        broker.write_properties(properties, port=port, controller_port=controller_port, data=data)
        if self._security is not None:
            self._security.secure(properties, port=port, controller_port=controller_port)
        archive = self._home.archive if self._home.archive.exists() else None
        command = broker.run_command(
            self._home.jars, properties, profile=self._profile, scratch=scratch, archive=archive
        )
        began = time.monotonic()
        self._process = process = GuardedProcess(
            "Kafka", command, log=self.log, farewell=signal.SIGTERM if self._keep else signal.SIGKILL
        )
        try:
            process.wait_until(
                lambda: broker.READY_LINE in process.output() and ports.is_open(port), within=_START_SECONDS
            )
        except (ServerDiedError, NotReadyError):
            process.kill()
            raise
        self.start_seconds = time.monotonic() - began

    def exit_code(self) -> int | None:
        """How the broker ended, or None while it runs (or was never started)."""
        return None if self._process is None else self._process.exit_code()

    def log_tail(self) -> str:
        """The last lines of its log since its last start."""
        return "" if self._process is None else self._process.log_tail()

    def send(self, number: signal.Signals) -> None:
        """Send the JVM a signal, such as SIGSTOP and SIGCONT."""
        assert self._process is not None, "start() first"
        self._process.send(number)

    def kill(self) -> None:
        """SIGKILL, as a crash would; returns when it has gone."""
        if self._process is not None:
            self._process.kill()

    def restart(self) -> None:
        """Start it again on the same port with the same data; stops it first if it still runs."""
        self.stop()
        self.start()

    def stop(self) -> None:
        """Stop it: with care when its data is kept, at once when it is not."""
        if self._process is None:
            return
        if self._keep:
            self._process.stop(within=_STOP_SECONDS)
        else:
            self._process.kill()
