"""What a batch knows and may change, in memory."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from onward.contracts.contact import Contact
from onward.people.domain import Joined, Known, Rekeyed, Said
from onward.people.domain.groups import Node
from onward.people.domain.said import REFERENCE, kind_of

CROWD = 100
"""Contacts on which one reference stands before it tells nobody apart, such as `UNKNOWN`; bounds what is looked at."""


class Shelf:
    """What was said, found by what connects it: its numbers, the contact itself, and the contact it answers."""

    def __init__(self, said: Iterable[Said] = ()) -> None:
        self._under: dict[Node, dict[UUID, Said]] = {}
        for one in said:
            self.put(one)

    def put(self, said: Said) -> None:
        """Add what one contact said, or replace it."""
        for node in nodes_of(said):
            self._under.setdefault(node, {})[said.contact_id] = said

    def connected(self, nodes: Iterable[Node]) -> list[Said]:
        """Everything that is connected with any of these, however far."""
        found: dict[UUID, Said] = {}
        waiting = list(nodes)
        looked_at = set(waiting)
        while waiting:
            for one in self._under.get(waiting.pop(), {}).values():
                if one.contact_id not in found:
                    found[one.contact_id] = one
                    further = [node for node in nodes_of(one) if node not in looked_at]
                    looked_at.update(further)
                    waiting += further
        return list(found.values())

    def count(self, node: Node) -> int:
        """On how many contacts it stands."""
        return len(self._under.get(node, {}))


def nodes_of(said: Said) -> tuple[Node, ...]:
    """All that connects what one contact said with other contacts."""
    answered = () if said.in_reply_to is None else (said.in_reply_to,)
    return (*said.connected, said.contact_id, *answered)


class Unit:
    """What is known of everybody in a batch, and what its contacts change."""

    def __init__(
        self,
        said: Iterable[Said],
        *,
        nodes: Mapping[UUID, tuple[Node, ...]],
        recorded: int,
        keys: Mapping[str, bytes],
        crowded: frozenset[str] = frozenset(),
        clusters: Mapping[UUID, UUID] | None = None,
    ) -> None:
        """
        A unit of work.

        Args:
            said: All that is connected with the contacts of the batch.
            nodes: For each contact of the batch, what connects it.
            recorded: The first free place in the order of arrival.
            keys: The keys of all persons that the batch may be about.
            crowded: References that are not followed.
            clusters: Where the store keeps each contact of the batch.
        """
        self._shelf = Shelf(said)
        self._nodes = nodes
        self._recorded = recorded
        self.keys = keys
        self.crowded = crowded
        self.clusters: Mapping[UUID, UUID] = clusters or {}
        self.added: dict[UUID, Said] = {}
        self.changed: dict[UUID, Said] = {}
        self.rekeyed: list[Rekeyed] = []

    def known(self, contact: Contact) -> Known:
        """What is known that bears on a contact of the batch."""
        return Known(self._shelf.connected(self._nodes[contact.contact_id]), self._recorded, self.crowded)

    def take(self, joined: Joined) -> None:
        """Remember what follows from a contact."""
        self._recorded += 1
        self.added[joined.said.contact_id] = joined.said
        self._shelf.put(joined.said)
        for one in joined.changed:
            (self.added if one.contact_id in self.added else self.changed)[one.contact_id] = one
            self._shelf.put(one)
        self.rekeyed += joined.rekeyed

    @property
    def newly_crowded(self) -> list[str]:
        """References that from now on tell nobody apart."""
        numbers = {number for one in self.added.values() for number in one.numbers if kind_of(number) == REFERENCE}
        return sorted(number for number in numbers if self._shelf.count(number) >= CROWD)
