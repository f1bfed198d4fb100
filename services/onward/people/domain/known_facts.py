"""
The facts that are known of a person at one of their contacts: the last word on each, and no word that is too old.

A few facts stand whatever the day (`Fact.standing`): of those the newest word counts, even of a later event.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from onward.calendar.times import london_day
from onward.contracts.contact import Consent
from onward.contracts.facts import FACTS, Facts
from onward.contracts.situation import PastStatement
from onward.contracts.validity import Validity, ends_episode, takes_over, validity_of
from onward.people.domain.remembered import RememberedContact

_CARRIED = frozenset(path for path, fact in FACTS.items() if not fact.of_event and not fact.derived)
"""Facts that stay with the person. What happened once (`event.*`) and what is computed (derived) do not."""
_STANDING = frozenset(path for path, fact in FACTS.items() if fact.standing)
"""Facts whose newest word counts for older contacts too."""
_VALIDITY: Mapping[str, Validity] = {path: found for path in FACTS if (found := validity_of(path))}
_AGEING = frozenset(path for path in _CARRIED if _VALIDITY[path].days is not None or _VALIDITY[path].of_values)
"""Facts that do not decide for ever."""
_CONSENT = "consent."
_NEED = "needs."
_BY_CODE = "registrations"
"""The one fact that is a list: each code on it is a statement of its own."""


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


@dataclass(slots=True)
class _Words:
    """The last word on each fact, who said it and when."""

    facts: Facts = field(default_factory=dict[str, Any])
    by: dict[str, RememberedContact] = field(default_factory=dict[str, RememberedContact])
    denied: dict[str, RememberedContact] = field(default_factory=dict[str, RememberedContact])
    """Who said last that there is no such need, where another partner has found it."""

    def hear(self, one: RememberedContact, paths: Iterable[str]) -> None:
        """
        Take what a contact says of *paths*.

        A consent told late never outweighs what was said after it, and no partner's "none" another partner's finding.
        """
        for path in paths:
            before = self.by.get(path)
            if before is not None and path.startswith(_CONSENT) and said_at(one, path) < said_at(before, path):
                continue
            if before is not None and self._denies(one, path, before):
                self.denied[path] = one
                continue
            self.denied.pop(path, None)
            self.facts[path] = one.facts[path]
            self.by[path] = one

    def _denies(self, one: RememberedContact, path: str, before: RememberedContact) -> bool:
        return path.startswith(_NEED) and one.facts[path] == 0 < self.facts[path] and one.source != before.source


class Episodes:
    """What ended among the contacts that are seen from one."""

    def __init__(self, seen: Sequence[RememberedContact]) -> None:
        """*seen* are in the order of events; the last is the one that they are seen from."""
        self._seen = seen
        self._contact = seen[-1]
        self._now = london_day(self._contact.received_at)
        self._places = {one.contact_id: place for place, one in enumerate(seen)}
        self._takers = [place for place, one in enumerate(seen) if takes_over(one.facts)]
        self._last = {
            (one.source, one.reference): place
            for place, one in enumerate(seen)
            if one.reference and ends_episode(one.type, one.facts)
        }
        answered = next((one for one in seen if one.contact_id == self._contact.in_reply_to), None)
        self._present = {(one.source, one.reference) for one in (self._contact, answered) if one is not None}

    def is_over(self, validity: Validity, one: RememberedContact, value: Any, said: datetime) -> bool:
        """Whether what *one* says, and was said at *said*, is too old to decide, or ended with what came after it."""
        days = validity.days_of(value)
        if days is not None and (self._now - london_day(said)).days > days:
            return True
        if one is self._contact:
            return False
        place = self._places.get(one.contact_id, len(self._seen))
        if validity.until_taken_over and any(taker >= place for taker in self._takers):
            return True
        episode = (one.source, one.reference)
        return validity.until_episode_ends and episode not in self._present and place <= self._last.get(episode, -1)

    def permits(self, one: RememberedContact, consent: Consent) -> bool:
        """Whether a consent still counts. A refusal that names a provider always does; any other is a fact beside."""
        validity = _VALIDITY[f"{_CONSENT}{consent.purpose.lower()}"]
        return not consent.given or not self.is_over(validity, one, True, consent.said_at)


def said_at(one: RememberedContact, path: str) -> datetime:
    """When what *one* says of a fact was said: a consent perhaps long before the contact that tells of it."""
    if path.startswith(_CONSENT) and one.consents:
        purpose = path.removeprefix(_CONSENT).upper()
        said = [each.said_at for each in one.consents if each.recipient is None and each.purpose == purpose]
        if said:
            return max(said)
    return one.occurred_at


def known_facts(
    seen: Sequence[RememberedContact], later: Iterable[RememberedContact], episodes: Episodes
) -> KnownFacts:
    """
    What is known at the last of the contacts *seen*.

    Args:
        seen: The contact's own last, those at or before it in the order of events.
        later: What happened later, of which only standing facts are seen.
        episodes: What ended among those seen.
    """
    contact = seen[-1]
    words = _Words()
    registered: dict[str, Any] = {}
    for one in seen:
        words.hear(one, one.facts if one is contact else one.facts.keys() & _CARRIED)
        if _BY_CODE in one.facts:
            registered |= {record.get("code", ""): record for record in one.facts[_BY_CODE]}
    if registered:
        words.facts[_BY_CODE] = [registered[code] for code in sorted(registered)]
    for one in later:
        words.hear(one, one.facts.keys() & _STANDING)
    history = _history(words, contact, episodes)
    disputed = {
        path: PastStatement(
            value=words.facts[path], on=london_day(words.by[path].occurred_at), by=words.by[path].source
        )
        for path, one in words.denied.items()
        if one is contact and path not in history
    }
    for path in history:
        del words.facts[path], words.by[path]
    others = {path: one for path, one in words.by.items() if one is not contact}
    return KnownFacts(
        words.facts,
        {path: london_day(said_at(one, path)) for path, one in others.items()},
        {path: one.source for path, one in others.items()},
        history,
        disputed,
    )


def _history(words: _Words, contact: RememberedContact, episodes: Episodes) -> dict[str, PastStatement]:
    """Every fact of which the last word is too old; what a contact itself says is so only where it was said before."""
    found: dict[str, PastStatement] = {}
    for path in sorted(words.by.keys() & _AGEING):
        if not _too_old(words, path, contact, episodes):
            continue
        if path in words.denied:
            # The finding has gone; that there is no such need is the last word on it then.
            words.by[path] = words.denied.pop(path)
            words.facts[path] = words.by[path].facts[path]
            if not _too_old(words, path, contact, episodes):
                continue
        found[path] = _as_said(words, path)
    return found


def _as_said(words: _Words, path: str) -> PastStatement:
    one = words.by[path]
    return PastStatement(value=words.facts[path], on=london_day(said_at(one, path)), by=one.source)


def _too_old(words: _Words, path: str, contact: RememberedContact, episodes: Episodes) -> bool:
    one, said = words.by[path], said_at(words.by[path], path)
    if one is contact and said >= contact.occurred_at:
        return False
    return episodes.is_over(_VALIDITY[path], one, words.facts[path], said)
