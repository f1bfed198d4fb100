"""Ending a person's referrals: they have died or gone back to prison, took back a consent, or completed a caution."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from onward.contracts.codes import ClosureReason, ReferralStatus, RuleClosureReason
from onward.contracts.decision import Decision, Suppressed
from onward.tracking.domain.changes import ReferralClosed
from onward.tracking.domain.ledger import happened, keys_of
from onward.tracking.domain.lifecycle import OPEN, WITH_PROVIDER, move
from onward.tracking.domain.model import Referral


@dataclass(frozen=True, slots=True)
class _Effect:
    """What a closure reason does to the referrals that it closes."""

    status: ReferralStatus
    whatever_came_later: bool
    """Whether referrals of later events, and those made for no release, end too."""


def _effect(reason: RuleClosureReason) -> _Effect:
    match reason:
        case "death":
            return _Effect("CLOSED_DECEASED", whatever_came_later=True)
        case "removal_from_uk" | "return_to_prison":
            return _Effect("WITHDRAWN", whatever_came_later=False)
        case "completion":
            return _Effect("COMPLETED", whatever_came_later=False)
        case _:
            assert_never(reason)


@dataclass(frozen=True, slots=True)
class _Ending:
    """A suppression that closes referrals, and how."""

    suppressed: Suppressed
    reason: ClosureReason
    effect: _Effect


def close(decision: Decision, referrals: Iterable[Referral], *, now: datetime) -> tuple[ReferralClosed, ...]:
    """
    End the open referrals that the decision's suppressions close, and those whose consent was taken back.

    A death ends all; otherwise only those that came of an earlier or the same event. When several suppressions close
    one referral, a death wins, then the first.
    """
    endings = _endings(decision)
    return tuple(
        change for referral in referrals if (change := _closed(referral, endings, decision, now=now)) is not None
    )


def _closed(
    referral: Referral, endings: Iterable[_Ending], decision: Decision, *, now: datetime
) -> ReferralClosed | None:
    if referral.person not in keys_of(decision) or referral.status not in OPEN:
        return None
    if referral.made_at > now:
        # Handled again, or late: whoever decided on the referral knew what this decision says, and more.
        return None
    ending = next((ending for ending in endings if _ends(ending, referral, decision)), None)
    if ending is not None:
        return _ended(referral, ending.effect.status, ending.suppressed.reason, ending.reason, now=now)
    if _is_later(decision, referral) and any(decision.facts.get(consent) is False for consent in referral.consents):
        return _ended(referral, "CONSENT_WITHDRAWN", "consent taken back", "consent_withdrawn", now=now)
    return None


def _ended(
    referral: Referral, status: ReferralStatus, reason: str, closure_reason: ClosureReason, *, now: datetime
) -> ReferralClosed:
    ended = move(referral, status, by="routing", now=now)
    return ReferralClosed(
        referral=replace(ended, withdrawal="due") if referral.status in WITH_PROVIDER else ended,
        at=now,
        was=referral.status,
        reason=reason,
        closure_reason=closure_reason,
    )


def _endings(decision: Decision) -> list[_Ending]:
    """What the decision ends, in the order in which it counts: a death before anything else."""
    endings = [
        _Ending(suppressed, suppressed.closure_reason, _effect(suppressed.closure_reason))
        for suppressed in decision.suppressed
        if suppressed.closure_reason is not None
    ]
    return sorted(endings, key=lambda ending: not ending.effect.whatever_came_later)


def _ends(ending: _Ending, referral: Referral, decision: Decision) -> bool:
    if ending.effect.whatever_came_later:
        return True
    if not _is_later(decision, referral):
        return False
    match ending.suppressed.closes:
        case "all":
            return True
        case "release":
            return referral.release
        case "caution":
            # Of that caution alone: a person may have two.
            return referral.category == "OUT_OF_COURT" and referral.episode == decision.episode is not None
        case "none":
            return False
        case _:
            assert_never(ending.suppressed.closes)


def _is_later(decision: Decision, referral: Referral) -> bool:
    """Whether it is of no earlier event: a return to prison on Monday says nothing of Wednesday's release."""
    return referral.occurred_at <= happened(decision)
