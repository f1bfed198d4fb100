"""What is known of people who may be those of a batch: found by what is said of them, and connected by nothing."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from onward.people.domain.likeness import TOO_MANY_FROM, keys, says_the_same
from onward.people.domain.remembered import RememberedContact
from onward.people.known_clusters import KnownCluster


@dataclass(slots=True)
class Likenesses:
    """Who says what is like what the contacts of a batch say; grows as these are remembered."""

    said: Mapping[UUID, "LikenessWanted"] = field(default_factory=dict)
    """By contact of the batch, where it says something new."""
    found: dict[str, list[UUID]] = field(default_factory=dict)
    """The contacts under each of these keys, none of the batch among them."""
    clusters: dict[UUID, UUID] = field(default_factory=dict)
    """Where each of those stands."""
    contacts: Mapping[UUID, Sequence[RememberedContact]] = field(default_factory=dict)
    """All that is known in each of those clusters."""

    def of(self, contact: UUID, known: Mapping[UUID, RememberedContact]) -> tuple[frozenset[UUID], Collection[UUID]]:
        """
        Contacts that say something like it, and the clusters in which they stand.

        Args:
            contact: One of the batch.
            known: All that is known in its own cluster by now. Where one of these says the same, it was asked then.
        """
        said = self.said.get(contact)
        if said is None or any(says_the_same(said.by, one) for one in known.values()):
            return frozenset(), ()
        alike = {
            one
            for key in said.keys
            if len(theirs := self.found.get(key, ())) < TOO_MANY_FROM
            for one in theirs
            if one in self.clusters
        }
        return frozenset(alike), sorted({self.clusters[one] for one in alike})

    def add(self, contact: RememberedContact, cluster: UUID) -> None:
        """A contact of the batch is remembered."""
        said = self.said.get(contact.contact_id)
        if said is None:
            return
        self.clusters[contact.contact_id] = cluster
        for key in said.keys:
            self.found.setdefault(key, []).append(contact.contact_id)


class LikenessWanted(NamedTuple):
    """What a contact says of whom it is about, and by which keys that is found."""

    by: RememberedContact
    keys: tuple[str, ...]


def said_anew(
    batch: Iterable[RememberedContact],
    clusters: Mapping[UUID, UUID],
    known: Mapping[UUID, KnownCluster],
    pepper: bytes,
) -> dict[UUID, LikenessWanted]:
    """What each contact of a batch says that no contact in its cluster has said before."""
    found: dict[UUID, LikenessWanted] = {}
    for one in batch:
        theirs = known.get(clusters[one.contact_id])
        if not one.identity.name or (theirs and any(says_the_same(one, other) for other in theirs.contacts.values())):
            continue
        if of_it := keys(one, pepper):
            found[one.contact_id] = LikenessWanted(one, of_it)
    return found
