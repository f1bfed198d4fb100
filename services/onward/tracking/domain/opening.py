"""A decision becomes a step of the ledger: what it ends, what it opens, what is asked and who must know."""

from datetime import datetime

from onward.contracts.decision import Decision
from onward.contracts.outcome import Outgoing
from onward.contracts.referral import Escalation
from onward.tracking.domain import escalations
from onward.tracking.domain.asking import ask, settle
from onward.tracking.domain.closing import close
from onward.tracking.domain.model import Known, Partners, Step
from onward.tracking.domain.proposals import open_all


def open_referrals(decision: Decision, known: Known, *, partners: Partners, now: datetime) -> Step:
    """
    What a decision changes in the ledger.

    First what it ends, then what it opens, then what is asked. A proposal whose referral is known already is dropped as
    a `repeat`; one for a need that is being helped already as `already_open`, and then the partner is told how that
    referral stands. Deadlines count from when the partner's message arrived.

    Returns:
        A step. The result of one that changes nothing is `already_open` or `repeat` if that is why, else
        `nothing_to_do`.

    Args:
        decision: What routing decided.
        known: What the ledger has on the person.
        partners: Every partner, and which facts it can be asked for.
        now: When the decision arrived.
    """
    closed = close(decision, known.referrals, now=now)
    ended = {referral.referral_id: referral for referral in closed.referrals}
    standing = [ended.get(referral.referral_id, referral) for referral in known.referrals]
    opened = open_all(decision, standing, known, partners=partners, now=now)

    settled = settle(decision, known.questions, now=now)
    latest = {question.question_id: question for question in (*known.questions, *settled)}
    asking = ask(decision, latest.values(), partners=partners, now=now)
    raised = escalations.not_yet_raised(
        (*closed.escalations, *opened.escalations, *asking.escalations, *_notices(decision, now=now)), known.raised
    )
    return Step(
        referrals=(*closed.referrals, *opened.referrals, *opened.linked),
        questions=(*settled, *asking.questions),
        messages=(*opened.messages, *raised, *closed.messages, *asking.messages),
        result=_result(
            opened=bool(opened.referrals),
            closed=bool(closed.referrals),
            asked=bool(asking.questions),
            escalated=bool(raised),
            linked=bool(opened.linked),
            changed=bool(settled),
            already_open="already_open" in opened.dropped,
            repeat=bool(
                decision.referrals
                or decision.needs_information
                or decision.notices
                or decision.unmet
                or decision.waiting
            ),
        ),
        dropped=opened.dropped,
    )


def _result(**happened: bool) -> str:
    """The first that happened."""
    return next((name for name, did in happened.items() if did), "nothing_to_do")


def _notices(decision: Decision, *, now: datetime) -> tuple[Outgoing[Escalation], ...]:
    notices = [
        escalations.escalation(
            person=decision.person,
            contact_id=decision.contact_id,
            kind=notice.kind,
            to=notice.to,
            urgency=notice.urgency,
            rule=notice.rule,
            why=notice.why,
            at=now,
        )
        for notice in decision.notices
    ]
    unmet = [
        escalations.escalation(
            person=decision.person,
            contact_id=decision.contact_id,
            kind="unmet-need",
            to=escalations.DUTY,
            urgency="next_working_day",
            rule=need.rule,
            why=f"No provider can take the need {need.category}: {len(need.destinations)} considered",
            at=now,
            apart=need.category,
        )
        for need in decision.unmet
    ]
    waiting = [
        escalations.escalation(
            person=decision.person,
            contact_id=decision.contact_id,
            kind="waiting-referral",
            to=escalations.DUTY,
            urgency="next_working_day",
            rule=waits.rule,
            why=f"Not referred yet{f' for {waits.category}' if waits.category else ''}, first this: {waits.why}",
            at=now,
            apart=waits.category or "",
        )
        for waits in decision.waiting
    ]
    return (*notices, *unmet, *waiting)
