"""Whether two people are one: the question to a person, and that person's signed answer."""

from datetime import UTC
from typing import Annotated, Final, Literal, TypeAlias
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from onward.contracts.base import Message, Moment, StaffName
from onward.contracts.identifiers import IdentifierType
from onward.contracts.ids import derived_id

Detail: TypeAlias = Literal["name", "date_of_birth", "phone", "sex"]
Verdict: TypeAlias = Literal["same", "different"]

DETAILS: Final[tuple[Detail, ...]] = ("name", "date_of_birth", "phone", "sex")


class MatchedContact(Message):
    """The first contact of one of the two people: where its partner can be asked who it is about."""

    contact_id: UUID
    source: str
    type: str
    occurred_at: Moment


class MatchQuestion(Message):
    """
    Two people who may be one: they share a number, and something about them differs; or what is said of both is alike.

    It says which details agree and differ, and no value of any.
    """

    match_id: UUID
    """Of these two contacts, in whatever order: one that is asked about again has the same."""
    people: tuple[MatchedContact, MatchedContact]
    shared: tuple[IdentifierType | Literal["reference"], ...] = ()
    """The kinds of numbers that both are known by."""
    agree: tuple[Detail, ...] = ()
    differ: tuple[Detail, ...] = ()
    alike: tuple[Detail, ...] = ()
    """Of those that agree the ones that are written otherwise: a slip of the pen, an initial, day and month swapped."""


class MatchStatement(Message):
    """What is signed: whether two people are one, and who says so."""

    model_config = ConfigDict(extra="forbid")

    match_id: UUID
    contacts: tuple[UUID, UUID]
    """Those of the question, in ascending order."""
    verdict: Verdict
    by: StaffName
    """The staff member's user name."""
    at: Moment
    """Of two answers to one question the later counts."""

    @model_validator(mode="after")
    def _is_of_these(self) -> "MatchStatement":
        if self.match_id != match_id(*self.contacts):
            raise ValueError("the match_id is another pair's")
        try:
            self.at.astimezone(UTC)
        except OverflowError:
            raise ValueError("the time is in no year from 1 to 9999 in UTC") from None
        return self


class MatchDecision(Message):
    """A person's answer, signed with a key that is trusted to say who is who."""

    model_config = ConfigDict(extra="forbid")

    statement: MatchStatement
    key: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
    """The beginning of the SHA-256 of the public key."""
    signature: str = Field(max_length=100)
    """Ed25519, base64."""


def match_id(one: UUID, other: UUID) -> UUID:
    """What names the question about two contacts."""
    return derived_id("match", *sorted((str(one), str(other))))
