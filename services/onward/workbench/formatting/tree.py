"""A rule file as its author laid it out: the tree of its words, with every comment beside what it is about."""

from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(slots=True)
class Leaf:
    """A scalar."""

    text: str
    style: str = ""
    """`"`, `'`, `|`, `>`, or nothing for a plain word."""
    header: str = ""
    """The comment beside the `|` or `>` that opens a block of text."""


@dataclass(slots=True)
class TreeSlot:
    """An entry of a mapping or an item of a list, and the comments around it."""

    key: Leaf | None
    value: "Node"
    before: list[str] = field(default_factory=list)
    """Lines above it: comments, and "" for an empty line."""
    head: str = ""
    """The comment beside `key:` or `-`, when the value stands on other lines."""
    inner: list[str] = field(default_factory=list)
    """Lines between `key:` and the value."""
    after: str = ""
    """The comment beside the end of the value."""

    @property
    def name(self) -> str:
        """The key's text; "" for an item of a list."""
        return self.key.text if self.key is not None else ""


@dataclass(slots=True)
class Branch:
    """A mapping or a list."""

    is_mapping: bool
    flow: bool
    """Written in braces or brackets."""
    slots: list[TreeSlot] = field(default_factory=list)
    tail: list[str] = field(default_factory=list)
    """Lines after the last slot."""

    def has_comments(self) -> bool:
        """Whether any comment stands inside, at whatever depth."""
        return bool(self.tail) or any(_has_comments(slot) for slot in self.slots)


Node: TypeAlias = Leaf | Branch


def _has_comments(slot: TreeSlot) -> bool:
    if slot.head or slot.after or any(slot.before) or any(slot.inner):
        return True
    return slot.value.has_comments() if isinstance(slot.value, Branch) else bool(slot.value.header)
