"""
What records change: plain values, from which the rows of the ledger and every message follow.

A decision, a reply, a receipt or an approval becomes some of these, and nothing else. `ledger.py` says what each does
to the ledger, `notifications.py` who is told of it; both match all of them, so that a new one does not type-check until
it has an answer there.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias, get_args
from uuid import UUID

from onward.contracts.codes import ClosureReason, ReferralOutcome, ReferralStatus
from onward.contracts.decision import Notice, Unmet, Waiting
from onward.contracts.referral import Delivery
from onward.tracking.domain.model import OpenQuestion, RaisedBy, Referral


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralChange:
    """Something about one referral, which the ledger keeps as the change has it."""

    referral: Referral
    """As it stands from now on."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChange(ReferralChange):
    """A referral has come to another status."""

    was: ReferralStatus | None
    """The status before; None for a referral that is new."""
    reason: str = ""
    """For people to read."""
    closure_reason: ClosureReason | None = None
    outcomes: tuple[ReferralOutcome, ...] = ()
    """What has changed for the person, as the provider says with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralOpened(StatusChange):
    """A referral that needs nobody's approval was made, and is delivered at once."""

    delivery: Delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRequested(StatusChange):
    """A referral was made that waits for a named role's yes; it holds its delivery until then."""

    why: str
    """Why its rule proposes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalGiven(StatusChange):
    """A named person said yes."""

    delivery: Delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalDeclined(StatusChange):
    """A named person said no."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalLapsed(StatusChange):
    """A named person said yes when what the referral rests on had been said too long ago: nothing is sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralClosed(StatusChange):
    """A referral ended, because of what happened to the person or what they said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralExpired(StatusChange):
    """Nothing was heard of a referral for so long that another was made for the need."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverySent(StatusChange):
    """The provider's channel has the referral."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryFailed(StatusChange):
    """The referral could not be delivered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralReceived(StatusChange):
    """The provider has seen it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralAccepted(StatusChange):
    """The provider will help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralRejected(StatusChange):
    """The provider will not help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CareProgressed(StatusChange):
    """The provider helps: an assessment is booked or was attended, the help has begun, or rests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CareContinued(StatusChange):
    """The provider says again how far it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentMissed(StatusChange):
    """The person did not come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CareEnded(StatusChange):
    """The provider's help has ended: completed, discharged with a reason, or not wanted any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonUnreachable(StatusChange):
    """The provider could not reach the person, and has given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralEnteredInError(StatusChange):
    """The provider says that the referral should never have been made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationRequested(StatusChange):
    """The provider needs to know more before it answers."""

    reply_id: str
    asks_for: tuple[str, ...]
    """As the provider wrote it: what is no path of a fact is not passed on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationRequestedAgain(ReferralChange):
    """The provider, which needed to know more already, asks for something else."""

    reply_id: str
    asks_for: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerContradicted(ReferralChange):
    """The provider ended a referral in one way and now says another thing. The end stands until a person has asked."""

    reply_id: str
    answer: ReferralStatus
    """What it says now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDied(ReferralChange):
    """The provider of a referral that had ended says that the person has died."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptRecorded(ReferralChange):
    """A receipt came after the referral had moved on, and moves nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveredAfterClosure(ReferralChange):
    """The provider got a referral that had ended while it was on its way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalSent(ReferralChange):
    """The provider's channel has the withdrawal of a referral that ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalFailed(ReferralChange):
    """The withdrawal of a referral that ended could not be sent."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalAcknowledged(ReferralChange):
    """The provider has stopped, as it was told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnersLinked(ReferralChange):
    """Further partners raised the person for a need that the referral meets already."""

    partners: tuple[RaisedBy, ...]
    """Those that were not told of it before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanJoined(ReferralChange):
    """A referral that helps already belongs to the plan of what is made now beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralRefreshed(ReferralChange):
    """What is kept of the person with a referral is what is known by now, in what waits for an approval too."""

    said_otherwise: tuple[str, ...] = ()
    """Of what a referral that waits for an approval rests on, the facts that are something else by now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralParted(ReferralChange):
    """Two people were taken for one: the referral is kept with whom it is about, and names nobody who knows another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAsked:
    """A partner is asked for facts."""

    question: OpenQuestion
    reference: str
    """How the partner refers to the person, sealed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSettled:
    """Some or all facts of a question need not be answered any more: known, of no use, or past their time."""

    question: OpenQuestion


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionChange:
    """Something that a decision says and that belongs to none of our referrals."""

    person: str
    contact_id: UUID
    rule: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FactsUnanswerable(DecisionChange):
    """Facts are missing for a need that was found, and no partner is asked for them, or none has said them in time."""

    paths: tuple[str, ...]
    """Missed by `rule` first, and perhaps by others."""
    episode: UUID
    """People on duty are called once in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeGiven(DecisionChange):
    """A rule tells somebody something."""

    notice: Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedUnmet(DecisionChange):
    """No provider can take a need."""

    unmet: Unmet


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralWaiting(DecisionChange):
    """A referral is not made yet, because another must exist first."""

    waiting: Waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedDisputed(DecisionChange):
    """A partner says that there is no need where another found one: the finding stands, and somebody looks."""

    paths: tuple[str, ...]
    """The needs, as facts."""


Change: TypeAlias = (
    ReferralOpened
    | ApprovalRequested
    | ApprovalGiven
    | ApprovalDeclined
    | ApprovalLapsed
    | ReferralClosed
    | ReferralExpired
    | DeliverySent
    | DeliveryFailed
    | ReferralReceived
    | ReferralAccepted
    | ReferralRejected
    | CareProgressed
    | CareContinued
    | AppointmentMissed
    | CareEnded
    | PersonUnreachable
    | ReferralEnteredInError
    | InformationRequested
    | InformationRequestedAgain
    | AnswerContradicted
    | PersonDied
    | ReceiptRecorded
    | DeliveredAfterClosure
    | WithdrawalSent
    | WithdrawalFailed
    | WithdrawalAcknowledged
    | PartnersLinked
    | PlanJoined
    | ReferralRefreshed
    | ReferralParted
    | QuestionAsked
    | QuestionSettled
    | FactsUnanswerable
    | NoticeGiven
    | NeedUnmet
    | ReferralWaiting
    | NeedDisputed
)
"""All that a record can change."""

OnlyCalls: TypeAlias = AnswerContradicted | FactsUnanswerable | NoticeGiven | NeedUnmet | ReferralWaiting | NeedDisputed
"""Those that change nothing but that people on duty are called: no change at all, where they were called before."""

Dropped: TypeAlias = Literal["repeat", "already_open"]
"""Why a proposal opens nothing: its referral is known, or another helps with the need."""

Result: TypeAlias = Literal[
    "opened", "closed", "asked", "escalated", "linked", "changed", "late_receipt", "contradicted"
]
"""What a record that changes something is counted as."""

RESULTS: Final[tuple[Result, ...]] = get_args(Result)
"""All of them; a record that changes several things is counted as the first."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What one record changes."""

    changes: tuple[Change, ...]
    if_nothing: Literal["already_open", "repeat", "nothing_to_do"] = "repeat"
    """What the record is ignored as, where nothing changes or all there is to say was said before."""
    dropped: tuple[Dropped, ...] = ()
    """Why each proposal of a decision that opened nothing was dropped."""
