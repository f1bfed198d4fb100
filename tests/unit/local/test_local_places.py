"""Python, disk, cache, ports and existing servers: what is wrong is said plainly."""

import socket
import stat
from pathlib import Path

import pytest

from onward.local import ports
from onward.local.cache import CACHE, cache_directory, need_room, place_of_data
from onward.local.errors import (
    LocalStackError,
    NotOurServerError,
    PortTakenError,
    PythonTooOldError,
    TooLittleDiskError,
    UnreachableError,
)
from onward.local.postgres_home import others_may_enter
from onward.local.stack import Stack, check_python


def test_a_python_that_is_too_old_is_refused_with_the_one_that_is_needed() -> None:
    with pytest.raises(PythonTooOldError, match=r"Python 3\.10 is too old.*3\.11 or later.*make PYTHON="):
        check_python((3, 10))
    check_python((3, 11))


def test_too_little_disk_says_where_how_much_and_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(TooLittleDiskError) as refused:
        need_room(tmp_path / "not" / "yet", 10**18, what="Kafka's jars", chosen_with=CACHE)
    told = str(refused.value)
    assert str(tmp_path) in told
    assert "1000000000000 MB are needed" in told
    assert "XDG_CACHE_HOME" in told
    need_room(tmp_path / "not" / "yet", 1, what="Kafka's jars", chosen_with=CACHE)


@pytest.mark.parametrize(("kept", "named"), [(True, "--data"), (False, "TMPDIR")])
def test_too_little_disk_for_data_names_what_set_its_place(tmp_path: Path, *, kept: bool, named: str) -> None:
    with pytest.raises(TooLittleDiskError, match=f"choose another place with {named}$"):
        need_room(tmp_path, 10**18, what="Kafka's data", chosen_with=place_of_data(kept=kept))


def test_the_cache_follows_xdg_and_ignores_a_relative_path() -> None:
    assert cache_directory({"XDG_CACHE_HOME": "/somewhere"}) == Path("/somewhere/onward")
    at_home = Path.home() / ".cache" / "onward"
    assert cache_directory({}) == at_home
    assert cache_directory({"XDG_CACHE_HOME": "relative"}) == at_home


def test_a_wanted_port_in_use_is_refused_and_named() -> None:
    with socket.socket() as taken:
        taken.bind((ports.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortTakenError, match=f"port {port}, asked for by Kafka.*ask for another port"):
            ports.take(port, wanted_by="Kafka")
    assert ports.take(port, wanted_by="Kafka") == port


def test_no_port_is_given_twice_and_another_range_can_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ports.RANGE_VARIABLE, "21950-21999")
    given = [ports.free_port() for _ in range(10)]
    assert len(set(given)) == 10
    assert all(21_950 <= port <= 21_999 for port in given)


@pytest.mark.parametrize("nonsense", ["21000", "22000-21000", "a-b", "80-90", "21000-70000"])
def test_a_range_of_ports_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, nonsense: str) -> None:
    monkeypatch.setenv(ports.RANGE_VARIABLE, nonsense)
    with pytest.raises(LocalStackError, match="write two ports, such as 21000-21999"):
        ports.free_port()


def test_a_free_port_is_free_and_outside_the_range_of_outgoing_connections() -> None:
    port = ports.free_port()
    assert ports.is_free(port)
    assert port < 32_768


def test_a_directory_behind_a_closed_one_cannot_be_entered_by_others(tmp_path: Path) -> None:
    inner = tmp_path / "closed" / "inner"
    inner.mkdir(parents=True)
    inner.parent.chmod(stat.S_IRWXU)
    assert not others_may_enter(inner)


def test_existing_servers_are_used_as_named_and_are_not_ours_to_kill() -> None:
    stack = Stack(environ={"ONWARD_KAFKA_BOOTSTRAP": "broker:9092", "ONWARD_DATABASE_URL": "postgresql://db/onward"})
    assert stack.kafka_bootstrap == "broker:9092"
    assert stack.database_url == "postgresql://db/onward"
    with pytest.raises(NotOurServerError, match="ONWARD_KAFKA_BOOTSTRAP"):
        _ = stack.kafka
    with pytest.raises(NotOurServerError, match="ONWARD_DATABASE_URL"):
        _ = stack.postgres


@pytest.mark.parametrize(
    ("name", "template"),
    [("ONWARD_KAFKA_BOOTSTRAP", "127.0.0.1:{}"), ("ONWARD_DATABASE_URL", "postgresql://u:secret@127.0.0.1:{}/d")],
)
def test_an_existing_server_that_does_not_answer_is_named_without_its_password(name: str, template: str) -> None:
    environ = {name: template.format(ports.free_port())}
    kafka = name == "ONWARD_KAFKA_BOOTSTRAP"
    with (
        pytest.raises(UnreachableError, match=f"mend {name}, or unset {name}") as refused,
        Stack(environ=environ, kafka=kafka, postgres=not kafka),
    ):
        pass
    assert "secret" not in str(refused.value)
