"""
How the counts of a report hang together, and what a reader can work out about one that is hidden.

The rows of each dimension add up to the total, the rules and the providers of a category to the category, and no more
is lost or moved than there was before. Counts of one measure so form a tree: a node has one or more partitions, whose
members each add up to it. In a tree it is exact to ask, one node at a time, how far its value could be raised or
lowered while every count that is shown stays as it truly is and the others give way.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Measure: TypeAlias = Literal["before", "gained", "lost", "moved", "arrived", "left"]
"""
`moved` stays in its row and is done otherwise; where rows are rules or providers it may also have `left` one row and
`arrived` in another. Then after = before - lost - left + gained + arrived.
"""
MEASURES: tuple[Measure, ...] = ("before", "gained", "lost", "moved", "arrived", "left")

TOTAL = ("all", "")

Place: TypeAlias = tuple[str, str, Measure]
"""Dimension, row and measure of one family."""
Counts: TypeAlias = Mapping[Place, int]

ENDLESS = 1 << 60
_WITHIN_CATEGORY = ("rule", "provider")
_TREES: tuple[Measure, ...] = ("before", "gained", "lost", "moved")


@dataclass(eq=False, slots=True)
class Node:
    """A count that is not zero (zeros are always shown), or the unseen number of what changed its row."""

    place: Place | None
    """None for what changed its row, which is never shown."""
    value: int
    low: int
    """What a reader knows it to be at least, were everything else known."""
    high: int
    """And at most."""
    hidden: bool = False
    parent: "Node | None" = None
    parts: list[list["Node"]] = field(default_factory=list)
    siblings: list["Node"] = field(default_factory=list)
    """Its partition, itself included."""
    before: "Node | None" = None
    """The count of the same row that it is part of."""

    def split(self, members: list["Node"]) -> None:
        """Say that *members* add up to it."""
        if members:
            self.parts.append(members)
            for member in members:
                member.parent, member.siblings = self, members


def nodes_of(counts: Counts) -> dict[Place, Node]:
    """Every count of one family that is not zero, hung together."""
    found = {place: _node(place, value, counts) for place, value in counts.items() if value}
    by_dimension: dict[tuple[str, Measure], list[Node]] = {}
    for (dimension, row, measure), node in found.items():
        by_dimension.setdefault((dimension, measure), []).append(node)
        node.before = None if measure in ("before", "gained", "arrived") else found.get((dimension, row, "before"))
    for measure in _TREES:
        root = found.get((*TOTAL, measure))
        if root is None:
            continue
        for (dimension, of), members in by_dimension.items():
            if of == measure and dimension not in (*_WITHIN_CATEGORY, TOTAL[0]):
                root.split(members)
        for category in by_dimension.get(("category", measure), ()):
            for dimension in _WITHIN_CATEGORY:
                _split_category(category, dimension, by_dimension)
    return found


def _node(place: Place, value: int, counts: Counts) -> Node:
    dimension, row, measure = place
    of_row = {each: counts.get((dimension, row, each), 0) for each in MEASURES}
    gone = of_row["lost"] + of_row["moved"] + of_row["left"]
    if measure == "before":
        return Node(place, value, max(1, gone), ENDLESS)
    high = of_row["before"] - gone + value if measure in ("lost", "moved", "left") else ENDLESS
    return Node(place, value, 1, high)


def _split_category(category: Node, dimension: str, by_dimension: Mapping[tuple[str, Measure], list[Node]]) -> None:
    assert category.place is not None
    _, name, measure = category.place

    def rows(of: Measure) -> list[Node]:
        return [node for node in by_dimension.get((dimension, of), ()) if _row(node).startswith(f"{name}/")]

    members = rows(measure)
    if measure == "moved" and (left := rows("left")):
        # What moved within the category went from a row to a row: as much left as arrived.
        crossed = Node(None, sum(node.value for node in left), 0, ENDLESS, hidden=True)
        crossed.split(left)
        crossed.split(rows("arrived"))
        members = [*members, crossed]
    category.split(members)


def _row(node: Node) -> str:
    return "" if node.place is None else node.place[1]


class Room:
    """
    How far counts can move. Made anew after anything was hidden.

    There are two ways for what was lost or moved: to become more or less of what there was before, or (*along*) to take
    the count of what there was before along with it.
    """

    def __init__(self) -> None:
        self._within: dict[tuple[int, int, bool], int] = {}

    def of(self, node: Node) -> int:
        """How many values besides the true one a hidden count could have, as far as a reader can tell."""
        return self.up(node) + self.down(node)

    def up(self, node: Node) -> int:
        """
        How far it could be raised.

        Where what there was before is hidden as well, that could be raised first, and then be lost.
        """
        far = max(self._move(node, 1, along) for along in (False, True))
        if node.before is None or not node.before.hidden:
            return far
        own = node.high - node.value + self.up(node.before)
        parts = (sum(self.within(each, 1) for each in part) for part in node.parts)
        return max(far, min(own, min(parts, default=ENDLESS), self.around(node, 1)))

    def down(self, node: Node) -> int:
        """How far it could be lowered."""
        return max(self._move(node, -1, along) for along in (False, True))

    def _move(self, node: Node, way: int, along: bool) -> int:
        return min(self.within(node, way, along), self.around(node, way, along))

    def within(self, node: Node, way: int, along: bool = False) -> int:
        """How far it and what it is made of can go up (*way* 1) or down (-1)."""
        key = id(node), way, along
        known = self._within.get(key)
        if known is None:
            known = own = self._own(node, way, along)
            for part in node.parts if own else ():
                known = min(known, sum(self.within(member, way, along) for member in part))
            self._within[key] = known
        return known

    def _own(self, node: Node, way: int, along: bool) -> int:
        if not node.hidden or (along and node.before is not None and not node.before.hidden):
            return 0
        if way < 0:
            return node.value - node.low
        return ENDLESS if along else node.high - node.value

    def around(self, node: Node, way: int, along: bool = False) -> int:
        """How far what it is part of gives way to it: its siblings the other way, or the whole along with it."""
        parent = node.parent
        if parent is None:
            return ENDLESS
        others = sum(self.within(each, -way, along) for each in node.siblings if each is not node)
        whole = self._own(parent, way, along)
        for part in parent.parts if whole else ():
            if part is not node.siblings:
                whole = min(whole, sum(self.within(each, way, along) for each in part))
        return min(ENDLESS, others + min(whole, self.around(parent, way, along) if whole else 0))
