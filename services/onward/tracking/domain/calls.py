"""What people on duty are called for, in words that name no person and disclose nothing of a provider's answer."""

from typing import Final
from uuid import UUID

from onward.contracts.codes import NoticeUrgency, Urgency
from onward.contracts.facts import ASKABLE_ONLY, FACTS
from onward.contracts.ids import derived_id
from onward.contracts.notice_kinds import OWN_KINDS
from onward.contracts.referral import Escalation
from onward.tracking.domain.changes import (
    AnswerContradicted,
    AppointmentMissed,
    ApprovalLapsed,
    ApprovalRequested,
    CareEnded,
    DecisionChange,
    DeliveryFailed,
    FactsUnanswerable,
    InformationRequested,
    InformationRequestedAgain,
    NeedDisputed,
    NeedUnmet,
    NoticeGiven,
    PersonDied,
    PersonUnreachable,
    ReferralChange,
    ReferralEnteredInError,
    ReferralRefreshed,
    ReferralRejected,
    ReferralWaiting,
    WithdrawalFailed,
)

DUTY: Final = "duty-practitioner"
"""Who sees to what has no role of its own."""

KINDS: Final = OWN_KINDS
"""The kinds of call that are tracking's own; any other is of a rule's notice."""

_TODAY: Final = frozenset[Urgency](("immediate", "within_4_hours", "within_24_hours"))
"""What does not wait for the next working day."""

_NEED_IS_LEFT: Final = frozenset({"DROPPED_OUT", "WITHDRAWN_BY_PROVIDER"})
"""Discharge reasons after which nobody helps any more with what is still there."""


def approval_needed(change: ApprovalRequested) -> Escalation:
    """A referral waits for a named role."""
    referral = change.referral
    why = f"Referral {referral.reference} needs a yes or no: {change.why}"
    return _escalation(change, "approval-needed", why, to=referral.approval or DUTY, urgency=referral.urgency)


def approval_lapsed(change: ApprovalLapsed) -> Escalation:
    """The yes came too late."""
    why = (
        f"Referral {change.referral.reference} was approved when what it rests on had been said too long ago, so it "
        "was not sent: ask the person anew"
    )
    return _escalation(change, "approval-lapsed", why, subject=change.referral.category)


def basis_said_otherwise(change: ReferralRefreshed) -> Escalation | None:
    """Whoever approves knows that something is not as it was."""
    if not change.said_otherwise:
        return None
    referral, named = change.referral, ", ".join(change.said_otherwise)
    why = f"What referral {referral.reference} rests on is said otherwise by now ({named}): look before you say yes"
    return _escalation(
        change, "approval-needed", why, to=referral.approval or DUTY, urgency=referral.urgency, apart=named, subject=""
    )


def withdraw(change: WithdrawalFailed) -> Escalation:
    """The provider could not be told to stop."""
    referral = change.referral
    why = (
        f"The provider has referral {referral.reference}, which has ended ({referral.status}), and could not be told "
        f"({change.reason}): tell it"
    )
    # A provider that writes to, or calls, a dead person's family does harm today, not next week.
    urgency: Urgency = "within_4_hours" if referral.status == "CLOSED_DECEASED" else "next_working_day"
    return _escalation(change, "withdraw-at-provider", why, urgency=urgency)


def missed(change: AppointmentMissed) -> Escalation:
    """The person did not come."""
    why = f"The person did not come to what referral {change.referral.reference} offered: find out why, and try again"
    # Each one is a call: the next may be missed after another was booked, and after the case of the last was closed.
    apart = change.referral.last_reply or ""
    return _escalation(change, "did-not-attend", why, apart=apart, subject=change.referral.category)


def unreachable(change: PersonUnreachable) -> Escalation:
    """The provider gave up."""
    why = f"The provider could not reach the person of referral {change.referral.reference}: find another way"
    return _escalation(change, "unreachable", why, subject=change.referral.category)


def entered_in_error(change: ReferralEnteredInError) -> Escalation:
    """The referral was for nobody, or somebody else."""
    why = f"The provider says that referral {change.referral.reference} was made in error: look for whom it was meant"
    return _escalation(change, "entered-in-error", why, subject=change.referral.category)


def death_told(change: CareEnded | PersonDied) -> Escalation:
    """A provider says that the person has died, and perhaps nobody else has."""
    why = f"The provider of referral {change.referral.reference} says that the person has died: check it, and record it"
    return _escalation(change, "death-told-by-provider", why, urgency="immediate")


def care_ended(change: CareEnded) -> Escalation | None:
    """Somebody looks where the help has ended and the need has not; a death that only a provider tells, at once."""
    reference = change.referral.reference
    if change.reason == "DIED":
        return death_told(change)
    if change.reason not in _NEED_IS_LEFT:
        return None
    why = f"The provider has discharged the person of referral {reference} ({change.reason}): the need may be there yet"
    return _escalation(change, "discharged", why, subject=change.referral.category)


def delivery_failed(change: DeliveryFailed) -> Escalation:
    """The provider was not reached."""
    why = f"Referral {change.referral.reference} could not be delivered ({change.reason or 'no reason given'})"
    return _escalation(change, "delivery-failed", why, urgency=change.referral.urgency)


def rejected(change: ReferralRejected) -> Escalation:
    """The provider does not help."""
    reference = change.referral.reference
    why = f"The provider rejected referral {reference} ({change.reason}): somebody else must be found"
    return _escalation(change, "rejected", why, subject=change.referral.category)


def information_requested(change: InformationRequested | InformationRequestedAgain) -> Escalation:
    """The provider asks for more."""
    # Only words of our own vocabulary are passed on: a provider's free text could hold anything.
    ours = [path for path in dict.fromkeys(change.asks_for) if path in FACTS or path in ASKABLE_ONLY]
    others = len(set(change.asks_for)) - len(ours)
    wanted = [*ours, *([f"{others} other"] if others else [])]
    why = f"The provider of referral {change.referral.reference} asks for: {', '.join(wanted) or 'more information'}"
    return _escalation(change, "information-requested", why, apart=change.reply_id, subject=", ".join(wanted))


def answer_contradicted(change: AnswerContradicted) -> Escalation:
    """The provider says two things."""
    referral = change.referral
    why = f"Referral {referral.reference} is {referral.status} and the provider now says {change.answer}: ask it"
    return _escalation(change, "answer-contradicted", why, apart=change.reply_id, subject=change.answer)


def nobody_can_answer(change: FactsUnanswerable) -> Escalation:
    """Facts are missing, and nobody is there to say them."""
    why = f"Missing, and no partner is there to say it: {', '.join(change.paths)}"
    return _escalation(change, "nobody-can-answer", why, apart=",".join(sorted(change.paths)), within=change.episode)


def notice(change: NoticeGiven) -> Escalation:
    """What a rule tells somebody."""
    notice = change.notice
    return _escalation(change, notice.kind, notice.why, to=notice.to, urgency=notice.urgency)


def unmet_need(change: NeedUnmet) -> Escalation:
    """No provider can take a need: whoever sees to it has no longer than the provider would have had."""
    need = change.unmet
    urgency = need.urgency if need.urgency in _TODAY else "next_working_day"
    why = f"No provider can take the need {need.category}: {len(need.destinations)} considered"
    return _escalation(change, "unmet-need", why, urgency=urgency, apart=need.category)


def waiting_referral(change: ReferralWaiting) -> Escalation:
    """A referral waits for another."""
    waits = change.waiting
    why = f"Not referred yet{f' for {waits.category}' if waits.category else ''}, first this: {waits.why}"
    return _escalation(change, "waiting-referral", why, apart=waits.category or "")


def disputed_need(change: NeedDisputed) -> Escalation:
    """Partners differ."""
    named = ", ".join(change.paths)
    why = f"Another partner found what this one says there is no need for ({named}): it stands until both were asked"
    return _escalation(change, "need-disputed", why, apart=",".join(change.paths))


def _escalation(
    change: ReferralChange | DecisionChange,
    kind: str,
    why: str,
    *,
    to: str = DUTY,
    urgency: NoticeUrgency = "next_working_day",
    apart: str = "",
    subject: str | None = None,
    within: UUID | None = None,
) -> Escalation:
    """A call of people on duty, once for a contact or *within* an episode; *apart* tells two of one kind apart.

    *subject* is what it is about, where that is not what tells two apart: a provider's own id is never told to anybody.
    """
    referral = change.referral if isinstance(change, ReferralChange) else None
    about = change if isinstance(change, DecisionChange) else change.referral
    cause = (
        str(within or about.contact_id),
        kind,
        to,
        about.rule,
        str(referral.referral_id) if referral else "",
        apart,
    )
    return Escalation(
        escalation_id=derived_id("escalation", *cause),
        person=about.person,
        contact_id=about.contact_id,
        kind=kind,
        to=to,
        urgency=urgency,
        rule=about.rule,
        why=why,
        area=referral.area if referral else None,
        subject=apart if subject is None else subject,
        referral_id=referral.referral_id if referral else None,
        raised_at=change.at,
    )
