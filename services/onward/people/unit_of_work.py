"""What a batch knows and may change, in memory."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeAlias, assert_never
from uuid import UUID

from onward.chassis.record import Received
from onward.chassis.security.sealing import PersonEnvelopes, new_key
from onward.contracts.contact import Identity
from onward.people.domain.changes import (
    ContactChanges,
    ContactJoined,
    ContactKeptApart,
    ContactReassigned,
    Erased,
    PersonCreated,
    SituationRevised,
)
from onward.people.domain.join import KnownContacts
from onward.people.domain.likeness import says_the_same
from onward.people.domain.remembered import MATCH, NOBODY, REFERENCE, RememberedContact, kind_of
from onward.people.known_clusters import KnownCluster
from onward.people.likenesses import Likenesses

RecordPosition: TypeAlias = tuple[int, int]
"""Partition and offset of a record."""

TOO_COMMON_FROM = 100
"""Contacts on which one reference stands before it tells nobody apart, such as `UNKNOWN`; bounds what is looked at."""


def position_of(received: Received[Any]) -> RecordPosition:
    """Where a record of the batch was read."""
    return received.partition, received.offset


class Envelopes:
    """What names persons, sealed for them. What is told many times is one text, sealed once."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        """Envelopes under the *keys* of persons; one who has none is given one, which is among `made` then."""
        self.keys = dict(keys)
        self.made: dict[str, bytes] = {}
        self._sealed: dict[tuple[str, str], str] = {}
        self._references: dict[tuple[str, str, str], str] = {}
        self._of: dict[str, PersonEnvelopes] = {}

    def seal(self, person: str, identity: Identity) -> str:
        """The identity under the person's key."""
        named = (person, identity.model_dump_json())
        sealed = self._sealed.get(named)
        if sealed is None:
            sealed = self._sealed[named] = self._made_of(person).seal(identity)
        return sealed

    def seal_reference(self, person: str, source: str, text: str) -> str:
        """The reference of the partner *source* for a person, under their key for references."""
        told = (person, source, text)
        sealed = self._references.get(told)
        if sealed is None:
            sealed = self._references[told] = self._made_of(person).references.seal(source, text)
        return sealed

    def of(self, person: str) -> PersonEnvelopes | None:
        """What seals and opens for a person; None for one who has no key, such as whoever was forgotten."""
        found = self._of.get(person)
        if found is None and (key := self.keys.get(person)) is not None:
            found = self._of[person] = PersonEnvelopes(key, person)
        return found

    def _made_of(self, person: str) -> PersonEnvelopes:
        found = self.of(person)
        if found is None:
            self.keys[person] = self.made[person] = key = new_key()
            found = self._of[person] = PersonEnvelopes(key, person)
        return found


class UnitOfWork:
    """What is known of everybody in a batch, and what its contacts change."""

    def __init__(
        self,
        known: Mapping[UUID, KnownCluster],
        batch: Mapping[RecordPosition, RememberedContact],
        *,
        clusters: Mapping[UUID, UUID],
        recorded: int,
        envelopes: Envelopes,
        too_common: frozenset[str] = frozenset(),
        likenesses: Likenesses | None = None,
        erased: frozenset[RecordPosition] = frozenset(),
    ) -> None:
        """
        A unit of work.

        Args:
            known: By cluster, all that is connected with the contacts of the batch.
            batch: The contacts of the batch, read, by the place of their record: two may have one id.
            clusters: The cluster of each contact of the batch.
            recorded: The first free place in the order of arrival.
            envelopes: Under the keys of all persons that the batch may be about and that have one.
            too_common: References that are not followed.
            likenesses: Who says what is like what the contacts of the batch say.
            erased: Records that would bring back somebody who was erased; they are not in *batch*.
        """
        self._erased = erased
        self.clusters = clusters
        self.envelopes = envelopes
        self.added: dict[UUID, RememberedContact] = {}
        self.changed: dict[UUID, RememberedContact] = {}
        self.reassigned: list[ContactReassigned] = []
        self.forgotten: dict[UUID, RememberedContact] = {}
        """Contacts whose record was deleted at its source, as they were: nobody may be found by what they said."""
        self.known_clusters = {cluster: known.get(cluster) or KnownCluster() for cluster in clusters.values()}
        self._batch = batch
        self._too_common_before = too_common
        self._too_common = set(too_common)
        self.first_recorded = self._recorded = recorded
        self._likenesses = likenesses or Likenesses()

    def is_erased(self, received: Received[Any]) -> bool:
        """Whether a record of the batch is about somebody who was erased, and of before that."""
        return position_of(received) in self._erased

    def contact(self, received: Received[Any]) -> RememberedContact:
        """What a contact of the batch said, with its place in the order of arrival."""
        contact = self._batch[position_of(received)]
        contact = self.known_clusters[self.clusters[contact.contact_id]].with_known_identity(contact)
        numbers = tuple(number for number in contact.numbers if number not in self._too_common)
        return replace(contact, numbers=numbers, recorded=self._recorded)

    @property
    def recorded(self) -> int:
        """The next free place in the order of arrival."""
        return self._recorded

    def known(self, contact: UUID) -> KnownContacts:
        """What is known that bears on a contact of the batch."""
        ours = self.known_clusters[self.clusters[contact]]
        known = ours.contacts
        alike, clusters = self._likenesses.of(contact, known)
        return KnownContacts(
            tuple(known.values()),
            self._recorded,
            frozenset(self._too_common),
            alike,
            tuple(one for cluster in clusters if cluster != self.clusters[contact] for one in self._there(cluster)),
            ours.folds,
        )

    def _there(self, cluster: UUID) -> Iterable[RememberedContact]:
        known = self.known_clusters.get(cluster)
        return self._likenesses.contacts[cluster] if known is None else known.contacts.values()

    def in_cluster(self, cluster: UUID) -> Iterable[RememberedContact]:
        """All that is known in a cluster by now."""
        return self.known_clusters[cluster].contacts.values()

    def apply(self, joined: ContactChanges) -> None:
        """Make the changes that follow from a contact of the batch."""
        cluster = self.known_clusters[self.clusters[joined.contact.contact_id]]
        known = cluster.contacts
        for change in joined.changes:
            if isinstance(change, Erased):
                was = self.forgotten[change.contact.contact_id] = known[change.contact.contact_id]
                cluster.identities.pop(was.identity, None)
            known[change.contact.contact_id] = change.contact
            match change:
                case PersonCreated(contact) | ContactJoined(contact) | ContactKeptApart(contact):
                    self._add(contact)
                case ContactReassigned(contact):
                    self._change(contact)
                    self.reassigned.append(change)
                case SituationRevised(contact) | Erased(contact):
                    self._change(contact)
                case _:
                    assert_never(change)

    def _add(self, contact: RememberedContact) -> None:
        self._recorded += 1
        self.added[contact.contact_id] = contact
        if contact.identity is NOBODY:
            # Told late: its record was deleted before it came.
            for told in self._batch.values():
                if told.contact_id == contact.contact_id and told.identity is not NOBODY:
                    self.forgotten[told.contact_id] = told
        self._likenesses.add(contact, self.clusters[contact.contact_id])
        known = self.known_clusters[self.clusters[contact.contact_id]].contacts
        if len(known) < TOO_COMMON_FROM:
            return
        references = (number for number in contact.numbers if kind_of(number) == REFERENCE)
        self._too_common.update(
            number for number in references if sum(number in one.numbers for one in known.values()) >= TOO_COMMON_FROM
        )

    def heirs(self) -> dict[UUID, UUID | None]:
        """By each forgotten contact, another in its cluster that says the same and was found by it until now."""
        return {was.contact_id: self._heir(was) for was in self.forgotten.values()}

    def _heir(self, was: RememberedContact) -> UUID | None:
        theirs = next(each.contacts for each in self.known_clusters.values() if was.contact_id in each.contacts)
        heard = (one for one in theirs.values() if one.identity.name and one.contact_id not in self.forgotten)
        return next((one.contact_id for one in heard if says_the_same(one, was)), None)

    def unplaced(self) -> list[str]:
        """Numbers made of what somebody's deleted records said of them, which nobody else in their cluster gave."""
        made = {number for one in self.forgotten.values() for number in one.numbers if kind_of(number) == MATCH}
        told = (
            (one.numbers for known in self.known_clusters.values() for one in known.contacts.values()) if made else ()
        )
        return sorted(made.difference(*told))

    def _change(self, contact: RememberedContact) -> None:
        (self.added if contact.contact_id in self.added else self.changed)[contact.contact_id] = contact

    def newly_too_common(self) -> list[str]:
        """References that tell nobody apart since a contact of this batch."""
        return sorted(self._too_common - self._too_common_before)
