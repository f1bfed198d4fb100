"""The books: every record ends in exactly one outcome, and is counted when that outcome is durable."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import structlog

from onward.chassis import clock
from onward.chassis.observability.metrics import Metrics
from onward.chassis.record import ConsumedRecord
from onward.contracts.outcome import Noted

log = structlog.get_logger()


@dataclass(slots=True)
class BatchOutcomes:
    """How the records of one batch ended; it counts for nothing until the batch is committed."""

    topic: str
    by_reason: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    noted: Counter[Noted] = field(default_factory=Counter[Noted])

    def add(self, outcome: str, reason: str) -> None:
        """Count one record that ended in *outcome* for *reason*."""
        self.by_reason[outcome, reason] += 1

    def by_outcome(self) -> Counter[str]:
        """How many records ended in each outcome, whatever the reason."""
        counts: Counter[str] = Counter()
        for (outcome, _), count in self.by_reason.items():
            counts[outcome] += count
        return counts

    def note(self, noted: Iterable[Noted]) -> None:
        """Count what a decision noted beside its outcome."""
        self.noted.update(noted)


class OutcomeAccounting:
    """What this process received, and how it ended, as metrics and in the log. `counts` outlive the process."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def record_commit(self, outcomes: BatchOutcomes, records: Sequence[ConsumedRecord], *, began: float) -> None:
        """
        Enter a committed batch: *records* is what the broker handed over, *outcomes* what became of it.

        *began* is when the batch was in hand.
        """
        topic, now = self._metrics.name(outcomes.topic), clock.epoch()
        took = clock.monotonic() - began
        self._metrics.received(topic, len(records))
        for appended_ms, count in Counter([record.timestamp for record in records]).items():
            self._metrics.waited(topic, now - appended_ms / 1000, count)
        for (outcome, reason), count in outcomes.by_reason.items():
            self._metrics.outcome(topic, outcome, reason, count)
        for noted, count in outcomes.noted.items():
            self._metrics.noted(noted, count)
        self._metrics.committed(topic, took=took, at=now)
        self._tell(outcomes, records, took)

    def _tell(self, outcomes: BatchOutcomes, records: Sequence[ConsumedRecord], took: float) -> None:
        log.info(
            "batch.committed",
            topic=outcomes.topic,
            partition=records[0].partition,
            offset=records[-1].offset,
            records=len(records),
            took_ms=round(took * 1000, 1),
            **outcomes.by_outcome(),
        )
