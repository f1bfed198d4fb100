"""
What a later meeting contradicts: that the person has died, was removed from the country, or is in prison.

Somebody who is met after they died is alive, or is somebody else under their number. Either way nothing of before
counts any more, and a person is told; and so is one where a death turns out to be somebody else's.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from onward.contracts.contact_types import ARRESTS, COURT_HEARING, MEETINGS, PRISON_MOVEMENT
from onward.contracts.facts import Facts
from onward.people.domain.remembered import RememberedContact

DECEASED: Final = "person.deceased"
DEPORTED: Final = "person.deported"
STATUS: Final = "custody.status"
AFTER_DEATH: Final = "event.after_death"
AFTER_REMOVAL: Final = "event.after_removal"
MET_WHILE_HELD: Final = "event.met_while_held"
_TAKEN_BACK: Final = {DECEASED: "event.death_taken_back", DEPORTED: "event.removal_taken_back"}
"""What is said of the latest contact of somebody who was known as gone, and is not any more."""

_NOT_OF_THE_LIVING: Final = frozenset({"died", "merged", "unknown"})
_AT_LIBERTY: Final = frozenset({"street", "dwelling", "community"})
_OUT_FOR_A_WHILE: Final = frozenset({"court", "temporary_absence"})


@dataclass(frozen=True, slots=True)
class Fallen:
    """A word that a later meeting contradicts."""

    said: RememberedContact
    met: RememberedContact
    """The first contact that shows the contrary."""

    def is_shown_by(self, contact: RememberedContact) -> bool:
        """Whether a contact is what the contradiction is told of: the first meeting, or the word that came late."""
        return contact.contact_id in {self.said.contact_id, self.met.contact_id}


def death(everything: Sequence[RememberedContact]) -> Fallen | None:
    """
    The death that was contradicted, if it is the last word. *everything* in the order of events.

    Who is met in the instant of their death is met after it: the safe error is to tell a person.
    """
    said = _last_word(everything, DECEASED)
    if said is None:
        return None
    return _fallen(said, (one for one in everything if one.occurred_at >= said.occurred_at))


def removal(everything: Sequence[RememberedContact]) -> Fallen | None:
    """The removal from the country after which the person was met here. *everything* in the order of events."""
    said = _last_word(everything, DEPORTED)
    if said is None:
        return None
    return _fallen(said, (one for one in everything if one.order > said.order))


def is_meeting(one: RememberedContact) -> bool:
    """Whether somebody met the person then, alive and in this country."""
    if one.type == PRISON_MOVEMENT:
        return one.facts.get("event.movement", "unknown") not in _NOT_OF_THE_LIVING
    return one.type in MEETINGS or (one.type == COURT_HEARING and "event.order" in one.facts)


def frees(one: RememberedContact, held_by: RememberedContact | None, status: object) -> bool:
    """
    Whether a contact shows that the person is at liberty, who was last said to be held.

    In the street after a word of prison or police custody; not on a day out of prison, nor on the way to court.
    """
    if status not in ("in_prison", "police_custody") or STATUS in one.facts or held_by is None:
        return False
    if held_by.facts.get("event.movement") in _OUT_FOR_A_WHILE:
        return False
    where = one.facts.get("event.setting")
    return where in _AT_LIBERTY or (where is None and one.type == "street-triage.contact-recorded")


def is_arrested(one: RememberedContact, held_by: RememberedContact | None) -> bool:
    """
    Whether a contact tells that police have somebody of whom *held_by* said that a prison holds them.

    Either a release was not told, or one of the two is somebody else.
    """
    return held_by is not None and one.type in ARRESTS and one.facts.get(STATUS) == "police_custody"


def holds(one: RememberedContact, held_by: RememberedContact | None) -> RememberedContact | None:
    """
    The contact by whose word a prison holds the person, after *one*; *held_by* is the one before it, if any.

    That the police have them is no word of a release: who is in prison and in a cell is told of, and looked at.
    """
    if one.facts.get("event.movement") in _OUT_FOR_A_WHILE or STATUS in one.withdrawn:
        return None
    status = one.facts.get(STATUS)
    if status is None or status == "police_custody":
        return held_by
    return one if status == "in_prison" else None


def taken_back(before: Facts, contacts: Collection[RememberedContact]) -> Facts:
    """What is to be said where it was known that the person is gone, and none of their *contacts* says so any more."""
    known = (path for path in _TAKEN_BACK if before.get(path) is True)
    return {_TAKEN_BACK[path]: True for path in known if not any(one.facts.get(path) is True for one in contacts)}


def _last_word(everything: Sequence[RememberedContact], path: str) -> RememberedContact | None:
    """The contact that said so last, unless a later one took it back in so many words."""
    last = next((one for one in reversed(everything) if path in one.facts), None)
    return last if last is not None and last.facts[path] else None


def _fallen(said: RememberedContact, later: Iterable[RememberedContact]) -> Fallen | None:
    met = next((one for one in later if one is not said and is_meeting(one)), None)
    return None if met is None else Fallen(said, met)
