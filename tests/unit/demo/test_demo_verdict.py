"""A day on which something goes otherwise than its scenario expects is told with its place, and fails the demo."""

import io
import shutil
from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from onward.cli.main import app
from onward.contracts import paths
from onward.local.demo import books, day, play
from onward.local.demo.chronicle import Chronicle
from onward.local.demo.day import PlayedDay
from onward.local.demo.playing import cast_all, load
from onward.rehearsal.whole import MemoryRecord, WholeInMemory
from unit.rehearsal.scenarios import services

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
PLAYED = ("arrested-homeless-and-drinking", "nothing-for-us")


class InMemory:
    """Stands for the producer of the demo: what it sends is handled in memory, and stands in the chronicle."""

    def __init__(self) -> None:
        self.whole = WholeInMemory(services())
        self.chronicle = Chronicle("nowhere", (), self.whole.id_key)
        self.outcomes: defaultdict[str, Counter[str]] = defaultdict(Counter)
        """How the records of each kind of topic ended, as the first service counts it that reads them."""

    async def send_and_wait(self, topic: str, value: bytes, *, key: bytes, headers: Any) -> MemoryRecord:
        """Where it came to stand."""
        made = await self.whole.send(topic, value, key=key, headers=headers, at=NOW)
        for record in made.records:
            entry = self.chronicle._entry(record)  # type: ignore[arg-type]  # it has what is read of a client's record
            self.chronicle.entries[entry.topic].append(entry)
            if entry.cause:
                self.chronicle.caused[entry.cause].append(entry)
        first = {id(each.record): each for each in reversed(made.outcomes)}
        for each in first.values():
            self.outcomes[each.record.topic.partition(".")[0]][each.ended] += 1
        return made.records[0]


@pytest.fixture
def scenarios(tmp_path: Path) -> Path:
    """The folder of two scenarios of the demo."""
    for name in PLAYED:
        shutil.copy(paths.schemas() / "examples" / "scenarios" / f"{name}.yaml", tmp_path)
    return tmp_path


async def verdict(scenarios: Path) -> tuple[int, str]:
    """The day with *scenarios*, played and judged as the demo does; the exit code, and what was told."""
    memory, out = InMemory(), Console(file=io.StringIO(), width=200)
    playings = cast_all(load(scenarios), now=NOW, id_key=memory.whole.id_key, share=0.01)
    played = PlayedDay(memory.chronicle, memory, playings)  # type: ignore[arg-type]  # see `InMemory`
    await play._send_all(played, 0, out)
    accounts = books.balance(play._by_kind(memory.chronicle.entries), memory.outcomes)
    code = play._tell(out, played, accounts)
    assert isinstance(out.file, io.StringIO)
    return code, out.file.getvalue()


async def test_a_day_that_goes_as_its_scenarios_expect_passes(scenarios: Path) -> None:
    code, told = await verdict(scenarios)
    assert code == 0, told
    assert "The books balance." in told
    assert "All 2 playings of 2 scenarios went as their files expect." in told


async def test_a_scenario_that_does_not_go_as_it_expects_fails_the_demo_which_names_it(
    scenarios: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # It is waited for in vain: nothing more will come.
    monkeypatch.setattr(day, "_SETTLE_SECONDS", 0.1)
    expected_otherwise(scenarios / "arrested-homeless-and-drinking.yaml")
    code, told = await verdict(scenarios)
    assert code == 1, told
    assert "The books balance." in told, "it is the scenario that fails the demo"
    wrong = [line for line in told.splitlines() if "did not go as its scenario expects" in line]
    assert len(wrong) == 1, told
    assert wrong[0].startswith("arrested-homeless-and-drinking")
    assert "referrals: expected and not found: category DOMESTIC_ABUSE; status ACCEPTED" in wrong[0]


@pytest.mark.parametrize("code", [0, 1])
def test_the_command_ends_with_what_the_day_was_worth(monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    monkeypatch.setattr(play, "demo", lambda *_, **__: code)
    assert CliRunner().invoke(app, ["demo"]).exit_code == code


def expected_otherwise(path: Path) -> None:
    """Let a scenario expect one more referral at its end."""
    text = path.read_text()
    assert text.count("referrals:\n") == 1
    more = "referrals:\n          - {category: DOMESTIC_ABUSE, status: ACCEPTED}\n"
    path.write_text(text.replace("referrals:\n", more))
