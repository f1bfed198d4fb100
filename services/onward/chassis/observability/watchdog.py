"""Sees to it that a process works on what is assigned to it, or ends and says why: there is no silent third."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import structlog

from onward.chassis import clock
from onward.chassis.errors import ChassisError, NotWorkingError
from onward.chassis.kafka.consuming import PatientConsumer
from onward.chassis.observability.health import Probe
from onward.chassis.observability.metrics import Metrics
from onward.chassis.processing.ownership import Ownership
from onward.chassis.processing.partitions import Idle

log = structlog.get_logger()

_LOOK_SECONDS = 5.0
_TOLD_SECONDS = 10.0
PATIENCE_SECONDS = 120.0


class Watchdog:
    """
    Ends the process when a partition is assigned to it and not worked on for two minutes although its servers answer.

    While a server is away nothing is counted: waiting for it is right. Whoever starts the process again gives it a
    fresh membership of its groups and fresh connections, which is all that can be done about it from here.
    """

    def __init__(
        self,
        flows: Sequence[Ownership[Any]],
        probes: Iterable[Probe],
        metrics: Metrics,
        on_fatal: Callable[[ChassisError], None],
    ) -> None:
        self._flows = flows
        self._probes = probes
        self._metrics = metrics
        self._on_fatal = on_fatal
        self._patient_from = clock.monotonic()

    async def watch(self) -> None:
        """See every few seconds, until cancelled, whether everything is worked on."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            self.look()

    def look(self) -> None:
        """See whether everything is worked on."""
        now = clock.monotonic()
        if any(probe.is_away for probe in self._probes):
            self._patient_from = now
        for flow in self._flows:
            idle = flow.idle(now)
            self._tell(flow, idle)
            for each in idle:
                if min(each.seconds, now - self._patient_from) > PATIENCE_SECONDS:
                    topic, partition = each.partition
                    self._end(f"{topic}/{partition} is assigned to this process and was not worked on", each)
            consumer = flow.subscriber.consumer if flow.subscriber is not None else None
            if isinstance(consumer, PatientConsumer) and not flow.stopping and (why := consumer.broken()):
                self._on_fatal(NotWorkingError(f"{flow.group} will get no more records: {why}; start it again"))

    def _tell(self, flow: Ownership[Any], idle: Sequence[Idle]) -> None:
        counts = Counter(self._metrics.name(each.partition.topic) for each in idle if each.seconds > _TOLD_SECONDS)
        for name in {self._metrics.name(partition.topic) for partition in flow.assigned}:
            self._metrics.not_worked(name, counts[name])

    def _end(self, what: str, idle: Idle) -> None:
        self._on_fatal(
            NotWorkingError(
                f"{what} for {idle.seconds:.0f} s although its servers answer: {idle.why}; start it again, and look "
                "at `partition.given_up` in the log if it happens again"
            )
        )
