"""
What a decision costs as rules grow, beside ZEN and plain Python, in one run on the same rules and people.

Prints; asserts only that all three match the same rules, never a time.
"""

import gc
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from bench import measuring
from bench.made_up import situations
from bench.peers.zen_table import ZenTable, nested
from bench.same_rules import bundle, made_rules, plain_python, rule_set
from bench.test_rules_speed import microseconds
from onward.contracts.decision import MetCondition
from onward.directory import files as directory_files
from onward.routing.domain.decide import Router
from onward.routing.domain.derived import complete
from onward.routing.domain.index import Index
from onward.routing.domain.judgement import Prepared
from onward.routing.domain.language import EVENT_DAY, RuleSet
from onward.routing.domain.loader import load

PEOPLE = 2_000
SIZES = (10, 100, 1_000, 10_000)


def explained(rules: RuleSet) -> Callable[[Mapping[str, Any]], object]:
    """Which rules match, with every condition and value; and which might, with every fact that is missing."""
    index = Index(rules.rules)
    ready = [Prepared.of(rule, index.rows_of(number)) for number, rule in enumerate(rules.rules)]

    def judge(known: Mapping[str, Any]) -> tuple[list[tuple[MetCondition, ...]], list[tuple[str, ...]]]:
        matches = index.match(known)
        held = [ready[number].explainer.held(known) for number in matches.definite]
        return held, [ready[number].asker.missing(known, matches.rows) for number in matches.possible]

    return judge


@pytest.mark.bench
@pytest.mark.timeout(900)
def test_a_decision_with_its_full_explanation_beside_zen_and_plain_python() -> None:
    cases = list(situations(PEOPLE))
    facts = [{**known, EVENT_DAY: day} for known, day in map(complete, cases)]
    contexts = [nested(case.facts | {"event.source": case.source}) for case in cases]
    lines: list[Sequence[object]] = []
    for size in SIZES:
        made = made_rules(size)
        rules, table, plain = rule_set(made), ZenTable(made), plain_python(made)
        index, few = Index(rules.rules), max(20, min(PEOPLE, 2_000_000 // size // 20))
        for known, context in zip(facts[:200], contexts[:200], strict=True):
            assert list(index.match(known).definite) == table.match(context) == plain(known)
        router = Router(rules, directory_files.load())
        gc.collect()
        costs = (
            microseconds(index.match, facts),
            microseconds(explained(rules), facts),
            microseconds(router.decide, cases[:few]),
            microseconds(table.match, contexts[:few], rounds=3),
            microseconds(table.match_with_trace, contexts[: few // 4], rounds=3),
            microseconds(plain, facts[:few], rounds=3),
        )
        found = [index.match(known) for known in facts]
        matching, asking = (
            sum(map(len, each)) / PEOPLE for each in zip(*((f.definite, f.possible) for f in found), strict=True)
        )
        ratios = (costs[3] / costs[0], costs[4] / costs[1], costs[5] / costs[0])
        lines.append((size, f"{matching:.1f}", f"{asking:.1f}", *(f"{figure:.1f}" for figure in (*costs, *ratios))))
    measuring.table(
        "One situation, µs of CPU",
        lines,
        (
            "rules",
            "that match",
            "that might",
            "match",
            "match, explained",
            "whole decision",
            "ZEN",
            "ZEN, trace",
            "plain",
            "ZEN ÷ match",
            "ZEN, trace ÷ explained",
            "plain ÷ match",
        ),
    )


@pytest.mark.bench
def test_loading_and_checking_a_thousand_rules() -> None:
    files = bundle(made_rules(1_000))
    took: list[float] = []
    for _ in range(3):
        start = time.process_time()
        Index(load(files).rules)
        took.append(time.process_time() - start)
    size = sum(len(file.content) for file in files)
    measuring.table("Loading", [(1_000, size // 1024, f"{min(took) * 1000:.0f}")], ("rules", "kB", "ms of CPU"))
