"""The index says of every rule exactly what the plain evaluator says."""

import os
from collections import Counter
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from onward.routing.domain.asking import Asker
from onward.routing.domain.index import Index
from onward.routing.domain.kleene import missing_facts, rule_holds
from onward.routing.domain.language import EVENT_DAY, Between, Condition, Rule
from unit.routing.random_rules import (
    FIRST_DAY,
    PATHS,
    a_full_value,
    a_group,
    a_short_rule,
    knowledge,
    rule_set,
)
from unit.routing.rule_features import EVERY, Feature, features, features_of_rule

SEED = int(os.environ.get("ONWARD_TEST_SEED", "20260301"))
FEWEST = 20
"""How often the ten thousand must bring up each feature of the language with each truth it can have."""


def compare(random: Random, evaluations: int, *, measured: bool = False) -> Counter[Feature]:
    """Judge random rules on random knowledge both ways; how often each truth, or when *measured* each feature, came."""
    seen: Counter[Feature] = Counter()
    done = 0
    while done < evaluations:
        rules = rule_set(random, random.choice((1, 7, 40)))
        index = Index(rules)
        for _ in range(25):
            known = knowledge(random)
            matches = index.match(known)
            truths = [rule_holds(rule, known) for rule in rules]
            assert list(matches.definite) == [number for number, truth in enumerate(truths) if truth is True]
            assert list(matches.possible) == [number for number, truth in enumerate(truths) if truth is None]
            for number in matches.possible:
                lacking = Asker(rules[number], index.rows_of(number)).missing(known, matches.rows)
                assert set(lacking) == set(missing_facts(rules[number], known))
            done += len(rules)
            for rule, truth in zip(rules, truths, strict=True):
                seen.update(features_of_rule(rule, truth))
                seen.update(features(rule, known) if measured else ())
    return seen


def test_the_index_agrees_with_the_plain_evaluator_on_ten_thousand_random_evaluations() -> None:
    seen = compare(Random(SEED), 10_000, measured=True)
    assert seen.keys() == EVERY
    rare = {feature: count for feature, count in seen.items() if count < FEWEST}
    assert not rare, f"too rare to prove anything: {rare}"


@pytest.mark.nightly
def test_the_index_agrees_with_the_plain_evaluator_on_a_million_random_evaluations() -> None:
    seen = compare(Random(SEED + 1), 1_000_000)
    assert sum(seen["a rule", truth] for truth in (True, False, None)) >= 1_000_000


def agree(rules: list[Rule], known: dict[str, Any]) -> int:
    """How many rules match or need information, by both."""
    index = Index(rules)
    matches = index.match(known)
    truths = [rule_holds(rule, known) for rule in rules]
    assert list(matches.definite) == [number for number, truth in enumerate(truths) if truth is True]
    assert list(matches.possible) == [number for number, truth in enumerate(truths) if truth is None]
    for number in matches.possible[-20:]:
        lacking = Asker(rules[number], index.rows_of(number)).missing(known, matches.rows)
        assert set(lacking) == set(missing_facts(rules[number], known))
    return len(matches.definite) + len(matches.possible)


def situations(random: Random) -> list[dict[str, Any]]:
    """Nothing known, everything known, and two between."""
    everything = {path: a_full_value(random, path) for path in PATHS}
    return [{EVENT_DAY: FIRST_DAY}, everything | {EVENT_DAY: FIRST_DAY}, knowledge(random), knowledge(random)]


@pytest.mark.parametrize("size", [63, 64, 65, 511, 512, 513, 1_025])
def test_the_index_agrees_with_the_plain_evaluator_around_the_sizes_of_a_part_and_where_every_rule_matches(
    size: int,
) -> None:
    random = Random(SEED + size)
    rules = rule_set(random, size)
    assert sum(agree(rules, known) for known in situations(random)) > size // 4
    age = Condition("person.age", Between(0, None), "", "f:1:1")
    always = Condition(EVENT_DAY, Between(None, None), "", "f:1:1")
    dense = [replace(a_short_rule(random, f"all-{number}"), effective=always, when=(age,)) for number in range(size)]
    for known in ({"person.age": 30}, {}):
        assert agree(dense, {EVENT_DAY: FIRST_DAY, **known}) == size


@pytest.mark.parametrize("groups", [1, 64, 300])
def test_the_index_agrees_with_the_plain_evaluator_where_a_rule_has_hundreds_of_groups(groups: int) -> None:
    random, found = Random(SEED + groups), 0
    for exceptions in (0, groups):
        rules = [
            replace(
                a_short_rule(random, f"rule-{number}"),
                any_of=tuple(a_group(random, 2) for _ in range(groups)),
                unless=tuple(a_group(random, 4) for _ in range(exceptions)),
            )
            for number in range(12)
        ]
        found += sum(agree(rules, known) for known in situations(random))
    assert found > 10


def test_nothing_known_is_asked_for_and_the_answers_to_all_questions_settle_a_rule() -> None:
    random, asked = Random(SEED), 0
    for _ in range(3_000):
        rule = rule_set(random, 1)[0]
        known = knowledge(random)
        missing = missing_facts(rule, known)
        assert bool(missing) is (rule_holds(rule, known) is None)
        assert all(path not in known or isinstance(known[path], list) for path in missing), "only records have gaps"
        asked += bool(missing)
        for _ in PATHS:  # an answer can open a group that asks `known`, and so one more round of questions
            known |= {path: a_full_value(random, path) for path in missing_facts(rule, known)}
        assert rule_holds(rule, known) is not None
    assert asked > 300
