"""What services parked, record by record as the broker gives it, and how each stands."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiokafka.errors import UnknownTopicOrPartitionError
from pydantic import ValidationError

from onward.chassis.clock import moment
from onward.chassis.processing.parking import topic_of
from onward.chassis.processing.redriving import Standings, name_of
from onward.cli import whole_topic
from onward.contracts import topics
from onward.contracts.redrive import Redrive

_PARTNERS = ("in.", "replies.")
_CLOCKS_DIFFER_MS = 3_600_000
"""By which brokers' clocks may differ."""


class UnreadableNoteError(Exception):
    """Something on `redrives` cannot be read."""


@dataclass(frozen=True, slots=True)
class RecordPosition:
    """A topic, a partition of it and an offset there."""

    topic: str
    partition: int
    offset: int

    def __str__(self) -> str:
        """As people write it: `decisions/1/44`."""
        return f"{self.topic}/{self.partition}/{self.offset}"


def place(text: str) -> RecordPosition | None:
    """The place that *text* names, such as `parked.people/0/17`; None if it names none."""
    topic, _, rest = text.partition("/")
    partition, _, offset = rest.partition("/")
    # Longer numbers are none that the broker can be asked for.
    if not topic or any(not (number.isdecimal() and len(number) < 19) for number in (partition, offset)):
        return None
    return RecordPosition(topic, int(partition), int(offset))


@dataclass(frozen=True, slots=True)
class ParkedRecord:
    """One parked record, still sealed."""

    place: RecordPosition
    parked_at_ms: int
    value: bytes
    header_bytes: Mapping[str, bytes]

    @property
    def name(self) -> str:
        """What `redrives` calls it."""
        return name_of(self.place.topic, self.place.partition, self.place.offset, self.parked_at_ms)

    @property
    def parked_at(self) -> datetime:
        """When the broker appended it, in UTC."""
        return moment(self.parked_at_ms)

    @property
    def headers(self) -> dict[str, str]:
        """What may be read by anyone who may read the topic: never a value of the original."""
        return {name: value.decode(errors="replace") for name, value in self.header_bytes.items()}

    def _header(self, name: str) -> str:
        return self.header_bytes.get(name, b"").decode(errors="replace")

    @property
    def service(self) -> str:
        """Who parked it."""
        return self.place.topic.partition(".")[2]

    @property
    def origin(self) -> RecordPosition | None:
        """Where it came from; None if that is not told."""
        return place(self._header("origin"))

    @property
    def reason(self) -> str:
        """Why it was parked: a code."""
        return self._header("reason") or "?"

    @property
    def pointer(self) -> str:
        """JSON pointer to the fault, if there is one."""
        return self._header("pointer")

    @property
    def partner(self) -> str:
        """The source or provider that sent it; empty for what our own services wrote."""
        topic = self.origin.topic if self.origin else ""
        return next((topic.removeprefix(kind) for kind in _PARTNERS if topic.startswith(kind)), "")

    @property
    def redrives(self) -> int:
        """How often it had gone back before it was parked here."""
        told = self._header("redrives")
        return int(told) if told.isdecimal() and len(told) < 9 else 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which parked records somebody asks for; everything by default."""

    reason: str | None = None
    partner: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    """Not those of this moment itself."""

    def __contains__(self, record: ParkedRecord) -> bool:
        """Whether *record* is one of them."""
        return (
            self.reason in (None, record.reason)
            and self.partner in (None, record.partner)
            and (self.since is None or self.since <= record.parked_at)
            and (self.until is None or record.parked_at < self.until)
        )


def _record(record: Any) -> ParkedRecord:
    headers = {name: value or b"" for name, value in record.headers}
    where = RecordPosition(record.topic, record.partition, record.offset)
    return ParkedRecord(where, record.timestamp, record.value or b"", headers)


async def parked_by(bootstrap: str, service: str, wanted: Wanted | None = None) -> AsyncGenerator[ParkedRecord]:
    """
    What *service* parked and is *wanted*, each partition's oldest first; nothing without its topic.

    One after the other, and never held together: there may be very many.

    Raises:
        KafkaError, TimeoutError: the broker is away, refuses, or falls silent.
    """
    wanted = wanted or Wanted()
    try:
        async for found in whole_topic.records(bootstrap, topic_of(service), since=wanted.since):
            record = _record(found)
            if record in wanted:
                yield record
    except UnknownTopicOrPartitionError:
        return


async def parked_at(bootstrap: str, where: RecordPosition) -> ParkedRecord | None:
    """
    The parked record at this place, if there is one; the rest of its topic is not read.

    Raises:
        KafkaError, TimeoutError: the broker is away, refuses, or falls silent.
    """
    try:
        found = await whole_topic.one(bootstrap, where.topic, where.partition, where.offset)
    except UnknownTopicOrPartitionError:
        return None
    return None if found is None else _record(found)


async def standings(bootstrap: str, *, since: ParkedRecord | None = None, with_open: bool = False) -> Standings:
    """
    How parked records stand; if *since* is given, those that were parked no earlier than it.

    Args:
        bootstrap: Host and port of a broker.
        since: Only what was told after this record was parked is read.
        with_open: Also what stands behind a transaction that is open now.

    Raises:
        KafkaError, TimeoutError: the broker is away, refuses, or falls silent; or there is no topic `redrives`.
        UnreadableNoteError: Something there was not written by this release.
    """
    found = Standings()
    first = None if since is None else moment(since.parked_at_ms - _CLOCKS_DIFFER_MS)
    async for record in whole_topic.records(bootstrap, topics.REDRIVES.name, since=first, with_open=with_open):
        try:
            found.take(Redrive.model_validate_json(record.value or b""))
        except ValidationError:
            raise UnreadableNoteError(
                f"{record.topic}/{record.partition}/{record.offset} cannot be read by this release, and may say what "
                "was done already: use the release that wrote it, or find out who else writes there"
            ) from None
    return found
