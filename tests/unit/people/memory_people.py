"""People's store in memory."""

from collections.abc import Sequence
from uuid import UUID

from onward.chassis.record import Received
from onward.contracts.contact import Contact
from onward.people.adapters import connections, contacts_said
from onward.people.domain.groups import Node
from onward.people.domain.said import Said
from onward.people.places import place
from onward.people.unit import Unit


class MemoryPeople:
    """The store in memory, keeping the promises of the one in PostgreSQL; identities and keys are in the clear here."""

    def __init__(self, *, pepper: bytes) -> None:
        """An empty store that makes pseudonyms with *pepper*."""
        self._pepper = pepper
        self._placed: dict[Node, UUID] = {}
        self._known: dict[UUID, dict[UUID, Said]] = {}
        self._keys: dict[str, bytes] = {}
        self._recorded = 1
        self._crowded: frozenset[str] = frozenset()

    async def load(self, connection: object, records: Sequence[Received[Contact]]) -> Unit:
        """All that is connected with the contacts of *records*; *connection* is not used."""
        del connection
        batch = contacts_said(records, self._pepper, self._crowded)
        nodes = connections(batch)
        found = {node: self._placed[node] for theirs in nodes.values() for node in theirs if node in self._placed}
        places = place(nodes, found)
        for old, kept in places.merged.items():
            self._known[kept] |= self._known.pop(old)
        known = {cluster: list(self._known.get(cluster, {}).values()) for cluster in places.of.values()}
        return Unit(known, batch, clusters=places.of, recorded=self._recorded, keys=self._keys, crowded=self._crowded)

    async def save(self, connection: object, unit: Unit) -> None:
        """Remember what was said, and what it changed; *connection* is not used."""
        del connection
        for cluster in set(unit.clusters.values()):
            theirs = self._known[cluster] = {one.contact_id: one for one in unit.in_cluster(cluster)}
            for one in theirs.values():
                self._placed |= dict.fromkeys((*one.connected, one.contact_id), cluster)
        self._keys |= unit.envelopes.made
        self._recorded = unit.recorded
        self._crowded |= set(unit.newly_crowded())
