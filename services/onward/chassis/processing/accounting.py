"""The books: every record ends in exactly one outcome, and is counted when that outcome is durable."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import structlog

from onward.chassis import clock
from onward.chassis.observability.metrics import Metrics
from onward.chassis.record import Fetched
from onward.contracts.outcome import Noted

log = structlog.get_logger()


@dataclass(slots=True)
class Tally:
    """How the records of one batch ended; it counts for nothing until the batch is committed."""

    topic: str
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    noted: Counter[Noted] = field(default_factory=Counter[Noted])

    def add(self, outcome: str, reason: str) -> None:
        """One record ended so."""
        self.outcomes[outcome, reason] += 1

    def by_outcome(self) -> Counter[str]:
        """How many records ended in each outcome, whatever the reason."""
        counts: Counter[str] = Counter()
        for (outcome, _), count in self.outcomes.items():
            counts[outcome] += count
        return counts

    def note(self, noted: Iterable[Noted]) -> None:
        """A decision saw these beside its outcome."""
        self.noted.update(noted)


class Books:
    """What this process received, and how it ended, as metrics and in the log. `counts` outlive the process."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def close(self, tally: Tally, records: Sequence[Fetched], *, began: float) -> None:
        """
        Enter a committed batch: *records* is what the broker handed over, *tally* what became of it.

        *began* is when the batch was in hand.
        """
        topic, now = self._metrics.name(tally.topic), clock.epoch()
        took = clock.monotonic() - began
        self._metrics.received(topic, len(records))
        for appended_ms, count in Counter([record.timestamp for record in records]).items():
            self._metrics.waited(topic, now - appended_ms / 1000, count)
        for (outcome, reason), count in tally.outcomes.items():
            self._metrics.outcome(topic, outcome, reason, count)
        for noted, count in tally.noted.items():
            self._metrics.noted(noted, count)
        self._metrics.committed(topic, took=took, at=now)
        self._tell(tally, records, took)

    def _tell(self, tally: Tally, records: Sequence[Fetched], took: float) -> None:
        log.info(
            "batch.committed",
            topic=tally.topic,
            partition=records[0].partition,
            offset=records[-1].offset,
            records=len(records),
            took_ms=round(took * 1000, 1),
            **tally.by_outcome(),
        )
