"""The broker of `deploy/compose.yaml`, with its own properties and secrets, as a child process."""

import os
import re
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from onward.cli.main import app
from onward.local import broker, ports
from onward.local.kafka import KafkaServer

ROOT = Path(__file__).resolve().parents[3]
PROPERTIES = ROOT / "deploy" / "compose" / "kafka" / "server.properties"


@dataclass(frozen=True)
class ComposeBroker:
    """It runs, and these are the secrets that were made for it."""

    inside: int
    outside: int
    secrets: Path

    def login(self, user: str, *, outside: bool = False) -> dict[str, str]:
        """The variables of whoever comes in as *user*."""
        return {
            "ONWARD_KAFKA_BOOTSTRAP": f"localhost:{self.outside if outside else self.inside}",
            "ONWARD_KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
            "ONWARD_KAFKA_CA_FILE": str(self.secrets / "ca.pem"),
            "ONWARD_KAFKA_SASL_MECHANISM": "PLAIN",
            "ONWARD_KAFKA_SASL_USERNAME": user,
            "ONWARD_KAFKA_SASL_PASSWORD_FILE": str(self.secrets / "kafka-passwords" / user),
        }

    def onward(self, user: str, *arguments: str, **more: str) -> Result:
        """A command of `onward`, run as *user* logs in."""
        with pytest.MonkeyPatch.context() as environment:
            for name in [name for name in os.environ if name.startswith("ONWARD_KAFKA")]:
                environment.delenv(name)
            for name, value in {**self.login(user), **more}.items():
                environment.setenv(name, value)
            return CliRunner().invoke(app, [*arguments])


@contextmanager
def compose_broker(folder: Path) -> Generator[ComposeBroker]:
    """Make its secrets with `onward deploy secrets`, and start it."""
    secrets = folder / "secrets"
    made = CliRunner().invoke(app, ["deploy", "secrets", str(secrets)])
    assert made.exit_code == 0, made.output
    outside = ports.free_port()

    def written(path: Path, *, port: int, controller_port: int, data: Path) -> None:
        text = PROPERTIES.read_text()
        for pattern, replacement in (
            (r"//:9093", f"//127.0.0.1:{port}"),
            (r"//:9094", f"//127.0.0.1:{outside}"),
            (r"localhost:9095", f"localhost:{controller_port}"),
            (r"(?m)^log\.dirs=.*$", f"log.dirs={data}"),
            (r"/run/secrets/kafka", str(secrets / "kafka")),
        ):
            text, times = re.subn(pattern, replacement, text)
            assert times, pattern
        told = f"advertised.listeners=INSIDE://localhost:{port},OUTSIDE://localhost:{outside}"
        path.write_text("\n".join([text, told, (secrets / "kafka" / "logins.properties").read_text()]))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(broker, "write_properties", written)
        (folder / "broker").mkdir()
        kafka = KafkaServer(folder / "broker", environ=os.environ)
        kafka.start()
        try:
            yield ComposeBroker(kafka.port, outside, secrets)
        finally:
            kafka.stop()
