"""What a decision changes: what it ends, what it opens, what is asked, and what people on duty must know."""

from datetime import datetime

from onward.contracts.decision import Decision
from onward.tracking.domain.changes import Changes, NeedDisputed, NeedUnmet, NoticeGiven, OnlyCalls, ReferralWaiting
from onward.tracking.domain.closures import close
from onward.tracking.domain.ledger import LedgerEntries
from onward.tracking.domain.model import Partners
from onward.tracking.domain.proposals import open_proposals
from onward.tracking.domain.questions import ask, settle


def changes_of_decision(decision: Decision, entries: LedgerEntries, *, partners: Partners, now: datetime) -> Changes:
    """
    What a decision changes in the ledger.

    First what it ends, then what it opens, then what is asked. A proposal whose referral is known already is dropped as
    a `repeat`; one for a need that is being helped already as `already_open`, and then the partner is told how that
    referral stands. Deadlines count from when the partner's message arrived.

    Args:
        decision: What routing decided.
        entries: What the ledger has on the person.
        partners: Every partner, and which facts it can be asked for at which contacts.
        now: When the decision arrived.
    """
    closed = close(decision, entries.referrals, now=now)
    ended = {change.referral.referral_id: change.referral for change in closed}
    standing = [ended.get(referral.referral_id, referral) for referral in entries.referrals]
    opened, dropped = open_proposals(decision, standing, entries, partners=partners, now=now)

    settled = settle(decision, entries.questions, now=now)
    latest = {question.question_id: question for question in (*entries.questions, *(each.question for each in settled))}
    asked = ask(decision, latest.values(), partners=partners, now=now)

    changes = (*closed, *opened, *settled, *asked, *_calls(decision, now=now))
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


def _calls(decision: Decision, *, now: datetime) -> tuple[OnlyCalls, ...]:
    """What people on duty must know, by its rules or because partners differ."""
    person, contact_id = decision.person, decision.contact_id
    paths = tuple(sorted(decision.disputed))
    return (
        *(
            NoticeGiven(person=person, contact_id=contact_id, rule=notice.rule, at=now, notice=notice)
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
