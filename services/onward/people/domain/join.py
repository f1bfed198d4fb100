"""A contact in, situations out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from onward.contracts.contact import Contact
from onward.contracts.facts import FACTS_ADAPTER, Facts
from onward.contracts.ids import derived_id, pseudonym
from onward.contracts.outcome import Ignored, Parked
from onward.people.domain.answering import believed, misplaced
from onward.people.domain.said import NOBODY, TOLD, Said, said_in
from onward.people.domain.view import Draft, draft, view
from onward.people.domain.who import calm, persons

Result = Literal["new_person", "known_person", "kept_apart", "rekeyed"]
"""
What a joined contact is counted as.

`kept_apart`: it shares a number or a reference with others, and yet joins nobody, because they contradict each other.
"""

OTHER_CONTENT = Parked(
    "same_id_other_content",
    "/contact_id",
    "its partner sent something else under the same event id before, and that counts: send a correction as an event of "
    "its own, with an id of its own and a later time",
)


@dataclass(frozen=True, slots=True)
class Known:
    """What the store found that bears on one contact."""

    said: Sequence[Said] = ()
    """Every contact connected with it, through any number of shared numbers and answers; it may hold others too."""
    recorded: int = 1
    """The contact's place in the order of arrival, above that of every contact in `said`."""
    crowded: frozenset[str] = frozenset()
    """References on so many contacts that they tell nobody apart."""


@dataclass(frozen=True, slots=True)
class Rekeyed:
    """A contact that is now known to be about another person than it was."""

    contact_id: UUID
    person: str
    was: str
    because: UUID
    """The contact that brought it about."""


@dataclass(frozen=True, slots=True)
class Joined:
    """What follows from a contact."""

    said: Said
    """The contact, to be remembered."""
    drafts: tuple[Draft, ...]
    """Its own situation first; then those that it shows in a new light."""
    changed: tuple[Said, ...]
    """Contacts remembered before that are about another person now, or are sent round again."""
    rekeyed: tuple[Rekeyed, ...]
    result: Result


def join(contact: Contact, known: Known, *, pepper: bytes) -> Joined | Ignored | Parked:
    """
    Join a contact with what is known of its person, as of its event; of standing facts, with the newest word.

    A contact that tells of an earlier time, or of a link between records, may show the latest contact of a person in a
    new light: that one is then sent round again as a new revision.

    Returns:
        `Ignored("repeat")` for a contact that was taken before, `Parked("same_id_other_content")` for another under its
        id; `Parked("unknown_question")` for an answer to what its partner was not asked, `"identifier_conflict"` for
        one that is about somebody else than the person who was asked about.
    """
    said = said_in(contact, recorded=known.recorded, pepper=pepper, crowded=known.crowded)
    return add(said, known, pepper=pepper)


def add(said: Said, known: Known, *, pepper: bytes) -> Joined | Ignored | Parked:
    """As `join`, for a contact that was read already, with its place in the order of arrival."""
    before = next((one for one in known.said if one.contact_id == said.contact_id), None)
    if before is not None:
        return Ignored("repeat") if said.says_what(before) else OTHER_CONTENT
    if said.in_reply_to is not None:
        _, joined = _found(said, _people(said, known.said, pepper))
        if refused := misplaced(said, joined, known.said):
            return refused
        said = believed(said)
    people = _people(said, known.said, pepper)
    person, contacts = _found(said, people)
    said = replace(said, person=person, gave=person if len(contacts) == 1 else "")
    drafts = [draft(said, view(said, contacts, person=person, upto=said.recorded), revision=1)]
    changed = {
        one.contact_id: replace(one, person=key, gave=key if one is _first(contacts) else one.gave)
        for key, contacts in people.items()
        for one in contacts
        if one.person != key and one.contact_id != said.contact_id
    }
    rekeyed = tuple(
        Rekeyed(one.contact_id, changed[one.contact_id].person, one.person, said.contact_id)
        for one in known.said
        if one.contact_id in changed
    )
    for key, theirs in people.items():
        if again := _again(theirs, known, person=key, upto=said.recorded):
            drafts.append(again)
            latest = again.situation
            one = next(one for one in theirs if one.contact_id == latest.contact_id)
            one = changed.get(one.contact_id, one)
            changed[one.contact_id] = replace(one, person=key, revision=latest.revision)
    result: Result = "rekeyed" if rekeyed else "known_person" if len(contacts) > 1 else "new_person"
    if result == "new_person" and _is_connected(said, known.said):
        result = "kept_apart"
    return Joined(said, tuple(drafts), tuple(changed.values()), rekeyed, result)


def known_from_facts(contact: Contact, facts: Facts, *, at: datetime, pepper: bytes) -> Known:
    """
    What would be known of the contact's person if these facts had been told at *at*.

    Facts told after the contact happened are not seen from it, but for standing ones, as with any other contact. The
    contact needs an identifier or a reference to be joined by.

    Raises:
        ValidationError: a fact is unknown or has a wrong kind of value.
    """
    told = replace(
        said_in(contact, recorded=0, pepper=pepper),
        contact_id=derived_id("facts", str(contact.contact_id)),
        source=TOLD,
        type="facts.told",
        reference="",
        occurred_at=at,
        in_reply_to=None,
        declared=(),
        facts=FACTS_ADAPTER.dump_python(FACTS_ADAPTER.validate_python(facts), mode="json"),
        consents=(),
        identity=NOBODY,
    )
    person = _person([told], pepper)
    return Known((replace(told, person=person, gave=person),))


def person_key(first: UUID, pepper: bytes) -> str:
    """
    The key of the person whose *first* contact to arrive this was.

    It stays as more contacts come; of two persons joined the older keeps it, and two that are parted again have each
    the key they had before.
    """
    return pseudonym(pepper, "person", str(first))


def _people(said: Said, known: Sequence[Said], pepper: bytes) -> Mapping[str, Sequence[Said]]:
    """Everybody concerned, by key, each with their contacts in the order of events."""
    if not known:
        return {person_key(said.contact_id, pepper): (said,)}
    everything = [*known, said]
    keys = {one.person for one in known}
    if len(keys) == 1 and _is_connected(said, known) and calm(everything):
        # The usual case: what was one person, and holds no contradiction, still is.
        return {keys.pop(): sorted(everything, key=lambda one: one.order)}
    return {_person(contacts, pepper): contacts for contacts in persons(everything)}


def _found(said: Said, people: Mapping[str, Sequence[Said]]) -> tuple[str, Sequence[Said]]:
    """Whom a contact is about: the key and all their contacts."""
    return next((key, contacts) for key, contacts in people.items() if said in contacts)


def _is_connected(said: Said, known: Iterable[Said]) -> bool:
    numbers = set(said.numbers)
    return any(
        not numbers.isdisjoint(one.numbers) or one.contact_id == said.in_reply_to or one.in_reply_to == said.contact_id
        for one in known
    )


def _person(contacts: Sequence[Said], pepper: bytes) -> str:
    return person_key(_first(contacts).contact_id, pepper)


def _first(contacts: Iterable[Said]) -> Said:
    return min(contacts, key=lambda one: one.recorded)


def _again(contacts: Sequence[Said], known: Known, *, person: str, upto: int) -> Draft | None:
    """The person's latest contact once more, if it was sent before and is seen otherwise now."""
    latest = next((one for one in reversed(contacts) if not one.declared), None)
    if latest is None or not latest.person:
        return None
    before = [one for one in known.said if one.person == latest.person]
    if latest.person == person and {one.contact_id for one in before} == {one.contact_id for one in contacts}:
        return None
    before.sort(key=lambda one: one.order)
    seen = view(latest, contacts, person=person, upto=upto)
    if seen == view(latest, before, person=latest.person, upto=upto):
        return None
    return draft(latest, seen, revision=latest.revision + 1)
