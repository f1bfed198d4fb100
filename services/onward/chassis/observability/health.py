"""Whether this process is alive (its event loop turns) and ready (it owns its partitions and reaches its servers)."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from onward.chassis import clock
from onward.chassis.observability.server_errors import Server, told
from onward.chassis.processing.ownership import Ownership

log = structlog.get_logger()

_TICK_SECONDS = 1.0
_STALLED_SECONDS = 15.0
_PROBE_SECONDS = 5.0
_AWAY_SECONDS = 12.0
_STUCK_SECONDS = 10.0

STOPPING = "stopping"
"""What `Health.starting` says of a process that stops."""


@dataclass
class Probe:
    """Asks one server, now and then, whether it is there."""

    name: str
    code: str
    """The reason it is when it is away, one of `metrics.NOT_READY`."""
    ask: Callable[[], Awaitable[None]]
    server: Server
    answered_at: float = float("-inf")
    why: str = ""
    """What was wrong when it was asked last, in words."""

    async def watch(self) -> None:
        """Ask the server again and again, until cancelled."""
        while True:
            try:
                async with asyncio.timeout(_PROBE_SECONDS):
                    await self.ask()
            except Exception as error:  # noqa: BLE001 - any failure means: not there
                self.why = told(error, server=self.server)
                if self.is_away:
                    log.warning("server.away", server=self.server, why=self.why, error=type(error).__name__)
            else:
                self.answered_at, self.why = clock.monotonic(), ""
            await asyncio.sleep(_PROBE_SECONDS)

    @property
    def is_away(self) -> bool:
        """It has not answered for some time."""
        return clock.monotonic() - self.answered_at > _AWAY_SECONDS


class Health:
    """What `/live` and `/ready` answer from."""

    def __init__(self) -> None:
        self.flows: Sequence[Ownership[Any]] = ()
        self.probes: list[Probe] = []
        self.starting = "starting"
        """What the start waits for, in words; empty once the service runs."""
        self._ticked_at = clock.monotonic()

    async def tick(self) -> None:
        """Prove for ever that the event loop turns."""
        while True:
            self._ticked_at = clock.monotonic()
            await asyncio.sleep(_TICK_SECONDS)

    @property
    def is_live(self) -> bool:
        """Restart the process if not. Says nothing about broker and database: restarting would not bring them back."""
        return clock.monotonic() - self._ticked_at < _STALLED_SECONDS

    def hindrances(self) -> list[str]:
        """Why the process is not ready, in words; empty if it is. Owning no partition is fine if others own them."""
        return [words for _, words in self.ready_reasons()]

    def ready_reasons(self) -> list[tuple[str, str]]:
        """The same, each with its code, one of `metrics.NOT_READY`."""
        if self.starting:
            return [("stopping" if self.starting.startswith(STOPPING) else "starting", self.starting)]
        found = [(probe.code, f"{probe.name} does not answer: {probe.why}") for probe in self.probes if probe.is_away]
        for flow in self.flows:
            found += self._hindrances_of(flow)
        return found

    def _hindrances_of(self, flow: Ownership[Any]) -> list[tuple[str, str]]:
        if not flow.ever_assigned:
            return [("not_in_group", f"{flow.group}: not yet a member of its consumer group")]
        found: list[tuple[str, str]] = []
        if flow.missing:
            why = Counter(missing.why for missing in flow.missing.values()).most_common(1)[0][0]
            words = f"{flow.group}: {len(flow.missing)} of {len(flow.assigned)} partitions not held: {why}"
            found.append(("partitions_not_held", words))
        stuck = [each for each in flow.idle(clock.monotonic()) if each.partition in flow.owned]
        for why, count in Counter(each.why for each in stuck if each.seconds > _STUCK_SECONDS).items():
            words = f"{flow.group}: {count} of {len(flow.assigned)} partitions stand still: {why}"
            found.append(("partitions_stand_still", words))
        return found
