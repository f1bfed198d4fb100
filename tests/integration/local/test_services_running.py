"""Services beside the stack: waited for, watched, stopped."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from onward.local import ports
from onward.local.errors import EndedByItselfError, NotReadyError, PortTakenError, ServerDiedError
from onward.local.service_spec import ServiceSpec
from onward.local.services import Services


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


def test_a_service_keeps_the_port_that_was_asked_for_and_one_that_is_taken_is_named(
    tmp_path: Path, env: dict[str, str]
) -> None:
    port = ports.free_port()
    specs = [ServiceSpec("fixed", module="fake_service", http_port=port)]
    with Services(specs, directory=tmp_path / "logs", env=env) as services:
        assert services.running["fixed"].url == f"http://127.0.0.1:{port}"
        with pytest.raises(PortTakenError, match=f"port {port}, asked for by service `fixed`"):
            Services(specs, directory=tmp_path / "logs", env=env)


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
