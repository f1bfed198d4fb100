"""A task that nobody observes ends in silence: services start none but through `chassis/tasks.py`."""

import ast
from pathlib import Path

import pytest

from onward.contracts.services import SERVICES

ROOT = Path(__file__).resolve().parents[2] / "services" / "onward"
STARTS = {"create_task", "ensure_future", "run_coroutine_threadsafe", "start_soon"}
MAY_START = {"chassis/tasks.py", "chassis/kafka/patches/client_tasks.py"}


def starts(source: str) -> list[int]:
    """The lines of *source* on which a task is started."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    named = ((call, getattr(call.func, "attr", getattr(call.func, "id", ""))) for call in calls)
    return [call.lineno for call, name in named if name in STARTS]


def files() -> list[Path]:
    return sorted(path for service in ("chassis", *SERVICES) for path in (ROOT / service).rglob("*.py"))


def test_no_service_starts_a_task_that_nobody_observes() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in files()
        if str(path.relative_to(ROOT)) not in MAY_START
        for line in starts(path.read_text())
    ]
    assert found == []


def test_those_that_may_do_start_some() -> None:
    assert all(starts((ROOT / name).read_text()) for name in MAY_START)


@pytest.mark.parametrize("call", ["asyncio.create_task(work())", "loop.create_task(work())", "ensure_future(work())"])
def test_a_planted_start_is_seen(call: str) -> None:
    assert starts(f"def go():\n    {call}\n") == [2]
