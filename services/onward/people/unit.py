"""What a batch knows and may change, in memory."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from onward.chassis.sealing import seal, seal_text
from onward.contracts.contact import Identity
from onward.people.domain import Joined, Known, Rekeyed, Said
from onward.people.domain.said import REFERENCE, kind_of

CROWD = 100
"""Contacts on which one reference stands before it tells nobody apart, such as `UNKNOWN`; bounds what is looked at."""


class Envelopes:
    """What names persons, sealed for them. What is told many times is one text, sealed once."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        """Envelopes under the *keys* of persons."""
        self.keys = keys
        self._sealed: dict[tuple[str, str], str] = {}
        self._texts: dict[tuple[str, str], str] = {}

    def seal(self, person: str, identity: Identity) -> str:
        """
        The identity under the person's key.

        Raises:
            KeyError: the person has no key.
        """
        named = (person, identity.model_dump_json())
        sealed = self._sealed.get(named)
        if sealed is None:
            sealed = self._sealed[named] = seal(self.keys[person], person, identity)
        return sealed

    def seal_text(self, person: str, text: str) -> str:
        """
        A partner's reference under the person's key.

        Raises:
            KeyError: the person has no key.
        """
        sealed = self._texts.get((person, text))
        if sealed is None:
            sealed = self._texts[person, text] = seal_text(self.keys[person], person, text)
        return sealed


class Unit:
    """What is known of everybody in a batch, and what its contacts change."""

    def __init__(
        self,
        known: Mapping[UUID, Iterable[Said]],
        batch: Iterable[Said],
        *,
        clusters: Mapping[UUID, UUID],
        recorded: int,
        keys: Mapping[str, bytes],
        crowded: frozenset[str] = frozenset(),
    ) -> None:
        """
        A unit of work.

        Args:
            known: By cluster, all that is connected with the contacts of the batch.
            batch: The contacts of the batch, read.
            clusters: The cluster of each contact of the batch.
            recorded: The first free place in the order of arrival.
            keys: The keys of all persons that the batch may be about.
            crowded: References that are not followed.
        """
        self.clusters = clusters
        self.envelopes = Envelopes(keys)
        self.crowded = crowded
        self.added: dict[UUID, Said] = {}
        self.changed: dict[UUID, Said] = {}
        self.rekeyed: list[Rekeyed] = []
        self._known: dict[UUID, dict[UUID, Said]] = {cluster: {} for cluster in clusters.values()}
        for cluster, said in known.items():
            self._known[cluster] = {one.contact_id: one for one in said}
        self._batch = {one.contact_id: one for one in batch}
        self._recorded = recorded

    def said(self, contact: UUID) -> Said:
        """What a contact of the batch said."""
        return self._batch[contact]

    @property
    def recorded(self) -> int:
        """The next free place in the order of arrival."""
        return self._recorded

    def known(self, contact: UUID) -> Known:
        """What is known that bears on a contact of the batch."""
        return Known(tuple(self._known[self.clusters[contact]].values()), self._recorded, self.crowded)

    def in_cluster(self, cluster: UUID) -> Iterable[Said]:
        """All that is known in a cluster by now."""
        return self._known[cluster].values()

    def take(self, joined: Joined) -> None:
        """Remember what follows from a contact."""
        known = self._known[self.clusters[joined.said.contact_id]]
        self._recorded += 1
        self.added[joined.said.contact_id] = joined.said
        known[joined.said.contact_id] = joined.said
        for one in joined.changed:
            (self.added if one.contact_id in self.added else self.changed)[one.contact_id] = one
            known[one.contact_id] = one
        self.rekeyed += joined.rekeyed

    def newly_crowded(self) -> list[str]:
        """References that from now on tell nobody apart."""
        crowded: set[str] = set()
        for known in self._known.values():
            if len(known) >= CROWD:
                counts: dict[str, int] = {}
                for number in (number for one in known.values() for number in one.numbers):
                    counts[number] = counts.get(number, 0) + 1
                crowded |= {number for number, count in counts.items() if count >= CROWD}
        return sorted(number for number in crowded if kind_of(number) == REFERENCE)
