"""
What became of the records of one input partition, counted since its counting began.

The counts travel with the position that they belong to: as the metadata of the offset that is committed, and, where
the position is in PostgreSQL, in the same row. So they survive restarts, and whoever reads a group's offsets can hold
what one service wrote against what the next one handled.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

from onward.audit.chain import Head
from onward.chassis import clock
from onward.chassis.processing.redriving import REDRIVEN
from onward.chassis.record import ConsumedRecord, EncodedRecord

_VERSION = 1


def family_of(topic: str) -> str:
    """What a topic that is written to is counted as: `referrals` for `referrals.<provider>`."""
    return topic.partition(".")[0]


def by_family(messages: Iterable[EncodedRecord]) -> Counter[str]:
    """How many of *messages* go to each topic or family."""
    return Counter(family_of(message.topic) for message in messages)


def _redriven(records: Iterable[ConsumedRecord]) -> int:
    return sum(any(name == REDRIVEN for name, _ in record.headers) for record in records)


@dataclass(frozen=True)
class Counts:
    """Counts of one input partition; all of them only grow."""

    since_ms: int
    """When counting began, in milliseconds since 1970."""
    first_offset: int
    """The first record that was counted. What was handled before it is in no count."""
    received: int = 0
    again: int = 0
    """How many of those received had been received before, and were put back by `onward parked redrive`."""
    published: int = 0
    ignored: int = 0
    parked: int = 0
    written: Mapping[str, int] = field(default_factory=dict[str, int])
    """Messages that became visible, by topic or family. Of a stateful hop: those that left its outbox."""
    audited: int = 0
    """The number of the partition's newest record on the audit chain; 0: none yet."""
    audit_head: str = ""
    """The SHA-256 of that record, which the next one names."""

    def after(self, records: Sequence[ConsumedRecord], outcomes: Mapping[str, int]) -> Self:
        """The counts when *records* have ended in *outcomes* too."""
        return replace(
            self,
            received=self.received + len(records),
            again=self.again + _redriven(records),
            published=self.published + outcomes.get("published", 0),
            ignored=self.ignored + outcomes.get("ignored", 0),
            parked=self.parked + outcomes.get("parked", 0),
        )

    def wrote(self, messages: Iterable[EncodedRecord]) -> Self:
        """The counts when *messages* are visible too."""
        more = by_family(messages)
        return replace(self, written=dict(Counter(self.written) + more)) if more else self

    @property
    def chain(self) -> Head:
        """The newest record of the partition on the audit chain."""
        return Head(self.audited, self.audit_head)

    def chained(self, head: Head) -> Self:
        """The counts when *head* is the newest record on the audit chain."""
        return replace(self, audited=head.number, audit_head=head.sha256)

    @property
    def uncounted(self) -> int:
        """Records received less outcomes: 0, or we have lost track of some."""
        return self.received - self.published - self.ignored - self.parked

    def text(self) -> str:
        """As it is kept."""
        return json.dumps({"v": _VERSION, **vars(self)}, separators=(",", ":"))


def begun(offset: int) -> Counts:
    """Counting begins now, with the record at *offset*."""
    return Counts(int(clock.epoch() * 1000), offset)


def read(text: str | None) -> Counts | None:
    """The counts in *text*; None if there are none, or another release wrote them."""
    try:
        kept: Any = json.loads(text or "")
        return Counts(**kept) if kept.pop("v") == _VERSION else None
    except (ValueError, TypeError, AttributeError, KeyError):
        return None
