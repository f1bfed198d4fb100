"""Records that have to wait for something that they name: where a batch ends because of one, and for what."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

from onward.chassis.record import Received
from onward.contracts.outcome import Parked

Awaits: TypeAlias = Callable[[Received[Any]], str | None]
"""What a record has to wait for, in words for the log that say what to do if it does not come; None: nothing."""

StillAwaits: TypeAlias = Callable[[], str | None]
"""As `Awaits`, of one record."""


@dataclass(slots=True)
class HeldBack:
    """Nothing more is read of a partition for now: its next record has to wait."""

    still: StillAwaits
    since: float
    """By the monotonic clock."""


def decidable(
    read: Sequence[Received[Any] | Parked], awaits: Awaits | None
) -> tuple[Sequence[Received[Any] | Parked], StillAwaits | None]:
    """Those of *read* that come before the first that has to wait, and how to ask whether that one still has to."""
    if awaits is not None:
        for index, record in enumerate(read):
            if isinstance(record, Received) and awaits(record) is not None:
                return read[:index], partial(awaits, record)
    return read, None
