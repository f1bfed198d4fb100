"""Disjoint groups of numbers and contacts."""

from collections.abc import Iterable
from typing import TypeAlias
from uuid import UUID

Node: TypeAlias = str | UUID
"""A number (text) or a contact (its id)."""


class Groups:
    """Disjoint groups; a node that was never mentioned is a group of its own."""

    def __init__(self) -> None:
        self._of: dict[Node, set[Node]] = {}

    def of(self, node: Node) -> set[Node]:
        """The group of a node. One object for all its members, until the next `unite`."""
        group = self._of.get(node)
        if group is None:
            group = self._of[node] = {node}
        return group

    def alone(self, node: Node) -> bool:
        """Whether nothing has been united with it."""
        return len(self.of(node)) == 1

    def together(self, nodes: Iterable[Node]) -> set[Node]:
        """The group that uniting these would make."""
        return set().union(*{id(group): group for group in map(self.of, nodes)}.values())

    def unite(self, nodes: Iterable[Node]) -> None:
        """Make one group of the groups of these nodes."""
        largest: set[Node] | None = None
        for group in {id(group): group for group in map(self.of, nodes)}.values():
            if largest is None:
                largest = group
                continue
            largest, smaller = (largest, group) if len(largest) >= len(group) else (group, largest)
            largest |= smaller
            for node in smaller:
                self._of[node] = largest

    def copy(self) -> "Groups":
        """The same groups, to try something on."""
        made = Groups()
        copies = {id(group): set(group) for group in self._of.values()}
        made._of = {node: copies[id(group)] for node, group in self._of.items()}
        return made
