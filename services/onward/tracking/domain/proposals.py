"""The referrals that a decision proposes: which are opened, which are known already, and who is told of each."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from onward.contracts import topics
from onward.contracts.base import Message
from onward.contracts.decision import Decision, ProposedReferral
from onward.contracts.outcome import Outgoing
from onward.contracts.referral import Delivery, Escalation
from onward.tracking.domain import escalations, reference
from onward.tracking.domain.deadlines import respond_by
from onward.tracking.domain.lifecycle import stands_in_the_way, tell, tell_partners
from onward.tracking.domain.model import Known, Opened, Partners, RaisedBy, Referral, keys_of


@dataclass(frozen=True, slots=True)
class Proposed:
    """What the proposals of one decision came to."""

    referrals: tuple[Referral, ...]
    linked: tuple[Referral, ...]
    """Open already, and now raised by another partner too."""
    messages: tuple[Outgoing[Message], ...]
    escalations: tuple[Outgoing[Escalation], ...]
    dropped: tuple[str, ...]
    """Why each proposal that opened nothing was dropped."""


@dataclass(frozen=True, slots=True)
class _Placed:
    """A proposal and the referral that serves it."""

    proposal: ProposedReferral
    referral: Referral
    how: Literal["opened", "repeat", "already_open"]


def open_all(
    decision: Decision, standing: Iterable[Referral], known: Known, *, partners: Partners, now: datetime
) -> Proposed:
    """
    Open what is proposed and not yet there.

    *standing* are the person's referrals after what this decision ended, *known* what the ledger knew before.
    """
    before = tuple(standing)
    # A partner without topics of its own cannot be told.
    raised_by = tuple(
        RaisedBy(source=source, reference=own, person=decision.person, contact_id=decision.contact_id)
        for source, own in sorted(decision.references.items())
        if source in partners
    )
    placed = _place(decision, before, known.taken, raised_by, now=now)
    serving = {place.proposal.rule: place.referral.referral_id for place in placed}
    made = [
        _make(place.proposal, place.referral, decision, serving, now=now) for place in placed if place.how == "opened"
    ]
    there = {referral.referral_id: referral for referral in before}
    again = {place.referral.referral_id for place in placed if place.how == "already_open"} & there.keys()
    joined = [_join(there[referral_id], raised_by, known.opened, now=now) for referral_id in sorted(again)]
    return Proposed(
        referrals=tuple(opened.referral for opened in made),
        linked=tuple(referral for referral, told in joined if told),
        messages=(
            *(message for opened in made for message in opened.delivery),
            *(message for opened in made for message in tell(opened.referral, was=None, now=now)),
            *(message for _, told in joined for message in told),
        ),
        escalations=tuple(message for opened in made for message in opened.escalations),
        dropped=tuple(place.how for place in placed if place.how != "opened"),
    )


def _place(
    decision: Decision,
    standing: Iterable[Referral],
    taken: Collection[str],
    raised_by: tuple[RaisedBy, ...],
    *,
    now: datetime,
) -> tuple[_Placed, ...]:
    ledger = {referral.referral_id: referral for referral in standing}
    references = set(taken)
    keys = keys_of(decision)
    placed: list[_Placed] = []
    for proposal in decision.referrals:
        if same := ledger.get(proposal.referral_id):
            placed.append(_Placed(proposal, same, "repeat"))
        elif same := _already_open(proposal, keys, ledger.values(), now=now):
            placed.append(_Placed(proposal, same, "already_open"))
        else:
            new = _referral(proposal, decision, references, raised_by, now=now)
            references.add(new.reference)
            ledger[new.referral_id] = new
            placed.append(_Placed(proposal, new, "opened"))
    return tuple(placed)


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
    taken: Collection[str],
    raised_by: tuple[RaisedBy, ...],
    *,
    now: datetime,
) -> Referral:
    return Referral(
        referral_id=proposal.referral_id,
        reference=reference.choose(proposal.referral_id, proposal.category, taken),
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


def _join(
    referral: Referral, raised_by: tuple[RaisedBy, ...], opened: Opened, *, now: datetime
) -> tuple[Referral, tuple[Outgoing[Message], ...]]:
    """The referral with the partners that raised the person again; each new one is told how it stands."""
    # One reference is sealed in two ways where the person's key has changed.
    told = {(partner.source, opened.get(partner.reference, partner.reference)) for partner in referral.raised_by}
    more = tuple(
        partner
        for partner in raised_by
        if (partner.source, opened.get(partner.reference, partner.reference)) not in told
    )
    return replace(referral, raised_by=(*referral.raised_by, *more)), tell_partners(referral, more, now=now)


@dataclass(frozen=True, slots=True)
class _Made:
    """A new referral with its delivery, or with what waits for approval."""

    referral: Referral
    delivery: tuple[Outgoing[Message], ...] = ()
    escalations: tuple[Outgoing[Escalation], ...] = ()


def _make(
    proposal: ProposedReferral, new: Referral, decision: Decision, serving: Mapping[str, UUID], *, now: datetime
) -> _Made:
    delivery = _delivery(proposal, new, decision, serving, now=now)
    if proposal.approval is None:
        return _Made(new, delivery=(topics.DELIVERIES.message(delivery, key=decision.person),))
    needed = escalations.about(
        new,
        kind="approval-needed",
        to=proposal.approval,
        urgency=proposal.urgency,
        why=f"Referral {new.reference} needs a yes or no: {proposal.why}",
        at=now,
    )
    return _Made(replace(new, held=delivery), escalations=(needed,))


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
        facts=decision.facts,
        sealed=decision.sealed,
    )
