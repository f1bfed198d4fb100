"""A running `onward up --secure`, as its address file says, and whoever comes to it with a login of its own."""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest

from integration.whole.whole_system import Observed
from onward.chassis.kafka.connection import KafkaConnection, KafkaSettings


def logged_in(bootstrap: str, secrets: Path, name: str) -> KafkaConnection:
    """How *name* comes to the broker."""
    admin = name == "admin"
    password = json.loads((secrets / "passwords.json").read_text())[name]
    given: dict[str, Any] = {
        "kafka_bootstrap": bootstrap,
        "kafka_security_protocol": "SASL_SSL",
        "kafka_ca_file": secrets / "ca.pem",
        "kafka_sasl_mechanism": "PLAIN" if admin else "SCRAM-SHA-512",
        "kafka_sasl_username": name,
        "kafka_sasl_password": password,
    }
    return KafkaSettings(**given).kafka


def writer_of(topic: str) -> str:
    """Whose topic it is to write to."""
    kind, _, member = topic.partition(".")
    return {"in": f"partner-{member}", "replies": f"provider-{member}", "approvals": "people-on-duty"}.get(
        kind, "admin"
    )


@dataclass(frozen=True)
class SecuredSystem(Observed):
    """What a test of the secured stack gets."""

    process: "subprocess.Popen[str]"
    found: Mapping[str, Any]
    """What the address file says."""
    temporary: Path
    """The temporary directory of all its processes."""
    said: list[str] = field(default_factory=list[str])
    """What `onward up` printed so far."""

    def metrics_urls(self) -> Mapping[str, str]:
        return {name: urls["metrics"] for name, urls in self.found["services"].items()}

    def check(self) -> None:
        assert self.process.poll() is None, "".join(self.said)

    @property
    def secrets_folder(self) -> Path:
        return Path(self.found["secrets"])

    def database(self) -> str:
        """To the database as the owner of its tables."""
        return (self.secrets_folder / "postgres" / "operator").read_text()

    def as_(self, name: str) -> KafkaConnection:
        """To the broker as *name* logs in."""
        return logged_in(self.found["kafka"], self.secrets_folder, name)

    def read_until(self, words: str) -> None:
        """Read what `onward up` prints until it says these *words*."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line)
            if words in line:
                return
        pytest.fail(f"it ended without saying {words!r}:\n{''.join(self.said)}")

    def family(self) -> list[psutil.Process]:
        """Every process of it."""
        first = psutil.Process(self.process.pid)
        return [first, *first.children(recursive=True)]

    def service(self, name: str) -> psutil.Process:
        """The process of a service."""
        (found,) = (each for each in self.family() if each.cmdline()[1:] == ["-m", f"onward.{name}"])
        return found
