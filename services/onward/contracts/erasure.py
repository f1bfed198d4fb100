"""Erasing a person: what is asked for and signed by two people, who is told, what became of it, and who looked."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal, TypeAlias
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from onward.contracts.base import Message, Moment
from onward.contracts.ids import derived_id

Ground: TypeAlias = Literal[
    "no_longer_necessary", "consent_withdrawn", "objection", "unlawful_processing", "legal_obligation"
]
"""Why a person is erased: points (a) to (e) of Article 17(1) of the UK GDPR, in their order."""

KeptBecause: TypeAlias = Literal[
    "provider_must_acknowledge",
    "accountability",
    "stops_replays",
    "somebody_elses",
    "topic_retention",
    "own_controller",
    "sealed_until_retention",
]
"""Why something of an erased person stays for a while or for good."""

PERSON: Final = "PERSON"
"""Marks a person's pseudonym among what names somebody."""
CONTACT: Final = "CONTACT"
"""Marks the id of a contact."""

Named: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9_]{2,20}:[0-9a-f-]{32,36}$")]
"""
What names somebody without saying who: `PERSON:` and their pseudonym, `CONTACT:` and its id, or a number of theirs as
`people` keeps it, marked with its kind, such as `NOMS:` or `REF:` and the keyed pseudonym.
"""


class ErasureStatement(Message):
    """What is signed: who is to be erased, on which ground, who says so and why."""

    model_config = ConfigDict(extra="forbid")

    erasure_id: UUID
    """Of all that is said here: whoever signs under an id signs what they were shown under it."""
    whom: Named
    ground: Ground
    reason: str = Field(min_length=1, max_length=200)
    """In words, without the person's name: a reference to the request."""
    by: str = Field(min_length=1, max_length=100)
    """The user name of the staff member who asks for it."""
    at: Moment
    parked: tuple[str, ...] = ()
    """Where parked originals stood that hold something of the person, when it was asked for."""

    @model_validator(mode="after")
    def _is_of_this(self) -> "ErasureStatement":
        if self.erasure_id != _named_by({name: getattr(self, name) for name in _SAID}):
            raise ValueError("the erasure_id is of another statement")
        return self

    @classmethod
    def of(cls, **said: Any) -> "ErasureStatement":
        """A statement under its id."""
        return cls(erasure_id=_named_by({"parked": (), **said}), **said)


_SAID: Final = ("whom", "ground", "reason", "by", "at", "parked")


def _named_by(said: Mapping[str, Any]) -> UUID:
    at: datetime = said["at"]
    try:
        moment = at.astimezone(UTC).isoformat()
    except OverflowError:
        raise ValueError("the time is in no year from 1 to 9999 in UTC") from None
    return derived_id("erasure", said["whom"], said["ground"], said["reason"], said["by"], moment, *said["parked"])


class ErasureSignature(Message):
    """A person's signature under an erasure."""

    model_config = ConfigDict(extra="forbid")

    by: str = Field(min_length=1, max_length=100)
    """The staff member's user name."""
    key: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
    """The beginning of the SHA-256 of the public key."""
    signature: str = Field(max_length=100)
    """Ed25519, base64."""


class Erasure(Message):
    """A person is to be erased. With one signature it waits; with those of two people it is done."""

    model_config = ConfigDict(extra="forbid")

    statement: ErasureStatement
    signatures: tuple[ErasureSignature, ...] = Field(min_length=1, max_length=2)


class ErasedPerson(Message):
    """A person whom `people` has erased: every other service that keeps something of them does its part."""

    erasure_id: UUID
    persons: tuple[str, ...] = Field(min_length=1)
    """Every pseudonym that they had and nobody else has."""
    contacts: tuple[UUID, ...] = ()
    """Every contact that was about them."""
    at: Moment


class Tombstone(Message):
    """Something that named an erased person, outside every backup of the database."""

    named: Named
    """Also the key of its record."""
    erasure_id: UUID
    at: Moment
    """What happened until then under this number brings nobody back; what happens later is of somebody new."""


class KeptData(Message):
    """What stays of an erased person, how much of it, and why."""

    what: str
    count: int = Field(ge=0)
    because: KeptBecause
    until: str = ""
    """In words: when it ends."""


class ErasureReport(Message):
    """What one service did for an erasure."""

    erasure_id: UUID
    service: str
    outcome: Literal["erased", "nobody_known", "several_people"]
    erased: dict[str, int] = Field(default_factory=dict)
    """How much of what went."""
    kept: tuple[KeptData, ...] = ()
    at: Moment


class SubjectAccess(Message):
    """Somebody had everything shown that is known of a person; on record before it is shown."""

    access_id: UUID
    whom: Named
    by: str = Field(min_length=1, max_length=100)
    """The staff member's user name."""
    reason: str = Field(min_length=1, max_length=200)
    at: Moment
