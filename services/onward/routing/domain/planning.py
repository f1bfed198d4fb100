"""Several needs for one scheme are one referral: what the lead of a plan meets is referred to nobody else beside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, get_args

from onward.contracts.codes import Urgency
from onward.contracts.decision import Covered, ProposedReferral
from onward.contracts.plans import PlanKind
from onward.routing.domain.judgement import Judgement
from onward.routing.domain.language import Refer, Rule

_MEETS: Final[Mapping[PlanKind, str]] = {"conditional_caution": "event.caution_conditions"}
"""By kind of plan, the fact that lists the kinds of help that its lead gives."""
_URGENCIES: Final[tuple[Urgency, ...]] = get_args(Urgency)


@dataclass(frozen=True, slots=True)
class Scheme:
    """The lead of a plan that gives kinds of help itself, such as a conditional caution's scheme."""

    rule: Rule
    refer: Refer
    kind: PlanKind
    needs: frozenset[str]
    """The needs that it meets."""

    def meets(self, rule: Rule, refer: Refer) -> bool:
        """Whether what another rule would refer is in its plan, agreed to, and no more urgent than the lead."""
        return (
            rule is not self.rule
            and refer.category in self.needs
            and (rule.plan.kind == self.kind if rule.plan else rule.theme != "safety")
            and rule.legal_basis is not None
            and rule.legal_basis.kind == "consent"
            and _URGENCIES.index(refer.urgency) >= _URGENCIES.index(self.refer.urgency)
        )


def scheme_of(judgement: Judgement) -> Scheme | None:
    """The scheme that leads the plan of what is referred, if one does."""
    for rule, refer, *_ in judgement.referrals:
        if rule.plan is not None and rule.plan.lead and rule.plan.kind in _MEETS:
            return Scheme(rule, refer, rule.plan.kind, needs_met(rule.plan.kind, judgement.facts))
    return None


def needs_met(kind: PlanKind, facts: Mapping[str, Any]) -> frozenset[str]:
    """The needs that the lead of a plan meets itself."""
    named = (one.get("category") for one in facts.get(_MEETS[kind], ())) if kind in _MEETS else ()
    return frozenset(filter(None, named))


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
    met = needs_met(lead.plan, facts)
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
