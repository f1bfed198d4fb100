"""The last word on each fact that the contacts of a person say, less what was taken back."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from onward.contracts.contact_types import RECORD_REMOVED
from onward.contracts.facts import FACTS, Facts
from onward.people.domain.contradicted import MET_WHILE_HELD, STATUS, frees, holds, is_arrested
from onward.people.domain.remembered import RememberedContact
from onward.people.domain.standing_entries import NEXT_ARRANGED, REGISTRATIONS, is_next_arranged, registrations

_CARRIED = frozenset(path for path, fact in FACTS.items() if not fact.of_event and not fact.derived)
"""Facts that stay with the person. What happened once (`event.*`) and what is computed (derived) do not."""
_STANDING = frozenset(path for path, fact in FACTS.items() if fact.standing)
"""Facts whose newest word counts for older contacts too."""
SAID_BY_US = frozenset(path for path, fact in FACTS.items() if fact.counted)
"""Facts of a contact that follow from the person's others: nobody else's word counts."""
_SEVERITIES: Final = frozenset(path for path in FACTS if path.startswith("needs.")) | {
    "risk.self_harm",
    "risk.dash_score",
}
"""Of two severities said in one instant the higher one counts."""
_RELEASED, _PLANNED = "release.on", "release.planned_on"
_PLAN = "probation.release-planned"
CONSENT: Final = "consent."
_PART, _AGREED = "risk.domestic_abuse_role", "consent.domestic_abuse"
_NO_PART, _SUSPECT, _BOTH = "none", "suspect", "victim_and_suspect"
_PARTS: Final = frozenset({"victim", "suspect", "victim_and_suspect"})
"""Those of which one never takes the other's place: who was a victim, and is accused, is both."""
_AGREES_WITH, _NOBODY = "person.child_agrees_with", "nobody"
_NEED: Final = "needs."


def said_at(one: RememberedContact, path: str) -> datetime:
    """When what *one* says of a fact was said: a consent perhaps long before the contact that tells of it."""
    if path.startswith(CONSENT) and one.consents:
        purpose = path.removeprefix(CONSENT).upper()
        said = [each.said_at for each in one.consents if each.recipient is None and each.purpose == purpose]
        if said:
            return max(said)
    return one.occurred_at


class Statements:
    """What is known at a contact, while one contact's word after the other is taken."""

    def __init__(self, contact: RememberedContact | None = None, known: Iterable[RememberedContact] = ()) -> None:
        """*known* are all of the person's contacts, of which some say that a record replaced another."""
        self.facts: Facts = {}
        self.by: dict[str, RememberedContact] = {}
        """Who said the last word on each fact, and when."""
        self.denied: dict[str, RememberedContact] = {}
        """Who said last that there is no such need, where another partner has found it."""
        self._contact = contact
        self._known = known
        self._agreed_as: str | None = None
        self._held_by: RememberedContact | None = None

    def copy(self) -> "Statements":
        """As known by now, to go on from."""
        made = Statements(self._contact, self._known)
        made.facts, made.by, made.denied = self.facts.copy(), self.by.copy(), self.denied.copy()
        made._agreed_as, made._held_by = self._agreed_as, self._held_by
        return made

    def at(self, contact: RememberedContact, known: Iterable[RememberedContact]) -> "Statements":
        """The same, seen from *contact*, whose own word is the next and last."""
        self._contact, self._known = contact, known
        return self

    def take(self, one: RememberedContact) -> None:
        """
        What a contact says, and what it takes back.

        A consent told late never outweighs what was said after it, and no partner's "none" another partner's finding.
        """
        is_own = one is self._contact
        freed = self._free(one)
        self._held_by = None if freed else holds(one, self._held_by)
        if is_own and (freed or is_arrested(one, self._held_by)):
            self.facts[MET_WHILE_HELD] = True
        for path in one.facts:
            if path in _CARRIED or (is_own and path not in SAID_BY_US):
                self._hear(one, path)
        self._withdraw(self._taken_back(one))
        self._keep_to_the_part(one)
        self._keep_to_who_agreed(one)

    def take_later(self, one: RememberedContact) -> None:
        """What a contact that happened afterwards says of facts whose newest word always counts."""
        self._free(one)
        for path in _STANDING.intersection(one.facts):
            self._hear(one, path)
        self._withdraw(_STANDING.intersection(self._taken_back(one)))

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
        overtaken = self.by[_PLANNED].occurred_at <= self.by[_RELEASED].occurred_at
        if overtaken or self.facts.get(STATUS) in ("released", "community"):
            self._withdraw((_PLANNED,))

    def _withdraw(self, paths: Iterable[str]) -> None:
        for path in paths:
            self.facts.pop(path, None)
            self.by.pop(path, None)
            self.denied.pop(path, None)

    def _taken_back(self, one: RememberedContact) -> Collection[str]:
        """
        What a contact takes back: of a record that was removed, that somebody is in prison, where it alone said so.

        One that was merged into another says so there.
        """
        if one.type != RECORD_REMOVED or not one.withdrawn:
            return one.withdrawn
        held_by = self.by.get(STATUS)
        if held_by is None or held_by.source != one.source or self.facts[STATUS] != "in_prison":
            return ()
        merged = {link.other for each in self._known for link in each.declared_links if link.kind == "merged"}
        return one.withdrawn if merged.isdisjoint(one.numbers) else ()

    def _keep_to_the_part(self, one: RememberedContact) -> None:
        """
        Forget what somebody agreed to as a suspect alone once they are a victim too.

        What a victim agreed to is help for a victim, whatever she is accused of later.
        """
        part, agreed = self.facts.get(_PART), self.by.get(_AGREED)
        if agreed is one or self._agreed_as not in _PARTS:
            self._agreed_as = part
        elif self._agreed_as == _SUSPECT and part == _BOTH and self.facts.get(_AGREED) is True:
            self._withdraw((_AGREED,))

    def _keep_to_who_agreed(self, one: RememberedContact) -> None:
        """
        Forget what a child agreed to alone once an adult stands behind something else.

        An answer to our question says who stands behind what was agreed before, and takes nothing back.
        """
        if one.in_reply_to is not None or one.facts.get(_AGREES_WITH, _NOBODY) == _NOBODY:
            return
        alone = [path for path, by in self.by.items() if path.startswith(CONSENT) and by is not one]
        self._withdraw([path for path in alone if self.facts[path] is True])

    def _hear(self, one: RememberedContact, path: str) -> None:
        value, before = self._with_the_other_part(path, one.facts[path]), self.by.get(path)
        if before is not None and self._denies(one, path, before):
            self.denied[path] = one
        elif before is None or not self._outweighs(path, one, before, value):
            self.denied.pop(path, None)
            self.facts[path] = value
            self.by[path] = one

    def _with_the_other_part(self, path: str, value: Any) -> Any:
        """*value*, or for the second of two parts in domestic abuse both: an accusation undoes no victim."""
        before = self.facts.get(path) if path == _PART else None
        return _BOTH if before in _PARTS and value in _PARTS and before != value else value

    def _denies(self, one: RememberedContact, path: str, before: RememberedContact) -> bool:
        if one.source == before.source:
            return False
        if path == _PART:
            return bool(one.facts[path] == _NO_PART != self.facts[path])
        return path.startswith(_NEED) and one.facts[path] == 0 < self.facts[path]

    def _outweighs(self, path: str, one: RememberedContact, before: RememberedContact, value: Any) -> bool:
        """
        Whether what is known outweighs a newer word.

        A higher severity of the same instant does; a consent that was said later than one told late, and a no of the
        same instant, whichever comes first; a release, a plan: whoever reckons a release anew takes the person to be in
        prison, and does not know better than the prison.
        """
        if path == STATUS:
            return one.type == _PLAN and _RELEASED in self.facts and self.facts[STATUS] in ("released", "community")
        if path.startswith(CONSENT):
            return (said_at(one, path), not value) < (said_at(before, path), not self.facts[path])
        return path in _SEVERITIES and before.occurred_at == one.occurred_at and self.facts[path] > value

    def _free(self, one: RememberedContact) -> bool:
        """Whether it shows that somebody who was said to be in prison is at liberty; it counts as its word."""
        status = self.facts.get(STATUS)
        if not frees(one, self.by.get(STATUS), status):
            return False
        self.facts[STATUS] = "community"
        self.by[STATUS] = one
        return status == "in_prison"
