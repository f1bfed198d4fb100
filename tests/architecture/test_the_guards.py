"""Each import contract catches what it is there for: one violation is planted in a copy, and it is named."""

import re
import tomllib
from collections.abc import Generator
from contextlib import contextmanager

import pytest

from following import ROOT, Copy
from onward.contracts.services import SERVICES

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
LAYERS, PURE, ALONE, IMAGE, NO_STACK, NO_EXTRA = (contract["name"] for contract in CONTRACTS)
CORES = {
    service: f"{service}/domain.py"
    if (ROOT / f"services/onward/{service}/domain.py").exists()
    else f"{service}/domain/__init__.py"
    for service in SERVICES
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    return Copy(tmp_path_factory.mktemp("guards"))


@contextmanager
def planted(copy: Copy, *plants: tuple[str, str]) -> Generator[None]:
    """A line at the end of a file, a new one where there is none, for as long as the block lasts."""
    paths = [copy.root / "services" / "onward" / file for file, _ in plants]
    before = [path.read_text() if path.exists() else None for path in paths]
    try:
        for path, (_, line) in zip(paths, plants, strict=True):
            path.parent.mkdir(exist_ok=True)
            path.write_text((path.read_text() if path.exists() else "") + f"\n{line}\n")
        yield
    finally:
        for path, text in zip(paths, before, strict=True):
            path.unlink() if text is None else path.write_text(text)


def broken(copy: Copy) -> set[str]:
    """The contracts that the linter finds broken."""
    printed = " ".join(copy.tried("lint-imports", "--no-cache").stdout.split())
    verdicts = {
        contract["name"]: re.search(rf"{re.escape(contract['name'])} (KEPT|BROKEN)", printed) for contract in CONTRACTS
    }
    assert all(verdicts.values()), printed
    return {name for name, verdict in verdicts.items() if verdict and verdict[1] == "BROKEN"}


def test_as_it_stands_nothing_is_broken(copy: Copy) -> None:
    assert broken(copy) == set()


@pytest.mark.parametrize(
    ("contract", "file", "line"),
    [
        (LAYERS, "people/reasons.py", "import onward.tracking.reasons"),
        (LAYERS, "contracts/ids.py", "import onward.chassis.clock"),
        (LAYERS, "chassis/clock.py", "import onward.people.reasons"),
        (LAYERS, "seventh/__init__.py", "import onward.contracts.ids"),
        (PURE, "calendar/times.py", "import asyncio"),
        (PURE, "intake/sources/custody.py", "import structlog"),
        (ALONE, "intake/sources/courts.py", "from pathlib import Path"),
        (ALONE, "intake/domain/answers.py", "from onward.contracts import paths"),
        (IMAGE, "chassis/clock.py", "import psutil"),
        (IMAGE, "dispatch/adapters.py", "import rich"),
        (NO_STACK, "cli/run.py", "from onward.local import deployment"),
        (NO_STACK, "cli/offsets/shapes.py", "from onward.local import ports"),
        (NO_EXTRA, "workbench/formatting/__init__.py", "import z3"),
    ],
)
def test_a_planted_violation_is_caught_by_its_contract(copy: Copy, contract: str, file: str, line: str) -> None:
    with planted(copy, (file, line)):
        assert contract in broken(copy)


@pytest.mark.parametrize("service", SERVICES)
def test_no_core_of_a_service_may_know_how_it_is_run(copy: Copy, service: str) -> None:
    with planted(copy, (CORES[service], "from onward.chassis import clock")):
        assert broken(copy) == {PURE}


@pytest.mark.parametrize("line", ["import asyncio", "import psycopg", "import aiokafka", "import prometheus_client"])
def test_nor_by_what(copy: Copy, line: str) -> None:
    with planted(copy, (CORES["intake"], line)):
        assert broken(copy) == {PURE}


@pytest.mark.parametrize("service", SERVICES)
def test_nor_by_a_detour(copy: Copy, service: str) -> None:
    detour = (f"{service}/detour.py", "import onward.chassis.clock")
    with planted(copy, detour, (CORES[service], f"import onward.{service}.detour")):
        assert broken(copy) == {PURE}


@pytest.mark.parametrize(
    ("service", "line"),
    [*((service, "import pathlib") for service in SERVICES), ("people", "import time"), ("tracking", "import socket")],
)
def test_no_core_of_a_service_looks_at_a_file_a_clock_or_the_network(copy: Copy, service: str, line: str) -> None:
    with planted(copy, (CORES[service], line)):
        assert broken(copy) == {ALONE}


def test_every_contract_has_a_violation_here() -> None:
    assert {LAYERS, PURE, ALONE, IMAGE, NO_STACK, NO_EXTRA} == {contract["name"] for contract in CONTRACTS}
