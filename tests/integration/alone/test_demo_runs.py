"""`onward demo`, as a person starts it: the day is played, the books balance, and nothing is left behind."""

import os
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


@pytest.fixture
def temporary() -> Generator[Path]:
    """Where the demo puts what is to be gone afterwards; PostgreSQL may run as another user."""
    with tempfile.TemporaryDirectory(prefix="onward-test-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def play(temporary: Path) -> tuple[int, str]:
    """Play each scenario once, in a second; the exit code and what was printed."""
    ours = (KAFKA_VARIABLE, DATABASE_VARIABLE)
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, "demo", "--share", "0.01", "--seconds", "1"],
        env={**environment, "TMPDIR": str(temporary), "COLUMNS": "200"},
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
    code, told = play(temporary)
    assert code == 0, told
    assert ": 0 lost, 0 doubled." in told
    assert "The books balance." in told
    assert left_behind(temporary) == []
