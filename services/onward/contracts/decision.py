"""A decision: what should happen for a person, on what legal basis, and why; and what should not, and why not."""

from datetime import date
from typing import Any, Literal, Self
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator

from onward.contracts.base import Message, Moment
from onward.contracts.codes import Category, LegalBasisKind, NoticeUrgency, RuleClosureReason, Service, Urgency
from onward.contracts.contact import FactMap
from onward.contracts.fact_kinds import FactValue
from onward.contracts.plans import PlanKind
from onward.contracts.situation import Parting, PastStatement


class LegalBasis(Message):
    """Why the law lets this disclosure happen. A referral without one cannot be built."""

    name: str
    """The entry of `schemas/routing/bases.yaml` it was taken from."""
    kind: LegalBasisKind
    purpose: str = Field(min_length=1)
    article_6: str = Field(min_length=1)
    """UK GDPR Article 6 condition."""
    article_9: str | None = None
    """UK GDPR Article 9 condition with its DPA 2018 schedule, where health or other special data goes."""
    article_10: str | None = None
    """Authority for criminal offence data, allegations included (DPA 2018 s. 11(2))."""
    citation: str = Field(min_length=1)
    """The statute or guidance."""


class MetCondition(Message):
    """One condition of a rule and the value that met it."""

    field: str
    expected: str
    actual: FactValue | None
    where: str
    """`file:line:column` of the condition."""


class Tried(Message):
    """A destination that was considered."""

    provider: str
    chosen: bool
    why: str


class RuleVersion(Message):
    """Which rules, or which directory, a decision was made with."""

    name: str
    version: str
    sha256: str


class ProposedReferral(Message):
    """A referral that a rule proposes."""

    referral_id: UUID
    rule: str
    why: str
    category: Category
    service: Service
    provider: str
    urgency: Urgency
    legal_basis: LegalBasis
    approval: str | None = None
    """The role whose named holder must approve before it is sent; absent means it is sent at once."""
    disclosed: tuple[str, ...]
    """The names of the fields that the provider's profile lets it see and that are known."""
    conditions: tuple[MetCondition, ...]
    destinations: tuple[Tried, ...]
    linked: tuple[str, ...] = ()
    """Rules whose referrals travel with this one, so that providers can agree a lead worker."""
    advice: str = ""
    """What the provider must know about accepting it, such as that a second need is no reason to refuse."""
    linked_advice: str = ""
    """What is said of those it is linked with: for a provider that may know of one of them."""
    release: bool = False
    """Whether its rule says that it is a release referral, so that a return to prison (`closes: release`) ends it."""
    plan: PlanKind | None = None
    """The kind of plan that it belongs to by its rule or its event; linked referrals are a plan beside."""
    leads: bool = False
    """Whether its provider leads that plan."""
    warning: str = ""
    """What goes with the approval that it waits for: told to those alone whose profile says so (`warned`)."""
    said_on: date | None = None
    """
    The last day on which what was found was said, where none of it was said in this contact; absent where some was.

    Of what protects somebody, each word is an event of its own, and what it left behind is none.
    """


class Notice(Message):
    """Something a person on duty must know or do; never a referral."""

    kind: str
    to: str
    """A role, such as `offender-manager`."""
    rule: str
    why: str
    urgency: NoticeUrgency = "next_working_day"
    leads: PlanKind | None = None
    """The kind of plan that the role leads, where the decision makes one."""
    conditions: tuple[MetCondition, ...] = ()


class NeedsInformation(Message):
    """A rule that could act if something were known."""

    rule: str
    category: Category | None
    missing: tuple[str, ...]
    """The facts to ask for, as a partner is asked for them."""


Closes = Literal["none", "release", "caution", "all"]
"""Which open referrals a suppression ends: none, those that release rules made, those to a caution's scheme, or all."""

_CLOSING_SAYS_WHY: dict[str, Any] = {
    "if": {"required": ["closes"], "properties": {"closes": {"enum": ["release", "caution", "all"]}}},
    "then": {"required": ["closure_reason"], "properties": {"closure_reason": {"type": "string"}}},
    "else": {"properties": {"closure_reason": {"type": "null"}}},
}


class Suppressed(Message):
    """A rule that would have referred and was stopped, or a class of referrals that must not happen."""

    model_config = ConfigDict(json_schema_extra=_CLOSING_SAYS_WHY)

    rule: str
    """The suppressing rule."""
    reason: str
    """The author's word for it, for people; nothing may depend on it."""
    stopped: tuple[str, ...] = ()
    """Rules that matched and were stopped by it."""
    closes: Closes = "none"
    """Which of the person's open referrals end with it."""
    closure_reason: RuleClosureReason | None = None
    """Why they end: what services act on. There if, and only if, it closes any."""
    conditions: tuple[MetCondition, ...] = ()

    @model_validator(mode="after")
    def _says_why_it_closes(self) -> Self:
        if (self.closes == "none") != (self.closure_reason is None):
            raise ValueError("what closes referrals has a closure reason, and what closes none has none")
        return self


class Covered(Message):
    """A referral that is not made: an earlier rule's is, for the same need and service, or a plan's lead meets it."""

    rule: str
    """The rule whose referral is not made."""
    category: Category
    service: Service
    by: str
    """That rule: one of those that made the decision's `referrals`, or whose referral is held (`waiting`)."""


class Unmet(Message):
    """A need that a rule found and no provider can take. Said loudly, because nobody has been helped."""

    rule: str
    category: Category
    urgency: Urgency = "next_working_day"
    """By when a provider would have had to act: whoever is called instead has no longer."""
    destinations: tuple[Tried, ...]


class Waiting(Message):
    """
    A rule that would act but for what must be there first: another referral, or a way to reach the person.

    Said loudly: nobody has been helped yet.
    """

    rule: str
    category: Category | None
    """What it would refer for; None for a rule that tells somebody something."""
    prerequisites: tuple[str, ...]
    """The names of the prerequisites that are not met; `way-to-reach-the-person` of a referral that is held for it."""
    why: str
    """What must exist first, in their words."""
    conditions: tuple[MetCondition, ...] = ()
    """All else that the rule asks: it held."""


class Decision(Message):
    """The whole answer to one situation."""

    decision_id: UUID
    situation_id: UUID
    contact_id: UUID
    revision: int
    person: str
    formerly: tuple[str, ...] = ()
    """The situation's: older keys of the same person."""
    source: str
    contact_type: str
    occurred_at: Moment
    received_at: Moment
    in_reply_to: UUID | None = None
    episode: UUID | None = None
    """The situation's: the first contact to arrive under the partner's reference."""
    references: dict[str, str] = Field(default_factory=dict)
    """The situation's: each partner that knows the person, with that partner's own reference, sealed."""
    referrals: tuple[ProposedReferral, ...] = ()
    notices: tuple[Notice, ...] = ()
    needs_information: tuple[NeedsInformation, ...] = ()
    to_ask: tuple[str, ...] = ()
    """
    The facts to ask the contact's own partner for, as far as it can be asked.

    What would be missing if nobody else had said anything: it follows from that partner's own word and from what any
    partner may know, never from what another one said in confidence.
    """
    suppressed: tuple[Suppressed, ...] = ()
    covered: tuple[Covered, ...] = ()
    unmet: tuple[Unmet, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    overlaps: tuple[tuple[str, ...], ...] = ()
    """
    Rules that matched together though their file says that at most one does (`hit_policy: unique`).

    All of them acted: the slip is the author's, and nobody may lose help by it.
    """
    rules: RuleVersion
    directory: RuleVersion
    release_number: int = Field(default=0, ge=0)
    """Of the release that published rules and directory; 0: they came with the image, and nothing was published."""
    facts: FactMap = Field(default_factory=dict)
    """The facts decided on, for the deliveries that follow from it."""
    history: dict[str, PastStatement] = Field(default_factory=dict)
    """The situation's: what was said once and was too old to decide. No rule saw it, and no provider is told."""
    risk_unread: bool = False
    """The situation's: something that could be of a risk to life was said and not read, so it is asked for."""
    disputed: dict[str, PastStatement] = Field(default_factory=dict)
    """The situation's: findings of other partners that the contact says are none. They were decided on."""
    parted: Parting | None = None
    """The situation's: whose contacts were taken for this person's and are not any more."""
    sealed: str = ""
