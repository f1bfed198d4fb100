"""
What a contact changes: plain values, from which what is stored and every situation follow.

`unit.py` says what each does to the store, `situations.py` which situation each leads to; both match all of them, so
that a new one does not type-check until it has an answer there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias, assert_never, get_args
from uuid import UUID

from onward.contracts.matches import MatchQuestion
from onward.contracts.situation import Parting
from onward.people.domain.folds import NONE, Folds
from onward.people.domain.remembered import RememberedContact
from onward.people.domain.view import View

Result: TypeAlias = Literal["rekeyed", "new_person", "known_person", "kept_apart"]
"""
What a contact that changes something is counted as, by the first that its changes show.

`kept_apart`: it shares a number or a reference with others, and yet joins nobody, because they contradict each other.
"""

RESULTS: Final[tuple[Result, ...]] = get_args(Result)


@dataclass(frozen=True, slots=True)
class PersonCreated:
    """A contact is about somebody of whom nothing was known."""

    contact: RememberedContact


@dataclass(frozen=True, slots=True)
class ContactJoined:
    """A contact is about somebody known."""

    contact: RememberedContact


@dataclass(frozen=True, slots=True)
class ContactKeptApart:
    """A contact shares a number or a reference with others and contradicts them: it is about a person of its own."""

    contact: RememberedContact


@dataclass(frozen=True, slots=True)
class ContactReassigned:
    """A contact is now known to be about another person than it was: two were merged, or one was parted."""

    contact: RememberedContact
    """As it is from now on."""
    was: str
    """The key of the person it was about."""
    because: UUID
    """The contact that brought it about."""


@dataclass(frozen=True, slots=True)
class SituationRevised:
    """What is known at a person's latest contact is not what it was: the contact is sent round again."""

    contact: RememberedContact
    """With its new revision."""
    seen: View
    """What is known at it now."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What a contact said was deleted at its source, and is deleted here: what is left says nothing of anybody."""

    contact: RememberedContact


Change: TypeAlias = PersonCreated | ContactJoined | ContactKeptApart | ContactReassigned | Erased | SituationRevised


@dataclass(frozen=True, slots=True)
class ContactChanges:
    """What one contact changes."""

    changes: tuple[Change, ...]
    """First that it is remembered, then what it shows in a new light."""
    people: Mapping[str, Sequence[RememberedContact]]
    """
    Everybody concerned, by key, each with their contacts in the order of events: what situations are seen from.

    As they are to be taken, which is not always as they were told and are stored.
    """
    questions: tuple[MatchQuestion, ...] = ()
    """Whether the contact's person and another are one: for a person to say."""
    partings: Mapping[str, Parting] = field(default_factory=dict[str, Parting])
    """By key, whose contacts were taken for a person's and are not any more."""
    folds: Folds = field(default=NONE, repr=False, compare=False)
    """What was worked out before of the same contacts."""
    is_disputed: bool = False
    """Whether the contact contradicts who was taken for whom until then, so that a person has to look at it."""

    @property
    def contact(self) -> RememberedContact:
        """The contact itself, as it is remembered."""
        return self.changes[0].contact

    @property
    def result(self) -> Result:
        """What the contact is counted as."""
        counted = {_counted_as(change) for change in self.changes}
        return next(result for result in RESULTS if result in counted)


def _counted_as(change: Change) -> Result | None:
    match change:
        case ContactReassigned():
            return "rekeyed"
        case PersonCreated():
            return "new_person"
        case ContactJoined():
            return "known_person"
        case ContactKeptApart():
            return "kept_apart"
        case SituationRevised() | Erased():
            return None
        case _:
            assert_never(change)
