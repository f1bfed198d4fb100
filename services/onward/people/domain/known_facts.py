"""
The facts that are known of a person at one of their contacts: the last word on each, and no word that is too old.

A few facts stand whatever the day (`Fact.standing`): of those the newest word counts, even of a later event.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from onward.calendar.times import london_day
from onward.contracts.contact import Consent
from onward.contracts.contact_types import RECORD_REMOVED
from onward.contracts.facts import FACTS, Facts
from onward.contracts.situation import PastStatement
from onward.contracts.validity import Validity, ends_episode, takes_over, validity_of
from onward.people.domain.folds import NONE, Folds
from onward.people.domain.remembered import RememberedContact
from onward.people.domain.statements import CONSENT, Statements, said_at

_VALIDITY: Mapping[str, Validity] = {path: found for path in FACTS if (found := validity_of(path))}
_AGEING = frozenset(
    path
    for path, fact in FACTS.items()
    if not fact.of_event and not fact.derived and (_VALIDITY[path].days is not None or _VALIDITY[path].of_values)
)
"""Facts that do not decide for ever."""


@dataclass(frozen=True, slots=True)
class KnownFacts:
    """What is known at a contact, and what is not any more."""

    facts: Facts
    observed: dict[str, date]
    """The day of each fact that another contact said."""
    said_by: dict[str, str]
    """The partner that said it."""
    history: dict[str, PastStatement]
    """The last word on what is not known, being too old."""
    disputed: dict[str, PastStatement]
    """Another partner's findings that the contact itself says are none: they stand until a person has looked."""

    def forget(self, path: str) -> None:
        """Make a fact unknown."""
        self.facts.pop(path, None)
        self.observed.pop(path, None)
        self.said_by.pop(path, None)

    def say(self, path: str, value: Any, *, by: RememberedContact) -> None:
        """Put in the place of a fact what another contact shows."""
        self.facts[path] = value
        self.observed[path] = london_day(by.occurred_at)
        self.said_by[path] = by.source


class _Ends:
    """Where among contacts, by their place, something ended."""

    def __init__(self, seen: Sequence[RememberedContact]) -> None:
        contact = seen[-1]
        self.places = {one.contact_id.int: place for place, one in enumerate(seen)}
        self.last_taken_over = max((place for place, one in enumerate(seen) if takes_over(one.facts)), default=-1)
        self.ended = {
            (one.source, one.reference): place
            for place, one in enumerate(seen)
            if ends_episode(one.type, one.facts) and one.reference
        }
        asked = contact.in_reply_to
        answered = None if asked is None else next((one for one in seen if one.contact_id == asked), None)
        self.present = {(one.source, one.reference) for one in (contact, answered) if one is not None}


class Episodes:
    """What ended among the contacts that are seen from one; worked out where something said before could have."""

    def __init__(self, seen: Sequence[RememberedContact]) -> None:
        """*seen* are in the order of events; the last is the one that they are seen from."""
        self._seen = seen
        self._contact = seen[-1]
        self._now = london_day(self._contact.received_at)
        self._ends: _Ends | None = None

    def _worked_out(self) -> "_Ends":
        if self._ends is None:
            self._ends = _Ends(self._seen)
        return self._ends

    def is_over(self, validity: Validity, one: RememberedContact, value: Any, said: datetime) -> bool:
        """Whether what *one* says, and was said at *said*, is too old to decide, or ended with what came after it."""
        days = validity.days_of(value)
        if days is not None and (self._now - london_day(said)).days > days:
            return True
        if one is self._contact:
            return False
        if not (validity.until_taken_over or validity.until_episode_ends):
            return False
        ends = self._worked_out()
        place = ends.places.get(one.contact_id.int, len(self._seen))
        if validity.until_taken_over and ends.last_taken_over >= place:
            return True
        episode = (one.source, one.reference)
        return validity.until_episode_ends and episode not in ends.present and place <= ends.ended.get(episode, -1)

    def permits(self, one: RememberedContact, consent: Consent) -> bool:
        """Whether a consent still counts. A refusal that names a provider always does; any other is a fact beside."""
        validity = _VALIDITY[f"{CONSENT}{consent.purpose.lower()}"]
        return not consent.given or not self.is_over(validity, one, True, consent.said_at)


def known_facts(
    seen: Sequence[RememberedContact],
    later: Sequence[RememberedContact],
    episodes: Episodes,
    folds: Folds = NONE,
    whose: str = "",
) -> KnownFacts:
    """
    What is known at the last of the contacts *seen*.

    Args:
        seen: The contact's own last, those at or before it in the order of events.
        later: What happened later, of which only standing facts are seen.
        episodes: What ended among those seen.
        folds: What was worked out of them before.
        whose: Whose contacts they are there.
    """
    contact = seen[-1]
    said = _said_before(seen, later, folds, whose).at(contact, [*seen, *later])
    said.take(contact)
    said.add_up(seen)
    for one in later:
        said.take_later(one)
    said.spend_plan()
    history = _history(said, contact, episodes)
    disputed = {
        path: _as_said(said, path) for path, one in said.denied.items() if one is contact and path not in history
    }
    for path in history:
        del said.facts[path], said.by[path]
    others = {path: one for path, one in said.by.items() if one is not contact}
    return KnownFacts(
        said.facts,
        {path: london_day(said_at(one, path)) for path, one in others.items()},
        {path: one.source for path, one in others.items()},
        history,
        disputed,
    )


def _said_before(
    seen: Sequence[RememberedContact], later: Sequence[RememberedContact], folds: Folds, whose: str
) -> Statements:
    """What was said by all that were seen but the last."""
    if any(one.type == RECORD_REMOVED for one in seen):
        # What is taken back with a record depends on what was said after it too.
        said = Statements(None, [*seen, *later])
        for one in seen[:-1]:
            said.take(one)
        return said
    return folds.upto("said", whose, seen[:-1], Statements)


def _history(said: Statements, contact: RememberedContact, episodes: Episodes) -> dict[str, PastStatement]:
    """Every fact of which the last word is too old; what a contact itself says is so only where it was said before."""
    found: dict[str, PastStatement] = {}
    for path in sorted(said.by.keys() & _AGEING):
        if not _too_old(said, path, contact, episodes):
            continue
        if path in said.denied:
            # The finding has gone; that there is no such need is the last word on it then.
            said.by[path] = said.denied.pop(path)
            said.facts[path] = said.by[path].facts[path]
            if not _too_old(said, path, contact, episodes):
                continue
        found[path] = _as_said(said, path)
    return found


def _as_said(said: Statements, path: str) -> PastStatement:
    one = said.by[path]
    return PastStatement(value=said.facts[path], on=london_day(said_at(one, path)), by=one.source)


def _too_old(said: Statements, path: str, contact: RememberedContact, episodes: Episodes) -> bool:
    one = said.by[path]
    moment = said_at(one, path)
    if one is contact and moment >= contact.occurred_at:
        return False
    return episodes.is_over(_VALIDITY[path], one, said.facts[path], moment)
