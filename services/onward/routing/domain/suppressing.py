"""Which referrals a suppressing rule stops."""

from onward.contracts.codes import Category
from onward.routing.domain.language import Rule, Suppress


def stops(suppress: Suppress, rule: Rule, category: Category, *, certain: bool) -> bool:
    """Whether a suppression stops a rule's referral; a possible one (*certain* false) never holds up safety."""
    if rule.theme == "safety":
        return certain and suppress.what == "everything"
    if suppress.what in ("everything", "all-but-safety"):
        return True
    if suppress.what == "release":
        return rule.is_release
    return category in suppress.what
