"""Which referrals a suppressing rule stops."""

from onward.contracts.codes import Category
from onward.routing.domain.language import Rule, Suppress

ENDS_SAFETY = frozenset({"deceased", "deported", "stale", "record-merge"})
"""
Reasons for which even a safety referral is stopped, when what they say is certain and meant for all referrals.

Nobody can be helped any more, or nothing has happened now. Every other reason lets safety through.
"""


def stops(suppress: Suppress, rule: Rule, category: Category, *, certain: bool) -> bool:
    """Whether a suppression stops a rule's referral; a possible one (*certain* false) never holds up safety."""
    if rule.theme == "safety":
        return certain and suppress.what == "all" and suppress.reason in ENDS_SAFETY
    if suppress.what == "all":
        return True
    if suppress.what == "release":
        return rule.is_release
    return category in suppress.what
