"""Every reason that tracking counts an outcome under, so that each is there at 0 before it first happens."""

from onward.contracts.outcome import Reasons
from onward.tracking.domain.changes import RESULTS

REASONS = Reasons(
    published=(*RESULTS, "erased"),
    ignored=("already_open", "closed", "erased", "nothing_to_do", "overtaken", "repeat"),
    parked=("no_approval_needed", "not_their_referral", "unknown_referral", "wrong_role"),
)
