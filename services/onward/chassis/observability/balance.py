"""
The books between services: what was written to a topic against what its readers handled.

Pure: from what the groups' offsets say (`counts`), as looked at again and again, to one number for each topic.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from onward.chassis.processing.counts import Counts

IN_HAND_SECONDS = 120.0
"""What was written no longer ago than this may still be on its way."""

SETTLED_SECONDS = 8.0
"""A hop's counts can be looked up no later than this after what it wrote can be handled."""


@dataclass(frozen=True)
class TopicBalance:
    """One topic's page, at one moment."""

    written: int
    handled: int
    since: float
    """Since when all of its records are counted, in seconds since 1970."""


@dataclass(frozen=True)
class BalanceSheet:
    """Every topic's page, at one moment."""

    at: float
    topics: Mapping[str, TopicBalance]


@dataclass(frozen=True)
class Opening:
    """What a topic's books began with, as `onward books begin` set it."""

    at: float
    difference: int
    """Written less handled at that moment, when nothing was on its way."""
    noted_at: float = 0.0
    """When the broker was last told."""


def sheet(at: float, readers: Mapping[str, Collection[Counts]], writers: Iterable[Counts]) -> BalanceSheet:
    """The sheet at *at*: of each topic the counts of its *readers*' partitions, and all *writers* of anything."""
    writing = list(writers)
    written: Counter[str] = Counter()
    for each in writing:
        written.update(each.written)
    entries: dict[str, TopicBalance] = {}
    for topic, reading in readers.items():
        handled = sum(each.received - each.again for each in reading)
        counted = [*reading, *(each for each in writing if topic in each.written)]
        entries[topic] = TopicBalance(written[topic], handled, _since(counted) / 1000)
    return BalanceSheet(at, entries)


def _since(counted: Sequence[Counts]) -> int:
    """Since when all of them count, in milliseconds since 1970; one that counts from its first record misses none."""
    late = [each.since_ms for each in counted if each.first_offset > 0]
    return max(late) if late else min((each.since_ms for each in counted), default=0)


def unaccounted(sheets: Sequence[BalanceSheet], openings: Mapping[str, Opening]) -> dict[str, int]:
    """
    For each topic what is lost or stuck (over 0) or was handled twice (below 0), from *sheets* in order of time.

    Lost or stuck: what was written two minutes ago is not handled now. Twice: more was handled some seconds ago than
    is written now. Short of two minutes of sheets nothing can be said of the first.
    """
    if not sheets:
        return {}
    now = sheets[-1]
    old = _before(sheets, now.at - IN_HAND_SECONDS)
    recent = _before(sheets, now.at - SETTLED_SECONDS)
    found: dict[str, int] = {}
    for topic, entry in now.topics.items():
        began = openings[topic].difference if topic in openings else 0
        lost = old.topics[topic].written - began - entry.handled if old and topic in old.topics else 0
        twice = recent.topics[topic].handled - (entry.written - began) if recent and topic in recent.topics else 0
        found[topic] = max(0, lost) or -max(0, twice)
    return found


def _before(sheets: Sequence[BalanceSheet], moment: float) -> BalanceSheet | None:
    return next((each for each in reversed(sheets) if each.at <= moment), None)


def kept(sheets: Sequence[BalanceSheet]) -> list[BalanceSheet]:
    """Those of *sheets* that `unaccounted` can still need."""
    if not sheets:
        return []
    old = _before(sheets, sheets[-1].at - IN_HAND_SECONDS)
    return [each for each in sheets if old is None or each.at >= old.at]
