"""The kinds of call to people on duty that are Onward's own: any other is of a rule's notice."""

from typing import Final

OWN_KINDS: Final = (
    *("approval-needed", "approval-lapsed", "withdraw-at-provider", "delivery-failed", "rejected"),
    *("information-requested",),
    *("answer-contradicted", "did-not-attend", "unreachable", "discharged", "entered-in-error"),
    *("death-told-by-provider", "nobody-can-answer", "unmet-need", "waiting-referral", "need-disputed"),
)
"""No rule may take one: whoever is called could not tell what happened, and its case would close with theirs."""
