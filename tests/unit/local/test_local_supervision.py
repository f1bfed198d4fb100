"""A service that ends is started again, after growing pauses, and everything about it is said."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from onward.local.supervision import Supervisor, pause_before_restart


@dataclass
class Made:
    """A service whose life the test decides."""

    name: str
    log: Path = Path("/somewhere/logs/intake.log")
    code: int | None = None
    ready: bool = True
    starts: int = 0

    def start(self) -> None:
        self.starts += 1
        self.code = None

    def exit_code(self) -> int | None:
        return self.code

    def is_ready(self) -> bool:
        return self.ready

    def log_tail(self) -> str:
        return "  the disk is full"


@dataclass
class Desk:
    """A supervisor, its clock and what it said."""

    time: float = 1000.0
    said: list[str] = field(default_factory=list[str])
    intake: Made = field(default_factory=lambda: Made("intake"))
    people: Made = field(default_factory=lambda: Made("people"))

    def __post_init__(self) -> None:
        services = {"intake": self.intake, "people": self.people}
        self.supervisor = Supervisor(services, self.said.append, now=lambda: self.time)

    def after(self, seconds: float) -> None:
        self.time += seconds
        self.supervisor.look()


@pytest.mark.parametrize(("deaths", "seconds"), [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 30), (10_000, 30)])
def test_the_pauses_grow_to_half_a_minute(deaths: int, seconds: float) -> None:
    assert pause_before_restart(deaths) == seconds


def test_what_runs_is_left_alone_and_nothing_is_said() -> None:
    desk = Desk()
    desk.after(5)
    assert (desk.said, desk.intake.starts) == ([], 0)


def test_a_dead_service_is_named_with_its_exit_code_its_log_and_its_last_words_and_starts_again() -> None:
    desk = Desk()
    desk.intake.code = 137
    desk.after(0.2)
    (told,) = desk.said
    for words in (
        "service `intake` ended by itself",
        "code 137",
        "in 1 s",
        "/somewhere/logs/intake.log",
        "disk is full",
    ):
        assert words in told
    desk.after(0.5)
    assert desk.intake.starts == 0
    desk.after(0.5)
    assert (desk.intake.starts, desk.people.starts) == (1, 0)


def test_that_it_works_again_is_said_once() -> None:
    desk = Desk()
    desk.intake.code, desk.intake.ready = 1, False
    desk.after(0)
    desk.after(1)
    desk.after(1)
    assert len(desk.said) == 1
    desk.intake.ready = True
    desk.after(1)
    desk.after(1)
    assert desk.said[1:] == ["service `intake` is ready again."]


def test_a_service_that_keeps_dying_is_never_given_up_and_each_death_is_said() -> None:
    desk = Desk()
    for _ in range(50):
        desk.intake.code = 2
        desk.after(0)
        desk.after(30)
    assert desk.intake.starts == 50
    assert len(desk.said) == 50
    assert "the 50. time in a row" in desk.said[-1]
    assert "in 30 s" in desk.said[-1]


def test_after_a_minute_of_life_the_pauses_begin_anew() -> None:
    desk = Desk()
    for _ in range(4):
        desk.intake.code = 2
        desk.after(0)
        desk.after(30)
    desk.after(60)
    desk.intake.code = 2
    desk.after(0)
    assert "in 1 s" in desk.said[-1]
