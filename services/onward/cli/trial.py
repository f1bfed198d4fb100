"""What became of one message: the result of `onward try`, as it is printed in either form."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias
from uuid import UUID

from onward.contracts.contact import Contact
from onward.contracts.decision import Decision
from onward.contracts.facts import FACTS, Facts
from onward.contracts.feedback import Feedback
from onward.contracts.left_out import LeftOut

IntakeOutcome: TypeAlias = Literal["contact", "ignored", "parked"]


@dataclass(frozen=True, slots=True)
class TriedContact:
    """One contact that the message made, and what was decided on it."""

    contact: Contact
    decision: Decision
    disclosed: Mapping[UUID, tuple[str, ...]]
    """For each referral, the names of the fields its provider would receive."""


@dataclass(frozen=True, slots=True)
class NotRead:
    """A field of the message that nothing reads."""

    pointer: str
    """JSON pointer into the message as it arrived."""
    resembles: str
    """The field that it most likely means, with dots between its parts; "" when there is none."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of one message."""

    outcome: IntakeOutcome
    reason: str | None = None
    pointer: str | None = None
    detail: str = ""
    contacts: tuple[TriedContact, ...] = ()
    not_read: tuple[NotRead, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    """What was said and could not be read."""
    feedback: Feedback | None = None
    """What the partner would hear of it on its `feedback.<source>`; None where there is nothing to say."""
    unknown_type: bool = False
    """Whether nobody knows events of its type, so that nobody would act on it."""
    near_type: str = ""
    """The known type that its own most likely means, if it is not known itself; "" when none is near."""


def shown(facts: Facts, *, reveal: bool) -> Facts:
    """
    The facts as they may be printed.

    Every path stays, since that something is known is not what is known. Without *reveal*, a value stays only where it
    tells about the event (`event.*`) or how to handle it (class `logistics`); any other is None.
    """
    return {path: facts[path] if reveal or _may_be_seen(path) else None for path in sorted(facts)}


def _may_be_seen(path: str) -> bool:
    fact = FACTS.get(path)
    return fact is not None and (fact.of_event or fact.data_class == "logistics")
