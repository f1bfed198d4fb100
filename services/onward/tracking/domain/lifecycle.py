"""Which steps a referral may take, and what every step tells: the partners that raised the person, and insight."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from onward.contracts import topics
from onward.contracts.base import Message
from onward.contracts.codes import ClosureReason, ReferralStatus
from onward.contracts.outcome import Outgoing
from onward.contracts.referral import ReferralEvent, StatusUpdate
from onward.tracking.domain.model import RaisedBy, Referral

ENDS: frozenset[ReferralStatus] = frozenset({"WITHDRAWN", "CLOSED_DECEASED"})
"""How a referral ends from our side; nothing follows."""

_ANSWERS: frozenset[ReferralStatus] = frozenset({"RECEIVED", "ACCEPTED", "REJECTED", "INFO_REQUESTED"})


def _to(*statuses: ReferralStatus) -> frozenset[ReferralStatus]:
    return frozenset(statuses)


ALLOWED: Mapping[ReferralStatus | None, frozenset[ReferralStatus]] = {
    None: _to("AWAITING_APPROVAL", "READY"),
    "AWAITING_APPROVAL": _to("READY", *ENDS),
    # A reply may overtake the receipt of the delivery that it answers.
    "READY": _to("SENT", "DELIVERY_FAILED", *_ANSWERS, *ENDS),
    # Sent again under the same id after somebody mended it; an answer proves that it arrived.
    "DELIVERY_FAILED": _to("SENT", *_ANSWERS, *ENDS),
    "SENT": _to(*_ANSWERS, *ENDS),
    "RECEIVED": _to("INFO_REQUESTED", "ACCEPTED", "REJECTED", *ENDS),
    "INFO_REQUESTED": _to("RECEIVED", "ACCEPTED", "REJECTED", *ENDS),
    "ACCEPTED": ENDS,
    "REJECTED": _to(),
    "WITHDRAWN": _to(),
    "CLOSED_DECEASED": _to(),
}
"""Every step there is. What is not here cannot happen."""

OPEN: frozenset[ReferralStatus] = frozenset(status for status, to in ALLOWED.items() if status and to >= ENDS)
"""Those that a death, a return to prison or a withdrawal ends."""

WITH_PROVIDER: frozenset[ReferralStatus] = frozenset({"SENT", "RECEIVED", "INFO_REQUESTED", "ACCEPTED"})
"""The provider has it, so somebody must tell the provider when it ends."""

STALE_AFTER = timedelta(weeks=26)
"""A referral without a step for this long no longer stands in the way of a new one (as for a duty to refer)."""


class IllegalStepError(Exception):
    """A referral was told to take a step that `ALLOWED` does not have."""


def stands_in_the_way(referral: Referral, *, now: datetime) -> bool:
    """Whether the person is being helped by this referral, so that another for the same need would be a double."""
    held = referral.status in OPEN and referral.status != "DELIVERY_FAILED"
    return held and now - referral.changed_at < STALE_AFTER


def move(
    referral: Referral,
    to: ReferralStatus,
    *,
    now: datetime,
    reason: str = "",
    closure_reason: ClosureReason | None = None,
) -> tuple[Referral, tuple[Outgoing[Message], ...]]:
    """
    The referral after a step, and the messages that tell of it.

    Raises:
        IllegalStepError: the step is not allowed.
    """
    if to not in ALLOWED[referral.status]:
        raise IllegalStepError(f"a referral cannot go from {referral.status} to {to}")
    # What was held for approval holds personal data: it goes as soon as it is no longer needed.
    moved = replace(referral, status=to, changed_at=now, held=None)
    return moved, tell(moved, was=referral.status, now=now, reason=reason, closure_reason=closure_reason)


def tell(
    referral: Referral,
    *,
    was: ReferralStatus | None,
    now: datetime,
    reason: str = "",
    closure_reason: ClosureReason | None = None,
) -> tuple[Outgoing[Message], ...]:
    """What insight and each partner that raised the person are told when a referral has come to its present status."""
    event = ReferralEvent(
        referral_id=referral.referral_id,
        person=referral.person,
        category=referral.category,
        provider=referral.provider,
        rule=referral.rule,
        was=was,
        now=referral.status,
        reason=reason,
        closure_reason=closure_reason,
        at=now,
    )
    return (
        *tell_partners(referral, referral.raised_by, now=now, reason=reason, closure_reason=closure_reason),
        topics.REFERRAL_EVENTS.message(event, key=str(referral.referral_id)),
    )


def tell_partners(
    referral: Referral,
    partners: tuple[RaisedBy, ...],
    *,
    now: datetime,
    reason: str = "",
    closure_reason: ClosureReason | None = None,
) -> tuple[Outgoing[Message], ...]:
    """One status update for each of *partners*: what it is for and how it stands, and nothing of the provider."""
    return tuple(
        topics.STATUS.message(
            StatusUpdate(
                referral_id=referral.referral_id,
                contact_id=partner.contact_id,
                reference=partner.reference,
                category=referral.category,
                status=referral.status,
                reason=reason,
                closure_reason=closure_reason,
                at=now,
            ),
            key=partner.reference,
            of=partner.source,
        )
        for partner in partners
    )
