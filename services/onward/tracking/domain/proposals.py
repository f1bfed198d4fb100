"""The referrals that a decision proposes: which are opened, and which are known or being helped already."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from onward.calendar.times import london_day
from onward.contracts.codes import Category
from onward.contracts.decision import Decision, ProposedReferral
from onward.contracts.ids import referral_id_anew
from onward.contracts.plans import CarePlan
from onward.contracts.referral import Delivery
from onward.tracking.domain import phone_references
from onward.tracking.domain.changes import (
    ApprovalRequested,
    Dropped,
    PartnersLinked,
    PlanJoined,
    ReferralExpired,
    ReferralOpened,
)
from onward.tracking.domain.deadlines import respond_by
from onward.tracking.domain.knowing import card_of_referral
from onward.tracking.domain.ledger import LedgerEntries
from onward.tracking.domain.lifecycle import (
    OPEN,
    SAME_EVENT_WITHIN,
    SAME_SAFEGUARDING_WITHIN,
    WITH_PROVIDER,
    is_stale,
    move,
    stands_in_the_way,
    was_heard,
)
from onward.tracking.domain.model import OpenedReferences, Partners, RaisedBy, Referral
from onward.tracking.domain.planning import PlannedReferral, plans
from onward.tracking.domain.subject import area_of, happened, keys_of

_Opening: TypeAlias = ReferralOpened | ApprovalRequested | PartnersLinked | PlanJoined | ReferralExpired


@dataclass(frozen=True, slots=True)
class _Served:
    """A proposal and the referral that serves it."""

    proposal: ProposedReferral
    referral: Referral
    how: Literal["opened"] | Dropped


def open_proposals(
    decision: Decision,
    standing: Iterable[Referral],
    entries: LedgerEntries,
    *,
    fallen: Collection[UUID],
    partners: Partners,
    now: datetime,
) -> tuple[tuple[_Opening, ...], tuple[Dropped, ...]]:
    """
    Open what is proposed and not yet there, and link the partner to what is.

    What was made for the need and has gone stale expires with it.

    Returns:
        What that changes, and why each proposal that opened nothing was dropped.

    Args:
        decision: What routing decided.
        standing: The person's referrals after what this decision ended.
        entries: What the ledger knew before.
        fallen: Those of *standing* that ended by what was somebody else's: proposed again, they are made anew.
        partners: Every partner that can be told; one without topics of its own cannot.
        now: When the decision arrived.
    """
    before = {referral.referral_id: referral for referral in standing}
    anew = [_anew(proposal, before, fallen) for proposal in decision.referrals]
    all_served = _serve(anew, decision, before.values(), entries.references_in_use, partners, now=now)
    helping = _helping(before.values(), all_served, decision, now=now)
    planned = plans([PlannedReferral(each.proposal, each.referral) for each in all_served], decision, helping)
    new = [served for served in all_served if served.how == "opened"]
    opened = [_open(served, decision, planned, _earlier(served, before.values(), decision), now=now) for served in new]
    expired = _expire(new, before.values(), decision, now=now)
    helped = {served.referral.referral_id for served in all_served if served.how == "already_open"} & before.keys()
    linked = [_link(before[each], decision, partners, entries.opened, planned, now=now) for each in sorted(helped)]
    return (
        (*opened, *(change for change in linked if change is not None), *expired),
        tuple(served.how for served in all_served if served.how != "opened"),
    )


def _helping(
    before: Iterable[Referral], served: Iterable[_Served], decision: Decision, *, now: datetime
) -> list[Referral]:
    """The person's other referrals, of which somebody helps or may still answer."""
    proposed, persons = {each.referral.referral_id for each in served}, keys_of(decision)
    others = (each for each in before if each.referral_id not in proposed and each.person in persons)
    return [each for each in others if stands_in_the_way(each, now=now)]


def _anew(
    proposal: ProposedReferral, ledger: Mapping[UUID, Referral], fallen: Collection[UUID]
) -> tuple[ProposedReferral, UUID | None]:
    """The proposal under another id, where its referral ended by what was somebody else's; and the id of that one."""
    named, ended = proposal.referral_id, None
    while named in fallen and named in ledger:
        named, ended = referral_id_anew(named), named
    return (proposal, None) if ended is None else (proposal.model_copy(update={"referral_id": named}), ended)


def _serve(
    proposals: Iterable[tuple[ProposedReferral, UUID | None]],
    decision: Decision,
    standing: Iterable[Referral],
    references_in_use: Collection[str],
    partners: Partners,
    *,
    now: datetime,
) -> tuple[_Served, ...]:
    ledger = {referral.referral_id: referral for referral in standing}
    references = set(references_in_use)
    all_served: list[_Served] = []
    for proposal, instead_of in proposals:
        if same := ledger.get(proposal.referral_id):
            all_served.append(_Served(proposal, same, "repeat"))
        elif same := _already_open(proposal, decision, ledger.values(), now=now):
            all_served.append(_Served(proposal, same, "already_open"))
        else:
            new = _referral(proposal, decision, references, partners, now=now)
            new = replace(new, instead_of=instead_of)
            references.add(new.reference)
            ledger[new.referral_id] = new
            all_served.append(_Served(proposal, new, "opened"))
    return tuple(all_served)


def _already_open(
    proposal: ProposedReferral, decision: Decision, ledger: Iterable[Referral], *, now: datetime
) -> Referral | None:
    """The referral that helps with this need already; it is kept even if a later decision chose another provider."""
    return next(
        (
            referral
            for referral in _alike(proposal, decision, ledger)
            if _answers(referral, proposal, decision) and _still_answers(referral, proposal, now=now)
        ),
        None,
    )


def _alike(proposal: ProposedReferral, decision: Decision, ledger: Iterable[Referral]) -> Iterable[Referral]:
    """The person's referrals to the same kind of service for the same need."""
    persons, wanted = keys_of(decision), (proposal.category, proposal.service)
    return (each for each in ledger if each.person in persons and (each.category, each.service) == wanted)


def _answers(referral: Referral, proposal: ProposedReferral, decision: Decision) -> bool:
    """
    Whether it answers the event that *decision* is of.

    Each crisis, section 136 detention and safeguarding event is one of its own, however an earlier one stands. What was
    said of it in an earlier contact makes no other event of a later one.
    """
    if referral.contact_id == decision.contact_id:
        return True
    protects = proposal.legal_basis.kind == "safeguarding"
    if not (protects or proposal.legal_basis.kind == "vital_interests" or proposal.service == "place_of_safety"):
        return True
    if proposal.said_on is not None and london_day(referral.occurred_at) >= proposal.said_on:
        return True  # nothing was said since: the contact is about something else
    within = SAME_SAFEGUARDING_WITHIN if protects else SAME_EVENT_WITHIN
    same_reference = decision.episode is not None and referral.episode == decision.episode
    return same_reference and abs(happened(decision) - referral.occurred_at) <= within


def _still_answers(referral: Referral, proposal: ProposedReferral, *, now: datetime) -> bool:
    if stands_in_the_way(referral, now=now):
        return True
    return proposal.legal_basis.kind == "safeguarding" and proposal.said_on is not None and was_heard(referral)


def _earlier(served: _Served, before: Iterable[Referral], decision: Decision) -> UUID | None:
    """The last referral for this need that the same provider had; another provider's is not its to know."""
    theirs = [each for each in _alike(served.proposal, decision, before) if each.provider == served.referral.provider]
    had = [each for each in theirs if each.receipt == "sent" or each.status in WITH_PROVIDER]
    had = [each for each in had if each.status != "ENTERED_IN_ERROR"]
    return max(had, key=lambda each: (each.made_at, each.referral_id)).referral_id if had else None


def _expire(
    new: Iterable[_Served], before: Collection[Referral], decision: Decision, *, now: datetime
) -> Iterable[ReferralExpired]:
    stale = {
        referral.referral_id: referral
        for served in new
        for referral in _alike(served.proposal, decision, before)
        if referral.status in OPEN and is_stale(referral, now=now)
    }
    return [
        ReferralExpired(
            referral=move(referral, "EXPIRED", by="tracking", now=now),
            at=now,
            was=referral.status,
            reason="nothing was heard of it for 26 weeks",
            closure_reason="expiry",
        )
        for _, referral in sorted(stale.items())
    ]


def _referral(
    proposal: ProposedReferral,
    decision: Decision,
    references_in_use: Collection[str],
    partners: Partners,
    *,
    now: datetime,
) -> Referral:
    return Referral(
        referral_id=proposal.referral_id,
        reference=phone_references.choose(proposal.referral_id, proposal.category, references_in_use),
        person=decision.person,
        contact_id=decision.contact_id,
        episode=decision.episode,
        occurred_at=happened(decision),
        category=proposal.category,
        service=proposal.service,
        provider=proposal.provider,
        rule=proposal.rule,
        urgency=proposal.urgency,
        release=proposal.release,
        approval=proposal.approval,
        status="AWAITING_APPROVAL" if proposal.approval else "READY",
        raised_by=_raised_by(decision, proposal.category, partners),
        area=area_of(decision),
        consents=_consents(proposal),
        rests_on=tuple(dict.fromkeys(each.field for each in proposal.conditions)),
        disclosed=proposal.disclosed,
        card=card_of_referral(decision),
        made_at=now,
        changed_at=now,
    )


def _consents(proposal: ProposedReferral) -> tuple[str, ...]:
    """The consents that its rule asked for and had."""
    met = (each.field for each in proposal.conditions if each.field.startswith("consent.") and each.actual is True)
    return tuple(dict.fromkeys(met))


def _raised_by(decision: Decision, category: Category, partners: Partners) -> tuple[RaisedBy, ...]:
    """
    The contact's own partner, and those that know the person and have a purpose of their own in hearing of it.

    Whoever has no topics of its own cannot be told.
    """
    return tuple(
        RaisedBy(source=source, reference=own, person=decision.person, contact_id=decision.contact_id)
        for source, own in sorted(decision.references.items())
        if source in partners and (source == decision.source or category in partners[source].told_of)
    )


def _link(
    referral: Referral,
    decision: Decision,
    partners: Partners,
    opened: OpenedReferences,
    planned: Mapping[UUID, CarePlan],
    *,
    now: datetime,
) -> PartnersLinked | PlanJoined | None:
    """The referral with the partners that raised the person again, and in the plan of what is made beside it."""
    # One reference is sealed in two ways where the person's key has changed.
    before = {(partner.source, _known_as(partner, opened)) for partner in referral.raised_by}
    more = tuple(
        partner
        for partner in _raised_by(decision, referral.category, partners)
        if (partner.source, _known_as(partner, opened)) not in before
    )
    plan = planned[referral.referral_id].plan_id if referral.referral_id in planned else referral.plan
    joined = replace(referral, raised_by=(*referral.raised_by, *more), plan=plan)
    if more:
        return PartnersLinked(referral=joined, at=now, partners=more)
    return None if joined == referral else PlanJoined(referral=joined, at=now)


def _known_as(partner: RaisedBy, opened: OpenedReferences) -> str:
    return opened.get((partner.source, partner.reference), partner.reference)


def _open(
    served: _Served, decision: Decision, planned: Mapping[UUID, CarePlan], earlier: UUID | None, *, now: datetime
) -> ReferralOpened | ApprovalRequested:
    proposal, plan = served.proposal, planned.get(served.referral.referral_id)
    new = replace(served.referral, plan=plan.plan_id) if plan else served.referral
    delivery = _delivery(proposal, new, decision, plan, earlier, now=now)
    if proposal.approval is None:
        return ReferralOpened(referral=new, at=now, was=None, delivery=delivery)
    return ApprovalRequested(referral=replace(new, held=delivery), at=now, was=None, why=proposal.why)


def _delivery(
    proposal: ProposedReferral,
    referral: Referral,
    decision: Decision,
    plan: CarePlan | None,
    earlier: UUID | None,
    *,
    now: datetime,
) -> Delivery:
    return Delivery(
        referral_id=referral.referral_id,
        reference=referral.reference,
        person=referral.person,
        provider=referral.provider,
        category=referral.category,
        urgency=referral.urgency,
        rule=referral.rule,
        reason=proposal.why,
        advice=proposal.advice,
        release=proposal.release,
        warning=proposal.warning,
        legal_basis=proposal.legal_basis,
        made_at=now,
        respond_by=respond_by(referral.urgency, decision.received_at),
        plan=plan,
        earlier=earlier,
        directory=decision.directory,
        release_number=decision.release_number,
        facts=decision.facts,
        sealed=decision.sealed,
    )
