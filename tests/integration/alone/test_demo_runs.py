"""`onward demo`, as a person starts it: the day is played, the books balance, and nothing is left behind."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator
from pathlib import Path

import psutil
import pytest

from onward.contracts import paths
from onward.local.stack import DATABASE_VARIABLE, KAFKA_VARIABLE

COMMAND = "from onward.cli.main import main; main()"
IMPATIENT = "from onward.local.demo import day; day._SETTLE_SECONDS = 3; " + COMMAND
"""Waits less long for a scenario that will never go as it expects."""


@pytest.fixture
def temporary() -> Generator[Path]:
    """Where the demo puts what is to be gone afterwards; PostgreSQL may run as another user."""
    with tempfile.TemporaryDirectory(prefix="onward-test-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def play(code: str, temporary: Path, **variables: str) -> tuple[int, str]:
    """Play each scenario once, in a second; the exit code and what was printed."""
    ours = (KAFKA_VARIABLE, DATABASE_VARIABLE)
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    done = subprocess.run(
        [sys.executable, "-c", code, "demo", "--share", "0.01", "--seconds", "1"],
        env={**environment, "TMPDIR": str(temporary), "COLUMNS": "200", **variables},
        cwd=paths.schemas().parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=200,
    )
    return done.returncode, done.stdout


def left_behind(temporary: Path) -> list[str]:
    """Files, and processes that were started for this run: each knows its directory."""
    files = [str(path.relative_to(temporary)) for path in temporary.rglob("*")]
    return files + [process.name() for process in psutil.process_iter() if _is_of(process, str(temporary))]


def _is_of(process: psutil.Process, directory: str) -> bool:
    try:
        return process.environ().get("TMPDIR") == directory and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def test_the_demo_plays_every_scenario_balances_its_books_and_leaves_nothing_behind(temporary: Path) -> None:
    code, told = play(COMMAND, temporary)
    assert code == 0, told
    assert ": 0 lost, 0 doubled." in told
    assert "The books balance." in told
    assert left_behind(temporary) == []


def test_a_scenario_that_does_not_go_as_it_expects_fails_the_demo_which_names_it(
    temporary: Path, tmp_path: Path
) -> None:
    schemas = tmp_path / "schemas"
    shutil.copytree(paths.schemas(), schemas)
    scenarios = schemas / "examples" / "scenarios"
    for path in scenarios.glob("*.yaml"):
        if path.stem not in ("arrested-homeless-and-drinking", "nothing-for-us"):
            path.unlink()
    expected_otherwise(scenarios / "arrested-homeless-and-drinking.yaml")
    code, told = play(IMPATIENT, temporary, ONWARD_SCHEMAS=str(schemas))
    assert code == 1, told
    wrong = [line for line in told.splitlines() if "did not go as its scenario expects" in line]
    assert len(wrong) == 1, told
    assert wrong[0].startswith("arrested-homeless-and-drinking")
    assert "referrals: expected and not found: category DOMESTIC_ABUSE; status ACCEPTED" in wrong[0]
    assert left_behind(temporary) == []


def expected_otherwise(path: Path) -> None:
    """Let a scenario expect one more referral at its end."""
    text = path.read_text()
    assert text.count("referrals:\n") == 1
    more = "referrals:\n          - {category: DOMESTIC_ABUSE, status: ACCEPTED}\n"
    path.write_text(text.replace("referrals:\n", more))
