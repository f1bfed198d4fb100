"""What others say of a referral: the provider's reply, the receipt of its delivery, a named person's yes or no."""

from dataclasses import replace
from datetime import datetime

from onward.contracts import topics
from onward.contracts.codes import ReferralStatus
from onward.contracts.facts import ASKABLE_ONLY, FACTS
from onward.contracts.outcome import Ignored, Outgoing, Parked
from onward.contracts.referral import Approval, Escalation, Receipt, Reply
from onward.tracking.domain import escalations
from onward.tracking.domain.closing import tell_provider
from onward.tracking.domain.deadlines import respond_by
from onward.tracking.domain.lifecycle import ENDS, move
from onward.tracking.domain.model import Known, Referral, Step

UNKNOWN = Parked(
    "unknown_referral", "/referral_id", "no referral has this id; check that it was copied whole from the referral"
)
_FINAL: frozenset[ReferralStatus] = frozenset({"ACCEPTED", "REJECTED"})
_INTERIM: frozenset[ReferralStatus] = frozenset({"RECEIVED", "INFO_REQUESTED"})


def advance(
    referral: Referral | None, reply: Reply, *, provider: str, known: Known, now: datetime
) -> Step | Ignored | Parked:
    """
    The next step of a referral's life, from its provider's reply.

    A final answer (accepted, rejected) always counts, however late it comes; between `received` and `info requested`
    the newer counts. Two final answers that differ change nothing and go to a person on duty.

    Returns:
        `Ignored` with `repeat` (said already), `overtaken` (by a newer or a final answer) or `closed` (the referral has
        ended); `Parked` for a referral that is not known, or not this provider's to answer, or a rejection without its
        reason.
    """
    if reply.status == "REJECTED" and reply.reason is None:
        return Parked("schema", "/reason", "a rejection must say why: send it again with one of the listed reasons")
    if referral is None:
        return UNKNOWN
    if referral.provider != provider:
        # Says nothing that a provider who guesses ids could learn from.
        return Parked("not_their_referral", "/referral_id", UNKNOWN.detail)
    if referral.status == "AWAITING_APPROVAL":
        return UNKNOWN
    if referral.status in ENDS:
        return Ignored("closed")
    if reply.reply_id == referral.last_reply:
        return Ignored("repeat")
    if referral.status in _FINAL:
        return _after_final(referral, reply, known, now=now)
    return _apply(referral, reply, known, now=now)


def _after_final(referral: Referral, reply: Reply, known: Known, *, now: datetime) -> Step | Ignored:
    if reply.status == referral.status:
        return Ignored("repeat")
    if reply.status in _INTERIM:
        return Ignored("overtaken")
    contradiction = escalations.about(
        referral,
        kind="answer-contradicted",
        urgency="next_working_day",
        why=f"Referral {referral.reference} is {referral.status} and the provider now says {reply.status}: ask it",
        at=now,
        apart=reply.reply_id,
    )
    fresh = escalations.not_yet_raised([contradiction], known.raised)
    return Step(messages=fresh, result="contradicted") if fresh else Ignored("repeat")


def _apply(referral: Referral, reply: Reply, known: Known, *, now: datetime) -> Step | Ignored:
    # A provider's clock may be wrong by any amount: no reply is older than its referral, or of the future.
    replied_at = min(max(reply.replied_at, referral.made_at), now)
    newer = referral.replied_at is None or replied_at >= referral.replied_at
    if reply.status in _INTERIM and not newer:
        return Ignored("overtaken")
    heard = replace(referral, last_reply=reply.reply_id, replied_at=replied_at if newer else referral.replied_at)
    if reply.status == referral.status:
        if reply.status == "RECEIVED":
            return Ignored("repeat")
        # Another question to us about the same referral.
        asks = escalations.not_yet_raised([_asks(heard, reply, now=now)], known.raised)
        return Step(referrals=(heard,), messages=asks, result="escalated")
    moved, told = move(heard, reply.status, now=now, reason=reply.reason or "")
    raised: tuple[Outgoing[Escalation], ...] = ()
    if reply.status == "INFO_REQUESTED":
        raised = escalations.not_yet_raised([_asks(moved, reply, now=now)], known.raised)
    if reply.status == "REJECTED":
        rejected = escalations.about(
            moved,
            kind="rejected",
            urgency="next_working_day",
            why=f"The provider rejected referral {moved.reference} ({reply.reason}): somebody else must be found",
            at=now,
        )
        raised = escalations.not_yet_raised([rejected], known.raised)
    return Step(referrals=(moved,), messages=(*told, *raised))


def _asks(referral: Referral, reply: Reply, *, now: datetime) -> Outgoing[Escalation]:
    # Only words of our own vocabulary are passed on: a provider's free text could hold anything.
    ours = [path for path in dict.fromkeys(reply.asks_for) if path in FACTS or path in ASKABLE_ONLY]
    others = len(set(reply.asks_for)) - len(ours)
    wanted = [*ours, *([f"{others} other"] if others else [])]
    return escalations.about(
        referral,
        kind="information-requested",
        urgency="next_working_day",
        why=f"The provider of referral {referral.reference} asks for: {', '.join(wanted) or 'more information'}",
        at=now,
        apart=reply.reply_id,
    )


def take_receipt(
    referral: Referral | None, receipt: Receipt, *, known: Known, now: datetime
) -> Step | Ignored | Parked:
    """
    What became of a delivery.

    A reply may have come first: then the receipt is remembered and moves nothing. A referral that was withdrawn while
    it was on its way has reached the provider all the same, and somebody must tell it.

    Returns:
        `Ignored` with `repeat` or `overtaken`; `Parked` for a referral that is not known or another provider's.
    """
    if referral is None:
        return UNKNOWN
    if referral.provider != receipt.provider:
        return Parked("not_their_referral", "/provider", "the receipt names another provider than the referral")
    if referral.receipt == receipt.outcome:
        return Ignored("repeat")
    if referral.receipt == "sent" or referral.status == "AWAITING_APPROVAL":
        return Ignored("overtaken")
    noted = replace(referral, receipt=receipt.outcome)
    if referral.status in ENDS and receipt.outcome == "sent":
        late = tell_provider(noted, "it ended while it was being sent", now=now, kind="withdraw-at-provider")
        return Step(
            referrals=(noted,), messages=escalations.not_yet_raised([late], known.raised), result="late_receipt"
        )
    if referral.status not in ("READY", "DELIVERY_FAILED"):
        return Step(referrals=(noted,), result="late_receipt")
    if receipt.outcome == "sent":
        moved, told = move(noted, "SENT", now=now)
        return Step(referrals=(moved,), messages=told)
    moved, told = move(noted, "DELIVERY_FAILED", now=now, reason=receipt.reason)
    failed = escalations.about(
        moved,
        kind="delivery-failed",
        urgency=moved.urgency,
        why=f"Referral {moved.reference} could not be delivered ({receipt.reason or 'no reason given'})",
        at=now,
    )
    return Step(referrals=(moved,), messages=(*told, *escalations.not_yet_raised([failed], known.raised)))


def take_approval(referral: Referral | None, approval: Approval, *, now: datetime) -> Step | Ignored | Parked:
    """
    A named person's yes, which sends the referral, or no, which withdraws it.

    The provider's clock starts with the yes: nobody can act on what they have not been sent.

    Returns:
        `Ignored` with `overtaken` when the referral no longer waits for approval; `Parked` when it is not known, never
        needed approval, or may not be approved by this role.
    """
    if referral is None:
        return UNKNOWN
    if referral.approval is None:
        return Parked("no_approval_needed", "/referral_id", "this referral was sent without one; nothing to approve")
    if approval.role != referral.approval:
        return Parked("wrong_role", "/role", f"only the role `{referral.approval}` may approve this referral")
    if referral.status != "AWAITING_APPROVAL" or referral.held is None:
        return Ignored("overtaken")
    if not approval.approved:
        moved, told = move(referral, "WITHDRAWN", now=now, reason="declined")
        return Step(referrals=(moved,), messages=told, result="closed")
    moved, told = move(referral, "READY", now=now)
    delivery = referral.held.model_copy(
        update={"approved_by": approval.by, "made_at": now, "respond_by": respond_by(referral.urgency, now)}
    )
    return Step(referrals=(moved,), messages=(topics.DELIVERIES.message(delivery, key=moved.person), *told))
