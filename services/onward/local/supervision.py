"""Starts a service again that ended by itself, after growing pauses, for as long as the stack runs."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 30.0
_STEADY = 60.0


class Restartable(Protocol):
    """What is asked of a service; `RunningService` is one."""

    name: str
    log: Path

    def start(self) -> None:
        """Start its process."""
        ...

    def exit_code(self) -> int | None:
        """How it ended, or None while it runs."""
        ...

    def is_ready(self) -> bool:
        """Whether it works."""
        ...

    def log_tail(self) -> str:
        """Its last words."""
        ...


def pause_before_restart(deaths: int) -> float:
    """Seconds to wait before the restart after so many deaths in a row (1 or more): 1, 2, 4, 8, 16, then 30."""
    return min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0 ** min(deaths - 1, 10))


@dataclass(slots=True)
class _Watched:
    deaths: int = 0
    """In a row: a service that has run for a minute begins anew."""
    started: float = 0.0
    start_at: float | None = None
    """When it is started again; None while it runs."""
    ready: bool = True


class Supervisor:
    """
    Watches services and starts again what ended. It never gives up, and says each thing that it sees and does.

    Args:
        services: By name; all are up.
        say: Prints a sentence.
        now: Seconds of a clock that never goes back.
    """

    def __init__(
        self,
        services: Mapping[str, Restartable],
        say: Callable[[str], None],
        *,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._services = services
        self._say = say
        self._now = now
        self._watched = {name: _Watched(started=now()) for name in services}

    def look(self) -> None:
        """Look at each once, and do what is due. Waits for nothing but a first answer of a service started again."""
        for name, service in self._services.items():
            self._look_at(service, self._watched[name])

    def _look_at(self, service: Restartable, watched: _Watched) -> None:
        now = self._now()
        if watched.start_at is not None:
            if now >= watched.start_at:
                watched.start_at, watched.started = None, now
                service.start()
        elif (code := service.exit_code()) is not None:
            self._ended(service, watched, code)
        elif not watched.ready and service.is_ready():
            watched.ready = True
            self._say(f"service `{service.name}` is ready again.")

    def _ended(self, service: Restartable, watched: _Watched, code: int) -> None:
        now = self._now()
        watched.deaths = 1 if now - watched.started >= _STEADY else watched.deaths + 1
        pause = pause_before_restart(watched.deaths)
        watched.start_at, watched.ready = now + pause, False
        again = "" if watched.deaths == 1 else f", the {watched.deaths}. time in a row"
        self._say(
            f"service `{service.name}` ended by itself, with exit code {code}{again}. It is started again in "
            f"{pause:g} s. Its log is {service.log}; the last lines:\n{service.log_tail()}"
        )
