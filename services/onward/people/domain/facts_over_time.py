"""Which facts count at a contact: the newest word on each, less what was taken back, and the age on the day."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from onward.calendar.times import london_day
from onward.contracts.contact import Identity
from onward.contracts.facts import FACTS, Facts
from onward.people.domain.age import age_from_birth, age_from_statement
from onward.people.domain.contradicted import MET_WHILE_HELD, STATUS, frees
from onward.people.domain.remembered import RememberedContact
from onward.people.domain.standing_entries import NEXT_ARRANGED, REGISTRATIONS, is_next_arranged, registrations

_CARRIED = frozenset(path for path, fact in FACTS.items() if not fact.of_event and not fact.derived)
"""Facts that stay with the person. What happened once (`event.*`) and what is computed (derived) do not."""
_STANDING = frozenset(path for path, fact in FACTS.items() if fact.standing)
"""Facts whose newest word counts for older contacts too."""
_SAID_BY_US = frozenset(path for path, fact in FACTS.items() if fact.counted)
"""Facts of a contact that follow from the person's others: nobody else's word counts."""
_SEVERITIES: Final = frozenset(path for path in FACTS if path.startswith("needs.")) | {
    "risk.self_harm",
    "risk.dash_score",
}
"""Of two severities said in one instant the higher one counts."""
_RELEASED, _PLANNED = "release.on", "release.planned_on"
_PLAN = "probation.release-planned"
_AGE = "person.age"


def facts_of(
    seen: Sequence[RememberedContact], later: Iterable[RememberedContact], identity: Identity
) -> tuple[Facts, dict[str, date]]:
    """
    The facts that count at the last of *seen*, and the day on which each was true that an earlier contact said.

    Args:
        seen: What happened at or before the contact, in the order of events; the contact itself comes last.
        later: What happened after it: of this only the standing facts count.
        identity: Who they are; a date of birth outweighs any age.
    """
    contact = seen[-1]
    known = _Known(contact)
    for one in seen:
        known.take(one)
    known.add_up(seen)
    for one in later:
        known.take_later(one)
    known.spend_plan()
    observed = {path: london_day(one.occurred_at) for path, one in known.said_by.items() if one is not contact}
    _set_age(known.facts, observed, identity, london_day(contact.occurred_at))
    return known.facts, observed


class _Known:
    """What is known at a contact, while one word after the other is taken."""

    def __init__(self, contact: RememberedContact) -> None:
        self.facts: Facts = {}
        self.said_by: dict[str, RememberedContact] = {}
        self._contact = contact

    def take(self, one: RememberedContact) -> None:
        """What a contact says, and what it takes back."""
        if self._free(one) and one is self._contact:
            self.facts[MET_WHILE_HELD] = True
        is_own = one is self._contact
        for path, value in one.facts.items():
            if path not in _CARRIED and (not is_own or path in _SAID_BY_US):
                continue
            if not self._outweighs(path, one, value):
                self.facts[path] = value
                self.said_by[path] = one
        self._withdraw(one.withdrawn)

    def take_later(self, one: RememberedContact) -> None:
        """What a contact that happened afterwards says of facts whose newest word always counts."""
        self._free(one)
        for path, value in one.facts.items():
            if path in _STANDING and not self._outweighs(path, one, value):
                self.facts[path] = value
                self.said_by[path] = one
        self._withdraw(_STANDING.intersection(one.withdrawn))

    def add_up(self, seen: Sequence[RememberedContact]) -> None:
        """Put what follows from entries that stand in the place of the last word on them."""
        if REGISTRATIONS in self.facts:
            self.facts[REGISTRATIONS] = registrations(seen)
        if NEXT_ARRANGED in self.facts:
            self.facts[NEXT_ARRANGED] = is_next_arranged(seen)

    def spend_plan(self) -> None:
        """
        Forget a planned release that the release itself has overtaken.

        Sentences are reckoned anew after a release too, and somebody is released before the day: as long as they are
        free no further release is planned, and back in prison only what was said since counts.
        """
        planned, released = self.facts.get(_PLANNED), self.facts.get(_RELEASED)
        if planned is None or released is None or planned <= released:
            return
        overtaken = self.said_by[_PLANNED].occurred_at <= self.said_by[_RELEASED].occurred_at
        if overtaken or self.facts.get(STATUS) in ("released", "community"):
            self._withdraw((_PLANNED,))

    def _withdraw(self, paths: Iterable[str]) -> None:
        for path in paths:
            self.facts.pop(path, None)
            self.said_by.pop(path, None)

    def _outweighs(self, path: str, one: RememberedContact, value: Any) -> bool:
        """
        Whether what is known outweighs a newer word: a higher severity of the same instant; a release, a plan.

        Whoever reckons a release anew takes the person to be in prison, and does not know better than the prison.
        """
        if path == STATUS:
            return one.type == _PLAN and _RELEASED in self.facts and self.facts.get(STATUS) in ("released", "community")
        if path not in _SEVERITIES:
            return False
        before = self.said_by.get(path)
        return before is not None and before.occurred_at == one.occurred_at and self.facts[path] > value

    def _free(self, one: RememberedContact) -> bool:
        """Whether it shows that somebody who was said to be in prison is at liberty; it counts as its word."""
        status = self.facts.get(STATUS)
        if not frees(one, self.said_by.get(STATUS), status):
            return False
        self.facts[STATUS] = "community"
        self.said_by[STATUS] = one
        return status == "in_prison"


def _set_age(facts: Facts, observed: dict[str, date], identity: Identity, day: date) -> None:
    """Put the age on the day of the event. A date of birth that can be right outweighs any age that was stated."""
    born = age_from_birth(identity.date_of_birth, day) if identity.date_of_birth else None
    if born is not None:
        facts[_AGE] = born
        observed.pop(_AGE, None)
    elif _AGE in observed:
        age = age_from_statement(facts.pop(_AGE), observed[_AGE], day)
        if age is None:
            del observed[_AGE]
        else:
            facts[_AGE] = age
