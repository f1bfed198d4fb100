"""Which referrals a suppressing rule stops, and which notices it silences."""

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


def silences(suppress: Suppress, rule: Rule) -> bool:
    """Whether a suppression leaves nobody to tell, or to ask, for a rule that refers nobody."""
    return suppress.what == "everything" or (suppress.what == "all-but-safety" and rule.theme != "safety")
