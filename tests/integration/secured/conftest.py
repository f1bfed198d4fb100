"""One `onward up --secure` for all tests of this folder, at the most talkative level, started when the first asks."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator, Sequence
from pathlib import Path

import psutil
import pytest

from integration.secured.secured_system import SecuredSystem, logged_in, writer_of
from integration.whole.watching import Watch
from onward.chassis.installation_secrets import NAMES
from onward.chassis.kafka.admin import topic_specs
from onward.contracts.services import SERVICES
from onward.directory import files as directory_files
from onward.local import ports
from onward.local.deployment import VARIABLES

UP = "from onward.cli.main import main; main()"
Leftovers = Callable[[Sequence[psutil.Process]], list[str]]


@pytest.fixture(scope="package")
def whole() -> Generator[SecuredSystem]:
    """It runs on ports that were asked for, and is found by its address file as a partner's program would find it."""
    providers = directory_files.load()
    topics = topic_specs(sorted(providers.providers))
    environ = {name: value for name, value in os.environ.items() if not name.startswith("ONWARD_")}
    if ports.RANGE_VARIABLE in os.environ:
        environ[ports.RANGE_VARIABLE] = os.environ[ports.RANGE_VARIABLE]
    with tempfile.TemporaryDirectory(prefix="onward-test-") as folder:
        temporary = Path(folder)
        temporary.chmod(0o711)  # PostgreSQL may run as another user
        file = temporary / "addresses.json"
        kafka, http = ports.free_port(), _free_in_a_row(len(SERVICES))
        options = ["--secure", "--kafka-port", str(kafka), "--http-port", str(http), "--addresses", str(file)]
        # A service that is killed is missed after so long; the least that a busy machine bears.
        more = {"ONWARD_SESSION_TIMEOUT_S": "4", "ONWARD_LOG_LEVEL": "debug", "TMPDIR": folder}
        with subprocess.Popen(
            [sys.executable, "-c", UP, "up", *options],
            env=environ | more,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            said: list[str] = []
            assert process.stdout is not None
            for line in process.stdout:
                said.append(line)
                if "Ctrl-C stops it all" in line:
                    break
            else:
                pytest.fail("`onward up --secure` ended:\n" + "".join(said))
            found = json.loads(file.read_text())
            assert found["kafka"] == f"127.0.0.1:{kafka}"
            folder_of_secrets = Path(found["secrets"])
            secrets = {
                variable: (folder_of_secrets / name).read_text()
                for name, variable in zip(NAMES, VARIABLES, strict=True)
            }
            family = psutil.Process(process.pid).children(recursive=True)
            with Watch(
                logged_in(found["kafka"], folder_of_secrets, "admin"),
                {name: spec.partitions for name, spec in topics.items()},
                secrets,
                lambda topic: logged_in(found["kafka"], folder_of_secrets, writer_of(topic)),
            ) as watch:
                yield SecuredSystem(
                    Path(found["logs"]).parent, secrets, watch, providers, process, found, temporary, said
                )
            process.send_signal(signal.SIGINT)
            rest, _ = process.communicate(timeout=60)
        assert process.returncode == 0, rest
        assert not [each for each in family if each.is_running() and each.status() != psutil.STATUS_ZOMBIE]
        assert [path.name for path in temporary.rglob("*")] == [], "everything temporary is gone at the end"


def _free_in_a_row(count: int) -> int:
    """The first of so many free ports one after the other."""
    while True:
        base = ports.free_port()
        if all(ports.is_free(base + number) for number in range(count)):
            return base
