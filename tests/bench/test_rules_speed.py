"""What a decision costs, part by part, beside judging every rule one after the other. Prints; asserts no time."""

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import pytest

from bench import measuring
from bench.made_up import schemas_with, situations
from onward.contracts.situation import Situation
from onward.directory import files as directory_files
from onward.routing.bundle_files import load_bundle
from onward.routing.domain.decide import Router
from onward.routing.domain.derived import complete
from onward.routing.domain.index import Index
from onward.routing.domain.kleene import rule_holds
from onward.routing.domain.language import EVENT_DAY, RuleSet

V = TypeVar("V")


def microseconds(work: Callable[[V], object], values: Sequence[V], *, rounds: int = 5) -> float:
    """CPU time for one value: the least of several rounds, since other work on the machine only ever adds."""
    least = float("inf")
    for _ in range(rounds):
        start = time.process_time_ns()
        for value in values:
            work(value)
        least = min(least, (time.process_time_ns() - start) / len(values))
    return least / 1000


@pytest.mark.bench
def test_the_cost_of_a_decision_with_ten_a_hundred_and_a_thousand_rules(tmp_path: Path) -> None:
    folder = schemas_with(1000, tmp_path / "schemas")
    start = time.process_time()
    whole = load_bundle(folder / "routing")
    loaded = time.process_time() - start
    directory = directory_files.load(folder / "directory")
    received = [situation.model_dump_json().encode() for situation in situations(300)]
    cases = [Situation.model_validate_json(body) for body in received]
    facts = [{**known, EVENT_DAY: day} for known, day in map(complete, cases)]

    decode, derive = microseconds(Situation.model_validate_json, received), microseconds(complete, cases)
    lines: list[tuple[str, ...]] = []
    for size in (10, 100, len(whole.rules)):
        rules = RuleSet(whole.rules[:: len(whole.rules) // size][:size], whole.version)
        index, router = Index(rules.rules), Router(rules, directory)
        decisions = [router.decide(case) for case in cases]
        for known in facts[:20]:
            plain = [number for number, rule in enumerate(rules.rules) if rule_holds(rule, known)]
            assert list(index.match(known).definite) == plain

        def judge(known: Mapping[str, object], rules: RuleSet = rules) -> object:
            return [rule_holds(rule, known) for rule in rules.rules]

        match = microseconds(index.match, facts)
        one_by_one = microseconds(judge, facts[:20], rounds=2)
        decide = microseconds(router.decide, cases)
        encode = microseconds(lambda decision: decision.model_dump_json(), decisions)
        size_out = sum(len(decision.model_dump_json()) for decision in decisions) // len(decisions)
        parts = (decode, derive, match, one_by_one, decide, encode)
        lines.append((str(len(rules.rules)), *(f"{part:.1f}" for part in parts), str(size_out)))
    measuring.table(
        f"One situation, µs of CPU ({len(whole.rules)} rules load in {loaded * 1000:.0f} ms)",
        lines,
        ("rules", "decode", "derive", "match", "match one by one", "decide", "encode", "bytes out"),
    )
