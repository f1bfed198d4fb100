"""What others say of a referral: the provider's reply, the receipt of its delivery, a named person's yes or no."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from onward.contracts.codes import ReferralStatus
from onward.contracts.outcome import Ignored, Parked
from onward.contracts.referral import Approval, Receipt, Reply
from onward.tracking.domain.changes import (
    AnswerContradicted,
    ApprovalDeclined,
    ApprovalGiven,
    Changes,
    DeliveredAfterClosure,
    DeliveryFailed,
    DeliverySent,
    InformationRequested,
    InformationRequestedAgain,
    ReceiptRecorded,
    ReferralAccepted,
    ReferralReceived,
    ReferralRejected,
)
from onward.tracking.domain.deadlines import respond_by
from onward.tracking.domain.lifecycle import ENDS, move
from onward.tracking.domain.model import Referral

UNKNOWN = Parked(
    "unknown_referral", "/referral_id", "no referral has this id; check that it was copied whole from the referral"
)
_FINAL: frozenset[ReferralStatus] = frozenset({"ACCEPTED", "REJECTED"})
_INTERIM: frozenset[ReferralStatus] = frozenset({"RECEIVED", "INFO_REQUESTED"})


def changes_of_reply(
    referral: Referral | None, reply: Reply, *, provider: str, now: datetime
) -> Changes | Ignored | Parked:
    """
    What a reply of a referral's provider changes.

    A final answer (accepted, rejected) always counts, however late it comes; between `received` and `info requested`
    the newer counts. Two final answers that differ change nothing and go to a person on duty.

    Returns:
        `Ignored` with `repeat` (said already), `overtaken` (by a newer or a final answer) or `closed` (the referral has
        ended); `Parked` for a referral that is not known, or not this provider's to answer, or a rejection without its
        reason.

    Args:
        referral: The referral that the reply names, if there is one.
        reply: What the provider says.
        provider: Whose topic it came on.
        now: When the reply arrived.
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
    if reply.name == referral.last_reply:
        return Ignored("repeat")
    if referral.status in _FINAL:
        return _after_final(referral, reply, now=now)
    return _answered(referral, reply, now=now)


def _after_final(referral: Referral, reply: Reply, *, now: datetime) -> Changes | Ignored:
    if reply.status == referral.status:
        return Ignored("repeat")
    if reply.status in _INTERIM:
        return Ignored("overtaken")
    return Changes((AnswerContradicted(referral=referral, at=now, reply_id=reply.name, answer=reply.status),))


def _answered(referral: Referral, reply: Reply, *, now: datetime) -> Changes | Ignored:
    # A provider's clock may be wrong by any amount: no reply is older than its referral, or of the future.
    replied_at = min(max(reply.replied_at, referral.made_at), now)
    newer = referral.replied_at is None or replied_at >= referral.replied_at
    if reply.status in _INTERIM and not newer:
        return Ignored("overtaken")
    heard = replace(referral, last_reply=reply.name, replied_at=replied_at if newer else referral.replied_at)
    if reply.status != referral.status:
        return Changes((_moved_by(reply, heard, now=now),))
    if reply.status == "RECEIVED":
        return Ignored("repeat")
    return Changes((InformationRequestedAgain(referral=heard, at=now, reply_id=reply.name, asks_for=reply.asks_for),))


def _moved_by(
    reply: Reply, heard: Referral, *, now: datetime
) -> ReferralReceived | ReferralAccepted | ReferralRejected | InformationRequested:
    moved, was, reason = move(heard, reply.status, now=now), heard.status, reply.reason or ""
    match reply.status:
        case "RECEIVED":
            return ReferralReceived(referral=moved, at=now, was=was, reason=reason)
        case "ACCEPTED":
            return ReferralAccepted(referral=moved, at=now, was=was, reason=reason)
        case "REJECTED":
            return ReferralRejected(referral=moved, at=now, was=was, reason=reason)
        case "INFO_REQUESTED":
            return InformationRequested(
                referral=moved, at=now, was=was, reason=reason, reply_id=reply.name, asks_for=reply.asks_for
            )
        case _:
            assert_never(reply.status)


def changes_of_receipt(referral: Referral | None, receipt: Receipt, *, now: datetime) -> Changes | Ignored | Parked:
    """
    What the receipt of a delivery changes.

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
        return Changes((DeliveredAfterClosure(referral=noted, at=now),))
    if referral.status not in ("READY", "DELIVERY_FAILED"):
        return Changes((ReceiptRecorded(referral=noted, at=now),))
    if receipt.outcome == "sent":
        return Changes((DeliverySent(referral=move(noted, "SENT", now=now), at=now, was=referral.status),))
    failed = move(noted, "DELIVERY_FAILED", now=now)
    return Changes((DeliveryFailed(referral=failed, at=now, was=referral.status, reason=receipt.reason),))


def changes_of_approval(referral: Referral | None, approval: Approval, *, now: datetime) -> Changes | Ignored | Parked:
    """
    What a named person's yes, which sends the referral, or no, which withdraws it, changes.

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
        withdrawn = move(referral, "WITHDRAWN", now=now)
        return Changes((ApprovalDeclined(referral=withdrawn, at=now, was=referral.status, reason="declined"),))
    delivery = referral.held.model_copy(
        update={"approved_by": approval.by, "made_at": now, "respond_by": respond_by(referral.urgency, now)}
    )
    return Changes(
        (ApprovalGiven(referral=move(referral, "READY", now=now), at=now, was=referral.status, delivery=delivery),)
    )
