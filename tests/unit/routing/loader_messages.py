"""What the loader says of a file, in short, and files that are right but for what a test is about."""

from collections.abc import Sequence

import pytest

from onward.routing.domain.diagnostics import BundleError, SourceFile
from onward.routing.domain.loader import load

HEAD = "schema: routing/v1\ntheme: need\nowner: o\n"
TELL = "notify: {kind: k, to: crisis-line}"
REFER = "refer: {category: ACCOMMODATION, service: cas3, urgency: immediate%s}\n    legal_basis: life"
LIFE = "bases: {life: {kind: vital_interests, purpose: p, article_6: a, citation: c}}\n"
TOLD = "prerequisites: {told: {why: w, when: {person.age: 5}}}\n"
HERE = "area: E07000008\n"
OTHER = "  - {id: other, why: w, when: {person.age: 5}, notify: {kind: k, to: crisis-line}}\n"


def rule(more: str = "", *, when: str = "{person.age: 5}", act: str = TELL, name: str = "it", head: str = "") -> str:
    """A file with one rule; *more* follows it, *head* stands before it."""
    return f"{HEAD}{head}rules:\n  - id: {name}\n    why: w\n    when: {when}\n    {act}\n{more}"


def referring(more: str = "", *, after: str = "", when: str = "{person.age: 5}") -> str:
    """A file with a rule that refers; *more* of the referral, *after* it."""
    return rule(after, when=when, act=REFER % more, head=LIFE)


def stopping(suppress: str) -> str:
    """A file with a rule that stops referrals."""
    return rule(act=f"suppress: {suppress}").replace("theme: need", "theme: suppress")


def example(test: str) -> str:
    """A file with a rule that has examples."""
    return rule(f"    tests: [{test}]\n")


def said(text: str) -> list[str]:
    """Every problem of one file that is refused, as `line:column CODE message`."""
    with pytest.raises(BundleError) as refused:
        load([SourceFile("f.yaml", text.encode())])
    problems = refused.value.diagnostics
    assert {problem.file for problem in problems} == {"f.yaml"}
    return [f"{each.line}:{each.column} {each.code} {each.message}" for each in problems]


def check(text: str, expected: Sequence[str]) -> None:
    """That is what is said, all of it; an expected line that ends in `…` may go on with the words of a long list."""
    found = said(text)
    pairs = zip(found, expected, strict=False)
    shown = [line[: len(wanted) - 1] + "…" if wanted.endswith("…") else line for line, wanted in pairs]
    assert [*shown, *found[len(expected) :]] == list(expected)
