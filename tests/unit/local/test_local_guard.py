"""A guarded process: its exit code, its last words, and its end."""

import signal
import sys
from pathlib import Path

import psutil
import pytest

from onward.local.errors import NotReadyError, ServerDiedError
from onward.local.process import GuardedProcess, TemporaryDirectory

SLEEPER = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); time.sleep(600)",
]


def _started(command: list[str], log: Path) -> GuardedProcess:
    process = GuardedProcess("sleeper", command, log=log)
    process.wait_until(lambda: "up" in process.output(), within=30)
    return process


def test_a_process_that_ends_while_starting_shows_its_exit_code_and_last_lines(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import sys; print('no room for me'); sys.exit(7)"]
    process = GuardedProcess("server", command, log=tmp_path / "log")
    with pytest.raises(ServerDiedError, match=r"(?s)server ended while starting, with exit code 7.*no room for me"):
        process.wait_until(lambda: False, within=30)
    assert process.stop(within=0)


def test_a_process_that_is_not_ready_in_time_shows_its_last_lines(tmp_path: Path) -> None:
    process = _started(SLEEPER, tmp_path / "log")
    with pytest.raises(NotReadyError, match=r"(?s)not ready within 0\.1 s.*up"):
        process.wait_until(lambda: False, within=0.1)
    process.kill()


def test_a_program_that_does_not_exist_is_a_plain_error(tmp_path: Path) -> None:
    with pytest.raises(ServerDiedError, match="cannot run /no/such/program"):
        GuardedProcess("server", ["/no/such/program"], log=tmp_path / "log")


def test_a_killed_process_is_gone_when_kill_returns(tmp_path: Path) -> None:
    process = _started(SLEEPER, tmp_path / "log")
    process.kill()
    assert process.exit_code() == 128 + signal.SIGKILL
    assert not psutil.pid_exists(process.pid)


def test_a_process_that_will_not_stop_is_killed_after_its_time(tmp_path: Path) -> None:
    polite, stubborn = _started(SLEEPER, tmp_path / "polite"), _started(STUBBORN, tmp_path / "stubborn")
    assert polite.stop(within=30)
    assert polite.exit_code() == 128 + signal.SIGTERM
    assert not stubborn.stop(within=0.1)
    assert not psutil.pid_exists(stubborn.pid)


def test_a_process_does_not_outlive_its_guard(tmp_path: Path) -> None:
    process = _started(SLEEPER, tmp_path / "log")
    server = psutil.Process(process.pid)
    psutil.Process(process.pid).parent().kill()  # type: ignore[union-attr] # it has one: the guard
    _, alive = psutil.wait_procs([server], timeout=30)
    process.kill()
    assert all(one.status() == psutil.STATUS_ZOMBIE for one in alive)


def test_a_temporary_directory_goes_with_all_that_is_in_it() -> None:
    directory = TemporaryDirectory("onward-test-")
    (directory.path / "deep").mkdir()
    (directory.path / "deep" / "file").write_text("x")
    directory.remove()
    directory.remove()
    assert not directory.path.exists()
