"""Erasing a person: which rows, numbers and keys go, and what names them from then on to nobody's good but ours."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from onward.contracts.erasure import CONTACT, PERSON, KeptData, Tombstone
from onward.people.domain.remembered import JOINING, kind_of


@dataclass(frozen=True, slots=True)
class KeptContact:
    """Of a contact as it is stored: whom it is about, and by what."""

    contact_id: UUID
    cluster: UUID
    person: str
    gave_key: str
    numbers: tuple[str, ...]
    connected: frozenset[str]
    """Every number that it mentions."""
    sealed: bool


@dataclass(frozen=True, slots=True)
class ReassignedContact:
    """That a contact was about another person before."""

    contact_id: UUID
    person: str
    was: str


@dataclass(slots=True)
class KeptPersons:
    """What `people` keeps of everybody in some clusters."""

    contacts: dict[UUID, KeptContact] = field(default_factory=dict)
    links: dict[str, UUID] = field(default_factory=dict)
    """The cluster of each number."""
    rekeyed: list[ReassignedContact] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    """The persons that have a key."""


@dataclass(frozen=True, slots=True)
class PersonErasure:
    """What goes of a person."""

    persons: tuple[str, ...]
    """Every pseudonym that they had and nobody else has."""
    contacts: tuple[UUID, ...]
    numbers: tuple[str, ...]
    clusters: tuple[UUID, ...]
    """Of which nothing is left."""
    rekeyed: int
    keys: tuple[str, ...]
    identities: int
    shared_numbers: int
    """Numbers that somebody else has too, and that stay for them."""
    shared_keys: int
    """Pseudonyms under which records of theirs went out and that are somebody else's by now, whose key stays."""

    @property
    def erased(self) -> dict[str, int]:
        """How much of what goes, for the report."""
        return {
            "person keys": len(self.keys),
            "contacts with facts": len(self.contacts),
            "sealed identities": self.identities,
            "numbers": len(self.numbers),
            "changes of pseudonym": self.rekeyed,
        }

    def kept(self, tombstones: int) -> tuple[KeptData, ...]:
        """What stays of them here, for the report."""
        shared = (
            ("numbers that somebody else has too", self.shared_numbers),
            ("pseudonyms that are somebody else's by now, with their key", self.shared_keys),
        )
        return (
            KeptData(what="keyed pseudonyms of what named the person", count=tombstones, because="stops_replays"),
            *(KeptData(what=what, count=count, because="somebody_elses") for what, count in shared if count),
        )

    def tombstones(self, erasure_id: UUID, at: datetime) -> tuple[Tombstone, ...]:
        """One for each number, contact and pseudonym."""
        named = (
            *self.numbers,
            *(f"{CONTACT}:{contact}" for contact in self.contacts),
            *(f"{PERSON}:{person}" for person in self.persons),
        )
        return tuple(Tombstone(named=each, erasure_id=erasure_id, at=at) for each in named)


def erasure_of(whom: str, known: KeptPersons) -> PersonErasure | Literal["nobody_known", "several_people"]:
    """
    What goes of the person that *whom* names: `PERSON:`, `CONTACT:` or a marked number.

    A number may be on several people who contradict each other: then whoever asks has to say which, by pseudonym.
    """
    persons = _named(whom, known)
    if not persons:
        return "nobody_known"
    if len(persons) > 1:
        return "several_people"
    return everything_of(persons, (), known)


def everything_of(persons: Collection[str], contacts: Collection[UUID], known: KeptPersons) -> PersonErasure:
    """What goes of these *persons*, and of whoever these *contacts* are about."""
    gone = [one for one in known.contacts.values() if one.person in persons or one.contact_id in contacts]
    ids = {one.contact_id for one in gone}
    left = [one for one in known.contacts.values() if one.contact_id not in ids]
    theirs = {*persons, *(one.person for one in gone), *(one.gave_key for one in gone if one.gave_key)}
    theirs.update(each.was for each in known.rekeyed if each.contact_id in ids)
    others = {one.person for one in left} | {one.gave_key for one in left if one.gave_key}
    # A person's word who is who names contacts, also those of others: a contact goes with its person only.
    mentioned = {number for one in gone for number in one.connected if kind_of(number) != CONTACT}
    still = {number for one in left for number in one.connected}
    clusters = {one.cluster for one in gone}
    # A number of the cluster that no contact mentions any more has nobody either.
    numbers = {number for number, cluster in known.links.items() if cluster in clusters and number not in still}
    own = theirs - others
    return PersonErasure(
        persons=tuple(sorted(own)),
        contacts=tuple(sorted(ids)),
        numbers=tuple(sorted(numbers | (mentioned - still))),
        clusters=tuple(sorted(clusters - {one.cluster for one in left})),
        rekeyed=sum(each.contact_id in ids or each.was in own or each.person in own for each in known.rekeyed),
        keys=tuple(sorted(own & known.keys)),
        identities=sum(one.sealed for one in gone),
        shared_numbers=len(mentioned & still),
        shared_keys=len(theirs & others),
    )


def without(known: KeptPersons, gone: PersonErasure) -> None:
    """Take what goes out of what is known, for the next erasure of the batch."""
    for contact in gone.contacts:
        known.contacts.pop(contact, None)
    for number in gone.numbers:
        known.links.pop(number, None)
    known.keys.difference_update(gone.keys)
    ids, own = set(gone.contacts), set(gone.persons)
    known.rekeyed[:] = [
        each for each in known.rekeyed if each.contact_id not in ids and each.was not in own and each.person not in own
    ]


def brings_back(
    numbers: Sequence[str], contacts: Iterable[UUID], happened: datetime, erased: Mapping[str, datetime]
) -> bool:
    """
    Whether a contact is about somebody who was erased, and of before that.

    A contact that was erased itself, or answers one, always is; one under a number is, if it happened until then. What
    happened later is about somebody new, whatever their numbers. Where a contact has identifiers, they say whose it is:
    a reference may be a case's, and somebody else's who is in it must not go unheard.
    """
    if any(f"{CONTACT}:{contact}" in erased for contact in contacts):
        return True
    naming = [number for number in numbers if kind_of(number) in JOINING] or numbers
    return any(number in erased and happened <= erased[number] for number in naming)


def _named(whom: str, known: KeptPersons) -> set[str]:
    kind, _, name = whom.partition(":")
    if kind == CONTACT:
        return {one.person for one in known.contacts.values() if str(one.contact_id) == name}
    if kind == PERSON:
        now = {one.person for one in known.contacts.values() if one.person == name}
        # A pseudonym of before: as whoever has its contacts now.
        ids = {each.contact_id for each in known.rekeyed if each.was == name}
        return now or {one.person for one in known.contacts.values() if one.contact_id in ids}
    return {one.person for one in known.contacts.values() if whom in one.numbers}
