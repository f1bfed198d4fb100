"""What others say of a referral: the provider's reply, the receipt of its delivery, a named person's yes or no."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final, TypeAlias, assert_never, get_args

from onward.contracts.codes import DischargeReason, ProviderStatus, ReferralStatus, RejectionReason
from onward.contracts.outcome import Ignored, Parked
from onward.contracts.referral import Approval, Receipt, Reply
from onward.tracking.domain.changes import (
    AnswerContradicted,
    AppointmentMissed,
    ApprovalDeclined,
    ApprovalGiven,
    ApprovalLapsed,
    CareContinued,
    CareEnded,
    CareProgressed,
    Changes,
    DeliveredAfterClosure,
    DeliveryFailed,
    DeliverySent,
    InformationRequested,
    InformationRequestedAgain,
    PersonDied,
    PersonUnreachable,
    ReceiptRecorded,
    ReferralAccepted,
    ReferralEnteredInError,
    ReferralReceived,
    ReferralRejected,
    WithdrawalAcknowledged,
    WithdrawalFailed,
    WithdrawalSent,
)
from onward.tracking.domain.deadlines import respond_by
from onward.tracking.domain.knowing import too_old
from onward.tracking.domain.lifecycle import ALLOWED, EARLY, ENDED, ENDED_BY_PROVIDER, IN_CARE, move
from onward.tracking.domain.model import Referral

UNKNOWN = Parked(
    "unknown_referral", "/referral_id", "no referral has this id; check that it was copied whole from the referral"
)
_REASONS: Final[Mapping[str, tuple[str, ...]]] = {
    "REJECTED": get_args(RejectionReason),
    "DISCHARGED": get_args(DischargeReason),
}
"""What a provider must say with a status: one of these."""

_Plain: TypeAlias = (
    ReferralReceived
    | ReferralAccepted
    | CareProgressed
    | AppointmentMissed
    | ReferralRejected
    | CareEnded
    | PersonUnreachable
    | ReferralEnteredInError
)
_Step: TypeAlias = InformationRequested | _Plain


def changes_of_reply(
    referral: Referral | None, reply: Reply, *, provider: str, now: datetime
) -> Changes | Ignored | Parked:
    """
    What a reply of a referral's provider changes.

    That the provider does not help, or not any more, always counts, however late it is heard; that it helps counts over
    that it has received the referral or needs to know more. Between two words of one kind the newer counts. Two ends
    that differ, or help after the end, change nothing and go to a person on duty.

    Returns:
        `Ignored` with `repeat` (said already), `overtaken` (by what counts more) or `closed` (the referral has ended);
        `Parked` for a referral that is not known, or not this provider's to answer, or a status without its reason.

    Args:
        referral: The referral that the reply names, if there is one.
        reply: What the provider says.
        provider: Whose topic it came on.
        now: When the reply arrived.
    """
    if reply.reason not in (reasons := _REASONS.get(reply.status, (reply.reason,))):
        wanted = f"{reply.status} must say why: send it again with one of {', '.join(map(str, reasons))}"
        return Parked("schema", "/reason", wanted)
    if referral is None:
        return UNKNOWN
    if referral.provider != provider:
        # Says nothing that a provider who guesses ids could learn from.
        return Parked("not_their_referral", "/referral_id", UNKNOWN.detail)
    if referral.status == "AWAITING_APPROVAL":
        return UNKNOWN
    if reply.name == referral.last_reply:
        return Ignored("repeat")
    if reply.status == "WITHDRAWAL_ACKNOWLEDGED":
        return _acknowledged(referral, reply, now=now)
    if reply.reason == "DIED" and referral.status in ENDED - {"CLOSED_DECEASED"}:
        # However it ended: nobody else may know, and others may still write to the person.
        return Changes((PersonDied(referral=replace(referral, last_reply=reply.name), at=now),))
    if referral.status in ENDED and not _ended_by_provider(referral):
        return Ignored("closed")
    if referral.status in ENDED:
        return _after_the_end(referral, reply, reply.status, now=now)
    return _answered(referral, reply, reply.status, now=now)


def _ended_by_provider(referral: Referral) -> bool:
    """Rather than by us, of whom some ends have the same name."""
    heard = referral.last_reply is not None and referral.withdrawal is None
    return referral.status in ENDED_BY_PROVIDER and heard


def _acknowledged(referral: Referral, reply: Reply, *, now: datetime) -> Changes | Ignored | Parked:
    if referral.withdrawal is None:
        return Parked("schema", "/status", "this referral was not withdrawn: there is nothing to acknowledge")
    if referral.withdrawal == "acknowledged":
        return Ignored("repeat")
    heard = replace(referral, last_reply=reply.name, withdrawal="acknowledged")
    return Changes((WithdrawalAcknowledged(referral=heard, at=now),))


def _after_the_end(referral: Referral, reply: Reply, said: ProviderStatus, *, now: datetime) -> Changes | Ignored:
    if said == referral.status:
        return Ignored("repeat")
    earlier = referral.replied_at is not None and reply.replied_at < referral.replied_at
    if said in EARLY or (said in IN_CARE and earlier):
        return Ignored("overtaken")
    return Changes((AnswerContradicted(referral=referral, at=now, reply_id=reply.name, answer=said),))


def _answered(referral: Referral, reply: Reply, said: ProviderStatus, *, now: datetime) -> Changes | Ignored:
    # A provider's clock may be wrong by any amount: no reply is older than its referral, or of the future.
    replied_at = min(max(reply.replied_at, referral.made_at), now)
    newer = referral.replied_at is None or replied_at >= referral.replied_at
    counts, against = _weight(said), _weight(referral.status)
    if counts < against or (counts == against and not newer):
        return Ignored("overtaken")
    heard = replace(referral, last_reply=reply.name, replied_at=replied_at if newer else referral.replied_at)
    if said == referral.status:
        return _said_again(heard, reply, now=now)
    if "provider" not in ALLOWED[referral.status].get(said, ()):
        return Ignored("overtaken")
    moved = move(heard, said, by="provider", now=now)
    return Changes((_step(said, reply, moved, was=referral.status, now=now),))


def _said_again(heard: Referral, reply: Reply, *, now: datetime) -> Changes | Ignored:
    if heard.status == "INFO_REQUESTED":
        asked = InformationRequestedAgain(referral=heard, at=now, reply_id=reply.name, asks_for=reply.asks_for)
        return Changes((asked,))
    if heard.status in IN_CARE - {"ACCEPTED"}:
        # Somebody still helps, or still tries to: the referral does not grow stale.
        goes_on = replace(heard, changed_at=now)
        return Changes((CareContinued(referral=goes_on, at=now, was=heard.status, outcomes=reply.outcomes),))
    return Ignored("repeat")


def _weight(status: ReferralStatus) -> int:
    """How much a provider's word counts: an end over help, help over an interim answer, any answer over none."""
    return 3 * (status in ENDED_BY_PROVIDER) or 2 * (status in IN_CARE) or 1 * (status in EARLY)


def _step(said: ProviderStatus, reply: Reply, moved: Referral, *, was: ReferralStatus, now: datetime) -> _Step:
    """The change of a provider's word, by whom it must be told to."""
    kind: type[_Plain]
    match said:
        case "INFO_REQUESTED":
            return InformationRequested(
                referral=moved, at=now, was=was, reply_id=reply.name, asks_for=reply.asks_for, outcomes=reply.outcomes
            )
        case "RECEIVED":
            kind = ReferralReceived
        case "ACCEPTED":
            kind = ReferralAccepted
        case "ASSESSMENT_BOOKED" | "ATTENDED" | "IN_SERVICE" | "ON_HOLD":
            kind = CareProgressed
        case "DID_NOT_ATTEND":
            kind = AppointmentMissed
        case "REJECTED":
            kind = ReferralRejected
        case "COMPLETED" | "DISCHARGED" | "CONSENT_WITHDRAWN":
            kind = CareEnded
        case "UNREACHABLE":
            kind = PersonUnreachable
        case "ENTERED_IN_ERROR":
            kind = ReferralEnteredInError
        case _:
            assert_never(said)
    return kind(referral=moved, at=now, was=was, reason=reply.reason or "", outcomes=reply.outcomes)


def changes_of_receipt(referral: Referral | None, receipt: Receipt, *, now: datetime) -> Changes | Ignored | Parked:
    """
    What the receipt of a delivery changes.

    A reply may have come first: then the receipt is remembered and moves nothing. A referral that was withdrawn while
    it was on its way has reached the provider all the same, which is told to stop.

    Returns:
        `Ignored` with `repeat` or `overtaken`; `Parked` for a referral that is not known or another provider's.
    """
    if referral is None:
        return UNKNOWN
    if referral.provider != receipt.provider:
        return Parked("not_their_referral", "/provider", "the receipt names another provider than the referral")
    if receipt.of == "withdrawal":
        return _of_withdrawal(referral, receipt, now=now)
    if referral.withdrawal is not None and receipt.outcome == "sent":
        return _of_withdrawn(referral, now=now)
    if referral.receipt == receipt.outcome:
        return Ignored("repeat")
    if referral.receipt == "sent" or referral.status == "AWAITING_APPROVAL":
        return Ignored("overtaken")
    # Records of two topics are handled in any order: a receipt that is read again is from before this.
    noted = replace(referral, receipt=receipt.outcome, changed_at=max(now, referral.changed_at))
    if referral.status in ENDED and not _ended_by_provider(referral) and receipt.outcome == "sent":
        return Changes((DeliveredAfterClosure(referral=replace(noted, withdrawal="due"), at=now),))
    if referral.status not in ("READY", "DELIVERY_FAILED"):
        return Changes((ReceiptRecorded(referral=noted, at=now),))
    if receipt.outcome == "sent":
        return Changes(
            (DeliverySent(referral=move(noted, "SENT", by="dispatch", now=now), at=now, was=referral.status),)
        )
    failed = move(noted, "DELIVERY_FAILED", by="dispatch", now=now)
    return Changes((DeliveryFailed(referral=failed, at=now, was=referral.status, reason=receipt.reason),))


def _of_withdrawn(referral: Referral, *, now: datetime) -> Changes | Ignored:
    """
    Delivered again behind its withdrawal, the provider has it anew, and is told to stop anew.

    The first receipt of one whose provider had answered before it came says nothing new: it was told to stop. One from
    before it ended was handled then, and is read again.
    """
    if now <= referral.changed_at:
        return Ignored("repeat")
    if referral.receipt == "sent":
        again = replace(referral, withdrawal="due", changed_at=now)
        return Changes((DeliveredAfterClosure(referral=again, at=now),))
    return Changes((ReceiptRecorded(referral=replace(referral, receipt="sent", changed_at=now), at=now),))


def _of_withdrawal(referral: Referral, receipt: Receipt, *, now: datetime) -> Changes | Ignored:
    if referral.withdrawal is None or referral.withdrawal == "acknowledged":
        return Ignored("overtaken")
    if receipt.outcome == referral.withdrawal:
        return Ignored("repeat")
    noted = replace(referral, withdrawal=receipt.outcome)
    if receipt.outcome == "sent":
        return Changes((WithdrawalSent(referral=noted, at=now),))
    return Changes((WithdrawalFailed(referral=noted, at=now, reason=receipt.reason),))


def changes_of_approval(referral: Referral | None, approval: Approval, *, now: datetime) -> Changes | Ignored | Parked:
    """
    What a named person's yes, which sends the referral, or no, which withdraws it, changes.

    The provider's clock starts with the yes: nobody can act on what they have not been sent. A yes to what rests on
    facts that were said too long ago to decide sends nothing.

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
        withdrawn = move(referral, "WITHDRAWN", by="approver", now=now)
        return Changes((ApprovalDeclined(referral=withdrawn, at=now, was=referral.status, reason="declined"),))
    if too_old(referral, now=now):
        lapsed = move(referral, "EXPIRED", by="tracking", now=now)
        reason = "what it rests on was said too long ago"
        change = ApprovalLapsed(referral=lapsed, at=now, was=referral.status, reason=reason, closure_reason="expiry")
        return Changes((change,))
    delivery = referral.held.model_copy(
        update={"approved_by": approval.by, "made_at": now, "respond_by": respond_by(referral.urgency, now)}
    )
    approved = move(referral, "READY", by="approver", now=now)
    return Changes((ApprovalGiven(referral=approved, at=now, was=referral.status, delivery=delivery),))
