"""What tracking counts beside every service's own."""

from prometheus_client import Counter

PROPOSALS_DROPPED = Counter(
    "onward_tracking_proposals_dropped_total",
    "Proposed referrals that opened nothing. Rising already_open: partners raise the same person again and again.",
    ["reason"],
)
