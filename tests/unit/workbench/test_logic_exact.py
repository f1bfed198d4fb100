"""What the formulas claim of rules, the engine finds; what they rule out, no random situation shows."""

from collections import Counter
from random import Random

import pytest

from onward.routing.domain.kleene import Truth, rule_holds
from onward.routing.domain.language import Rule
from onward.workbench.logic import Formula, Space, Witness
from unit.workbench.linked_rules import DERIVED, HOUSING_DERIVED, HOUSING_TOLD, TOLD, a_rule, a_witness

SEED = 20260330
Facts = tuple[tuple[str, ...], tuple[str, ...]]
"""Told, and derived."""
TRUTHS: tuple[Truth, ...] = (True, False, None)


def claim(space: Space, rule: Rule, truth: Truth) -> Formula:
    if truth is None:
        return space.possible(rule) & ~space.matches(rule)
    return space.matches(rule) if truth else ~space.possible(rule)


def compare(random: Random, pairs: int, situations: int, facts: Facts = (TOLD, DERIVED)) -> Counter[str]:
    """Every combination of outcomes of two random rules; how often each answer was given."""
    told = [a_witness(random, facts[0]) for _ in range(situations)]
    known = [witness.known() for witness in told]
    answers: Counter[str] = Counter()
    for _ in range(pairs):
        one, other = (a_rule(random, name, facts[0] + facts[1]) for name in ("one", "other"))
        space = Space.of([one, other])
        seen = {(rule_holds(one, each), rule_holds(other, each)) for each in known}
        for wanted in ((a, b) for a in TRUTHS for b in TRUTHS):

            def shown(witness: Witness, wanted: tuple[Truth, Truth] = wanted) -> bool:
                facts = witness.known()
                return (rule_holds(one, facts), rule_holds(other, facts)) == wanted  # noqa: B023 - used at once

            answer = space.find(claim(space, one, wanted[0]), claim(space, other, wanted[1]), check=shown)
            answers[answer.outcome] += 1
            assert not answer.open, (answer, wanted, one, other)
            if answer.witness is None:
                assert wanted not in seen, (wanted, one, other)
            else:
                assert shown(answer.witness)
    return answers


def test_examples_reproduce_and_proofs_are_not_refuted() -> None:
    answers = compare(Random(SEED), pairs=40, situations=1_500)
    assert min(answers["found"], answers["impossible"]) > 40, answers


def test_the_facts_of_the_accommodation_trees_follow_as_the_service_says() -> None:
    answers = compare(Random(SEED), pairs=40, situations=1_500, facts=(HOUSING_TOLD, HOUSING_DERIVED))
    assert min(answers["found"], answers["impossible"]) > 40, answers


@pytest.mark.nightly
def test_examples_reproduce_and_proofs_are_not_refuted_for_many_more_rules() -> None:
    for facts in ((TOLD, DERIVED), (HOUSING_TOLD, HOUSING_DERIVED)):
        assert compare(Random(SEED + 1), pairs=600, situations=6_000, facts=facts).total() == 5_400
