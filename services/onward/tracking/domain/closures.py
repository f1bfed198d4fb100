"""Ending a person's referrals: they have died, have gone back to prison, or must not be referred at all."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from onward.contracts.codes import ClosureReason, ReferralStatus
from onward.contracts.decision import Decision, Suppressed
from onward.tracking.domain.changes import ReferralClosed
from onward.tracking.domain.ledger import keys_of
from onward.tracking.domain.lifecycle import OPEN, move
from onward.tracking.domain.model import Referral


@dataclass(frozen=True, slots=True)
class _Effect:
    """What a closure reason does to the referrals that it closes."""

    status: ReferralStatus
    whatever_came_later: bool
    """Whether referrals of later events, and those made for no release, end too."""


def _effect(reason: ClosureReason) -> _Effect:
    match reason:
        case "death":
            return _Effect("CLOSED_DECEASED", whatever_came_later=True)
        case "removal_from_uk" | "return_to_prison":
            return _Effect("WITHDRAWN", whatever_came_later=False)
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
    End the open referrals that the decision's suppressions close.

    A death ends all; otherwise only those that came of an earlier or the same event. When several suppressions close
    one referral, a death wins, then the first.
    """
    endings = _endings(decision)
    ending_of = ((referral, _first_that_ends(referral, endings, decision)) for referral in referrals)
    return tuple(
        ReferralClosed(
            referral=move(referral, ending.effect.status, now=now),
            at=now,
            was=referral.status,
            reason=ending.suppressed.reason,
            closure_reason=ending.reason,
        )
        for referral, ending in ending_of
        if ending is not None
    )


def _endings(decision: Decision) -> list[_Ending]:
    """What the decision ends, in the order in which it counts: a death before anything else."""
    endings = [
        _Ending(suppressed, suppressed.closure_reason, _effect(suppressed.closure_reason))
        for suppressed in decision.suppressed
        if suppressed.closure_reason is not None
    ]
    return sorted(endings, key=lambda ending: not ending.effect.whatever_came_later)


def _first_that_ends(referral: Referral, endings: Iterable[_Ending], decision: Decision) -> _Ending | None:
    return next((ending for ending in endings if _ends(ending, referral, decision)), None)


def _ends(ending: _Ending, referral: Referral, decision: Decision) -> bool:
    if referral.person not in keys_of(decision) or referral.status not in OPEN:
        return False
    if ending.effect.whatever_came_later:
        return True
    # A return to prison on Monday that is reported on Friday says nothing of Wednesday's release.
    if referral.occurred_at > min(decision.occurred_at, decision.received_at):
        return False
    return ending.suppressed.closes == "all" or referral.release
