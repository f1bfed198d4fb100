"""What tracking counts beside every service's own."""

from prometheus_client import Counter

# Counted as decided: a batch that the database makes us do again counts its own twice.
PROPOSALS_DROPPED = Counter(
    "onward_tracking_proposals_dropped_total",
    "Proposed referrals that opened nothing. Rising already_open: partners raise the same person again and again.",
    ["reason"],
)
PARTNERS_NOT_TOLD = Counter(
    "onward_tracking_partners_not_told_total",
    "Times a partner was not told or asked. key_destroyed: its reference went with the person's key.",
    ["reason"],
)

ALL = (PROPOSALS_DROPPED, PARTNERS_NOT_TOLD)
"""Both of them."""
