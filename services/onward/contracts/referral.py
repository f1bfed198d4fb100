"""A referral on its way: what `tracking` hands to `dispatch`, what a provider receives, what each says back."""

import re
from collections.abc import Mapping
from datetime import UTC
from typing import Annotated, Any, Final, Literal, get_args
from uuid import UUID

from pydantic import AliasChoices, AliasGenerator, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from onward.contracts.base import Message, Moment, StaffName
from onward.contracts.codes import (
    AnswerReason,
    Category,
    ClosureReason,
    DischargeReason,
    NoticeUrgency,
    ProviderStatus,
    ReferralOutcome,
    ReferralStatus,
    RejectionReason,
    Urgency,
)
from onward.contracts.contact import FactMap
from onward.contracts.decision import LegalBasis, RuleVersion
from onward.contracts.ids import derived_id
from onward.contracts.placeholders import names_nothing
from onward.contracts.plans import CarePlan, ProviderPlan


class Delivery(Message):
    """A referral that is ready to go to one provider, with everything a profile might let that provider see."""

    referral_id: UUID
    reference: str
    """Short reference for people to say on the phone, such as `QX4829AC`."""
    person: str
    provider: str
    category: Category
    urgency: Urgency
    rule: str
    reason: str
    advice: str = ""
    legal_basis: LegalBasis
    made_at: Moment
    respond_by: Moment
    release: bool = False
    """Whether it is a release referral, as its proposal says."""
    approved_by: str | None = None
    warning: str = ""
    """What goes with the approval."""
    plan: CarePlan | None = None
    """The plan that it belongs to."""
    earlier: UUID | None = None
    """The referral for the same need that this provider had before, and that helps nobody any more."""
    directory: RuleVersion | None = None
    """The directory that the decision was made with; absent in deliveries from before they named it."""
    release_number: int = Field(default=0, ge=0)
    """The decision's: whoever delivers waits until it has read that release, and the directory."""
    facts: FactMap = Field(default_factory=dict)
    sealed: str = ""
    sealed_for: str = ""
    """Under which person's key the identity is sealed, where that is not `person`: their records were merged since."""
    known_at: Moment | None = None
    """As of when it is known so; absent where that is as of the event that led to it."""


class ProviderReferral(Message):
    """What a provider receives on `referrals.<provider>`: nothing that its disclosure profile does not name."""

    referral_id: UUID
    reference: str
    person: str
    """This provider's own pseudonym of the person: two providers cannot join their lists."""
    category: Category
    urgency: Urgency
    legal_basis: LegalBasis
    made_at: Moment
    respond_by: Moment
    approved_by: str | None = None
    """Who approved it, where the profile lets the provider know that somebody had to."""
    warning: str = ""
    """What to do before the person is met; as for `approved_by`."""
    plan: ProviderPlan | None = None
    """The plan that it belongs to, where the provider may know of anything in it."""
    earlier: UUID | None = None
    """The referral for the same need that this provider was sent before, and that ended or came to nothing."""
    advice: str = ""
    disclosed: dict[str, Any]
    """The disclosed fields by name."""


WithdrawalReason = Literal["CONSENT_WITHDRAWN", "COMPLETED", "WITHDRAWN", "ENTERED_IN_ERROR"]
"""
Why a provider is told to stop, as far as it may know.

A death, a removal and a return to prison are all WITHDRAWN: what happened to the person is not the provider's to know.
ENTERED_IN_ERROR: what it said is not this person's, or not all of it, and is not to be relied on.
"""


class Withdrawal(Message):
    """A referral that a provider has and that has ended, from `tracking` to `dispatch`; on `withdrawals`."""

    referral_id: UUID
    reference: str
    person: str
    """As in the referral's delivery."""
    provider: str
    reason: WithdrawalReason
    at: Moment


class ProviderWithdrawal(Message):
    """
    What a provider receives on `referrals.<provider>`, behind the referral: stop, and contact the person no more.

    It answers with WITHDRAWAL_ACKNOWLEDGED on its replies.
    """

    referral_id: UUID
    reference: str
    person: str
    """This provider's own pseudonym of the person, as in the referral."""
    reason: WithdrawalReason
    at: Moment


class Receipt(Message):
    """What became of a delivery or a withdrawal, from `dispatch` to `tracking`."""

    referral_id: UUID
    of: Literal["referral", "withdrawal"] = "referral"
    """What was to be sent."""
    person: str
    provider: str
    outcome: Literal["sent", "refused"]
    reason: str = ""
    disclosed: tuple[str, ...] = ()


def _word(value: object) -> object:
    """A code in any case and with anything between its words: `noCapacity` and `no capacity` are `NO_CAPACITY`."""
    if not isinstance(value, str):
        return value
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", value)
    return re.sub(r"[^A-Za-z0-9]+", "_", apart).strip("_").upper()


def _text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


_SAYS_WHY: dict[str, Any] = {
    "allOf": [
        {
            "if": {"properties": {"status": {"const": status}}},
            "then": {"required": ["reason"], "properties": {"reason": {"enum": list(get_args(reasons))}}},
        }
        for status, reasons in (("REJECTED", RejectionReason), ("DISCHARGED", DischargeReason))
    ]
}

_OTHER_WORDS: Final[Mapping[str, str]] = {
    "BOOKED": "ASSESSMENT_BOOKED",
    "APPOINTMENT_BOOKED": "ASSESSMENT_BOOKED",
    "DNA": "DID_NOT_ATTEND",
    "NO_SHOW": "DID_NOT_ATTEND",
    "STARTED": "IN_SERVICE",
    "DISCHARGE": "DISCHARGED",
    "COMPLETE": "COMPLETED",
    "UNABLE_TO_CONTACT": "UNREACHABLE",
    "CANCELLATION_ACKNOWLEDGED": "WITHDRAWAL_ACKNOWLEDGED",
}
"""Words that providers' systems have for a status."""


def _status(value: object) -> object:
    word = _word(value)
    return _OTHER_WORDS.get(word, word) if isinstance(word, str) else word


ReplyStatus = Literal[ProviderStatus, "WITHDRAWAL_ACKNOWLEDGED"]
"""How a referral stands with its provider, or that the provider has stopped as it was told."""


class Reply(Message):
    """
    A provider's answer to a referral, on `replies.<provider>`.

    Read as tolerantly as partners' events: field names in camelCase too, codes in any case, an id that is a number.
    """

    model_config = ConfigDict(
        alias_generator=AliasGenerator(validation_alias=lambda name: AliasChoices(name, to_camel(name))),
        json_schema_extra=_SAYS_WHY,
    )

    reply_id: Annotated[str, BeforeValidator(_text)] = Field(min_length=1, max_length=200)
    referral_id: UUID
    status: Annotated[ReplyStatus, BeforeValidator(_status)]
    reason: Annotated[AnswerReason | None, BeforeValidator(_word)] = None
    """Required with REJECTED and with DISCHARGED, each with its own list."""
    outcomes: tuple[Annotated[ReferralOutcome, BeforeValidator(_word)], ...] = ()
    """What has changed for the person; with any status."""
    asks_for: tuple[str, ...] = ()
    """With INFO_REQUESTED, the facts the provider needs."""
    replied_at: Moment

    @property
    def name(self) -> str:
        """What a repeat gives again: the provider's own id, or where that is a placeholder, what was answered."""
        if not names_nothing(self.reply_id):
            return self.reply_id
        at = self.replied_at.astimezone(UTC).isoformat()
        said = (self.status, self.reason or "", *self.asks_for, *self.outcomes, at)
        return str(derived_id("reply", str(self.referral_id), *said))


class Approval(Message):
    """A named person's yes or no to a referral that may not be sent without one."""

    referral_id: UUID
    approved: bool
    by: StaffName
    """The staff member's user name."""
    role: StaffName
    at: Moment


class StatusUpdate(Message):
    """Where a referral stands, told to a partner that raised the person; on `status.<source>`."""

    referral_id: UUID
    contact_id: UUID
    """The contact that the partner raised the person by, under an id for this partner alone; no answer names it."""
    reference: str
    """The partner's own reference."""
    category: Category
    status: ReferralStatus
    reason: str = ""
    """For people to read; programs go by `status` and `closure_reason`."""
    closure_reason: ClosureReason | None = None
    """Why it was closed, where what happened to the person closed it."""
    at: Moment


class QuestionedFact(Message):
    """One fact a partner is asked for."""

    path: str
    why: str
    allowed: str
    """The values it may have, in words."""
    decides: str = ""
    """What hangs on the answer, in the same words whoever it is about."""


class Question(Message):
    """What one partner is asked about one contact, on `questions.<source>`; answered by facts."""

    question_id: UUID
    contact_id: UUID
    """The contact it is about, under an id for this partner alone: its answer gives it back as `inReplyTo`."""
    reference: str
    """The partner's own reference; an answer gives this one or none."""
    facts: tuple[QuestionedFact, ...]
    answer_by: Moment
    asked_at: Moment


class ReferralEvent(Message):
    """One step of a referral's life, for insight and audit; on `referral-events`."""

    referral_id: UUID
    person: str
    category: Category
    provider: str
    rule: str
    was: ReferralStatus | None
    now: ReferralStatus
    reason: str = ""
    """For people to read; programs go by `now` and `closure_reason`."""
    closure_reason: ClosureReason | None = None
    """Why it was closed, where what happened to the person closed it."""
    outcomes: tuple[ReferralOutcome, ...] = ()
    """What has changed for the person, as the provider says with this step."""
    at: Moment


class Escalation(Message):
    """
    Something a person on duty must see; on `escalations`.

    It opens a case, or brings news to one that is open: then it has the case's id and a higher `revision`.
    """

    escalation_id: UUID
    """Of the case."""
    revision: int = Field(default=0, ge=0)
    """0: somebody is called. More: there is news for whoever has the case."""
    person: str
    contact_id: UUID
    kind: str
    to: str
    urgency: NoticeUrgency
    rule: str
    why: str
    area: str | None = None
    """Where the role is on duty for it: of the event, else the person's; a local authority's code."""
    subject: str = ""
    """What tells it apart from others of its kind: a category, facts."""
    referral_id: UUID | None = None
    raised_at: Moment
