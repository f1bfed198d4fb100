"""Every reason that routing counts an outcome under, so that each is there at 0 before it first happens."""

from onward.contracts.outcome import Reasons

REASONS = Reasons(
    published=("unmet", "referred", "asked", "waiting", "notified", "suppressed", "nothing_to_do"),
)
