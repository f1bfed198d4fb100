"""The books: every record ends in exactly one outcome, and is counted when that outcome is durable."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import structlog

from onward.chassis import clock
from onward.chassis.metrics import Metrics
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

    def note(self, noted: Iterable[Noted]) -> None:
        """A decision saw these beside its outcome."""
        self.noted.update(noted)


class Books:
    """What this process received, and how it ended."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._received = 0
        self._ended = 0

    def close(self, tally: Tally, records: Sequence[Fetched], *, began: float) -> None:
        """
        Enter a committed batch: *records* is what the broker handed over, *tally* what became of it.

        The two are counted apart on purpose: their difference is the alarm. *began* is when the batch was in hand.
        """
        topic, now = self._metrics.name(tally.topic), clock.epoch()
        took = clock.monotonic() - began
        self._received += len(records)
        self._metrics.received(topic, len(records))
        for appended_ms, count in Counter([record.timestamp for record in records]).items():
            self._metrics.waited(topic, now - appended_ms / 1000, count)
        for (outcome, reason), count in tally.outcomes.items():
            self._ended += count
            self._metrics.outcome(topic, outcome, reason, count)
        for noted, count in tally.noted.items():
            self._metrics.noted(noted, count)
        self._metrics.committed(topic, took=took, at=now)
        self._metrics.unaccounted(self.unaccounted)
        self._tell(tally, records, took)

    def _tell(self, tally: Tally, records: Sequence[Fetched], took: float) -> None:
        counts: Counter[str] = Counter()
        for (outcome, _), count in tally.outcomes.items():
            counts[outcome] += count
        log.info(
            "batch.committed",
            topic=tally.topic,
            partition=records[0].partition,
            offset=records[-1].offset,
            records=len(records),
            took_ms=round(took * 1000, 1),
            **counts,
        )

    @property
    def unaccounted(self) -> int:
        """Records received less outcomes counted: 0, or we have lost track of some."""
        return self._received - self._ended
