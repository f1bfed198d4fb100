"""
What is known in clusters, kept in memory between batches: a person with hundreds of contacts is not read anew for each.

What is kept is used only where the cluster's version in the store is that with which it was kept, and the keys of all
whom it names are still those with which they were opened.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from onward.contracts.contact import Identity
from onward.people.domain.folds import Folds
from onward.people.domain.remembered import NOBODY, RememberedContact

MOST_CONTACTS = 20_000
"""Kept in memory at most, of all clusters together: some 60 MB."""
WORTH_KEEPING_FROM = 16
"""Contacts from which a cluster is kept; fewer are read as fast as they are looked for, as of nearly everybody."""
KEPT_FOR_S = 86_400.0
"""Seconds for which a cluster is kept that nobody asks for: so long a name stays here whose key was destroyed."""


def _each_once(identities: Iterable[Identity]) -> dict[Identity, Identity]:
    return {one: one for one in identities}  # pyright: ignore[reportUnhashable] - it is frozen


@dataclass(slots=True)
class KnownCluster:
    """All that is known in a cluster. Whoever works with it has it alone: it changes in place."""

    contacts: dict[UUID, RememberedContact] = field(default_factory=dict)
    """In the order of arrival."""
    folds: Folds = field(default_factory=Folds)
    """What was worked out of them before."""
    version: int = 0
    persons: set[str] = field(default_factory=set)
    """Whom its contacts are about, or were."""
    opened: dict[str, bytes] = field(default_factory=dict)
    """The keys with which their identities were opened."""
    used: float = 0.0
    """When it was kept last, by the clock of `KeptClusters`."""
    identities: dict[Identity, Identity] = field(default_factory=lambda: _each_once([NOBODY]))

    @classmethod
    def of(cls, contacts: Iterable[RememberedContact]) -> "KnownCluster":
        """What was read."""
        in_order = sorted(contacts, key=lambda one: one.recorded)
        told = {id(one.identity): one.identity for one in in_order}
        return cls({one.contact_id: one for one in in_order}, identities=_each_once([NOBODY, *told.values()]))

    def with_known_identity(self, contact: RememberedContact) -> RememberedContact:
        """One identity told many times is one object, so that looking at all of them costs nothing."""
        same = self.identities.setdefault(contact.identity, contact.identity)
        return contact if same is contact.identity else replace(contact, identity=same)

    def is_open(self, keys: Mapping[str, bytes]) -> bool:
        """Whether everybody's key is still the one it was: nothing of whoever was forgotten may be used."""
        return all(keys.get(person) == key for person, key in self.opened.items())

    def keep(self, changed: Iterable[RememberedContact], *, version: int, keys: Mapping[str, bytes]) -> bool:
        """
        Make it ready to be kept after a batch that *changed* these of its contacts; False where it is not to be.

        Where records are linked anybody may turn out to be anybody: that is read each time.
        """
        if len(self.contacts) < WORTH_KEEPING_FROM:
            return False
        for one in changed if self.persons else list(self.contacts.values()):
            if one.declared_links:
                return False
            self.persons.update(key for key in (one.person, one.gave_key) if key)
        self.version = version
        self.opened = {person: key for person in self.persons if (key := keys.get(person)) is not None}
        return True


class KeptClusters:
    """Clusters in memory, those used last; taken out while a batch works with them, so that none sees half a batch."""

    def __init__(self, most: int = MOST_CONTACTS, now: Callable[[], float] = time.monotonic) -> None:
        """Room for *most* contacts; *now* gives seconds."""
        self._most = most
        self._now = now
        self._clusters: dict[UUID, KnownCluster] = {}
        self._contacts = 0

    def take(self, cluster: UUID, version: int) -> KnownCluster | None:
        """What is known in a cluster, if it is still that; it is not kept any more."""
        found = self._drop(cluster)
        if found is None or found.version != version or self._now() - found.used > KEPT_FOR_S:
            return None
        return found

    def put(self, cluster: UUID, known: KnownCluster) -> None:
        """Keep what is known in a cluster; what was not used for longest goes, where there is no room."""
        self._drop(cluster)
        if len(known.contacts) <= self._most:
            known.used = self._now()
            self._clusters[cluster] = known
            self._contacts += len(known.contacts)
        first = self._now() - KEPT_FOR_S
        while self._clusters and next(iter(self._clusters.values())).used < first:
            self._drop(next(iter(self._clusters)))
        while self._contacts > self._most:
            self._drop(next(iter(self._clusters)))

    def _drop(self, cluster: UUID) -> KnownCluster | None:
        found = self._clusters.pop(cluster, None)
        if found is not None:
            self._contacts -= len(found.contacts)
        return found
