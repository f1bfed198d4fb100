"""
Where an owner goes on in a partition: from the position it left and what the log holds, or why it must not.

Pure. "No position" is never taken for "never started", and a position that the log does not have is never moved in
silence: either would send everything again, or pass over people of whom nobody has heard.
"""

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Extent:
    """What a partition's log holds: the records from *begin* to just before *end*."""

    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Continue:
    """Go on where the group left off."""

    offset: int


@dataclass(frozen=True, slots=True)
class Begin:
    """Nothing was written to this partition before the group was there: begin, and note that it has begun."""

    offset: int


class Reason(Enum):
    """What is wrong with a position."""

    FORGOTTEN = "forgotten"
    """There is none, although there are, or were, records."""
    BEYOND_THE_END = "beyond_the_end"
    BEFORE_THE_BEGINNING = "before_the_beginning"
    ANOTHER_LOG = "another_log"
    """Other records stand where those stood that were handled."""


@dataclass(frozen=True, slots=True)
class Lost:
    """Nobody can go on without a decision by a person."""

    reason: Reason
    position: int | None
    """The first record that was not handled, as far as anybody noted it."""
    extent: Extent

    @property
    def removed_unread(self) -> int:
        """At most how many records retention or a deletion took before they were read; marks count as records."""
        if self.reason is Reason.BEFORE_THE_BEGINNING and self.position is not None:
            return self.extent.begin - self.position
        return 0


Verdict: TypeAlias = Continue | Begin | Lost


@dataclass(frozen=True, slots=True)
class NewestOutput:
    """The newest record that was handled, and what the broker has at its place now."""

    offset: int
    noted_ms: int
    """When it was appended, as noted when it was handled."""
    found_ms: int | None
    """When the record that stands there now was appended; None when there is none."""


def decide(
    position: int | None, extent: Extent, *, newest: NewestOutput | None = None, is_new: bool = False
) -> Verdict:
    """
    Where to go on from *position*, the first record that no commit covers; None when there never was a commit.

    *newest* tells another log by its records, where somebody noted what was handled. A partition *is_new* when it was
    added while its readers watched: who writes may have seen it before them.
    """
    if position is None:
        untouched = extent.end == 0 or (is_new and extent.begin == 0)
        return Begin(0) if untouched else Lost(Reason.FORGOTTEN, None, extent)
    if position > extent.end:
        return Lost(Reason.BEYOND_THE_END, position, extent)
    if position < extent.begin:
        return Lost(Reason.BEFORE_THE_BEGINNING, position, extent)
    if newest is not None and newest.offset >= extent.begin and newest.found_ms != newest.noted_ms:
        return Lost(Reason.ANOTHER_LOG, position, extent)
    return Continue(position)


def explain(place: str, lost: Lost) -> str:
    """What happened to the group's position in *place*, such as `deliveries/0`, in one sentence."""
    begin, end, position = lost.extent.begin, lost.extent.end, lost.position
    match lost.reason:
        case Reason.FORGOTTEN:
            return (
                f"there is no committed offset for {place}, which holds records up to {end}: the group was deleted, or "
                "its offsets expired or were lost, or it never read this topic"
            )
        case Reason.BEYOND_THE_END:
            return (
                f"the position in {place} is {position}, but the log ends at {end}: it was truncated, made anew or "
                "restored from an older copy"
            )
        case Reason.BEFORE_THE_BEGINNING:
            return (
                f"the position in {place} is {position}, but the log begins at {begin}: up to {lost.removed_unread} "
                "records were removed before they were read"
            )
        case Reason.ANOTHER_LOG:
            return (
                f"other records stand in {place} before position {position} than those that were handled: the topic "
                "was made anew or restored from an older copy"
            )
