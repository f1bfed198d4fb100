"""
One form for every rule file: `onward rules fmt`.

Keys in one order, two spaces a level, lines of 120, quotes only where they are needed, a blank line between rules.
Braces stay braces where they fit on a line; what a test is given may run on, anything else is opened into lines.
Every comment stays beside what it is about: in braces there is no room for one, so they are opened too.
"""

from collections.abc import Sequence

from onward.diagnostics.yaml_tree import PROSE
from onward.workbench.formatting.order import drop_quotes, put_in_order
from onward.workbench.formatting.reading import read_layout
from onward.workbench.formatting.scalars import block, inline, on_its_line, quoted
from onward.workbench.formatting.tree import Branch, Leaf, TreeSlot

WIDTH = 120
_STEP = "  "
_RUNS_ON = "given"
"""The one key whose braces run on over several lines: its facts are read as one situation."""
_SPACED = "rules"
"""The key whose items stand apart; elsewhere an empty line stays where its author put it."""


def formatted(text: str) -> str:
    """
    *text*, a rule file without errors, in the one form; formatted again it stays the same.

    Nothing but the layout changes: every word, the order of what has an order, and every comment are kept.

    Raises:
        ValueError: The file is empty or begins with a `%` directive.
    """
    root = read_layout(text.removeprefix("\ufeff"))
    put_in_order(root.value)
    drop_quotes(root.value)
    above = [line for line in (*root.before, root.head, *root.inner) if line]
    if isinstance(root.value, Leaf):
        lines = [*above, inline(root.value)]
    else:
        root.value.flow = False
        lines = [*above, *_children(root.value, "", "")]
    if root.after:
        lines.append(root.after)
    return "\n".join(_without_edges(lines)) + "\n"


def _children(branch: Branch, indent: str, name: str) -> list[str]:
    """Every slot of *branch* on lines of its own; *name* is the key it stands under."""
    lines: list[str] = []
    for number, slot in enumerate(branch.slots):
        if not branch.is_mapping:
            _raise_comments(slot)
        before = slot.before
        if name == _SPACED and number and indent == _STEP:
            before = ["", *_without_edges(before, end=False)]
        lines += _indented(before, indent)
        lines += _entry(slot, indent) if slot.key is not None else _item(slot, indent)
    lines += _indented(branch.tail, indent)
    return _without_edges(lines)


def _raise_comments(slot: TreeSlot) -> None:
    """What stands above the first key of a list's item stands above the item."""
    value = slot.value
    if isinstance(value, Branch) and value.slots and not slot.head and not (value.flow and not value.has_comments()):
        first = value.slots[0]
        slot.before += first.before
        first.before = []


def _entry(slot: TreeSlot, indent: str) -> list[str]:
    return _slot(slot, f"{indent}{inline(slot.key)}:" if slot.key else "", indent, slot.name)


def _item(slot: TreeSlot, indent: str) -> list[str]:
    lines = _slot(slot, f"{indent}-", indent, "")
    opened = isinstance(slot.value, Branch) and len(lines) > 1 and lines[0] == f"{indent}-"
    if opened and not lines[1].lstrip().startswith("#"):
        return [f"{indent}- {lines[1].lstrip()}", *lines[2:]]
    return lines


def _slot(slot: TreeSlot, opening: str, indent: str, name: str) -> list[str]:
    value = slot.value
    if isinstance(value, Leaf):
        return _text(slot, value, opening, indent)
    if not value.slots:
        return _nothing(slot, value, opening, indent)
    roomy = not slot.head and not any(slot.inner) and not value.has_comments()
    if value.flow and roomy and (lines := _braces(value, opening, indent, name)):
        return [*lines[:-1], _beside(lines[-1], slot.after)]
    return _opened(slot, value, opening, indent, name)


def _text(slot: TreeSlot, leaf: Leaf, opening: str, indent: str) -> list[str]:
    deeper = indent + _STEP
    if slot.head or any(slot.inner):
        return [
            _beside(opening, slot.head),
            *_indented([line for line in slot.inner if line], deeper),
            *_text_after(slot, leaf, deeper, deeper + _STEP),
        ]
    return _text_after(slot, leaf, f"{opening} ", deeper)


def _text_after(slot: TreeSlot, leaf: Leaf, opening: str, indent: str) -> list[str]:
    """A text behind *opening*: on its line, or as a block at *indent* where it is too long or has lines of its own."""
    line, comment = on_its_line(leaf), slot.after
    if line and comment and slot.name in PROSE:
        line = quoted(leaf)  # a comment behind a sentence without quotes is an error: it may have been a part of it
    if line and len(opening) + len(line) <= WIDTH and not leaf.header:
        return [_beside(opening + line, comment)]
    lines = block(leaf, indent, WIDTH)
    if not lines or (comment and len(lines) == 2):
        return [_beside(opening + (line or inline(leaf)), comment or leaf.header)]
    return [_beside(opening + lines[0], leaf.header or comment), *lines[1:]]


def _nothing(slot: TreeSlot, empty: Branch, opening: str, indent: str) -> list[str]:
    """An empty list or mapping; comments in it come to stand under it."""
    comments = [line for line in (slot.head, *slot.inner, *empty.tail, slot.after) if line]
    first = _beside(f"{opening} {_line(empty)}", comments[0] if comments else "")
    return [first, *_indented(comments[1:], indent)]


def _opened(slot: TreeSlot, branch: Branch, opening: str, indent: str, name: str) -> list[str]:
    """A list or mapping on lines of its own."""
    head, last = slot.head, branch.slots[-1]
    if slot.after and not head and not branch.has_comments() and not any(slot.inner):
        head = slot.after  # it stood beside the closing brace, about the whole
    elif slot.after and not branch.tail and not last.after and isinstance(last.value, Leaf) and not last.value.header:
        last.after = slot.after
    elif slot.after:
        branch.tail.append(slot.after)
    branch.flow = False
    first = branch.slots[0]
    first.before = slot.inner + first.before
    return [_beside(opening, head), *_children(branch, indent + _STEP, name)]


def _braces(branch: Branch, opening: str, indent: str, name: str) -> list[str]:
    """In braces or brackets: on one line, or running on where that is allowed; [] when it must be opened."""
    line = f"{opening} {_line(branch)}"
    if len(line) <= WIDTH:
        return [line]
    flat = all(isinstance(slot.value, Leaf) for slot in branch.slots)
    if name != _RUNS_ON and (branch.is_mapping or not flat):
        return []
    left, right = "{}" if branch.is_mapping else "[]"
    lines = [f"{opening} {left}"]
    for number, slot in enumerate(branch.slots):
        piece = _piece(slot) + (right if number == len(branch.slots) - 1 else ",")
        gap = " " if number else ""
        if number and len(lines[-1]) + len(gap) + len(piece) > WIDTH:
            lines.append(f"{indent}{_STEP}{piece}")
        else:
            lines[-1] += gap + piece
    return lines if all(len(line) <= WIDTH for line in lines) else []


def _line(branch: Branch) -> str:
    inside = ", ".join(_piece(slot) for slot in branch.slots)
    return f"{{{inside}}}" if branch.is_mapping else f"[{inside}]"


def _piece(slot: TreeSlot) -> str:
    value = inline(slot.value) if isinstance(slot.value, Leaf) else _line(slot.value)
    return value if slot.key is None else f"{inline(slot.key)}: {value}"


def _beside(line: str, comment: str) -> str:
    return f"{line}  {comment}" if comment else line


def _indented(lines: Sequence[str], indent: str) -> list[str]:
    return [f"{indent}{line}" if line else "" for line in lines]


def _without_edges(lines: Sequence[str], *, end: bool = True) -> list[str]:
    """*lines* without empty ones at the start and, with *end*, at the end; never two empty ones together."""
    found: list[str] = []
    for line in lines:
        if line or (found and found[-1]):
            found.append(line)
    while end and found and not found[-1]:
        found.pop()
    return found
