"""The store of `people` in memory; a conformance test holds it to the one in PostgreSQL."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from onward.chassis.record import Received
from onward.people.adapters import connections, contacts_said
from onward.people.clusters import assign_clusters
from onward.people.domain.groups import Node
from onward.people.domain.likeness import keys
from onward.people.domain.remembered import RememberedContact
from onward.people.known_clusters import KnownCluster
from onward.people.likenesses import Likenesses, LikenessWanted, said_anew
from onward.people.unit_of_work import Envelopes, UnitOfWork


class MemoryPeople:
    """The store in memory, keeping the promises of the one in PostgreSQL; identities and keys are in the clear here."""

    def __init__(self, *, pepper: bytes) -> None:
        """An empty store that makes pseudonyms with *pepper*."""
        self._pepper = pepper
        self._placed: dict[Node, UUID] = {}
        self._known: dict[UUID, dict[UUID, RememberedContact]] = {}
        self.keys: dict[str, bytes] = {}
        """The persons' keys."""
        self._alike: dict[str, list[UUID]] = {}
        self._recorded = 1
        self._too_common: frozenset[str] = frozenset()

    async def load(self, connection: object, records: Sequence[Received[Any]]) -> UnitOfWork:
        """All that is connected with the contacts of *records*; *connection* is not used."""
        del connection
        batch = contacts_said(records, self._pepper, self._too_common)
        nodes = connections(batch)
        found = {node: self._placed[node] for theirs in nodes.values() for node in theirs if node in self._placed}
        assigned = assign_clusters(nodes, found)
        for old, kept in assigned.merged.items():
            self._known[kept] |= self._known.pop(old)
        known = {
            cluster: KnownCluster.of(self._known.get(cluster, {}).values()) for cluster in set(assigned.of.values())
        }
        return UnitOfWork(
            known,
            batch,
            clusters=assigned.of,
            recorded=self._recorded,
            envelopes=Envelopes(self.keys),
            too_common=self._too_common,
            likenesses=self._likenesses(said_anew(batch.values(), assigned.of, known, self._pepper), assigned.merged),
        )

    def _likenesses(self, said: Mapping[UUID, LikenessWanted], merged: Mapping[UUID, UUID]) -> Likenesses:
        keys = {key for one in said.values() for key in one.keys}
        under = {key: [one for one in self._alike.get(key, ()) if one not in said] for key in keys}
        for contact, one in said.items():
            for key in one.keys:
                self._alike.setdefault(key, []).append(contact)
        placed = {one: self._placed[one] for theirs in under.values() for one in theirs if one in self._placed}
        clusters = {one: merged.get(cluster, cluster) for one, cluster in placed.items()}
        contacts = {cluster: list(self._known[cluster].values()) for cluster in set(clusters.values())}
        return Likenesses(said, under, clusters, contacts)

    async def save(self, connection: object, unit: UnitOfWork) -> None:
        """Remember what was said, and what it changed; *connection* is not used."""
        del connection
        for cluster in set(unit.clusters.values()):
            theirs = self._known[cluster] = {one.contact_id: one for one in unit.in_cluster(cluster)}
            for one in theirs.values():
                self._placed |= dict.fromkeys((*one.connected, one.contact_id), cluster)
        heirs = unit.heirs()
        for key in {key for one in unit.forgotten.values() for key in keys(one, self._pepper)} & self._alike.keys():
            kept = [heirs.get(one, one) for one in self._alike[key]]
            self._alike[key] = [one for one in kept if one is not None]
        for number in unit.unplaced():
            self._placed.pop(number, None)
        self.keys |= unit.envelopes.made
        self._recorded = unit.recorded
        self._too_common |= set(unit.newly_too_common())

    def everybody(self) -> Iterable[RememberedContact]:
        """All that is remembered."""
        return (one for theirs in self._known.values() for one in theirs.values())

    @property
    def found_by_likeness(self) -> set[UUID]:
        """The contacts that somebody who says something like what they said would find."""
        return {one for theirs in self._alike.values() for one in theirs}

    @property
    def numbers(self) -> set[str]:
        """Every number by which somebody is found."""
        return {node for node in self._placed if isinstance(node, str)}
