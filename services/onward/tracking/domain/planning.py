"""Which referrals are one plan, and what each of them says of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, get_args
from uuid import UUID

from onward.contracts.codes import Urgency
from onward.contracts.decision import Decision, ProposedReferral
from onward.contracts.ids import derived_id
from onward.contracts.plans import CarePlan, PlanKind, PlannedService
from onward.tracking.domain.model import Referral

_URGENCIES: Final[tuple[Urgency, ...]] = get_args(Urgency)
_KNOWS_ALL: Final[PlanKind] = "conditional_caution"
"""Its lead is told of the help that goes on already, whoever asked for it."""


@dataclass(frozen=True, slots=True)
class PlannedReferral:
    """A proposal with the referral that serves it: a new one, or one that helps already."""

    proposal: ProposedReferral
    referral: Referral


@dataclass(frozen=True, slots=True)
class _Group:
    """The referrals of one plan."""

    kind: PlanKind
    plan_id: UUID
    served: Sequence[PlannedReferral]
    lead: PlannedReferral | None
    lead_role: str | None


def plans(
    served: Sequence[PlannedReferral], decision: Decision, helping: Iterable[Referral]
) -> Mapping[UUID, CarePlan]:
    """
    By referral, the plan that it belongs to, as it is for that referral.

    Linked referrals are linked both ways: whichever of two rules names the other, each is told of the other's kind.

    Args:
        served: What the decision proposes, with what serves it.
        decision: It says which role leads, where no service does.
        helping: The person's other referrals, of which somebody helps.
    """
    found: dict[UUID, CarePlan] = {}
    for group in _groups(served, decision):
        for one in group.served:
            found[one.referral.referral_id] = _plan(group, one, helping)
    return found


def _groups(served: Sequence[PlannedReferral], decision: Decision) -> Iterable[_Group]:
    by_kind: dict[PlanKind, list[PlannedReferral]] = {}
    for one in served:
        if one.proposal.plan is not None:
            by_kind.setdefault(one.proposal.plan, []).append(one)
    for kind, theirs in by_kind.items():
        lead = next((one for one in theirs if one.proposal.leads), None)
        role = next((notice.to for notice in decision.notices if notice.leads == kind), None)
        if len(theirs) > 1 or lead is not None:
            yield _Group(kind, _plan_id(kind, theirs, decision), theirs, lead, None if lead else role)
    for theirs in _linked([one for one in served if one.proposal.plan is None]):
        lead = min(theirs, key=lambda one: _URGENCIES.index(one.proposal.urgency))
        yield _Group("joint", _plan_id("joint", theirs, decision), theirs, lead, None)


def _linked(served: Sequence[PlannedReferral]) -> Iterable[list[PlannedReferral]]:
    """Those that name one another, in whichever direction and over however many steps."""
    left = list(served)
    while left:
        group = [left.pop(0)]
        for one in group:  # grows while it is gone through
            more = [other for other in left if _are_linked(one, other)]
            group += more
            left = [other for other in left if other not in more]
        if len({one.referral.referral_id for one in group}) > 1:
            yield group


def _are_linked(one: PlannedReferral, other: PlannedReferral) -> bool:
    return one.proposal.rule in other.proposal.linked or other.proposal.rule in one.proposal.linked


def _plan_id(kind: PlanKind, served: Iterable[PlannedReferral], decision: Decision) -> UUID:
    """That of a referral that has one, which the others join; else the decision's own."""
    known = (one.referral.plan for one in served)
    return next((each for each in known if each), derived_id("plan", str(decision.contact_id), kind))


def _plan(group: _Group, one: PlannedReferral, helping: Iterable[Referral]) -> CarePlan:
    leads = one is group.lead
    others = [_member(each.referral) for each in group.served if each.referral is not one.referral]
    if leads and group.kind == _KNOWS_ALL:
        others += [_member(each) for each in helping]
    return CarePlan(
        plan_id=group.plan_id,
        kind=group.kind,
        leads=leads,
        lead=_member(group.lead.referral) if group.lead else None,
        lead_role=group.lead_role,
        others=tuple(dict.fromkeys(others)),
        advice=one.proposal.linked_advice,
    )


def _member(referral: Referral) -> PlannedService:
    return PlannedService(category=referral.category, service=referral.service)
