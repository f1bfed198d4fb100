"""What stands between the words of a YAML file: comments, empty lines, and the marks that join words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_LINE_END = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")
_TO_LINE_END = re.compile(r"[^\n\r\x85\u2028\u2029]*")
_MARKS = frozenset("-:?,")


@dataclass(frozen=True, slots=True)
class Piece:
    """One comment, empty line or mark."""

    kind: str
    """`comment`, `empty`, or the mark itself: `-`, `:`, `?`, `,`."""
    text: str = ""
    column: int = 0
    """From 0."""
    own_line: bool = False
    """A comment with nothing before it on its line."""


def pieces(source: str, start: int, end: int) -> Iterator[Piece]:
    """The pieces of *source* from *start* to *end*, where no word stands, in their order."""
    at = start
    line = _start_of_line(source, start)
    bare = not source[line:start].strip()
    # The rest of a word's own line is not an empty line, nor is a line with a mark.
    empty = start == line == 0
    while at < end:
        char = source[at]
        if newline := _LINE_END.match(source, at, end):
            if empty:
                yield Piece("empty")
            at = line = newline.end()
            bare = empty = True
            continue
        if char == "#":
            comment = _TO_LINE_END.match(source, at, end)
            text = comment[0] if comment else "#"
            yield Piece("comment", text.rstrip(), at - line, bare)
            at += len(text)
            bare = empty = False
            continue
        if char in _MARKS and not _document_start(source, at, line):
            yield Piece(char)
        if not char.isspace() and char != "\ufeff":
            bare = empty = False
        at += 1


def _start_of_line(source: str, at: int) -> int:
    found = 0
    for newline in _LINE_END.finditer(source, max(0, source.rfind("\n", 0, at)), at):
        found = newline.end()
    return found


def _document_start(source: str, at: int, line: int) -> bool:
    """Whether the dash is one of `---`."""
    return at - line < 3 and source.startswith("---", line)


def header_comment(source: str, start: int) -> str:
    """The comment on the line that opens a block of text at *start*; "" when there is none."""
    opening = _TO_LINE_END.match(source, start)
    _, sharp, comment = opening[0].partition("#") if opening else ("", "", "")
    return sharp + comment.rstrip()
