"""Which steps a referral may take."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from onward.contracts.codes import ReferralStatus
from onward.tracking.domain.model import Referral

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
    helped = referral.status in OPEN and referral.status != "DELIVERY_FAILED"
    return helped and now - referral.changed_at < STALE_AFTER


def move(referral: Referral, to: ReferralStatus, *, now: datetime) -> Referral:
    """
    The referral after a step.

    Raises:
        IllegalStepError: the step is not allowed.
    """
    if to not in ALLOWED[referral.status]:
        raise IllegalStepError(f"a referral cannot go from {referral.status} to {to}")
    # What was held for approval holds personal data: it goes as soon as it is no longer needed.
    return replace(referral, status=to, changed_at=now, held=None)
