"""
Small numbers are hidden, and with them as many others as it takes that nobody can work them out.

The NHS method for figures below the national level: 1 to 7 is hidden, all others are rounded to the nearest 5, and 0 is
shown. Beside that, other counts are hidden until every hidden one could still have at least so many values as the
largest hidden number, even to somebody who knew every count that is shown exactly. See `linked` for what is meant by
could: the sums over rows, over the rules and providers of a category, and before, lost and moved of one row.

`after` is never counted. It is worked out from what is shown, so it tells nothing more.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from onward.disclosure_control.linked_counts import MEASURES, Counts, Node, Place, Room, nodes_of

SMALLEST_SHOWN = 8
"""Of NHS Hospital Episode Statistics: 1 to 7 is hidden."""
ROUNDED_TO = 5


@dataclass(frozen=True, slots=True)
class Rounding:
    """What is hidden and how the rest is rounded."""

    hide_up_to: int = SMALLEST_SHOWN - 1
    to: int = ROUNDED_TO

    def __post_init__(self) -> None:
        if self.hide_up_to < 1 or self.to < 1:
            raise ValueError("the largest hidden number, and what others are rounded to, are 1 or more")

    def shown(self, value: int) -> int:
        """*value* rounded; halves go up."""
        return (value + self.to // 2) // self.to * self.to


def hidden(counts: Counts, rounding: Rounding) -> frozenset[Place]:
    """The counts of one family that must not be shown."""
    return _Hiding(counts, rounding).run()


class _Hiding:
    """Hides more and more of one family, until every hidden count is safe."""

    def __init__(self, counts: Counts, rounding: Rounding) -> None:
        self._nodes = nodes_of(counts)
        self._wanted = rounding.hide_up_to - 1
        """Values that a hidden count must be able to have beside its own."""
        self._room = Room()
        for node in self._nodes.values():
            node.hidden = node.value <= rounding.hide_up_to or rounding.shown(node.value) == 0

    def run(self) -> frozenset[Place]:
        """Everything that must be hidden."""
        while unsafe := [node for node in self._hidden() if self._room.of(node) < self._wanted]:
            count = self._count()
            for node in unsafe:
                self._free(node)
            if self._count() == count and not (self._hide_before(unsafe) or self._hide_more(unsafe)):
                break
        return frozenset(place for place, node in self._nodes.items() if node.hidden)

    def _hide_before(self, unsafe: list[Node]) -> bool:
        """Hide what there was before of one count near an unsafe one, so that both can give way together."""
        for node in unsafe:
            near: Node | None = node
            while near is not None:
                shown = [each for each in near.siblings or [near] if each.before is not None and not each.before.hidden]
                if shown:
                    self._give_way(self._best(shown))
                    return True
                near = near.parent
        return False

    def _give_way(self, node: Node) -> None:
        assert node.before is not None
        self._hide([node, node.before])
        for each in (node, node.before):
            self._open(each)
            self._free(each)

    def _hide_more(self, unsafe: list[Node]) -> bool:
        """Where nothing near helps: hide all of the measures concerned, then what there was before, then everything."""
        measures = {node.place[2] for node in unsafe if node.place is not None}
        for more in (measures, measures | {"moved", "left", "arrived"}, {*measures, "before"}, {*MEASURES}):
            shown = [node for place, node in self._nodes.items() if place[2] in more and not node.hidden]
            if shown:
                self._hide(shown)
                return True
        return False

    def _hidden(self) -> list[Node]:
        return [node for node in self._nodes.values() if node.hidden]

    def _count(self) -> int:
        return len(self._hidden())

    def _hide(self, nodes: Iterable[Node]) -> None:
        for node in nodes:
            node.hidden = True
        self._room = Room()

    def _free(self, node: Node) -> None:
        """Hide others until *node* has the room it wants, or nothing near it is left to hide."""
        self._open(node)
        while self._room.of(node) < self._wanted:
            if self._room.around(node, 1) < self._wanted and self._loosen_around(node):
                continue
            owner = node.before
            if owner is not None and not owner.hidden:
                self._hide([owner])
                self._free(owner)
                continue
            return

    def _loosen_around(self, node: Node) -> bool:
        """Hide one sibling, else the whole, else what is around the whole; whether there was anything to hide."""
        shown = [each for each in node.siblings if not each.hidden]
        if shown:
            self._hide([sibling := self._best(shown)])
            self._open(sibling)
            return True
        parent = node.parent
        if parent is None:
            return False
        if not parent.hidden:
            self._hide([parent])
            self._open(parent)
            return True
        count = self._count()
        for part in parent.parts:
            if part is not node.siblings:
                self._open_part(part)
        return self._count() > count or self._loosen_around(parent)

    def _open(self, node: Node) -> None:
        """Hide parts of a hidden count, since their sum would tell it."""
        for part in node.parts:
            self._open_part(part)

    def _open_part(self, part: list[Node]) -> None:
        while any(sum(self._room.within(each, way) for each in part) < self._wanted for way in (1, -1)):
            shown = [each for each in part if not each.hidden]
            if not shown:
                return
            self._hide([member := self._best(shown)])
            self._open(member)

    def _best(self, shown: list[Node]) -> Node:
        """The smallest that gives room enough alone, else the one that gives most."""
        enough = [each for each in shown if each.value - each.low >= self._wanted]
        return min(enough, key=_size) if enough else max(shown, key=_size)


def _size(node: Node) -> tuple[int, Place]:
    assert node.place is not None, "what is never shown is always hidden"
    return node.value, node.place
