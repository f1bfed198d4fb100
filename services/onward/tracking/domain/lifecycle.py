"""Which steps a referral may take, and who may make each."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias, get_args

from onward.contracts.codes import ProviderStatus, ReferralStatus
from onward.tracking.domain.model import Referral

Actor: TypeAlias = Literal["routing", "approver", "dispatch", "provider", "tracking"]
"""Whose word makes a step: a decision, a named person, a receipt, a reply, or that another referral was made."""

Steps: TypeAlias = Mapping[ReferralStatus, frozenset[Actor]]
"""Where a referral may go, and who may send it there."""

ENDED_BY_US: Final[frozenset[ReferralStatus]] = frozenset(
    {"WITHDRAWN", "CLOSED_DECEASED", "CONSENT_WITHDRAWN", "COMPLETED", "ENTERED_IN_ERROR"}
)
"""How a decision ends a referral."""

EARLY: Final[frozenset[ReferralStatus]] = frozenset({"RECEIVED", "INFO_REQUESTED"})
"""The provider has it, and has not said whether it helps."""

IN_CARE: Final[frozenset[ReferralStatus]] = frozenset(
    {"ACCEPTED", "ASSESSMENT_BOOKED", "ATTENDED", "DID_NOT_ATTEND", "IN_SERVICE", "ON_HOLD"}
)
"""The provider has said that it helps."""

ENDED_BY_PROVIDER: Final[frozenset[ReferralStatus]] = (
    frozenset[ReferralStatus](get_args(ProviderStatus)) - EARLY - IN_CARE
)
"""The provider has said that it does not, or not any more."""


def _steps(
    *,
    dispatch: Collection[ReferralStatus] = (),
    approver: Collection[ReferralStatus] = (),
    provider: Collection[ReferralStatus] = (),
) -> Steps:
    """The steps from a referral that is open: a decision may end it, and another may be made in its place."""
    by: tuple[tuple[Actor, Collection[ReferralStatus]], ...] = (
        ("routing", ENDED_BY_US),
        ("tracking", ["EXPIRED"]),
        ("dispatch", dispatch),
        ("approver", approver),
        ("provider", provider),
    )
    reached: frozenset[ReferralStatus] = frozenset(status for _, statuses in by for status in statuses)
    return {
        status: frozenset[Actor](actor for actor, statuses in by if status in statuses) for status in sorted(reached)
    }


_ANSWERS: Final[frozenset[ReferralStatus]] = EARLY | IN_CARE | ENDED_BY_PROVIDER
_GOES_ON: Final = IN_CARE - {"ACCEPTED"}
_ENDS: Final[frozenset[ReferralStatus]] = ENDED_BY_PROVIDER | ENDED_BY_US | frozenset[ReferralStatus]({"EXPIRED"})

ALLOWED: Final[Mapping[ReferralStatus | None, Steps]] = {
    None: {"AWAITING_APPROVAL": frozenset({"routing"}), "READY": frozenset({"routing"})},
    "AWAITING_APPROVAL": _steps(approver=["READY", "WITHDRAWN"]),
    # A reply may overtake the receipt of the delivery that it answers.
    "READY": _steps(dispatch=["SENT", "DELIVERY_FAILED"], provider=_ANSWERS),
    # Sent again under the same id after somebody mended it; an answer proves that it arrived.
    "DELIVERY_FAILED": _steps(dispatch=["SENT"], provider=_ANSWERS),
    "SENT": _steps(provider=_ANSWERS),
    **{status: _steps(provider=_ANSWERS - {status}) for status in EARLY},
    **{status: _steps(provider=(_GOES_ON | ENDED_BY_PROVIDER) - {status}) for status in IN_CARE},
    **{status: {} for status in _ENDS},
}
"""Every step there is, with who may make it. What is not here cannot happen."""

ENDED: Final[frozenset[ReferralStatus]] = frozenset[ReferralStatus](
    status for status, steps in ALLOWED.items() if status and not steps
)
"""What nothing follows."""

OPEN: Final[frozenset[ReferralStatus]] = frozenset[ReferralStatus](get_args(ReferralStatus)) - ENDED
"""Those that a death, a return to prison or a withdrawal ends."""

WITH_PROVIDER: Final[frozenset[ReferralStatus]] = EARLY | IN_CARE | frozenset[ReferralStatus]({"SENT"})
"""The provider has it, so it must be told when it ends."""

STALE_AFTER: Final = timedelta(weeks=26)
"""A referral without a step for this long no longer stands in the way of a new one (as for a duty to refer)."""

SAME_EVENT_WITHIN: Final = timedelta(hours=4)
"""What is told twice under one reference of a partner within this time, of a life at risk, is one event."""

SAME_SAFEGUARDING_WITHIN: Final = timedelta(hours=24)
"""
What is said again of safeguarding under one reference of a partner within this time is one event.

A custody record tells the same from the arrest to the release, which is no longer than this without an extension.
"""

_ANSWERED: Final[frozenset[ReferralStatus]] = frozenset({"COMPLETED", "DISCHARGED", "REJECTED"})
"""Whoever protects people has heard it and has said what comes of it."""


class IllegalStepError(Exception):
    """A referral was told to take a step that `ALLOWED` does not have."""


def is_stale(referral: Referral, *, now: datetime) -> bool:
    """Whether nothing was heard of it for so long that another takes its place."""
    return now - referral.changed_at >= STALE_AFTER


def stands_in_the_way(referral: Referral, *, now: datetime) -> bool:
    """Whether the person is being helped by this referral, so that another for the same need would be a double."""
    helped = referral.status in OPEN - {"DELIVERY_FAILED", "DID_NOT_ATTEND"}
    return helped and not is_stale(referral, now=now)


def was_heard(referral: Referral) -> bool:
    """Whether its provider has said what comes of it, so that the same word of before need not be told anew."""
    return referral.status in _ANSWERED


def move(referral: Referral, to: ReferralStatus, *, by: Actor, now: datetime) -> Referral:
    """
    The referral after a step that is *by* somebody.

    Raises:
        IllegalStepError: there is no such step, or it is not theirs to make.
    """
    if by not in ALLOWED[referral.status].get(to, ()):
        raise IllegalStepError(f"a referral cannot go from {referral.status} to {to} by the word of {by}")
    # What was held for approval holds personal data: it goes as soon as it is no longer needed.
    return replace(referral, status=to, changed_at=max(now, referral.changed_at), held=None)
