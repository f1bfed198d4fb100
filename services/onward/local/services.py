"""Our services as processes beside the stack: started, found ready, watched, stopped."""

import http.client
import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from onward.contracts.services import SECRETS
from onward.local import ports
from onward.local.deployment import VARIABLES
from onward.local.errors import EndedByItselfError, NotReadyError
from onward.local.process import GuardedProcess
from onward.local.service_spec import ServiceSpec

HTTP_PORT_VARIABLE = "ONWARD_HTTP_PORT"
_READY_SECONDS = 60
_STOP_SECONDS = 20  # what a service promises for its clean stop
_HTTP_SECONDS = 2


class RunningService:
    """
    One service process, started by `start`.

    Its HTTP port stays the same over `kill` and `start`; its log grows.

    Args:
        spec: What to run.
        directory: Where its log goes.
        env: Its environment, before what *spec* adds.

    Raises:
        PortTakenError: the fixed port that *spec* asks for is in use.
    """

    def __init__(self, spec: ServiceSpec, directory: Path, env: Mapping[str, str]) -> None:
        self.name = spec.name
        self.log = directory / f"{spec.name}.log"
        self._command = [sys.executable, "-m", spec.module or f"onward.{spec.name}"]
        self._port = ports.take(spec.http_port, wanted_by=f"service `{spec.name}`")
        self._env = {**env, HTTP_PORT_VARIABLE: str(self._port), "PYTHONUNBUFFERED": "1", **spec.env}
        self._process: GuardedProcess | None = None
        self._last_answer = "nothing"

    @property
    def port(self) -> int:
        """Where it answers HTTP."""
        return self._port

    @property
    def url(self) -> str:
        """Where it answers HTTP; `/live`, `/ready` and `/metrics` are below it."""
        return f"http://{ports.HOST}:{self._port}"

    @property
    def metrics_url(self) -> str:
        """Where its metrics are read."""
        return f"{self.url}/metrics"

    @property
    def pid(self) -> int:
        """Its process id, of the last one when it has ended."""
        assert self._process is not None, "start() first"
        return self._process.pid

    def start(self) -> None:
        """Start the process; it is not ready yet."""
        self._process = GuardedProcess(
            f"service `{self.name}`", self._command, log=self.log, env=self._env, farewell=signal.SIGKILL
        )

    def wait_ready(self, *, within: float = _READY_SECONDS) -> None:
        """
        Wait until its `/ready` answers 200.

        Raises:
            ServerDiedError: it ended first.
            NotReadyError: the time is over; says what `/ready` last answered.
        """
        assert self._process is not None, "start() first"
        try:
            self._process.wait_until(self.is_ready, within=within)
        except NotReadyError as error:
            told = f"  (/ready last answered: {self._last_answer})\n{self._process.log_tail()}"
            raise NotReadyError(error.server, seconds=within, log_tail=told) from None

    def is_ready(self) -> bool:
        """Whether its `/ready` answers 200 now."""
        connection = http.client.HTTPConnection(ports.HOST, self._port, timeout=_HTTP_SECONDS)
        try:
            connection.request("GET", "/ready")
            answer = connection.getresponse()
            self._last_answer = f"{answer.status} {answer.read(500).decode(errors='replace')}"
        except (OSError, http.client.HTTPException) as error:
            self._last_answer = type(error).__name__
            return False
        else:
            return answer.status == http.HTTPStatus.OK
        finally:
            connection.close()

    def exit_code(self) -> int | None:
        """How it ended (128 + n after signal n), or None while it runs (or was never started)."""
        return None if self._process is None else self._process.exit_code()

    def log_tail(self) -> str:
        """The last lines of its log since its last start."""
        return "" if self._process is None else self._process.log_tail()

    def send(self, number: signal.Signals) -> None:
        """Send it a signal, such as SIGTERM or SIGSTOP; nothing happens when it has ended."""
        if self._process is not None:
            self._process.send(number)

    def kill(self) -> None:
        """SIGKILL, as a crash would; returns when it has gone."""
        if self._process is not None:
            self._process.kill()

    def await_end(self, *, within: float) -> bool:
        """Wait for it to end, and SIGKILL it after *within* seconds. True when it ended by itself in time."""
        return self._process is None or self._process.await_end(within=within)

    def stop(self, *, within: float = _STOP_SECONDS) -> bool:
        """SIGTERM, then SIGKILL after *within* seconds. True when it ended by itself in time."""
        self.send(signal.SIGTERM)
        return self.await_end(within=within)


class Services:
    """
    Services that run for as long as the `with` block lasts; ready when it is entered.

    Args:
        specs: What to run, each name once.
        directory: Where their logs go; made if absent.
        env: Variables for all, added to those of this process: the addresses of the stack.
        ready_within: Seconds each has to become ready.

    Raises:
        PortTakenError: a fixed port is in use.
        ServerDiedError, NotReadyError: on entering; the others have been stopped.
    """

    def __init__(
        self,
        specs: Sequence[ServiceSpec],
        *,
        directory: Path,
        env: Mapping[str, str],
        ready_within: float = _READY_SECONDS,
    ) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        directory.chmod(0o700)
        whole = {**os.environ, **env}
        self.running: dict[str, RunningService] = {
            spec.name: RunningService(spec, directory, _own(spec, whole)) for spec in specs
        }
        assert len(self.running) == len(specs), "two services of one name"
        self._ready_within = ready_within

    def __enter__(self) -> Self:
        try:
            for service in self.running.values():
                service.start()
            for service in self.running.values():
                service.wait_ready(within=self._ready_within)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def check(self) -> None:
        """
        Complain if one has ended.

        Raises:
            EndedByItselfError: names the first, with its last lines.
        """
        for service in self.running.values():
            code = service.exit_code()
            if code is not None:
                raise EndedByItselfError(f"service `{service.name}`", exit_code=code, log_tail=service.log_tail())

    def stop(self) -> list[str]:
        """
        Ask all at once to stop, and kill those that have not within 20 s.

        Returns:
            The names of those that had to be killed.
        """
        deadline = time.monotonic() + _STOP_SECONDS
        for service in self.running.values():
            service.send(signal.SIGTERM)
        # Exactly one SIGTERM each: a second one breaks off a clean stop.
        return [
            name
            for name, service in self.running.items()
            if not service.await_end(within=max(0.0, deadline - time.monotonic()))
        ]


def _own(spec: ServiceSpec, environ: Mapping[str, str]) -> dict[str, str]:
    """The variables of one process: of the secrets of the installation only those that its service is to have."""
    service = (spec.module or f"onward.{spec.name}").partition(".")[2]
    if service not in SECRETS:
        return dict(environ)
    own = {f"ONWARD_{name.replace('-', '_').upper()}" for name in SECRETS[service]}
    return {name: value for name, value in environ.items() if name.removesuffix("_FILE") not in set(VARIABLES) - own}
