"""The same rules for every engine: made up once, said in our language, as a ZEN table and as plain Python."""

import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from bench.made_up import AREAS, SERVICES, SOURCES
from onward.routing.domain.diagnostics import SourceFile
from onward.routing.domain.language import RuleSet
from onward.routing.domain.loader import load

_BASES = """schema: routing/v1
bases:
  agreed: {kind: consent, purpose: help, article_6: 6(1)(a), citation: UK GDPR}
"""
_HEAD = "schema: routing/v1\ntheme: need\nowner: benchmark\nrules:\n"
_A_FILE = 1_000


@dataclass(frozen=True)
class Span:
    """From *low* to *high*, both included."""

    low: int
    high: int


Test: TypeAlias = bool | int | Span | tuple[str, ...]
"""True or false; at least a number; a span; one of some words."""


@dataclass(frozen=True)
class MadeRule:
    """A category, and what must hold by path."""

    category: str
    when: Mapping[str, Test]


def made_rules(count: int) -> list[MadeRule]:
    """*count* different rules of three to five conditions."""
    mixed = random.Random(3)
    return [_made_rule(mixed) for _ in range(count)]


def _made_rule(mixed: random.Random) -> MadeRule:
    category = mixed.choice([*SERVICES])
    low = mixed.choice([18, 25, 35, 50])
    when: dict[str, Test] = {
        "person.age": Span(low, low + mixed.choice([3, 7, 10])),
        f"needs.{category.lower()}": mixed.choice([2, 3, 4]),
        f"consent.{category.lower()}": True,
    }
    if mixed.random() < 0.7:
        when["person.area"] = tuple(sorted(mixed.sample(AREAS, 2)))
    if mixed.random() < 0.7:
        when["event.source"] = tuple(sorted(mixed.sample(SOURCES, 2)))
    return MadeRule(category, when)


def bundle(rules: Sequence[MadeRule]) -> list[SourceFile]:
    """The rules as files of our language, a thousand in each; in their order, since ids count up."""
    texts = [_text(number, rule) for number, rule in enumerate(rules)]
    files = [
        SourceFile(f"bench/rules-{first}.yaml", (_HEAD + "".join(texts[first : first + _A_FILE])).encode())
        for first in range(0, len(texts), _A_FILE)
    ]
    return [SourceFile("bench/bases.yaml", _BASES.encode()), *files]


def _text(number: int, rule: MadeRule) -> str:
    refer = {"category": rule.category, "service": SERVICES[rule.category], "urgency": "within_10_working_days"}
    return (
        f"  - id: made-up-{number:06d}\n    why: A rule to measure with\n    when: {json.dumps(_ours(rule.when))}\n"
        f"    refer: {json.dumps(refer)}\n    legal_basis: agreed\n"
    )


def rule_set(rules: Sequence[MadeRule]) -> RuleSet:
    """The rules, loaded and checked by our loader."""
    return load(bundle(rules))


def _ours(when: Mapping[str, Test]) -> dict[str, Any]:
    return {path: _our_test(test) for path, test in when.items()}


def _our_test(test: Test) -> Any:
    if isinstance(test, Span):
        return f"{test.low}..{test.high}"
    if isinstance(test, bool):
        return test
    return f">= {test}" if isinstance(test, int) else list(test)


def plain_python(rules: Sequence[MadeRule]) -> Callable[[Mapping[str, Any]], list[int]]:
    """The baseline anybody would write: closures, judged one rule after the other; a missing value does not match."""
    made = [tuple((path, _closure(test)) for path, test in rule.when.items()) for rule in rules]

    def match(facts: Mapping[str, Any]) -> list[int]:
        return [number for number, tests in enumerate(made) if all(test(facts.get(path)) for path, test in tests)]

    return match


def _closure(test: Test) -> Callable[[Any], bool]:
    if isinstance(test, Span):
        low, high = test.low, test.high
        return lambda value: value is not None and low <= value <= high
    if isinstance(test, bool):
        return lambda value: value is test
    if isinstance(test, int):
        return lambda value: value is not None and value >= test
    words = frozenset(test)
    return lambda value: value in words
