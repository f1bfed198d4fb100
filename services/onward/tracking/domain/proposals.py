"""The referrals that a decision proposes: which are opened, and which are known or being helped already."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from onward.contracts.decision import Decision, ProposedReferral
from onward.contracts.referral import Delivery
from onward.tracking.domain import phone_references
from onward.tracking.domain.changes import ApprovalRequested, Dropped, PartnersLinked, ReferralOpened
from onward.tracking.domain.deadlines import respond_by
from onward.tracking.domain.ledger import LedgerEntries, keys_of
from onward.tracking.domain.lifecycle import stands_in_the_way
from onward.tracking.domain.model import OpenedReferences, Partners, RaisedBy, Referral


@dataclass(frozen=True, slots=True)
class _Served:
    """A proposal and the referral that serves it."""

    proposal: ProposedReferral
    referral: Referral
    how: Literal["opened"] | Dropped


def open_proposals(
    decision: Decision, standing: Iterable[Referral], entries: LedgerEntries, *, partners: Partners, now: datetime
) -> tuple[tuple[ReferralOpened | ApprovalRequested | PartnersLinked, ...], tuple[Dropped, ...]]:
    """
    Open what is proposed and not yet there, and link the partner to what is.

    Returns:
        What that changes, and why each proposal that opened nothing was dropped.

    Args:
        decision: What routing decided.
        standing: The person's referrals after what this decision ended.
        entries: What the ledger knew before.
        partners: Every partner that can be told; one without topics of its own cannot.
        now: When the decision arrived.
    """
    before = {referral.referral_id: referral for referral in standing}
    raised_by = tuple(
        RaisedBy(source=source, reference=own, person=decision.person, contact_id=decision.contact_id)
        for source, own in sorted(decision.references.items())
        if source in partners
    )
    all_served = _serve(decision, before.values(), entries.references_in_use, raised_by, now=now)
    serving = {served.proposal.rule: served.referral.referral_id for served in all_served}
    opened = [
        _open(served.proposal, served.referral, decision, serving, now=now)
        for served in all_served
        if served.how == "opened"
    ]
    helped = {served.referral.referral_id for served in all_served if served.how == "already_open"} & before.keys()
    linked = [_link(before[referral_id], raised_by, entries.opened, now=now) for referral_id in sorted(helped)]
    return (
        (*opened, *(change for change in linked if change.partners)),
        tuple(served.how for served in all_served if served.how != "opened"),
    )


def _serve(
    decision: Decision,
    standing: Iterable[Referral],
    references_in_use: Collection[str],
    raised_by: tuple[RaisedBy, ...],
    *,
    now: datetime,
) -> tuple[_Served, ...]:
    ledger = {referral.referral_id: referral for referral in standing}
    references = set(references_in_use)
    keys = keys_of(decision)
    all_served: list[_Served] = []
    for proposal in decision.referrals:
        if same := ledger.get(proposal.referral_id):
            all_served.append(_Served(proposal, same, "repeat"))
        elif same := _already_open(proposal, keys, ledger.values(), now=now):
            all_served.append(_Served(proposal, same, "already_open"))
        else:
            new = _referral(proposal, decision, references, raised_by, now=now)
            references.add(new.reference)
            ledger[new.referral_id] = new
            all_served.append(_Served(proposal, new, "opened"))
    return tuple(all_served)


def _already_open(
    proposal: ProposedReferral, persons: Collection[str], ledger: Iterable[Referral], *, now: datetime
) -> Referral | None:
    """The referral that helps with this need already; it is kept even if a later decision chose another provider."""
    wanted = (proposal.category, proposal.service)
    return next(
        (
            referral
            for referral in ledger
            if referral.person in persons
            and (referral.category, referral.service) == wanted
            and stands_in_the_way(referral, now=now)
        ),
        None,
    )


def _referral(
    proposal: ProposedReferral,
    decision: Decision,
    references_in_use: Collection[str],
    raised_by: tuple[RaisedBy, ...],
    *,
    now: datetime,
) -> Referral:
    return Referral(
        referral_id=proposal.referral_id,
        reference=phone_references.choose(proposal.referral_id, proposal.category, references_in_use),
        person=decision.person,
        contact_id=decision.contact_id,
        # Nothing is reported before it happens, whatever the partner's clock says.
        occurred_at=min(decision.occurred_at, decision.received_at),
        category=proposal.category,
        service=proposal.service,
        provider=proposal.provider,
        rule=proposal.rule,
        urgency=proposal.urgency,
        release=proposal.release,
        approval=proposal.approval,
        status="AWAITING_APPROVAL" if proposal.approval else "READY",
        raised_by=raised_by,
        made_at=now,
        changed_at=now,
    )


def _link(
    referral: Referral, raised_by: tuple[RaisedBy, ...], opened: OpenedReferences, *, now: datetime
) -> PartnersLinked:
    """The referral with the partners that raised the person again, as far as they did not before."""
    # One reference is sealed in two ways where the person's key has changed.
    before = {(partner.source, opened.get(partner.reference, partner.reference)) for partner in referral.raised_by}
    more = tuple(
        partner
        for partner in raised_by
        if (partner.source, opened.get(partner.reference, partner.reference)) not in before
    )
    return PartnersLinked(referral=replace(referral, raised_by=(*referral.raised_by, *more)), at=now, partners=more)


def _open(
    proposal: ProposedReferral, new: Referral, decision: Decision, serving: Mapping[str, UUID], *, now: datetime
) -> ReferralOpened | ApprovalRequested:
    delivery = _delivery(proposal, new, decision, serving, now=now)
    if proposal.approval is None:
        return ReferralOpened(referral=new, at=now, was=None, delivery=delivery)
    return ApprovalRequested(referral=replace(new, held=delivery), at=now, was=None, why=proposal.why)


def _delivery(
    proposal: ProposedReferral, referral: Referral, decision: Decision, serving: Mapping[str, UUID], *, now: datetime
) -> Delivery:
    together = (serving[rule] for rule in proposal.linked if rule in serving)
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
        legal_basis=proposal.legal_basis,
        made_at=now,
        respond_by=respond_by(referral.urgency, decision.received_at),
        linked=tuple(dict.fromkeys(other for other in together if other != referral.referral_id)),
        directory=decision.directory,
        release_number=decision.release_number,
        facts=decision.facts,
        sealed=decision.sealed,
    )
