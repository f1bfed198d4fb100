"""The clock of the machinery: for waiting, measuring and health. Decisions never see it."""

import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime


def monotonic() -> float:
    """Seconds that only go forward."""
    return time.monotonic()


def epoch() -> float:
    """Seconds since 1970 in UTC."""
    return time.time()


def now() -> datetime:
    """The time in UTC, to the millisecond as the broker's timestamps are."""
    return moment(int(epoch() * 1000))


def moment(milliseconds: int) -> datetime:
    """The broker's timestamp, in milliseconds since 1970, as an aware time in UTC."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def pauses(first: float = 0.2, most: float = 5.0) -> Iterator[float]:
    """
    How long to wait before each new try, in seconds, without end.

    Doubles from *first* to *most*; each is shortened by up to a half at random, so that processes that failed
    together do not come back together.
    """
    pause = first
    while True:
        yield pause * (1 - random.random() / 2)  # noqa: S311 - jitter, not a secret
        pause = min(pause * 2, most)
