"""
Where the contacts of a batch belong: clusters, each all that shared numbers and answers connect.

A cluster is what is locked, read and worked out as a whole, so that who is one person can be decided anew with every
contact. Clusters only ever grow: a parting separates people, not what has to be looked at together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from onward.people.domain.groups import Groups, Node


@dataclass(frozen=True, slots=True)
class ClusterAssignment:
    """Where everything goes, and what has to be made or merged for it."""

    of: Mapping[UUID, UUID]
    """The cluster of each contact of the batch."""
    existing: tuple[UUID, ...]
    """Clusters that are there, to be locked."""
    made: tuple[UUID, ...]
    """Clusters to be made."""
    numbers: Mapping[str, UUID]
    """Numbers that nobody has mentioned before, and their clusters."""
    merged: Mapping[UUID, UUID]
    """Clusters that turned out to be one with another, and that other."""


def assign_clusters(nodes: Mapping[UUID, Sequence[Node]], found: Mapping[Node, UUID]) -> ClusterAssignment:
    """
    Decide where the contacts of a batch belong.

    Args:
        nodes: For each contact, in the order of arrival, what connects it.
        found: The clusters of those nodes that are known.
    """
    groups = Groups()
    for theirs in nodes.values():
        # A cluster is a node too, as text: what was found in it hangs together.
        groups.unite((*theirs, *(str(found[node]) for node in theirs if node in found)))
    clusters: dict[int, set[UUID]] = {}
    for cluster in found.values():
        clusters.setdefault(id(groups.of(str(cluster))), set()).add(cluster)
    kept = {group: min(theirs) for group, theirs in clusters.items()}
    merged = {
        cluster: kept[group] for group, theirs in clusters.items() for cluster in theirs if cluster != kept[group]
    }
    made: list[UUID] = []
    of: dict[UUID, UUID] = {}
    numbers: dict[str, UUID] = {}
    for contact, theirs in nodes.items():
        group = id(groups.of(contact))
        if group not in kept:
            kept[group] = contact
            made.append(contact)
        of[contact] = kept[group]
        numbers |= {node: kept[group] for node in theirs if isinstance(node, str) and node not in found}
    return ClusterAssignment(of, tuple(sorted(set(found.values()))), tuple(made), numbers, merged)
