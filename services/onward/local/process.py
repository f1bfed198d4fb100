"""A server as a child process that never outlives us: the parent's side of `guard.py`."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import psutil

from onward.local.errors import NotReadyError, ServerDiedError

_GUARD = Path(__file__).with_name("guard.py")
_TAIL_LINES = 20
_GONE_SECONDS = 10
_POLL = 0.02  # seconds between two looks at a condition


def _start_guard(order: Mapping[str, object], env: Mapping[str, str] | None) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-I", "-S", str(_GUARD), json.dumps(order)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=None if env is None else dict(env),
        text=True,
        start_new_session=True,
    )


def _first_line(guard: "subprocess.Popen[str]") -> str:
    assert guard.stdout is not None
    return guard.stdout.readline().strip()


def _release(guard: "subprocess.Popen[str]") -> None:
    """Let the guard finish and forget it."""
    assert guard.stdin is not None
    assert guard.stdout is not None
    guard.stdin.close()
    guard.wait()
    guard.stdout.close()


def _wait_gone(processes: Sequence[psutil.Process]) -> None:
    """
    Wait until killed processes run no more.

    A zombie runs no more: in a container, whoever adopts orphans may collect them late or never.
    """
    deadline = time.monotonic() + _GONE_SECONDS
    while time.monotonic() < deadline and any(_runs(process) for process in processes):
        time.sleep(_POLL)


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


class TemporaryDirectory:
    """
    A directory that is removed at the end, also when this process is killed.

    Others may enter it but not list it: PostgreSQL runs as another user when we are root.
    """

    def __init__(self, name: str = "onward-") -> None:
        self._guard = _start_guard({"command": [], "prefix": name}, None)
        self.path = Path(_first_line(self._guard))
        self.path.chmod(0o711)

    def remove(self) -> None:
        """Remove it now. A second call does nothing."""
        if self._guard.returncode is None:
            _release(self._guard)


class GuardedProcess:
    """
    One server process, started at once, in a process group of its own.

    Args:
        name: What messages call it.
        command: Program and arguments.
        log: File to which its output is appended.
        env: Its environment; None means ours.
        user: User and group id to run as; None means ours.
        farewell: Signal that ends it quickly and cleanly enough; also sent by the guard when we are killed.
        grace: Seconds the guard waits after that signal before SIGKILL.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        log: Path,
        env: Mapping[str, str] | None = None,
        user: int | None = None,
        farewell: signal.Signals = signal.SIGKILL,
        grace: float = 5,
    ) -> None:
        self.name = name
        self.log = log
        self._log_start = log.stat().st_size if log.exists() else 0
        order = {"command": [*command], "log": str(log), "user": user, "farewell": farewell, "grace": grace}
        self._guard = _start_guard(order, env)
        line = _first_line(self._guard)
        if not line:
            _release(self._guard)
            raise ServerDiedError(name, exit_code=self._guard.returncode, log_tail=f"cannot run {command[0]}")
        self.pid = int(line)

    def exit_code(self) -> int | None:
        """How it ended (128 + n after signal n), or None while it runs."""
        return self._guard.poll()

    def send(self, number: signal.Signals) -> None:
        """Send it a signal; nothing happens when it has ended."""
        if self.exit_code() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """SIGKILL it and everything it started, and return when they have gone: what a crash of the machine does."""
        family: list[psutil.Process] = []
        if self.exit_code() is None:
            with contextlib.suppress(psutil.NoSuchProcess):
                server = psutil.Process(self.pid)
                family = [server, *server.children(recursive=True)]
        for process in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        _wait_gone(family)
        _release(self._guard)

    def stop(self, number: signal.Signals = signal.SIGTERM, *, within: float) -> bool:
        """
        Ask it to end and wait; kill it when it does not.

        Args:
            number: The signal to ask with.
            within: Seconds to wait before SIGKILL.

        Returns:
            True when it ended by itself in time.
        """
        self.send(number)
        return self.await_end(within=within)

    def await_end(self, *, within: float) -> bool:
        """Wait for it to end, and kill it when it does not within so many seconds. True when it ended by itself."""
        try:
            self._guard.wait(within)
        except subprocess.TimeoutExpired:
            self.kill()
            return False
        _release(self._guard)
        return True

    def output(self) -> str:
        """What it has written since it was started."""
        with self.log.open("rb") as log:
            log.seek(self._log_start)
            return log.read().decode(errors="replace")

    def log_tail(self) -> str:
        """The last lines of its output."""
        return "\n".join(f"  {line}" for line in self.output().splitlines()[-_TAIL_LINES:]) or "  (it wrote nothing)"

    def wait_until(self, ready: Callable[[], bool], *, within: float) -> None:
        """
        Wait for a condition that says the process is ready.

        Args:
            ready: Asked again and again, every 20 ms.
            within: Seconds before giving up.

        Raises:
            ServerDiedError: it ended before it was ready.
            NotReadyError: it still runs, but the time is over.
        """
        deadline = time.monotonic() + within
        while not ready():
            code = self.exit_code()
            if code is not None:
                raise ServerDiedError(self.name, exit_code=code, log_tail=self.log_tail())
            if time.monotonic() > deadline:
                raise NotReadyError(self.name, seconds=within, log_tail=self.log_tail())
            time.sleep(_POLL)
