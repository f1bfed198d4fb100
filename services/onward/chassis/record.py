"""A record: as the broker had it, and as a service's decision sees it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from onward.chassis.clock import moment
from onward.contracts.base import Message

M = TypeVar("M", bound=Message)


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One record exactly as the broker had it: anyone may have written any bytes into it."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]
    appended_at: datetime
    """When the broker appended it, in UTC: the only clock that deadlines count from."""


@dataclass(frozen=True, slots=True)
class Received(Generic[M]):
    """One record, decoded and checked against its contract."""

    body: M
    topic: str
    key: str | None
    appended_at: datetime
    """When the broker appended it, in UTC."""
    offset: int
    partition: int


class ConsumedRecord(Protocol):
    """What the client library gives us of a record."""

    @property
    def topic(self) -> str:
        """Where it was read."""
        ...

    @property
    def partition(self) -> int:
        """Which partition of it."""
        ...

    @property
    def offset(self) -> int:
        """Its place in the partition."""
        ...

    @property
    def key(self) -> bytes | None:
        """Anything its writer chose."""
        ...

    @property
    def value(self) -> bytes | None:
        """Anything its writer chose."""
        ...

    @property
    def headers(self) -> Sequence[tuple[str, bytes | None]]:
        """Anything its writer chose."""
        ...

    @property
    def timestamp(self) -> int:
        """Milliseconds since 1970, set by the broker."""
        ...


@dataclass(frozen=True, slots=True)
class EncodedRecord:
    """A record as it will be written."""

    topic: str
    key: bytes
    value: bytes
    headers: list[tuple[str, bytes]]


def raw(record: ConsumedRecord) -> RawRecord:
    """*record* as a service may see it."""
    return RawRecord(
        record.topic,
        record.partition,
        record.offset,
        record.key,
        record.value,
        tuple(record.headers),
        moment(record.timestamp),
    )


def size(record: ConsumedRecord) -> int:
    """Bytes of *record*: its key, its value, and its headers with their names and two bytes each for their lengths."""
    headers = sum(2 + len(name.encode(errors="replace")) + len(value or b"") for name, value in record.headers)
    return len(record.key or b"") + len(record.value or b"") + headers
