"""
Whether a recipient could reach the person, or find them, with what it would be told.

A referral that names nobody and says no way to them helps nobody: it is held, and a person on duty finds out first.
"""

from collections.abc import Sequence
from typing import Final

from onward.contracts.codes import Service
from onward.contracts.decision import ProposedReferral, Waiting

PREREQUISITE: Final = "way-to-reach-the-person"
"""What a held referral waits for, by name."""

_NAME_OR_WAY: Final = frozenset({"name", "phone", "email", "safe_contact", "address", "location", "raised_by"})
"""Who it is, or a way of contact that was agreed: their own, or whoever raised it, who is rung back."""
_TO_FIND: Final = _NAME_OR_WAY | {"postcode", "event.area", "identifiers.NHS"}
"""What finds somebody in danger: a place to go to counts too."""
_GO_AND_LOOK: Final = frozenset[Service](
    ("crisis_team", "crisis_line", "place_of_safety", "liaison_diversion", "rough_sleeper_outreach")
)
"""Services that go and look for people."""

_WHY: Final = "nothing that the provider may see names the person or says how to reach them: ask whoever told us"


def parted(referrals: Sequence[ProposedReferral]) -> tuple[tuple[ProposedReferral, ...], tuple[Waiting, ...]]:
    """The referrals that may go, linked to one another only, and those that are held, as what they wait for."""
    held = [each for each in referrals if _wanted(each.service).isdisjoint(each.disclosed)]
    if not held:
        return tuple(referrals), ()
    going = [each for each in referrals if each not in held]
    rules = {each.rule for each in going}
    linked = (
        each.model_copy(update={"linked": tuple(rule for rule in each.linked if rule in rules)}) for each in going
    )
    return tuple(linked), tuple(_waiting(each) for each in held)


def _wanted(service: Service) -> frozenset[str]:
    return _TO_FIND if service in _GO_AND_LOOK else _NAME_OR_WAY


def _waiting(referral: ProposedReferral) -> Waiting:
    return Waiting(
        rule=referral.rule,
        category=referral.category,
        prerequisites=(PREREQUISITE,),
        why=_WHY,
        conditions=referral.conditions,
    )
