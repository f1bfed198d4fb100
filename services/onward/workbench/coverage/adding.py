"""Suggested tests put where they belong: at the end of their own rule's tests, with every other line as it was."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from onward.diagnostics.yaml_tree import Place, YamlList, YamlMapping, YamlScalar, read
from onward.routing.domain.diagnostics import SourceFile
from onward.routing.domain.language import RuleTest
from onward.routing.domain.loader import load
from onward.workbench.coverage.suggesting import as_yaml

_LINE_END = re.compile("\r\n|[\r\n]")


class AddingTestsError(Exception):
    """The tests of a rule cannot be added to its file, and nothing was changed."""


def with_tests(files: Sequence[SourceFile], suggested: Mapping[str, Sequence[RuleTest]]) -> tuple[SourceFile, ...]:
    """
    The files of a bundle with tests added, each to the rule or the overlay's condition that it is about.

    *suggested* has them by the id of their rule.

    Raises:
        AddingTestsError: A rule's tests stand in brackets, or the result would not be the same rules with these tests.
    """
    wanted = [(rule, test) for rule, tests in suggested.items() for test in tests]
    added = tuple(
        _added(file, [(rule, test) for rule, test in wanted if test.place.file == file.name]) for file in files
    )
    _check(files, added, suggested)
    return added


def _added(file: SourceFile, tests: Sequence[tuple[str, RuleTest]]) -> SourceFile:
    root = read(file.name, file.content).root
    if not tests or not isinstance(root, YamlMapping):
        return file
    text = file.content.decode("utf-8")
    found = _LINE_END.search(text)
    end = found[0] if found else "\n"
    lines = text.splitlines()
    entries = [(_entry(root, rule, test), test) for rule, test in tests]
    pieces: list[tuple[int, list[str]]] = []
    for (entry, after), group in groupby(sorted(entries, key=lambda each: each[0][0].place), key=lambda each: each[0]):
        pieces.append(_piece(entry, after or len(lines) + 1, [test for _, test in group], lines))
    for line, piece in sorted(pieces, reverse=True):
        lines[line:line] = piece
    return replace(file, content=(end.join(lines) + end).encode())


def _entry(root: YamlMapping, rule: str, test: RuleTest) -> tuple[YamlMapping, int]:
    """The rule or the overlay's condition that a test is about, and the line on which what follows it begins (or 0)."""
    starts = sorted(key.place.line for key, _ in root)
    found: list[tuple[YamlMapping, int]] = []
    for key, name in (("rules", "id"), ("narrows", "rule")):
        listed = root.get(key)
        items = listed.items if isinstance(listed, YamlList) else ()
        for number, item in enumerate(items):
            named = item.get(name) if isinstance(item, YamlMapping) else None
            if isinstance(item, YamlMapping) and isinstance(named, YamlScalar) and named.text == rule:
                later = [each.place.line for each in items[number + 1 :]]
                found.append((item, min((*later[:1], *(line for line in starts if line > item.place.line)), default=0)))
    if not found:
        raise AddingTestsError(f"{test.place}: the rule `{rule}` is not found here; add its tests by hand")
    # What is about an overlay's area stands in the head of its file: then the first of its conditions will do.
    before = [each for each in found if each[0].place.line <= test.place.line]
    return before[-1] if before else found[0]


def _piece(entry: YamlMapping, after: int, tests: Sequence[RuleTest], lines: Sequence[str]) -> tuple[int, list[str]]:
    """So many lines stand before the new ones, and the new ones; *after* is the line of what follows the entry."""
    listed = entry.get("tests")
    column = entry.place.column
    if not _begins_block(lines, entry.place):
        raise AddingTestsError(
            f"{entry.place}: the rule stands in brackets; run `onward rules fmt`, or add them by hand"
        )
    texts = [line for test in tests for line in as_yaml(test).splitlines()]
    if listed is None:
        depth = column + 1
        piece = [" " * (column - 1) + "tests:", *_indented(texts, depth)]
        return _last(lines, entry.place.line, after, column), piece
    first = listed.items[0] if isinstance(listed, YamlList) and listed.items else None
    if first is None or not _begins_block(lines, first.place):
        raise AddingTestsError(
            f"{listed.place}: the tests stand in brackets; put each on lines of its own, after a `-`"
        )
    dash = lines[first.place.line - 1].index("-") + 1
    keys = [key.place.line for key, _ in entry if key.place.line > first.place.line]
    return _last(lines, first.place.line, min((*keys, after)), dash), _indented(texts, dash - 1)


def _last(lines: Sequence[str], first: int, after: int, column: int) -> int:
    """The last line before *after* of what begins at *first*: a comment further left belongs to what follows."""
    last = after - 1
    while last > first and _is_between(lines[last - 1], column):
        last -= 1
    return last


def _is_between(line: str, column: int) -> bool:
    stripped = line.strip()
    return not stripped or (stripped.startswith("#") and len(line) - len(line.lstrip()) < column - 1)


def _begins_block(lines: Sequence[str], place: Place) -> bool:
    return lines[place.line - 1][: place.column - 1].lstrip("\ufeff").strip() == "-"


def _indented(texts: Sequence[str], depth: int) -> list[str]:
    own = len(texts[0]) - len(texts[0].lstrip())
    return [" " * depth + text[own:] for text in texts]


def _check(
    before: Sequence[SourceFile], after: Sequence[SourceFile], suggested: Mapping[str, Sequence[RuleTest]]
) -> None:
    """All or nothing: the same rules, each with its tests and the new ones."""
    old, new = (load(files).rules for files in (before, after))
    for one, other in zip(old, new, strict=True):
        added = [_said(test) for test in suggested.get(one.id, ())]
        if sorted([*map(_said, one.tests), *added], key=repr) != sorted(map(_said, other.tests), key=repr):
            raise AddingTestsError(
                f"{one.place}: the tests of `{one.id}` would not be added as they are; do it by hand"
            )


def _said(test: RuleTest) -> tuple[object, ...]:
    return test.name, dict(test.given), test.day, test.expect, test.because
