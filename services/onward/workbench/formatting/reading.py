"""The text of a rule file to a tree that has every comment."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from onward.workbench.formatting.gaps import Piece, header_comment, pieces
from onward.workbench.formatting.tree import Branch, Leaf, Node, TreeSlot

_BLOCKS = ("|", ">")


def read_layout(source: str) -> TreeSlot:
    """
    The tree of *source*, as the value of a slot that holds what stands above all else.

    The text must be one that `onward.diagnostics.yaml_tree.read` takes: one document, no anchors, aliases or tags.

    Raises:
        ValueError: It has a `%` directive, or it is empty.
    """
    return _Builder(source).build()


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not come yet."""

    branch: Branch
    slot: TreeSlot
    column: int
    """Where its own comments begin."""
    key: TreeSlot | None = None
    """The entry whose value has not come yet."""


@dataclass(slots=True)
class _Builder:
    source: str
    open: list[_Open] = field(default_factory=list)
    waiting: list[Piece] = field(default_factory=list)
    """Read, and not yet given to a slot."""
    last: TreeSlot | None = None
    """The slot whose value has just ended: a comment on the same line is about it."""
    end: int = 0
    root: TreeSlot | None = None

    def build(self) -> TreeSlot:
        events: Iterator[Any] = yaml.parse(self.source, Loader=yaml.CSafeLoader)
        for event in events:
            match event:
                case yaml.DocumentStartEvent():
                    if event.version or event.tags:
                        raise ValueError("a `%` directive; remove it")
                case yaml.ScalarEvent():
                    self._gap(_start(event))
                    self._scalar(event)
                case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                    self._gap(_start(event))
                    self._start(event)
                case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                    self._gap(_start(event))
                    self._finish(event)
                case _:
                    pass
        self._gap(len(self.source))
        if self.root is None:
            raise ValueError("the file is empty")
        if isinstance(self.root.value, Branch):
            self.root.value.tail += _lines(self.waiting)
        return self.root

    def _gap(self, upto: int) -> None:
        """Take what stands before the next event; a comment beside the last value is given to it at once."""
        for piece in pieces(self.source, self.end, upto):
            last = self.last
            if piece.kind == "comment" and not piece.own_line and last is not None and not last.after:
                last.after = piece.text
            else:
                self.waiting.append(piece)
            if piece.kind in ("-", ":", "?", "empty") or piece.own_line:
                self.last = None
        self.end = max(self.end, upto)

    def _scalar(self, event: Any) -> None:
        style: str = event.style or ""
        start, end = event.start_mark.index, event.end_mark.index
        if style in _BLOCKS:  # its end is where the next word begins; the empty lines before that are ours
            end = start + len(self.source[start:end].rstrip())
        leaf = Leaf(event.value, style, header_comment(self.source, start) if style in _BLOCKS else "")
        top = self.open[-1] if self.open else None
        if top is not None and top.branch.is_mapping and top.key is None:
            top.key = TreeSlot(leaf, leaf, before=_lines(self.waiting))
            self.waiting, self.last = [], None
        else:
            slot = self._place(leaf)
            slot.inner, self.waiting, self.last = _lines(self.waiting), [], slot
        self.end = end

    def _start(self, event: Any) -> None:
        flow = bool(event.flow_style)
        branch = Branch(isinstance(event, yaml.MappingStartEvent), flow)
        slot = self._place(branch)
        column = event.start_mark.column
        parent = self.open[-1] if self.open else None
        if not flow and parent is not None and not parent.branch.flow and column == parent.column:
            column += 1  # a list as far left as its key: a comment there is about the next key
        self.open.append(_Open(branch, slot, column))
        self.last = None
        self.end = event.end_mark.index if flow else event.start_mark.index
        if flow:
            self._opening_comment(slot)

    def _opening_comment(self, slot: TreeSlot) -> None:
        """A comment beside the opening brace is one beside the key."""
        line_end = next((at for at in range(self.end, len(self.source)) if self.source[at] in "\r\n"), self.end)
        rest = self.source[self.end : line_end].strip()
        if rest.startswith("#") and not slot.head and not _lines(self.waiting):
            slot.head, self.end = rest, line_end

    def _finish(self, event: Any) -> None:
        done = self.open.pop()
        if done.branch.flow:
            done.branch.tail += [line for line in _lines(self.waiting) if line]
            self.waiting, self.last = [], done.slot
            self.end = event.end_mark.index
            return
        inside = _still_inside(self.waiting, done.column)
        done.branch.tail += _lines(self.waiting[:inside])
        del self.waiting[:inside]

    def _place(self, value: Node) -> TreeSlot:
        """The slot of a new value; what is left in `waiting` belongs inside it."""
        if not self.open:
            self.root = TreeSlot(None, value)
            return self.root
        top = self.open[-1]
        if top.key is not None:
            slot, top.key = top.key, None
            slot.value = value
        else:
            slot = TreeSlot(None, value)
            dash = next((number for number, piece in enumerate(self.waiting) if piece.kind == "-"), None)
            above = len(self.waiting) if dash is None else dash + 1
            slot.before = _lines(self.waiting[:above])
            del self.waiting[:above]
        top.branch.slots.append(slot)
        self._take_head(slot)
        return slot

    def _take_head(self, slot: TreeSlot) -> None:
        for number, piece in enumerate(self.waiting):
            if piece.kind == "comment":
                if not piece.own_line:
                    slot.head = piece.text
                    del self.waiting[number]
                return


def _start(event: Any) -> int:
    return int(event.start_mark.index)


def _lines(found: Sequence[Piece]) -> list[str]:
    return [piece.text for piece in found if piece.kind in ("comment", "empty")]


def _still_inside(found: Sequence[Piece], column: int) -> int:
    """How many of the pieces stand inside a collection that begins at *column*: up to the last comment that does."""
    inside = 0
    for number, piece in enumerate(found, start=1):
        if piece.kind == "comment":
            if piece.own_line and piece.column < column:
                break
            inside = number
    return inside
