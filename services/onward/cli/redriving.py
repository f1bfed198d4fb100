"""Which parked records may go back to where they came from, and what they are then: values in, values out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from aiokafka.structs import TopicPartition

from onward.chassis.errors import SealBrokenError
from onward.chassis.kafka.partitioner import partition_of
from onward.chassis.processing import parking
from onward.chassis.processing.redriving import Mark, Marks, State, mark_headers
from onward.chassis.security.mending import MendingKey
from onward.cli.parked_topic import ParkedRecord, RecordPosition
from onward.contracts.redrive import Redrive

MOST_TIMES = 3
"""A record that went back so often, and was parked each time, goes back only when somebody insists."""


@dataclass(frozen=True, slots=True)
class Left:
    """Why a record does not go back."""

    why: str


WENT_BACK = Left("went back already")
TOPIC_GONE = Left("the topic it came from does not exist any more")
TOO_OFTEN = Left(f"went back {MOST_TIMES} times or more, and was parked each time: --however-often sends it again")
SEALED = Left("does not open: sealed to another ONWARD_MENDING_KEY or by an earlier release, or changed since")
TOO_LARGE = Left("its topic takes no record of this size any more")


def judge(
    record: ParkedRecord, state: State, counts: Mapping[str, int], *, however_often: bool
) -> RecordPosition | Left:
    """
    Where *record* came from, if it may go back there; otherwise why not.

    Args:
        record: The parked record.
        state: How it stands.
        counts: Every topic there is, with its number of partitions.
        however_often: Also one that went back often enough.
    """
    if state != "waiting":
        return WENT_BACK
    origin = record.origin
    if origin is None or not counts.get(origin.topic):
        return TOPIC_GONE
    if record.redrives >= MOST_TIMES and not however_often:
        return TOO_OFTEN
    return origin


@dataclass
class RedriveReport:
    """What went back, or would, and what did not: how many records each, by service, reason, and topic or why."""

    back: Counter[tuple[str, str, str]] = field(default_factory=Counter[tuple[str, str, str]])
    left: Counter[tuple[str, str, str]] = field(default_factory=Counter[tuple[str, str, str]])

    def went(self, record: ParkedRecord, topic: str) -> None:
        """*record* goes back to *topic*."""
        self.back[record.service, record.reason, topic] += 1

    def stays(self, record: ParkedRecord, left: Left) -> None:
        """*record* does not."""
        self.left[record.service, record.reason, left.why] += 1

    @property
    def failed(self) -> bool:
        """Whether something was to go back and could not."""
        return any(why in {SEALED.why, TOO_LARGE.why} for _, _, why in self.left)


@dataclass(frozen=True, slots=True)
class Going:
    """A record on its way back, as it was before it was parked but for its mark, and the note of it."""

    record: ParkedRecord
    to: TopicPartition
    key: bytes | None
    value: bytes | None
    headers: list[tuple[str, bytes | None]]
    note: Redrive


class Opener:
    """Makes parked records what they were, with the mending *keys*, the first of which signs; *by* sends them back."""

    def __init__(self, keys: Sequence[MendingKey], by: str, counts: Mapping[str, int]) -> None:
        self._keys = keys
        self._marks = Marks(key.parking_key for key in keys)
        self._by = by
        self._counts = counts

    def open(self, record: ParkedRecord, origin: RecordPosition) -> Going | Left:
        """*record*, to the partition it came from, so that its key's records stay in order."""
        try:
            original = parking.unseal(self._keys, record.place.topic, record.value, record.header_bytes)
        except SealBrokenError:
            return SEALED
        was = self._marks.of(original.headers, origin.topic, origin.partition)
        theirs = self._marks.without(original.headers, origin.topic, origin.partition)
        to = TopicPartition(origin.topic, self._partition(origin, original.key))
        mark = Mark(record.name, 1 + (was.redrives if was else 0))
        note = Redrive(
            parked=record.name,
            state="redriven",
            topic=to.topic,
            partition=to.partition,
            redrives=mark.redrives,
            by=self._by,
        )
        headers = [*theirs, *mark_headers(self._keys[0], mark, to.topic, to.partition)]
        return Going(record, to, original.key, original.value, headers, note)

    def _partition(self, origin: RecordPosition, key: bytes | None) -> int:
        count = self._counts[origin.topic]
        if origin.partition < count:
            return origin.partition
        return origin.partition % count if key is None else partition_of(key, count)
