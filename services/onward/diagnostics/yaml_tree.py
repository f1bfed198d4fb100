"""YAML as people write it, read into a tree that knows where every word stands. Nothing is guessed, nothing is run.

Only the plain part of YAML is taken: mappings, lists and scalars. Scalars stay text, because only their reader knows
whether `no` is a word or a refusal. Anchors, aliases, tags, merge keys, duplicate keys and tabs are refused: each of
them makes a file mean something that it does not say where it says it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

import yaml

from onward.diagnostics.plain_text import INVISIBLE

MAX_BYTES = 2 * 1024 * 1024
"""A thousand rules take under half of it."""
MAX_DEPTH = 16
"""Levels of nesting; a rule's test needs seven."""
MAX_PROBLEMS = 200
"""After so many the file is not a rule file, and the rest says nothing new."""
_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
"""Where YAML begins a new line."""
_LINE_END = re.compile("\r\n|[\r\n]")
"""Where every editor does."""
_UNSEEN = re.compile(f"[\x85{INVISIBLE}]")
"""
What steers a text and is not seen: line ends that few editors show, which can bring a comment to life; marks that turn
the direction of writing, so that a rule is shown otherwise than it is; characters without a width.
"""
_ODD_SPACE = re.compile("[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
"""
Spaces that look like a plain one, and are none to YAML: `not homeless` with such a space is one word, and what stands
after it and a `#` is no comment. Word processors write them.
"""
_HIDDEN = re.compile(f"[^\n -~\xa0-\U0010ffff]|[{INVISIBLE}]")
"""The same, and every control character but a line end."""
_COMMENT = re.compile(r"\s+#")
PROSE = frozenset(("why", "name", "advice", "purpose", "citation", "article_6", "article_9", "article_10"))
"""Keys whose values are sentences: of any other, a reader knows a word that is cut for one that it does not have."""
_BARE_RANGE = re.compile(r":\s+>=?\s*\d")
_NO_KEY = "did not find expected key"
_SLIPS = {
    "mapping values are not allowed in this context": (
        "; a text with `: ` in it stands in quotes, and the keys of one group begin in one column"
    ),
    "did not find expected ',' or '}'": "; a comma or a `}` is missing here or just above",
    "did not find expected ',' or ']'": "; a comma or a `]` is missing here or just above",
    _NO_KEY: "; the keys of one group begin in one column",
    "did not find expected '-' indicator": "; the `-` of one list begin in one column",
    "found character that cannot start any token": "; put the text in quotes",
    "found unexpected end of stream": "; a quote that was opened is not closed",
}
"""What the parser says, and what was most likely done."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands; lines and columns count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, order=True)
class Diagnostic:
    """One thing that is wrong in a file: where, what, and what to do about it."""

    file: str
    line: int
    column: int
    code: str
    message: str

    @classmethod
    def at(cls, place: Place, code: str, message: str) -> "Diagnostic":
        """A problem at *place*."""
        return cls(place.file, place.line, place.column, code, message)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: error[{self.code}]: {self.message}"

    def document(self) -> dict[str, str | int]:
        """The problem as a JSON object."""
        return {
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "code": self.code,
            "message": self.message,
        }


@dataclass(frozen=True, slots=True)
class YamlScalar:
    """One word or line of text, as written."""

    place: Place
    text: str
    quoted: bool = False
    before_comment: bool = False
    """Whether, without quotes, it ends where a comment begins on its line: perhaps that was meant as a part of it."""


@dataclass(frozen=True, slots=True)
class YamlList:
    """A list."""

    place: Place
    items: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class YamlMapping:
    """Keys with their values, in the order of the file; each key once."""

    place: Place
    entries: "tuple[tuple[YamlScalar, Node], ...]"

    def get(self, key: str) -> "Node | None":
        """The value of *key*, or None when it is not written."""
        return next((value for name, value in self.entries if name.text == key), None)

    def __iter__(self) -> "Iterator[tuple[YamlScalar, Node]]":
        return iter(self.entries)


Node: TypeAlias = YamlScalar | YamlList | YamlMapping


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as read. With a syntax error `root` is None; any problem at all means the file must not be used."""

    root: Node | None
    problems: tuple[Diagnostic, ...]


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not come yet."""

    place: Place
    is_mapping: bool
    nodes: list[Node] = field(default_factory=list)


def read(file: str, content: bytes) -> Reading:
    """
    Read one YAML file.

    Never raises and never loops: whatever the bytes, the answer is a tree or the reasons why not, all at once.

    Args:
        file: The name to show in problems, such as `routing/need.yaml`.
        content: The bytes of the file; UTF-8.
    """
    if len(content) > MAX_BYTES:
        return _refused(file, "Y001", f"the file has {len(content)} bytes, over {MAX_BYTES}; split it by theme or area")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return _refused(file, "Y002", "the file is not UTF-8 text; save it as UTF-8", line)
    unwanted = _tabs(file, text) + _unseen(file, text)
    if unwanted:
        return Reading(None, tuple(sorted(unwanted)))
    return _Builder(file).build(text)


def _slip(error: yaml.MarkedYAMLError, text: str) -> str:
    """What a person most likely did, where the parser's own words do not say it. No value is repeated."""
    mark, lines = error.problem_mark, _BREAK.split(text)
    if mark is not None and mark.line < len(lines) and _BARE_RANGE.search(lines[mark.line]):
        return '; a range stands in quotes, such as `">= 18"`'
    return _SLIPS.get(error.problem or "", "")


def _refused(file: str, code: str, message: str, line: int = 1) -> Reading:
    return Reading(None, (Diagnostic(file, line, 1, code, message),))


def _tabs(file: str, text: str) -> tuple[Diagnostic, ...]:
    if "\t" not in text:
        return ()
    return tuple(
        Diagnostic(file, number, line.index("\t") + 1, "Y003", "a tab; use spaces")
        for number, line in enumerate(_BREAK.split(text), start=1)
        if "\t" in line
    )[:MAX_PROBLEMS]


def _unseen(file: str, text: str) -> tuple[Diagnostic, ...]:
    """What no editor shows, or shows as a plain space."""
    return _first_of_lines(file, text, _UNSEEN, "an invisible character, {}; delete it") + _first_of_lines(
        file, text, _ODD_SPACE, "no plain space, {}; write a plain one"
    )


def _first_of_lines(file: str, text: str, wanted: re.Pattern[str], message: str) -> tuple[Diagnostic, ...]:
    """The first of the *wanted* characters of each line that has one."""
    if wanted.search(text) is None:
        return ()
    found = ((number, wanted.search(line)) for number, line in enumerate(_LINE_END.split(text), start=1))
    return tuple(
        Diagnostic(file, number, at.start() + 1, "Y014", message.format(f"U+{ord(at[0]):04X}"))
        for number, at in found
        if at is not None
    )[:MAX_PROBLEMS]


def _inside(place: Place, text: str) -> Place:
    """*place*, or the end of *text* where the parser names a line after the last."""
    lines = _BREAK.split(text)
    return place if place.line <= len(lines) else Place(place.file, len(lines), len(lines[-1]) + 1)


class _Builder:
    """Turns the parser's events into a tree without recursion, so that no nesting can exhaust the stack."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._open: list[_Open] = []
        self._root: Node | None = None
        self._documents = 0
        self._problems: list[Diagnostic] = []
        self._ended: Place | None = None
        """Where the group began that ended last."""
        self._commented: dict[int, str] = {}
        """The lines on which a comment may follow something, by number."""

    def build(self, text: str) -> Reading:
        if " #" in text:
            self._commented = {number: line for number, line in enumerate(_BREAK.split(text)) if " #" in line}
        try:
            for event in yaml.parse(text, Loader=yaml.CSafeLoader):
                self._take(event)
                if len(self._problems) >= MAX_PROBLEMS or len(self._open) > MAX_DEPTH:
                    return Reading(None, tuple(sorted(self._problems)))
        except yaml.MarkedYAMLError as error:
            place = _inside(self._place(error.problem_mark or error.context_mark), text)
            what = f"not YAML: {error.problem or error.context}{_slip(error, text)}{self._lost_dash(error, place)}"
            self._problems.append(Diagnostic.at(place, "Y004", what))
            return Reading(None, tuple(sorted(self._problems)))
        except yaml.YAMLError as error:
            self._problems.append(Diagnostic(self._file, 1, 1, "Y004", f"not YAML: {str(error).splitlines()[0]}"))
            return Reading(None, tuple(sorted(self._problems)))
        if self._root is None and not self._problems:
            self._problems.append(Diagnostic(self._file, 1, 1, "Y005", "the file is empty"))
        if isinstance(self._root, YamlScalar):  # of `---` alone the parser says that it stands on the next line
            self._root = replace(self._root, place=_inside(self._root.place, text))
        return Reading(self._root, tuple(sorted(self._problems)))

    def _take(self, event: Any) -> None:
        # Most events are scalars: each class before theirs would be tried in vain, for every word of every file.
        match event:
            case yaml.ScalarEvent():
                self._check_marks(event)
                if event.style == '"':
                    self._check_shown(event)
                quoted = bool(event.style)
                before_comment = not quoted and self._ends_at_comment(event.end_mark)
                self._add(YamlScalar(self._place(event.start_mark), event.value, quoted, before_comment))
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._check_marks(event)
                self._open.append(_Open(self._place(event.start_mark), isinstance(event, yaml.MappingStartEvent)))
                if len(self._open) > MAX_DEPTH:
                    self._problem(event, "Y007", f"nested deeper than {MAX_DEPTH} levels")
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._close()
            case yaml.AliasEvent():
                self._problem(event, "Y008", f"alias `*{event.anchor}`; write the value out")
                self._add(YamlScalar(self._place(event.start_mark), ""))
            case yaml.DocumentStartEvent():
                self._documents += 1
                if self._documents == 2:
                    self._problem(event, "Y006", "a second document; a file holds one")
            case _:
                pass

    def _check_marks(self, event: Any) -> None:
        if event.anchor is not None:
            self._problem(event, "Y008", f"anchor `&{event.anchor}`; write the value out where it is used")
        # A lone "!" too: YAML says nothing by it, but `! male` looks like "not male".
        if event.tag is not None:
            self._problem(event, "Y009", f"tag `{event.tag}`; values are read by the kind of their field, so remove it")

    def _check_shown(self, event: Any) -> None:
        """What double quotes can hide: in them, a few plain letters stand for a character that steers a terminal."""
        if hidden := _HIDDEN.search(event.value):
            self._problem(event, "Y014", f"an invisible character, U+{ord(hidden[0]):04X}; leave it out")

    def _lost_dash(self, error: yaml.MarkedYAMLError, at: Place) -> str:
        """Where a list's first entry lost the `-` that the next one has: the parser only notices at the next."""
        begun = self._ended
        if error.problem != _NO_KEY or begun is None or begun.column != at.column + len("- "):
            return ""
        return f"; the entry that begins on line {begun.line} has no `-`"

    def _close(self) -> None:
        done = self._open.pop()
        if done.is_mapping:
            self._ended = done.place
            self._add(YamlMapping(done.place, self._entries(done.nodes)))
        else:
            self._add(YamlList(done.place, tuple(done.nodes)))

    def _entries(self, nodes: list[Node]) -> tuple[tuple[YamlScalar, Node], ...]:
        seen: dict[str, tuple[YamlScalar, Node]] = {}
        for key, value in zip(nodes[::2], nodes[1::2], strict=True):
            if not isinstance(key, YamlScalar):
                self._problems.append(Diagnostic.at(key.place, "Y010", "a key must be a word, not a list or mapping"))
            elif key.text == "<<" and not key.quoted:
                self._problems.append(Diagnostic.at(key.place, "Y011", "merge key `<<`; write the entries out"))
            elif key.text in seen:
                first = seen[key.text][0].place
                what = f"`{key.text}` is written twice, first on line {first.line}; keep one"
                self._problems.append(Diagnostic.at(key.place, "Y012", what))
            else:
                if key.text in PROSE and isinstance(value, YamlScalar) and value.before_comment:
                    what = f"`{key.text}` ends before ` #`, which begins a comment"
                    what += "; put the text in quotes, or move the comment"
                    self._problems.append(Diagnostic.at(value.place, "Y015", what))
                seen[key.text] = (key, value)
        return tuple(seen.values())

    def _ends_at_comment(self, mark: Any) -> bool:
        line = self._commented.get(mark.line)
        return line is not None and _COMMENT.match(line, mark.column) is not None

    def _add(self, node: Node) -> None:
        if self._open:
            self._open[-1].nodes.append(node)
        elif self._documents == 1:
            self._root = node

    def _place(self, mark: Any) -> Place:
        return Place(self._file, mark.line + 1, mark.column + 1) if mark is not None else Place(self._file, 1, 1)

    def _problem(self, event: Any, code: str, message: str) -> None:
        self._problems.append(Diagnostic.at(self._place(event.start_mark), code, message))
