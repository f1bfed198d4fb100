"""What a decision changes: what it ends, what it opens, what is asked, and what people on duty must know."""

from datetime import datetime

from onward.contracts.decision import Decision, Notice
from onward.tracking.domain.changes import (
    Changes,
    NeedDisputed,
    NeedUnmet,
    NoticeGiven,
    OnlyCalls,
    ReferralParted,
    ReferralRefreshed,
    ReferralWaiting,
)
from onward.tracking.domain.closures import close
from onward.tracking.domain.knowing import known_by_now, said_otherwise
from onward.tracking.domain.ledger import LedgerEntries
from onward.tracking.domain.model import Partners, Referral
from onward.tracking.domain.parting import ended_by_others, own_referrals
from onward.tracking.domain.proposals import open_proposals
from onward.tracking.domain.questions import ask, settle
from onward.tracking.domain.subject import keys_of


def changes_of_decision(decision: Decision, entries: LedgerEntries, *, partners: Partners, now: datetime) -> Changes:
    """
    What a decision changes in the ledger.

    First whose each referral is, where two people were taken for one, and what is known of the person by now; then what
    the decision ends, what it opens, and what is asked. A proposal whose referral is known already is dropped as
    a `repeat`; one for a need that is being helped already as `already_open`, and then the partner is told how that
    referral stands. Deadlines count from when the partner's message arrived.

    Args:
        decision: What routing decided.
        entries: What the ledger has on the person.
        partners: Every partner, and which facts it can be asked for at which contacts.
        now: When the decision arrived.
    """
    before = {referral.referral_id: referral for referral in entries.referrals}
    theirs = own_referrals(decision, entries.referrals, entries.opened)
    known = tuple(_known(referral, decision, now=now) for referral in theirs)
    closed = close(decision, known, before, now=now)
    ended = {change.referral.referral_id: change.referral for change in closed}
    standing = [ended.get(referral.referral_id, referral) for referral in known]
    fallen = ended_by_others(standing, decision)
    opened, dropped = open_proposals(decision, standing, entries, fallen=fallen, partners=partners, now=now)
    told = {change.referral.referral_id for change in (*closed, *opened)}
    kept = tuple(
        change
        for own, referral in zip(theirs, known, strict=True)
        if referral.referral_id not in told
        and (change := _kept(before[referral.referral_id], own, referral, now=now)) is not None
    )

    settled = settle(decision, entries.questions, now=now)
    latest = {question.question_id: question for question in (*entries.questions, *(each.question for each in settled))}
    asked = ask(decision, latest.values(), partners=partners, now=now)

    changes = (*closed, *opened, *kept, *settled, *asked, *_calls(decision, now=now))
    if "already_open" in dropped:
        return Changes(changes, "already_open", dropped)
    acts = (
        *decision.referrals,
        *decision.needs_information,
        *decision.notices,
        *decision.unmet,
        *decision.waiting,
        *decision.disputed,
    )
    return Changes(changes, "repeat" if acts else "nothing_to_do", dropped)


def _known(referral: Referral, decision: Decision, *, now: datetime) -> Referral:
    """A referral with what is known of its person by the decision; not by one that is handled again, or late."""
    if referral.person not in keys_of(decision) or referral.made_at > now:
        return referral
    anew = decision.parted is not None and referral.contact_id in decision.parted.own
    return known_by_now(referral, decision, whatever_came_later=anew)


def _kept(
    before: Referral, own: Referral, known: Referral, *, now: datetime
) -> ReferralParted | ReferralRefreshed | None:
    """That other things are kept with a referral than *before*: as the person's *own*, and as the person is *known*."""
    if own != before:
        return ReferralParted(referral=known, at=now)
    if known == before:
        return None
    otherwise = said_otherwise(known, before.held.facts, known.held.facts) if before.held and known.held else ()
    return ReferralRefreshed(referral=known, at=now, said_otherwise=otherwise)


def _with_plan(notice: Notice, decision: Decision) -> Notice:
    """Of a plan that a role leads, all of it in one call: what joins later is one line more of the same case."""
    services = sorted({each.service for each in decision.referrals if each.plan == notice.leads})
    if notice.leads is None or not services:
        return notice
    named = ", ".join(service.replace("_", " ") for service in services)
    return notice.model_copy(update={"why": f"{notice.why.rstrip('.')}. In the plan: {named}"})


def _calls(decision: Decision, *, now: datetime) -> tuple[OnlyCalls, ...]:
    """What people on duty must know, by its rules or because partners differ."""
    person, contact_id = decision.person, decision.contact_id
    paths = tuple(sorted(decision.disputed))
    return (
        *(
            NoticeGiven(
                person=person, contact_id=contact_id, rule=notice.rule, at=now, notice=_with_plan(notice, decision)
            )
            for notice in decision.notices
        ),
        *(
            NeedUnmet(person=person, contact_id=contact_id, rule=unmet.rule, at=now, unmet=unmet)
            for unmet in decision.unmet
        ),
        *(
            ReferralWaiting(person=person, contact_id=contact_id, rule=waiting.rule, at=now, waiting=waiting)
            for waiting in decision.waiting
        ),
        *([NeedDisputed(person=person, contact_id=contact_id, rule="", at=now, paths=paths)] if paths else ()),
    )
