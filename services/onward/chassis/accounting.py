"""The books: every record ends in exactly one outcome, and is counted when that outcome is durable."""

from collections import Counter
from dataclasses import dataclass, field

from onward.chassis.metrics import Metrics


@dataclass(slots=True)
class Tally:
    """How the records of one batch ended; it counts for nothing until the batch is committed."""

    topic: str
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])

    def add(self, outcome: str, reason: str) -> None:
        """One record ended so."""
        self.outcomes[outcome, reason] += 1


class Books:
    """What this process received, and how it ended."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._received = 0
        self._ended = 0

    def enter(self, tally: Tally, *, received: int) -> None:
        """
        Enter a committed batch: *received* is what the broker handed over, *tally* what became of it.

        The two are counted apart on purpose: their difference is the alarm.
        """
        self._received += received
        self._metrics.received(tally.topic, received)
        for (outcome, reason), count in tally.outcomes.items():
            self._ended += count
            self._metrics.outcome(tally.topic, outcome, reason, count)
        self._metrics.unaccounted(self.unaccounted)

    @property
    def unaccounted(self) -> int:
        """Records received less outcomes counted: 0, or we have lost track of some."""
        return self._received - self._ended
