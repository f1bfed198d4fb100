"""Which ports a stack insists on, and the file that tells other programs where everything is."""

import json
import socket
import stat
from pathlib import Path

import pytest

from onward.local import addresses, ports
from onward.local.addresses import Addresses, counted_from, wanted_ports

NAMES = ["kafka", "postgres", "intake", "people"]


def test_without_a_wish_and_without_a_last_time_any_port_will_do() -> None:
    assert wanted_ports(NAMES, {}, {}) == {}


def test_what_is_asked_for_goes_before_what_was_used_last_time() -> None:
    kept = {"kafka": ports.free_port(), "intake": ports.free_port()}
    assert wanted_ports(NAMES, {"kafka": 9092}, kept) == {"kafka": 9092, "intake": kept["intake"]}


def test_a_port_of_last_time_that_somebody_has_taken_is_let_go_but_one_that_is_asked_for_never() -> None:
    with socket.create_server((ports.HOST, 0)) as taken:
        port: int = taken.getsockname()[1]
        assert wanted_ports(NAMES, {}, {"intake": port}) == {}
        assert wanted_ports(NAMES, {"intake": port}, {}) == {"intake": port}


def test_a_port_of_last_time_that_another_asks_for_now_is_let_go() -> None:
    port = ports.free_port()
    assert wanted_ports(NAMES, {"kafka": port}, {"intake": port}) == {"kafka": port}


def test_a_service_that_is_gone_needs_no_port() -> None:
    assert wanted_ports(NAMES, {}, {"gone": ports.free_port()}) == {}


def test_services_have_ports_one_after_the_other() -> None:
    assert counted_from(9464, ["intake", "people"]) == {"intake": 9464, "people": 9465}
    with pytest.raises(ValueError, match="too high"):
        counted_from(65_535, ["intake", "people"])


@pytest.mark.parametrize("text", ["", "[]", '{"intake": "many"}', "\x00"])
def test_a_spoilt_record_of_ports_costs_no_more_than_new_ports(tmp_path: Path, text: str) -> None:
    assert addresses.kept_ports(tmp_path) == {}
    (tmp_path / "ports.json").write_text(text)
    assert addresses.kept_ports(tmp_path) == {}
    addresses.keep_ports(tmp_path, {"intake": 9464})
    assert addresses.kept_ports(tmp_path) == {"intake": 9464}


def test_the_file_says_all_that_a_program_needs_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    file = tmp_path / "new" / "addresses.json"
    found = Addresses("127.0.0.1:9092", "postgresql://u:p@h/d", {"intake": "http://127.0.0.1:9464"}, tmp_path / "logs")
    addresses.write(file, found.document())
    told = json.loads(file.read_text())
    assert told.pop("pid") > 0
    assert told == {
        "kafka": "127.0.0.1:9092",
        "postgres": "postgresql://u:p@h/d",
        "services": {
            "intake": {
                "live": "http://127.0.0.1:9464/live",
                "ready": "http://127.0.0.1:9464/ready",
                "metrics": "http://127.0.0.1:9464/metrics",
            }
        },
        "logs": str(tmp_path / "logs"),
    }
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in file.parent.iterdir()] == ["addresses.json"]
