"""
Ending a person's referrals, by what happened to them or what they said.

They have died or gone back to prison, took back a consent, or completed a caution; or the referral was made on somebody
else's word, or rests on what is not so any more.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never
from uuid import UUID

from onward.contracts.codes import ClosureReason, ReferralStatus, RuleClosureReason
from onward.contracts.decision import Decision, Suppressed
from onward.tracking.domain.changes import ReferralClosed
from onward.tracking.domain.knowing import denied
from onward.tracking.domain.lifecycle import OPEN, WITH_PROVIDER, move
from onward.tracking.domain.model import Referral
from onward.tracking.domain.parting import is_on_others_word
from onward.tracking.domain.subject import happened, keys_of


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


def close(
    decision: Decision, referrals: Iterable[Referral], before: Mapping[UUID, Referral], *, now: datetime
) -> tuple[ReferralClosed, ...]:
    """
    End the open referrals that the decision's suppressions close, and those whose consent was taken back.

    A death ends all; otherwise only those that came of an earlier or the same event. When several suppressions close
    one referral, a death wins, then the first. What went out on somebody else's word ends, and so does what waits for
    an approval and rests on what is known not to be so by now.

    Args:
        decision: What routing decided.
        referrals: The person's, with what is known of the person by now.
        before: The same as they were before, by id.
        now: When the decision arrived.
    """
    endings = _endings(decision)
    return tuple(
        change
        for referral in referrals
        if (change := _closed(referral, before[referral.referral_id], endings, decision, now=now)) is not None
    )


def _closed(
    referral: Referral, before: Referral, endings: Iterable[_Ending], decision: Decision, *, now: datetime
) -> ReferralClosed | None:
    if referral.person not in keys_of(decision) or referral.status not in OPEN:
        return None
    if referral.made_at > now:
        # Handled again, or late: whoever decided on the referral knew what this decision says, and more.
        return None
    ending = next((ending for ending in endings if _ends(ending, referral, decision)), None)
    how: tuple[ReferralStatus, str, ClosureReason] | None = None
    if ending is not None:
        how = ending.effect.status, ending.suppressed.reason, ending.reason
    elif is_on_others_word(before, decision):
        how = "ENTERED_IN_ERROR", "it rests on what was said of somebody else", "merge_undone"
    elif _is_later(decision, referral) and any(decision.facts.get(each) is False for each in _consents(referral)):
        how = "CONSENT_WITHDRAWN", "consent taken back", "consent_withdrawn"
    elif before.held and referral.held and denied(referral, before.held.facts, referral.held.facts):
        how = "WITHDRAWN", "what it rests on is not so any more", "basis_lapsed"
    return None if how is None else _ended(referral, *how, by=decision, now=now)


def _consents(referral: Referral) -> tuple[str, ...]:
    """The consents that it stands on; where nobody knows which, that to help with its need: the safe error."""
    return (f"consent.{referral.category.lower()}",) if referral.consents is None else referral.consents


def _ended(
    referral: Referral,
    status: ReferralStatus,
    reason: str,
    closure_reason: ClosureReason,
    *,
    by: Decision,
    now: datetime,
) -> ReferralClosed:
    ended = replace(move(referral, status, by="routing", now=now), ended_by=by.contact_id)
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
