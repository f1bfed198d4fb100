"""Reading the shape of a rule file: which keys, which words; every surprise is reported with its place."""

import re
from collections.abc import Collection, Mapping
from typing import TypeVar

from onward.diagnostics.spelling import did_you_mean, instead, one_of
from onward.diagnostics.yaml_tree import Node, Place, YamlList, YamlMapping, YamlScalar
from onward.routing.domain.diagnostics import ProblemReport

Word = TypeVar("Word", bound=str)

_NOTHING = ("null", "Null", "NULL", "~")
"""What YAML calls nothing at all, unless it stands in quotes."""
_SWALLOWED = re.compile(
    r"(?<!\S)(any_of|unless|effective|requires|notify|approval|providers|catchment_by|linked|category|plan):(?!\S)"
)
"""
Keys that a rule, a referral or a goal may do without, so that nobody would miss one that stands too far to the right,
in the text above it. In quotes on one line too, where none can slide in: `fmt` writes the one text as the other.
"""
LONGEST_TEXT = 1_000
"""Characters: a few sentences. Texts travel with every decision of a rule, and a message holds a megabyte."""
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class Fields:
    """The entries of one mapping whose keys are known; unknown and missing ones are reported at once."""

    def __init__(
        self, node: Node, what: str, report: ProblemReport, *, required: Collection[str], optional: Collection[str]
    ) -> None:
        self.place = node.place
        self.report = report
        self.entries: dict[str, tuple[YamlScalar, Node]] = {}
        allowed = [*required, *optional]
        for key, value in entries(node, what, report):
            if key.text in allowed:
                self.entries[key.text] = (key, value)
            else:
                help_ = did_you_mean(key.text, allowed) or f"; {what} may have {one_of(set(allowed), most=12)}"
                report.add(key.place, "R002", f"`{key.text}` is no key of {what}{help_}")
        if isinstance(node, YamlMapping):
            for name in required:
                if name not in self.entries:
                    report.add(node.place, "R003", f"{what} has no `{name}`; add it")

    def get(self, name: str) -> Node | None:
        """The value of a key, if it is there."""
        found = self.entries.get(name)
        return found[1] if found else None

    def place_of(self, name: str) -> Place:
        """The place of a key, or of the mapping when it is absent."""
        found = self.entries.get(name)
        return found[0].place if found else self.place

    def text(self, name: str) -> str:
        """A text that is not empty; "" when absent or wrong (which is then reported)."""
        node = self.get(name)
        return "" if node is None else text_of(node, f"`{name}`", self.report)

    def name(self, name: str) -> str:
        """A name that programs compare: words in lower case; "" when absent or wrong (which is then reported)."""
        text = self.text(name)
        if not text or _NAME.fullmatch(text):
            return text
        wanted = "-".join(re.findall(r"[a-z0-9]+", text.lower())) or "call-back"
        message = f"`{name}` cannot be `{text}`; write words in lower case joined by `-`, such as `{wanted}`"
        self.report.add(self.entries[name][1].place, "R019", message)
        return ""

    def word(self, name: str, options: Collection[Word]) -> Word | None:
        """One word of a closed list, or None when absent or wrong (which is then reported)."""
        node = self.get(name)
        return None if node is None else word_of(node, f"`{name}`", options, self.report)


def entries(node: Node, what: str, report: ProblemReport) -> tuple[tuple[YamlScalar, Node], ...]:
    """The entries of a mapping; anything else is reported and has none."""
    if isinstance(node, YamlMapping):
        if not node.entries:
            report.add(node.place, "R012", f"{what} is empty; fill it or remove it")
        return node.entries
    report.add(node.place, "R001", f"{what} must be `key: value` pairs, not {_shape(node)}")
    return ()


def items(node: Node | None, what: str, report: ProblemReport, *, single: bool = False) -> tuple[Node, ...]:
    """The members of a list; with *single*, one member may stand alone."""
    if node is None:
        return ()
    if isinstance(node, YamlList):
        if not node.items:
            report.add(node.place, "R012", f"{what} is empty; fill it or remove it")
        return node.items
    if single:
        return (node,)
    report.add(node.place, "R001", f"{what} must be a list, not {_shape(node)}")
    return ()


def text_of(node: Node, what: str, report: ProblemReport) -> str:
    """A text that is not empty; "" when it is none (which is then reported)."""
    if isinstance(node, YamlScalar) and node.text.strip() and (node.quoted or node.text not in _NOTHING):
        if found := _SWALLOWED.search(node.text):
            message = f"{what} holds `{found[0]}` as a part of its text; put that in the column of its key, or reword"
            report.add(node.place, "R001", message)
        if len(node.text) > LONGEST_TEXT:
            message = f"{what} has {len(node.text)} characters, over {LONGEST_TEXT}; say it in fewer words"
            report.add(node.place, "R021", message)
        return node.text.strip()
    report.add(node.place, "R001", f"{what} must be a text, not {_shape(node)}")
    return ""


def word_of(node: Node, what: str, options: Collection[Word], report: ProblemReport) -> Word | None:
    """One word of a closed list, or None (which is then reported)."""
    text = text_of(node, what, report)
    for option in options:
        if option == text:
            return option
    if text:
        help_ = instead(text, options)
        report.add(node.place, "R007", f"{what} cannot be `{text}`{help_}")
    return None


def unique(node: Node, name: str, seen: Mapping[str, Place], what: str, report: ProblemReport) -> bool:
    """Whether *name* is new; a second use is reported with the place of the first."""
    if name in seen:
        report.add(node.place, "R004", f"{what} `{name}` again; it is already at {seen[name]}: rename one")
        return False
    return bool(name)


def _shape(node: Node) -> str:
    if isinstance(node, YamlScalar):
        return f"`{node.text}`" if node.text else "empty"
    return "a list" if isinstance(node, YamlList) else "`key: value` pairs"
