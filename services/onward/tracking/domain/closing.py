"""Ending a person's referrals: they have died, have gone back to prison, or must not be referred at all."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from onward.contracts.base import Message
from onward.contracts.codes import ClosureReason, ReferralStatus
from onward.contracts.decision import Decision, Suppressed
from onward.contracts.outcome import Outgoing
from onward.contracts.referral import Escalation
from onward.tracking.domain import escalations
from onward.tracking.domain.lifecycle import OPEN, WITH_PROVIDER, move
from onward.tracking.domain.model import Referral, keys_of


@dataclass(frozen=True, slots=True)
class Closed:
    """The referrals that ended, and what that tells whom."""

    referrals: tuple[Referral, ...] = ()
    messages: tuple[Outgoing[Message], ...] = ()
    escalations: tuple[Outgoing[Escalation], ...] = ()


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


def _endings(decision: Decision) -> list[_Ending]:
    """What the decision ends, in the order in which it counts: a death before anything else."""
    endings = [
        _Ending(suppressed, suppressed.closure_reason, _effect(suppressed.closure_reason))
        for suppressed in decision.suppressed
        if suppressed.closure_reason is not None
    ]
    return sorted(endings, key=lambda ending: not ending.effect.whatever_came_later)


def _ends(ending: _Ending, referral: Referral, decision: Decision) -> bool:
    if referral.person not in keys_of(decision) or referral.status not in OPEN:
        return False
    if ending.effect.whatever_came_later:
        return True
    # A return to prison on Monday that is reported on Friday says nothing of Wednesday's release.
    if referral.occurred_at > min(decision.occurred_at, decision.received_at):
        return False
    return ending.suppressed.closes == "all" or referral.release


def tell_provider(referral: Referral, reason: str, *, now: datetime, kind: str) -> Outgoing[Escalation]:
    """Ask a person on duty to tell the provider: there is no withdrawal message for providers in this version."""
    return escalations.about(
        referral,
        kind=kind,
        # A provider that writes to, or calls, a dead person's family does harm today, not next week.
        urgency="within_4_hours" if referral.status == "CLOSED_DECEASED" else "next_working_day",
        why=f"The provider has referral {referral.reference}, which has ended ({reason}): tell the provider",
        at=now,
    )


def close(decision: Decision, referrals: Iterable[Referral], *, now: datetime) -> Closed:
    """
    End the open referrals that the decision's suppressions close.

    A death ends all; otherwise only those that came of an earlier or the same event. When several suppressions close
    one referral, a death wins, then the first.
    """
    endings = _endings(decision)
    changed: list[Referral] = []
    messages: list[Outgoing[Message]] = []
    raised: list[Outgoing[Escalation]] = []
    for referral in referrals:
        ending = next((ending for ending in endings if _ends(ending, referral, decision)), None)
        if ending is None:
            continue
        words = ending.suppressed.reason
        moved, told = move(referral, ending.effect.status, now=now, reason=words, closure_reason=ending.reason)
        changed.append(moved)
        messages.extend(told)
        if referral.status in WITH_PROVIDER:
            raised.append(tell_provider(moved, words, now=now, kind="withdraw-at-provider"))
    return Closed(tuple(changed), tuple(messages), tuple(raised))
