"""Services beside the stack: waited for, watched, stopped; and `onward up` from start to end."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil
import pytest

from onward.local.errors import EndedByItselfError, NotReadyError, ServerDiedError
from onward.local.service_spec import ServiceSpec
from onward.local.services import Services

Leftovers = Callable[[Sequence[psutil.Process]], list[str]]

# Answers /ready with the status in its environment, and ends as soon as the file named there exists.
SERVICE = textwrap.dedent(
    """
    import http.server, os, pathlib, signal, sys, threading

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(int(os.environ["STATUS"]))
            self.end_headers()
            self.wfile.write(b"broker: not yet")

        def log_message(self, *arguments):
            pass

    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))  # before anybody can find it ready
    print("serving", os.environ.get("ONWARD_KAFKA_BOOTSTRAP"), flush=True)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["ONWARD_HTTP_PORT"])), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    while not pathlib.Path(os.environ["END"]).exists():
        threading.Event().wait(0.02)
    print("the disk is full", flush=True)
    sys.exit(4)
    """
)

UP = textwrap.dedent(
    """
    import sys
    from onward.local.service_spec import ServiceSpec
    from onward.local.topics import TopicSpec
    from onward.local.up import up
    services = [ServiceSpec("first", module="fake_service"), ServiceSpec("second", module="fake_service")]
    tell = lambda stack: print("prepared", stack.directory, flush=True)
    sys.exit(up(services, {"events": TopicSpec(2)}, prepare=tell))
    """
)


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """The environment in which the fake service can be imported."""
    (tmp_path / "fake_service.py").write_text(SERVICE)
    path = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
    return {"PYTHONPATH": path, "STATUS": "200", "END": str(tmp_path / "end")}


def test_services_are_ready_when_the_block_is_entered_and_gone_when_it_is_left(
    tmp_path: Path, env: dict[str, str]
) -> None:
    specs = [ServiceSpec("first", module="fake_service"), ServiceSpec("second", module="fake_service")]
    with Services(specs, directory=tmp_path / "logs", env=env) as services:
        services.check()
        pids = [service.pid for service in services.running.values()]
        assert len({service.metrics_url for service in services.running.values()}) == 2
        assert services.stop() == []
        assert [service.exit_code() for service in services.running.values()] == [0, 0]
    assert not any(psutil.pid_exists(pid) for pid in pids)


def test_a_service_that_is_never_ready_says_what_it_answered(tmp_path: Path, env: dict[str, str]) -> None:
    services = Services(
        [ServiceSpec("sick", module="fake_service", env={"STATUS": "503"})],
        directory=tmp_path / "logs",
        env=env,
        ready_within=2,
    )
    with pytest.raises(NotReadyError, match=r"(?s)service `sick`.*503 broker: not yet.*serving"), services:
        pass
    assert not psutil.pid_exists(services.running["sick"].pid)


def test_a_service_that_ends_while_starting_stops_the_others(tmp_path: Path, env: dict[str, str]) -> None:
    specs = [ServiceSpec("fine", module="fake_service"), ServiceSpec("absent", module="no_such_module")]
    services = Services(specs, directory=tmp_path / "logs", env=env)
    with pytest.raises(ServerDiedError, match=r"(?s)service `absent`.*No module named no_such_module"), services:
        pass
    assert not psutil.pid_exists(services.running["fine"].pid)


def test_a_service_that_ends_by_itself_is_reported_with_its_last_words(tmp_path: Path, env: dict[str, str]) -> None:
    with Services([ServiceSpec("weak", module="fake_service")], directory=tmp_path / "logs", env=env) as services:
        services.check()
        Path(env["END"]).touch()
        weak = services.running["weak"]
        assert _comes_true(lambda: weak.exit_code() is not None)
        with pytest.raises(EndedByItselfError, match=r"(?s)service `weak` ended by itself.*code 4.*the disk is full"):
            services.check()


def _comes_true(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 30
    while not condition() and time.monotonic() < deadline:
        threading.Event().wait(0.02)
    return condition()


def _up(env: dict[str, str]) -> "subprocess.Popen[str]":
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ONWARD_")}
    return subprocess.Popen(
        [sys.executable, "-c", UP], env={**clean, **env}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def _read_until(process: "subprocess.Popen[str]", words: str) -> str:
    assert process.stdout is not None
    told = ""
    for line in process.stdout:
        told += line
        if words in line:
            return told
    pytest.fail(f"it ended without saying {words!r}:\n{told}")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_up_prints_every_address_and_ctrl_c_stops_it_cleanly(
    env: dict[str, str], number: signal.Signals, leftovers: Leftovers
) -> None:
    with _up(env) as process:
        told = _read_until(process, "Ctrl-C stops it all")
        family = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(number)
        rest, _ = process.communicate(timeout=60)
    assert process.returncode == 0, rest
    for words in ("prepared", "Kafka        127.0.0.1:", "postgresql://onward:", "first        http://", "second "):
        assert words in told
    assert "Traceback" not in rest
    assert len(family) >= 8
    assert leftovers(family) == []
    directory = told.split("prepared ", 1)[1].splitlines()[0]
    assert not Path(directory).exists()


def test_up_stops_everything_and_fails_when_a_service_ends_by_itself(env: dict[str, str], leftovers: Leftovers) -> None:
    with _up(env) as process:
        _read_until(process, "Ctrl-C stops it all")
        family = psutil.Process(process.pid).children(recursive=True)
        Path(env["END"]).touch()
        rest, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "ended by itself, with exit code 4" in rest
    assert "the disk is full" in rest
    assert leftovers(family) == []
