"""
When the audit chains were last put under a checkpoint, and whether one was found broken then.

It is the metadata of the offsets of a group that nobody is a member of, written in the transaction of the checkpoint.
"""

import json
from dataclasses import dataclass
from typing import Final

from onward.chassis.kafka.looking import Committed

GROUP: Final = "onward.audit"


@dataclass(frozen=True, slots=True)
class AuditNote:
    """What the last look at the chains found."""

    at: float
    """When the newest checkpoint was signed, in seconds since 1970; 0: there is none."""
    number: int
    """Of the newest checkpoint."""
    breaks: int
    """Breaks for which nobody has signed: while there are any, no checkpoint is made."""


def read(committed: Committed) -> AuditNote | None:
    """The newest note among the group's offsets; None: nobody has looked, or not for so long that the broker forgot."""
    found: list[AuditNote] = []
    for noted in committed.values():
        try:
            kept = json.loads(noted.metadata)
            found.append(AuditNote(float(kept["at"]), int(kept["number"]), int(kept["breaks"])))
        except (ValueError, TypeError, KeyError):
            continue
    return max(found, key=lambda each: each.number, default=None)
