"""A record: as the broker had it, and as a service's decision sees it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from onward.contracts.base import Message

M = TypeVar("M", bound=Message)


@dataclass(frozen=True, slots=True)
class Raw:
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
