"""`onward up` from start to end, on real servers, with services that do what the test wants."""

import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import textwrap
import urllib.request
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import Any

import psutil
import pytest

from onward.local import ports
from onward.local.process import TemporaryDirectory

Leftovers = Callable[[Sequence[psutil.Process]], list[str]]
UP = textwrap.dedent(
    """
    import json, sys
    from pathlib import Path
    from onward.local.service_spec import ServiceSpec
    from onward.chassis.kafka.admin import TopicSpec
    from onward.local.up import up
    services = [ServiceSpec("first", module="fake_service"), ServiceSpec("second", module="fake_service")]
    tell = lambda stack: print("prepared", stack.directory, flush=True)
    options = json.loads(sys.argv[1])
    paths = {name: Path(options.pop(name)) for name in ("data", "address_file") if name in options}
    sys.exit(up(services, {"events": TopicSpec(2)}, prepare=tell, **paths, **options))
    """
)


@pytest.fixture
def place() -> Generator[Path]:
    """A directory that the database's user may enter; pytest's own is closed to it when we are root."""
    directory = TemporaryDirectory("onward-test-")
    yield directory.path
    directory.remove()


def _up(env: dict[str, str], **options: Any) -> "subprocess.Popen[str]":
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ONWARD_")}
    return subprocess.Popen(
        [sys.executable, "-c", UP, json.dumps(options)],
        env={**clean, **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _read_until(process: "subprocess.Popen[str]", words: str) -> str:
    assert process.stdout is not None
    told = ""
    for line in process.stdout:
        told += line
        if words in line:
            return told
    pytest.fail(f"it ended without saying {words!r}:\n{told}")


def _addresses(told: str) -> tuple[Path, dict[str, Any]]:
    """The file for programs, as the output names it, and what stands in it."""
    (path,) = re.findall(r"addresses +(\S+)  \(for programs", told)
    return Path(path), json.loads(Path(path).read_text())


def _end(process: "subprocess.Popen[str]", number: signal.Signals = signal.SIGINT) -> str:
    process.send_signal(number)
    rest, _ = process.communicate(timeout=60)
    assert process.returncode == 0, rest
    assert "Traceback" not in rest
    return rest


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_up_tells_every_address_to_people_and_to_programs_and_ctrl_c_stops_it_cleanly(
    env: dict[str, str], number: signal.Signals, leftovers: Leftovers
) -> None:
    with _up(env) as process:
        told = _read_until(process, "Ctrl-C stops it all")
        family = psutil.Process(process.pid).children(recursive=True)
        file, found = _addresses(told)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert found["pid"] == process.pid
        assert {"kafka", "postgres", "services", "logs", "pid"} == found.keys()
        assert ports.is_open(int(found["kafka"].rpartition(":")[2]))
        for name in ("first", "second"):
            assert f"{name:<12} {found['services'][name]['metrics']}" in told
            with urllib.request.urlopen(found["services"][name]["ready"], timeout=5) as answer:
                assert answer.status == 200
        _end(process, number)
    for words in ("prepared", f"Kafka        {found['kafka']}", f"PostgreSQL   {found['postgres']}", found["logs"]):
        assert words in told
    assert len(family) >= 8
    assert leftovers(family) == []
    directory = told.split("prepared ", 1)[1].splitlines()[0]
    assert not Path(directory).exists()
    assert not file.exists()


def test_a_service_that_ends_is_started_again_where_it_was_and_everything_is_said(
    env: dict[str, str], leftovers: Leftovers
) -> None:
    end = Path(env["END"])
    with _up(env) as process:
        told = _read_until(process, "Ctrl-C stops it all")
        _, before = _addresses(told)
        end.touch()
        _read_until(process, "service `first` ended by itself, with exit code 4")
        _read_until(process, "the disk is full")
        end.unlink()
        _read_until(process, "service `first` is ready again")
        with urllib.request.urlopen(before["services"]["first"]["ready"], timeout=5) as answer:
            assert answer.status == 200
        family = psutil.Process(process.pid).children(recursive=True)
        _end(process)
    assert leftovers(family) == []


def test_a_server_that_ends_ends_everything_with_the_reason_and_the_logs_are_kept(
    env: dict[str, str], leftovers: Leftovers
) -> None:
    with _up(env) as process:
        _read_until(process, "Ctrl-C stops it all")
        family = psutil.Process(process.pid).children(recursive=True)
        (broker,) = (each for each in family if each.name() == "java")
        broker.kill()
        rest, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "Kafka ended by itself, with exit code 137" in rest
    (kept,) = re.findall(r"The logs are kept in (\S+)", rest)
    try:
        assert {"broker.log", "postgres.log", "first.log", "second.log"} <= {log.name for log in Path(kept).iterdir()}
        assert "Kafka Server started" in (Path(kept) / "broker.log").read_text()
        assert "serving" in (Path(kept) / "first.log").read_text()
    finally:
        shutil.rmtree(kept)
    assert leftovers(family) == []


def test_with_kept_data_every_port_is_the_same_next_time_and_those_asked_for_are_had(
    env: dict[str, str], place: Path
) -> None:
    asked = ports.free_port()
    data, elsewhere = place / "data", place / "elsewhere" / "onward.json"
    with _up(env, data=str(data), asked_ports={"second": asked}) as process:
        file, first = _addresses(_read_until(process, "Ctrl-C stops it all"))
        assert file == data / "addresses.json"
        _end(process)
    with _up(env, data=str(data), address_file=str(elsewhere)) as process:
        _read_until(process, "Ctrl-C stops it all")
        second = json.loads(elsewhere.read_text())
        _end(process)
    assert first["services"]["second"]["metrics"] == f"http://127.0.0.1:{asked}/metrics"
    assert first["logs"] == str(data / "logs")
    assert second | {"pid": 0} == first | {"pid": 0}
    assert not file.exists()
    assert not elsewhere.exists()
