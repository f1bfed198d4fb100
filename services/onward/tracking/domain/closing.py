"""Ending a person's referrals: they have died, have gone back to prison, or must not be referred at all."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from onward.contracts.base import Message
from onward.contracts.codes import ReferralStatus
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


def _ends(suppressed: Suppressed, referral: Referral, decision: Decision) -> bool:
    if referral.person not in keys_of(decision) or referral.status not in OPEN or suppressed.closes == "none":
        return False
    if suppressed.reason == "deceased":
        return True
    # A return to prison on Monday that is reported on Friday says nothing of Wednesday's release.
    if referral.occurred_at > min(decision.occurred_at, decision.received_at):
        return False
    return suppressed.closes == "all" or referral.release


def _status(suppressed: Suppressed) -> ReferralStatus:
    return "CLOSED_DECEASED" if suppressed.reason == "deceased" else "WITHDRAWN"


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
    order = sorted(decision.suppressed, key=lambda suppressed: suppressed.reason != "deceased")
    changed: list[Referral] = []
    messages: list[Outgoing[Message]] = []
    raised: list[Outgoing[Escalation]] = []
    for referral in referrals:
        ending = next((suppressed for suppressed in order if _ends(suppressed, referral, decision)), None)
        if ending is None:
            continue
        moved, told = move(referral, _status(ending), now=now, reason=ending.reason)
        changed.append(moved)
        messages.extend(told)
        if referral.status in WITH_PROVIDER:
            raised.append(tell_provider(moved, ending.reason, now=now, kind="withdraw-at-provider"))
    return Closed(tuple(changed), tuple(messages), tuple(raised))
