"""What tracking counts beside every service's own."""

from onward.chassis.observability.metrics import Counted
from onward.chassis.releases.metrics import DIRECTORIES

PROPOSALS_DROPPED = "onward_tracking_proposals_dropped"
PARTNERS_NOT_TOLD = "onward_tracking_partners_not_told"

COUNTERS = (
    Counted(
        PROPOSALS_DROPPED,
        "Proposed referrals that opened nothing. Rising already_open: partners raise the same person again and again.",
        ("reason",),
        begins=(("already_open",),),
    ),
    Counted(
        PARTNERS_NOT_TOLD,
        "Times a partner was not told or asked. key_destroyed: its reference went with the person's key.",
        ("reason",),
        begins=(("key_destroyed",),),
    ),
)
"""What decisions note, counted when they are durable."""

ALL = (*COUNTERS, *DIRECTORIES)
