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
from onward.contracts.left_out import LeftOut
from onward.contracts.particulars import gives_away

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
    """
    What a partner says of two records: they are one person, one replaces the other, or they are parted again.

    Or that a prison booking was moved to `kept`: what the booking said of `other`, from *since* on, was said of `kept`.
    """

    kind: Literal["same", "merged", "unmerged", "moved"]
    kept: Identifier
    other: Identifier
    since: Moment | None = None
    """When a booking that was moved began."""


class StandingEntry(Message):
    """An entry in a partner's register that stands until that very entry ends: a registration, a booking of a place."""

    kind: Literal["registration", "booking"]
    code: str
    """Which register: the code of a probation register, or who gives the place, such as `cas1`."""
    named: str = ""
    """The partner's own id of the entry; blank where it gives none."""
    stage: Literal["made", "changed", "ended"]


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
    force: str = ""
    """The police force whose case, custody or incident number the reference is, in one spelling; blank if unsaid."""
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
    entries: tuple[StandingEntry, ...] = ()
    """What it makes, changes or ends in a register of its partner's, of which several entries may stand at once."""
    withdrawn: tuple[str, ...] = ()
    """Paths of facts that hold no longer, with nothing known in their place."""
    links: tuple[Link, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    """What the partner said beside this and nobody could read: not known, which is never "no"."""
    event_id: str | None = None
    """The partner's own event id, by which it is told of its message; none where it has none that names nobody."""
    risk_unread: bool = False
    """Whether that could say that somebody's life is at risk: then the partner is asked for the risk itself."""

    @property
    def partners_reference(self) -> str | None:
        """
        `reference`, as the partner may be told it in the open.

        None where the partner gave none, and the contact bears one of ours; and where it names the person: it is a
        name, a telephone number, an identifier.
        """
        if self.is_only_described or not self.reference:
            return None
        particulars = self.identity.model_dump(mode="json", exclude={"arrangements"})
        return None if gives_away(self.reference, {"person": particulars}) else self.reference

    @property
    def is_only_described(self) -> bool:
        """Whether the partner gave nothing that a later message could name the person by: `reference` is ours then."""
        return any(left.reason == "no_identifier" for left in self.left_out)

    @property
    def identifiers(self) -> tuple[Identifier, ...]:
        """Every checked identifier, as the partner gave them."""
        return self.identity.identifiers
