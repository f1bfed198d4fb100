"""A contact: one canonical thing that happened to one person, whoever reported it and in whatever form."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field, PlainSerializer

from onward.contracts.arrangements import Arrangements
from onward.contracts.base import Message, Moment
from onward.contracts.codes import Category
from onward.contracts.facts import FACTS_ADAPTER, Facts
from onward.contracts.identifiers import Identifier

ConsentPurpose = Category | Literal["DUTY_TO_REFER", "CONTACT_DETAILS"]
"""What a consent is for. Consent to one purpose says nothing of another."""

FactMap = Annotated[
    Facts,
    BeforeValidator(FACTS_ADAPTER.validate_python),
    PlainSerializer(lambda facts: FACTS_ADAPTER.dump_python(facts, mode="json"), when_used="json"),
]
"""Facts by path, each checked against its kind."""


class Consent(Message):
    """What a person said about being referred, to whom, when and how."""

    purpose: ConsentPurpose
    given: bool
    recipient: str | None = None
    """The one provider it is for; absent means any provider of that purpose."""
    said_at: Moment
    how: str = ""
    """Such as `verbal` or `signed`; never free text about the person."""


class Identity(Message):
    """What identifies a person directly. Sealed by `people`, opened only by `dispatch` for a field a profile names."""

    name: str | None = None
    date_of_birth: date | None = None
    phone: str | None = None
    email: str | None = None
    address: str | None = None
    postcode: str | None = None
    identifiers: tuple[Identifier, ...] = ()
    arrangements: Arrangements | None = None
    """How they can be reached and met, and who raised it: each field of it is disclosed by itself."""


class Link(Message):
    """Two records a partner says are one person, one that replaces another, or two parted again."""

    kind: Literal["same", "merged", "unmerged"]
    kept: Identifier
    other: Identifier


class Contact(Message):
    """One thing that happened to one person."""

    contact_id: UUID
    """
    Follows from the source and the partner's event id, or from the content without one: a replay gives it again.

    Nobody can compute it without the pepper, and no partner is told it: see `onward.chassis.security.contact_ids`.
    """
    source: str
    """Taken from the topic, never from the payload."""
    type: str
    """What happened, in our words, such as `prison.movement`: one of `contact_types.known()`."""
    occurred_at: Moment
    received_at: Moment
    """When the broker appended the partner's message: deadlines count from here."""
    reference: str
    """The partner's own reference for the person or case, handed back with every status and question."""
    in_reply_to: UUID | None = None
    """The contact that a partner's answer is about."""
    content: str = ""
    """
    A digest of what the partner wrote, where the partner names its events itself: tells a repeat from something else
    under the same name. Empty where the name follows from the content.
    """
    identity: Identity = Field(default_factory=Identity)
    facts: FactMap = Field(default_factory=dict)
    consents: tuple[Consent, ...] = ()
    links: tuple[Link, ...] = ()

    @property
    def identifiers(self) -> tuple[Identifier, ...]:
        """Every checked identifier, as the partner gave them."""
        return self.identity.identifiers
