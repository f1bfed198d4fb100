"""What the ledger keeps: referrals, and the questions that partners were asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple, Protocol, TypeAlias
from uuid import UUID

from onward.contracts.codes import Category, ReferralStatus, Service, Urgency
from onward.contracts.referral import Delivery


class AskedPartner(Protocol):
    """Says of one partner what it can be asked for, and when."""

    def __call__(self, path: str, at: str, *, risk_unread: bool = False) -> bool:
        """Whether for the fact at *path*, at a contact of the type *at*, of which a risk was perhaps not read."""
        ...


@dataclass(frozen=True, slots=True)
class KnownPartner:
    """A partner that has topics of its own."""

    asked: AskedPartner
    told_of: frozenset[Category] = frozenset()
    """The referrals that it is told the status of although another partner raised them."""


Partners: TypeAlias = Mapping[str, KnownPartner]
"""Each partner by source."""


class SealedReference(NamedTuple):
    """How a partner refers to a person, sealed: it opens with that person's key, and for that partner alone."""

    person: str
    source: str
    sealed: str


OpenedReferences: TypeAlias = Mapping[tuple[str, str], str]
"""Partners' references in the clear, by the partner and their sealed form; what does not open for it is absent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RaisedBy:
    """A partner that raised the person, and is told how the referral goes."""

    source: str
    reference: str
    """The partner's own, sealed."""
    person: str
    """Under whose key it is sealed: the person's as it was then."""
    contact_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCard:
    """What whoever opens a case must know to act: who raised it, who the person is, what it is about."""

    source: str
    contact_type: str
    occurred_at: datetime
    received_at: datetime
    references: Mapping[str, str]
    """How each partner refers to the person, sealed."""
    sealed: str
    """The person's identity with how to reach them safely, who raised it and where; empty where nothing is known."""
    sealed_for: str | None = None
    """Under whose key both are sealed; None: the person's whose case it is."""
    known_at: datetime | None = None
    """As of when the person is known so; None: as of the event."""
    facts: Mapping[str, Any]
    """What the call is about and the event; nothing else of what is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """One referral as it stands."""

    referral_id: UUID
    reference: str
    """For people to say on the phone."""
    person: str
    """The person's key when it was made; it is not changed when the person's key does, but when two are parted."""
    delivered_as: str | None = None
    """The person's key under which its provider knows the person, where that is another."""
    contact_id: UUID
    """The contact it came from."""
    episode: UUID | None = None
    """The contact's: the first under the partner's reference, such as a custody record."""
    occurred_at: datetime
    """When what led to it happened: an older event that arrives late does not end it."""
    category: Category
    service: Service
    provider: str
    rule: str
    urgency: Urgency
    release: bool
    """Made by a release rule: a return to prison ends it."""
    approval: str | None = None
    """The role that must approve it, where one must."""
    status: ReferralStatus
    receipt: Literal["sent", "refused"] | None = None
    """What `dispatch` said became of the delivery; a provider's reply may come before it."""
    raised_by: tuple[RaisedBy, ...]
    last_reply: str | None = None
    """The id of the last reply that counted."""
    replied_at: datetime | None = None
    held: Delivery | None = None
    """What is to be delivered, kept only while it waits for approval."""
    area: str | None = None
    """Where it happened, else where the person lives: a local authority's code."""
    consents: tuple[str, ...] | None = ()
    """The consents that its rule asked for, as facts: taken back, it ends. None: it is not known which."""
    rests_on: tuple[str, ...] = ()
    """What its rule asked of the person and the event, as facts."""
    disclosed: tuple[str, ...] = ()
    """What its provider was to be told: names of facts, and of fields of identity."""
    card: CaseCard | None = None
    """Who it is about, for people on duty who are called because of it: sealed, and as it is known by now."""
    plan: UUID | None = None
    """The plan that it belongs to; a referral of a later event may join it."""
    instead_of: UUID | None = None
    """The referral in whose place it was made anew, when two people who had been taken for one were parted."""
    ended_by: UUID | None = None
    """The contact by which we ended it."""
    withdrawal: Literal["due", "sent", "refused", "acknowledged"] | None = None
    """How far the provider, which had it when it ended, was told to stop."""
    erasure: UUID | None = None
    """By which its person was erased: it is here only until the provider has stopped."""
    made_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenQuestion:
    """A question that a partner was asked, and what of it is still open."""

    question_id: UUID
    person: str
    contact_id: UUID
    episode: UUID
    """The first contact of the episode; the contact itself, where it has no reference of its partner's."""
    source: str
    facts: tuple[str, ...]
    outstanding: tuple[str, ...]
    """Of `facts`, those that nobody has said yet. Empty means that the question is closed."""
    asked_at: datetime
    answer_by: datetime
