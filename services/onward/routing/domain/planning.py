"""Several needs for one scheme are one referral: what the lead of a plan meets is referred to nobody else beside."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, get_args

from onward.contracts.codes import Urgency
from onward.contracts.decision import Covered, ProposedReferral
from onward.contracts.plans import PlanKind

_MEETS: Final[Mapping[PlanKind, str]] = {"conditional_caution": "event.caution_conditions"}
"""By kind of plan, the fact that lists the kinds of help that its lead gives."""
_URGENCIES: Final[tuple[Urgency, ...]] = get_args(Urgency)


def gathered(
    referrals: Sequence[ProposedReferral], facts: Mapping[str, Any]
) -> tuple[tuple[ProposedReferral, ...], tuple[Covered, ...]]:
    """
    The referrals that are made, and those that the lead of their plan meets.

    Only what the person agreed to may be met so, and only where it is no more urgent than the lead: a duty, a court's
    order, and what cannot wait, are nobody's to take over.
    """
    lead = next((each for each in referrals if each.leads and each.plan in _MEETS), None)
    if lead is None or lead.plan is None:
        return tuple(referrals), ()
    met = {one.get("category") for one in facts.get(_MEETS[lead.plan], ())}
    covered = [each for each in referrals if each.category in met and _is_met(each, lead)]
    made = tuple(each for each in referrals if each not in covered)
    return made, tuple(
        Covered(rule=each.rule, category=each.category, service=each.service, by=lead.rule) for each in covered
    )


def _is_met(referral: ProposedReferral, lead: ProposedReferral) -> bool:
    return (
        referral is not lead
        and referral.plan == lead.plan
        and referral.legal_basis.kind == "consent"
        and _URGENCIES.index(referral.urgency) >= _URGENCIES.index(lead.urgency)
    )
