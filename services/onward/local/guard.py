"""
Run one server so that it never outlives the process that wanted it. Not imported: started as a script of its own.

The parent holds the write end of this process's standard input. The kernel closes it when the parent ends, however it
ends, `kill -9` included; the guard then stops the server and removes the temporary directory. It uses the standard
library only and is started with `-I -S`, so it costs some 30 ms and 14 MB.

Why not PR_SET_PDEATHSIG alone: it is Linux only, it fires when the *thread* that forked ends, and it removes no
directory. The guard does use it between itself and the server, for the case that the guard itself is killed.

Protocol: one JSON object as the only argument, see `Order`. The guard prints one line: the server's process id, or,
when there is no command, the path of the temporary directory it made. It ends with the server's exit code.
"""

import contextlib
import ctypes
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from types import FrameType
from typing import TypedDict

_PR_SET_PDEATHSIG = 1
_LOOK_EVERY = 0.5  # seconds; only a belt: the closed pipe and SIGCHLD wake the guard at once


class Order(TypedDict):
    """What the parent asks for."""

    command: list[str]
    """Empty: run nothing, only make a temporary directory and remove it at the end."""
    log: str
    """File to which the server's output is appended."""
    user: int | None
    """User and group id to run as; None keeps the parent's."""
    farewell: int
    """Signal for the server when the parent has gone."""
    grace: float
    """Seconds between that signal and SIGKILL."""
    prefix: str
    """Path prefix of the temporary directory, when the command is empty."""


def _die_with_guard() -> None:
    """Between fork and exec, Linux only: SIGKILL for the server when the guard is gone."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _launch(order: Order) -> "subprocess.Popen[bytes]":
    with open(order["log"], "ab", buffering=0) as log:  # noqa: PTH123 - pathlib would double the start time
        return subprocess.Popen(
            order["command"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # a group of its own: Ctrl-C in the terminal is for the parent to handle
            user=order["user"],
            group=order["user"],
            extra_groups=None if order["user"] is None else [],
            preexec_fn=_die_with_guard if sys.platform == "linux" else None,  # noqa: PLW1509 - one thread only
        )


def _parent_left(parent: int, wakeup: int, timeout: float) -> bool:
    """Wait until the parent has gone (True), or something else happened or *timeout* is over (False)."""
    readable, _, _ = select.select([sys.stdin.fileno(), wakeup], [], [], timeout)
    if wakeup in readable:
        os.read(wakeup, 64)
    if sys.stdin.fileno() in readable and not os.read(sys.stdin.fileno(), 64):
        return True
    # A fork of the parent may hold the pipe open after the parent died; then only our own parent's id tells.
    return os.getppid() != parent


def _end(server: "subprocess.Popen[bytes]", order: Order) -> None:
    """Ask the server to stop, then make sure, for its whole group."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(server.pid, order["farewell"])
    with contextlib.suppress(subprocess.TimeoutExpired):
        server.wait(order["grace"])
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()


def _remove(directory: str) -> None:
    """Remove a directory into which dying servers may still write for a moment."""
    deadline = time.monotonic() + 30
    while os.path.exists(directory) and time.monotonic() < deadline:  # noqa: PTH110 - see above
        shutil.rmtree(directory, ignore_errors=True)
        time.sleep(0.05)


def _wakeup_on_child() -> int:
    """A file descriptor that becomes readable when a child ends or the guard is asked to stop."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    return reading


class _Asked(Exception):  # noqa: N818 - not an error: somebody asked the guard itself to stop
    """The guard itself was sent a signal to stop."""


def _ask(_number: int, _frame: FrameType | None) -> None:
    raise _Asked


def _tell(answer: object) -> None:
    print(answer, flush=True)  # noqa: T201 - the protocol's one line


def main() -> int:
    """Carry out the order; see the top of this file."""
    parent = os.getppid()
    order: Order = json.loads(sys.argv[1])
    wakeup = _wakeup_on_child()
    signal.signal(signal.SIGTERM, _ask)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if not order["command"]:
        directory = tempfile.mkdtemp(prefix=order["prefix"])
        try:
            _tell(directory)
            while not _parent_left(parent, wakeup, _LOOK_EVERY):
                pass
        except (_Asked, BrokenPipeError):
            pass
        finally:
            _remove(directory)
        return 0
    try:
        server = _launch(order)
    except (OSError, subprocess.SubprocessError):
        return 127  # as a shell says it; the parent reads no process id and tells the person
    try:
        _tell(server.pid)
        while server.poll() is None:
            if _parent_left(parent, wakeup, _LOOK_EVERY):
                _end(server, order)
    except (_Asked, BrokenPipeError):
        _end(server, order)
    return server.returncode if server.returncode >= 0 else 128 - server.returncode


if __name__ == "__main__":
    sys.exit(main())
