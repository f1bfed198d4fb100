"""A contact, and what it changes: whom it is about, and which others it shows in a new light."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations
from types import MappingProxyType
from typing import Final
from uuid import UUID

from onward.calendar.times import london_day
from onward.contracts.contact import Contact
from onward.contracts.facts import FACTS_ADAPTER, Facts
from onward.contracts.ids import derived_id, pseudonym
from onward.contracts.outcome import Ignored, Parked
from onward.contracts.situation import Parting
from onward.contracts.validity import validity_of
from onward.people.domain.answering import believed, misplaced
from onward.people.domain.changes import (
    ContactChanges,
    ContactJoined,
    ContactKeptApart,
    ContactReassigned,
    Erased,
    PersonCreated,
    SituationRevised,
)
from onward.people.domain.contradicted import taken_back
from onward.people.domain.contradiction import contradict, particulars_of
from onward.people.domain.corrections import Corrections
from onward.people.domain.folds import NONE, Folds
from onward.people.domain.identity_resolution import is_consistent, persons
from onward.people.domain.matches import likely_matches, questions
from onward.people.domain.partings import partings
from onward.people.domain.remembered import (
    GIVEN_FACTS,
    NOBODY,
    REFERENCE,
    RememberedContact,
    kind_of,
    remember,
)
from onward.people.domain.view import View, view

NO_DAYS: Final[Mapping[str, date]] = MappingProxyType({})
OTHER_CONTENT = Parked(
    "same_id_other_content",
    "/contact_id",
    "its partner sent something else under the same event id before, and that counts: send a correction as an event of "
    "its own, with an id of its own and a later time",
)


@dataclass(frozen=True, slots=True)
class KnownContacts:
    """What the store found that bears on one contact."""

    contacts: Sequence[RememberedContact] = ()
    """Every contact connected with it, through any number of shared numbers and answers; it may hold others too."""
    recorded: int = 1
    """The contact's place in the order of arrival, above that of every contact in `contacts`."""
    too_common: frozenset[str] = frozenset()
    """References on so many contacts that they tell nobody apart."""
    alike: frozenset[UUID] = frozenset()
    """Contacts that say something like it of whom they are about: a person is asked, and nobody is joined by it."""
    elsewhere: Sequence[RememberedContact] = ()
    """All that is known of people to whom those lead that nothing connects with the contact."""
    folds: Folds = field(default=NONE, repr=False, compare=False)
    """What was worked out before of the same contacts."""


def join(contact: Contact, known: KnownContacts, *, pepper: bytes, id_key: bytes) -> ContactChanges | Ignored | Parked:
    """As `changes_of_contact`, for a contact that is not read yet."""
    return changes_of_contact(
        remember(contact, recorded=known.recorded, pepper=pepper, too_common=known.too_common), known, id_key=id_key
    )


def changes_of_contact(
    contact: RememberedContact, known: KnownContacts, *, id_key: bytes
) -> ContactChanges | Ignored | Parked:
    """
    What a contact changes: it is joined with what is known of its person, and may show other contacts in a new light.

    A contact that tells of an earlier time, or of a link between records, may change what is known at the latest
    contact of a person: that one is then sent round again as a new revision.

    Returns:
        `Ignored("repeat")` for a contact that was taken before, `Parked("same_id_other_content")` for another under its
        id; `Parked("unknown_question")` for an answer to what its partner was not asked, `"identifier_conflict"` for
        one that is about somebody else than the person who was asked about.
    """
    # By their numbers: there may be hundreds, and two ids are compared in Python.
    number = contact.contact_id.int
    before = next((one for one in known.contacts if one.contact_id.int == number), None)
    if before is not None:
        return Ignored("repeat") if contact.says_what(before) else OTHER_CONTENT
    if contact.in_reply_to is not None:
        _, joined = _found(contact, _people(contact, known.contacts, id_key)[0])
        if refused := misplaced(contact, joined, known.contacts):
            return refused
        contact = believed(contact)
    people, is_one_person = _people(contact, known.contacts, id_key, known.folds)
    person, contacts = _found(contact, people)
    if is_one_person:
        return _asked_of_likely(_of_one_person(contact, known, person, contacts), known)
    corrections = Corrections((*known.contacts, contact))
    contact = contact.erased() if corrections.erases(contact) else contact
    is_first = _first(contacts).contact_id == contact.contact_id
    contact = replace(contact, person=person, gave_key=person if is_first else "")
    kept = [one.erased() if corrections.erases(one) else one for one in known.contacts]
    erased = tuple(Erased(one) for one, before in zip(kept, known.contacts, strict=True) if one != before)
    reassigned = _reassigned(kept, people, because=contact)
    stands = {one.contact_id: one for one in kept}
    stands |= {change.contact.contact_id: change.contact for change in reassigned}
    parted = partings(people, known.contacts, by=contact)
    seen_anew = (
        _seen_anew(theirs, known, person=key, upto=contact.recorded, is_parted=_on_others_word(parted.get(key)))
        for key, theirs in people.items()
    )
    revised = [_revised(stands[latest.contact_id], seen) for latest, seen in filter(None, seen_anew)]
    moved = {one.contact_id for theirs in people.values() for one in theirs if one.is_moved}
    recorded = _recorded(contact, contacts, [one for one in kept if one.contact_id not in moved])
    disputed = _is_disputed(recorded, people, known.contacts)
    asked = questions(contact, people, known.contacts)
    changes = (recorded, *erased, *reassigned, *revised)
    made = ContactChanges(changes, people, asked, parted, known.folds, is_disputed=disputed)
    return _asked_of_likely(made, known)


def _asked_of_likely(made: ContactChanges, known: KnownContacts) -> ContactChanges:
    if not known.alike:
        return made
    likely = likely_matches(made.contact, made.people, known.contacts, known.alike, known.elsewhere)
    asked = {question.match_id for question in made.questions}
    return replace(
        made, questions=(*made.questions, *(question for question in likely if question.match_id not in asked))
    )


def _of_one_person(
    contact: RememberedContact, known: KnownContacts, person: str, contacts: Sequence[RememberedContact]
) -> ContactChanges:
    """What a contact changes where everybody concerned is one person beyond doubt, and nothing is taken back."""
    contact = replace(contact, person=person, gave_key=person if len(contacts) == 1 else "")
    people = {person: contacts}
    seen_anew = _seen_anew(contacts, known, person=person, upto=contact.recorded)
    revised = () if seen_anew is None else (_revised(*seen_anew),)
    return ContactChanges((_recorded(contact, contacts, known.contacts), *revised), people, folds=known.folds)


def _on_others_word(parting: Parting | None) -> bool:
    return parting is not None and any(parting.own.values())


def _revised(latest: RememberedContact, seen: View) -> SituationRevised:
    return SituationRevised(replace(latest, person=seen.person, revision=latest.revision + 1), seen)


def _is_disputed(
    recorded: PersonCreated | ContactJoined | ContactKeptApart,
    people: Mapping[str, Sequence[RememberedContact]],
    known: Iterable[RememberedContact],
) -> bool:
    """
    Whether a contact contradicts who was taken for whom until then. What a partner declares to be so is no dispute.

    It is kept apart from others under its number, though nobody parted them; or since it came a number stands on two
    people who were one before, or two who contradict each other are one no longer.
    """
    contact = recorded.contact
    kinds = {link.kind for link in contact.declared_links}
    before_it = {one.contact_id for one in known}
    if kinds.isdisjoint({"unmerged", "moved"}) and _parts_people(people, before_it):
        return True
    if kinds - {"same"}:
        return False
    if isinstance(recorded, ContactKeptApart):
        return True
    everybody = [(key, one) for key, theirs in people.items() for one in theirs]
    for number in contact.connected:
        standing = [(key, one) for key, one in everybody if _is_known_by(one, number)]
        before = {one.person for _, one in standing if one.contact_id in before_it}
        if kind_of(number) != REFERENCE and len(before) == 1 and len({key for key, _ in standing}) > 1:
            return True
    return False


def _parts_people(people: Mapping[str, Sequence[RememberedContact]], known: Collection[UUID]) -> bool:
    """Whether some who were one person are several now, and contradict each other."""
    now: dict[str, set[str]] = {}
    for key, theirs in people.items():
        for one in theirs:
            if one.contact_id in known:
                now.setdefault(one.person, set()).add(key)
    return any(
        contradict(particulars_of(people[one]), particulars_of(people[other]))
        for keys in now.values()
        for one, other in combinations(sorted(keys), 2)
    )


def _is_known_by(one: RememberedContact, number: str) -> bool:
    """Whether a contact says that its person has a number; of records parted or moved it says the contrary."""
    linked = (link for link in one.declared_links if link.kind == "same")
    return number in one.numbers or any(number in (link.kept, link.other) for link in linked)


def _recorded(
    contact: RememberedContact, contacts: Sequence[RememberedContact], known: Sequence[RememberedContact]
) -> PersonCreated | ContactJoined | ContactKeptApart:
    if len(contacts) > 1:
        return ContactJoined(contact)
    return ContactKeptApart(contact) if _is_connected(contact, known) else PersonCreated(contact)


def _reassigned(
    known: Iterable[RememberedContact], people: Mapping[str, Sequence[RememberedContact]], *, because: RememberedContact
) -> tuple[ContactReassigned, ...]:
    """The contacts remembered before that are about another person now."""
    now = {
        one.contact_id: (key, one is _first(contacts))
        for key, contacts in people.items()
        for one in contacts
        if one.person != key and one.contact_id != because.contact_id
    }
    return tuple(
        ContactReassigned(
            replace(one, person=key, gave_key=key if is_first else one.gave_key), one.person, because.contact_id
        )
        for one in known
        if one.contact_id in now
        for key, is_first in [now[one.contact_id]]
    )


def known_from_facts(
    contact: Contact,
    facts: Facts,
    *,
    at: datetime,
    pepper: bytes,
    id_key: bytes,
    said_on: Mapping[str, date] = NO_DAYS,
) -> KnownContacts:
    """
    What would be known of the contact's person if these facts had been told at *at*, or on their day in *said_on*.

    Facts told after the contact happened are not seen from it, but for standing ones, as with any other contact. One
    that decides only in the contact that says it, and until somebody takes the person over, was said in another one:
    without a day it is too old. The contact needs an identifier or a reference to be joined by.

    Raises:
        ValidationError: a fact is unknown or has a wrong kind of value.
    """
    days: dict[date | None, Facts] = {None: {}}
    for path, value in FACTS_ADAPTER.dump_python(FACTS_ADAPTER.validate_python(facts), mode="json").items():
        days.setdefault(said_on.get(path) or _outlived(path, contact), {})[path] = value
    given = replace(
        remember(contact, recorded=0, pepper=pepper),
        source=GIVEN_FACTS,
        type="facts.told",
        reference="",
        in_reply_to=None,
        declared_links=(),
        consents=(),
        identity=NOBODY,
    )
    told = [
        replace(
            given,
            contact_id=derived_id("facts", str(contact.contact_id), *([] if day is None else [day.isoformat()])),
            recorded=-place,
            occurred_at=at if day is None else min(at, datetime.combine(day, time(12), UTC)),
            facts=some,
        )
        for place, (day, some) in enumerate(days.items())
    ]
    person = _person(told, id_key)
    return KnownContacts(tuple(replace(one, person=person, gave_key=person if one is told[-1] else "") for one in told))


def _outlived(path: str, contact: Contact) -> date | None:
    """A day on which a fact that decides in its own contact was said too long ago; None for every other fact."""
    validity = validity_of(path)
    if validity is None or validity.days is None or not validity.until_taken_over:
        return None
    return london_day(contact.received_at) - timedelta(days=validity.days + 1)


def person_key(first: UUID, id_key: bytes) -> str:
    """
    The key of the person whose *first* contact to arrive this was.

    It stays as more contacts come; of two persons joined the older keeps it, and two that are parted again have each
    the key they had before.
    """
    return pseudonym(id_key, "person", str(first))


def _people(
    contact: RememberedContact, known: Sequence[RememberedContact], id_key: bytes, folds: Folds = NONE
) -> tuple[Mapping[str, Sequence[RememberedContact]], bool]:
    """
    Everybody concerned, by key, each with their contacts in the order of events.

    With it, whether they are all one person beyond doubt, as they nearly always are.
    """
    if not known:
        return {person_key(contact.contact_id, id_key): (contact,)}, True
    everything = [*known, contact]
    keys = {one.person for one in known}
    if len(keys) == 1 and _is_connected(contact, known) and is_consistent(everything, folds):
        # The usual case: what was one person, and holds no contradiction, still is.
        return {keys.pop(): sorted(everything, key=lambda one: one.order)}, True
    return {_person(contacts, id_key): contacts for contacts in persons(everything)}, False


def _found(
    contact: RememberedContact, people: Mapping[str, Sequence[RememberedContact]]
) -> tuple[str, Sequence[RememberedContact]]:
    """Whom a contact is about: the key and all their contacts."""
    number = contact.contact_id.int
    return next(
        (key, contacts) for key, contacts in people.items() if any(one.contact_id.int == number for one in contacts)
    )


def _is_connected(contact: RememberedContact, known: Iterable[RememberedContact]) -> bool:
    numbers = set(contact.numbers)
    return any(
        not numbers.isdisjoint(one.numbers)
        or one.contact_id == contact.in_reply_to
        or one.in_reply_to == contact.contact_id
        for one in known
    )


def _person(contacts: Sequence[RememberedContact], id_key: bytes) -> str:
    return person_key(_first(contacts).contact_id, id_key)


def _first(contacts: Sequence[RememberedContact]) -> RememberedContact:
    """The first to arrive; one that a booking was moved with gives nobody its key, where there is another."""
    return min((one for one in contacts if not one.is_moved), key=lambda one: one.recorded, default=contacts[0])


def _seen_anew(
    contacts: Sequence[RememberedContact], known: KnownContacts, *, person: str, upto: int, is_parted: bool = False
) -> tuple[RememberedContact, View] | None:
    """
    The person's latest contact with what is known at it, if it was sent before and that is not what it was.

    It goes round again too when somebody else was parted from the person, on whose word earlier ones may have led to
    something.
    """
    latest = next((one for one in reversed(contacts) if not one.declared_links), None)
    if latest is None or not latest.person:
        return None
    before = [one for one in known.contacts if one.person == latest.person]
    if latest.person == person and {one.contact_id for one in before} == {one.contact_id for one in contacts}:
        return None
    before.sort(key=lambda one: one.order)
    seen = view(latest, contacts, person=person, upto=upto)
    seen_before = view(latest, before, person=latest.person, upto=upto)
    if seen == seen_before and not is_parted:
        return None
    seen.facts.update(taken_back(seen_before.facts, contacts))
    return latest, seen
