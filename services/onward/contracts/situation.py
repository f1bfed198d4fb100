"""A situation: a contact joined with everything known about its person at that moment. What the rules see."""

from datetime import date
from uuid import UUID

from pydantic import Field

from onward.contracts.base import Message, Moment
from onward.contracts.contact import Consent, FactMap
from onward.contracts.fact_kinds import FactValue


class PastStatement(Message):
    """What was said of a fact, by whom and on which day."""

    value: FactValue
    on: date
    by: str
    """The partner that said it."""


class OwnWord(Message):
    """
    What a contact's own partner has said of the person, and what any partner may know: all that it is asked by.

    So no question tells a partner what another one said in confidence.
    """

    facts: FactMap = Field(default_factory=dict)
    consents: tuple[Consent, ...] = ()


class Parting(Message):
    """That somebody else's contacts were taken for this person's, and are not any more."""

    at: Moment
    """When the message arrived that shows it."""
    contacts: tuple[UUID, ...]
    """Those of the others."""
    own: dict[UUID, tuple[str, ...]]
    """
    The person's own contacts of before, each with what was known at it by the others' word alone.

    Names of facts, consents among them, and of identity fields such as `phone` or `identifiers.NHS`; never a value.
    """


class Situation(Message):
    """A contact and what is known, with nothing in it that names the person."""

    situation_id: UUID
    contact_id: UUID
    revision: int = 1
    """Above 1 when a fact that arrived later, but was true earlier, brought the contact round again."""
    person: str
    """The person's pseudonymous key."""
    formerly: tuple[str, ...] = ()
    """Older keys of the same person, sorted: those of records that turned out to be this person's, the newest few."""
    source: str
    type: str
    occurred_at: Moment
    received_at: Moment
    """When the broker appended the partner's message: deadlines count from here."""
    in_reply_to: UUID | None = None
    references: dict[str, str] = Field(default_factory=dict)
    """
    Each partner that knows the person, and so can be told and asked, with that partner's own reference.

    The reference may be a number that identifies the person, so it is sealed under the person's key.
    """
    facts: FactMap = Field(default_factory=dict)
    observed: dict[str, date] = Field(default_factory=dict)
    """The day each carried-over fact was true, for facts said before this contact."""
    said_by: dict[str, str] = Field(default_factory=dict)
    """The partner that said each of these."""
    history: dict[str, PastStatement] = Field(default_factory=dict)
    """
    Facts that are not known any more, because the last word on them is too old to decide: what it was.

    For people to see; no rule sees it. See `onward.contracts.validity`.
    """
    disputed: dict[str, PastStatement] = Field(default_factory=dict)
    """
    What another partner found and this contact says is none: the finding, which stands until a person has looked.

    One partner's "no" never overwrites what another found: people on duty are told.
    """
    consents: tuple[Consent, ...] = ()
    own: OwnWord | None = None
    """What the contact's own partner is asked by; absent where that is all that is known."""
    episode: UUID | None = None
    """The first contact to arrive under the partner's reference; absent where the contact has none."""
    risk_unread: bool = False
    """The contact's: its partner said something of a risk to life, perhaps, that nobody could read."""
    parted: Parting | None = None
    """Set where it is seen now that other people's contacts were taken for this person's."""
    identity_fields: tuple[str, ...] = ()
    """The names of the identity fields that are known, such as `phone` or `identifiers.NHS`; never their values."""
    sealed: str = ""
    """The person's identity under the person's key; see `onward.chassis.security.sealing`."""
