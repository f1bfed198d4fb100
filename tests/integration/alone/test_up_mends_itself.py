"""`onward up` with everything real: a service that is killed comes back, and nothing is lost, doubled or in doubt."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from integration.whole.partner_messages import arrest, message, somebody
from integration.whole.watching import Seen, Watch
from onward.contracts.services import SERVICES
from onward.local import ports
from onward.local.deployment import local_secrets
from onward.local.stack import DATABASE_VARIABLE, KAFKA_VARIABLE

UP = "from onward.cli.main import main; main()"
TOPICS = {"in.custody": 2, "contacts": 3, "situations": 3}
SECRETS = local_secrets(None, {})
EACH = 60  # events before the kill, and as many after it


@dataclass(frozen=True)
class Running:
    """A running `onward up`, and what its address file says."""

    process: "subprocess.Popen[str]"
    found: dict[str, Any]

    def read_until(self, words: str) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if words in line:
                return
        pytest.fail(f"it ended without saying {words!r}")

    def pid_of(self, service: str) -> int:
        (pid,) = (
            each.pid
            for each in psutil.Process(self.process.pid).children(recursive=True)
            if each.cmdline()[1:] == ["-m", f"onward.{service}"]
        )
        return pid


def _free_in_a_row(count: int) -> int:
    """The first of so many free ports one after the other."""
    while True:
        base = ports.free_port()
        if all(ports.is_free(base + number) for number in range(count)):
            return base


@pytest.fixture
def running(tmp_path: Path, leftovers: Callable[[Sequence[psutil.Process]], list[str]]) -> Generator[Running]:
    """`onward up` on ports that were asked for, found by its address file as a partner's program would."""
    file = tmp_path / "addresses.json"
    kafka, http = ports.free_port(), _free_in_a_row(len(SERVICES))
    options = ["--kafka-port", str(kafka), "--http-port", str(http), "--addresses", str(file)]
    ours = (KAFKA_VARIABLE, DATABASE_VARIABLE)
    environ = {name: value for name, value in os.environ.items() if name not in ours}
    with subprocess.Popen(
        [sys.executable, "-c", UP, "up", *options],
        # A service that is killed is missed after so long; the least that a busy machine bears.
        env=environ | SECRETS | {"ONWARD_SESSION_TIMEOUT_S": "4"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        said: list[str] = []
        for line in process.stdout:
            said.append(line)
            if "Ctrl-C stops it all" in line:
                break
        else:
            pytest.fail("`onward up` ended:\n" + "".join(said))
        family = psutil.Process(process.pid).children(recursive=True)
        try:
            found = json.loads(file.read_text())
            assert found["kafka"] == f"127.0.0.1:{kafka}"
            asked = {name: f"http://127.0.0.1:{http + number}/metrics" for number, name in enumerate(SERVICES)}
            assert {name: urls["metrics"] for name, urls in found["services"].items()} == asked
            yield Running(process, found)
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=60)
    assert process.returncode == 0
    assert leftovers(family) == []


def _unaccounted(found: dict[str, Any]) -> set[float]:
    read: set[float] = set()
    for urls in found["services"].values():
        with urllib.request.urlopen(urls["metrics"], timeout=5) as answer:
            read |= {
                float(value)
                for value in re.findall(
                    r"^onward_unaccounted_events\{.*\} (\S+)$", answer.read().decode(), re.MULTILINE
                )
            }
    return read


def test_intake_that_is_killed_comes_back_and_every_event_becomes_one_contact_and_one_situation(
    running: Running,
) -> None:
    with Watch(running.found["kafka"], TOPICS, SECRETS) as watch:
        watch.send(*(message("custody", arrest(somebody())) for _ in range(EACH)))
        os.kill(running.pid_of("intake"), signal.SIGKILL)
        running.read_until("service `intake` ended by itself, with exit code 137")
        watch.send(*(message("custody", arrest(somebody())) for _ in range(EACH)))
        assert len(watch.all("contacts")) < 2 * EACH, "nothing was left to do when intake was killed"
        running.read_until("service `intake` is ready again")

        def situations() -> list[Seen]:
            seen = watch.all("situations")
            return seen if len(seen) >= 2 * EACH else []

        watch.until(situations, what="a situation for every event", within=90)
        watch.catch_up()
        for topic, name in (("contacts", "contact_id"), ("situations", "situation_id")):
            ids = [seen.body[name] for seen in watch.all(topic)]
            assert (len(ids), len(set(ids))) == (2 * EACH, 2 * EACH), topic
    assert _unaccounted(running.found) == {0.0}
