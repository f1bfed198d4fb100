"""The terse decision is the decision: the same outcome as the whole one, for one bundle and for two at once."""

import re
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.made_up import situations as made_up
from onward.contracts.directory import Directory
from onward.contracts.situation import Situation
from onward.routing.domain.decide import Router
from onward.routing.domain.language import RuleSet
from onward.routing.domain.outcomes import Comparison, meaning, outcome_of
from unit.routing import pack_builders
from unit.routing.routing_builders import HOMELESS_ADULT, a_situation
from unit.routing.test_decision_properties import DIRECTORY, RULES, any_situation
from unit.workbench.impact_builders import BUNDLES, another_directory, changed

often = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def agrees(before: tuple[RuleSet, Directory], after: tuple[RuleSet, Directory], cases: list[Situation]) -> None:
    both = Comparison(before, after)
    old, new = Router(*before), Router(*after)
    for case in cases:
        assert both.outcomes(case) == (outcome_of(old.decide(case)), outcome_of(new.decide(case)))


@often
@given(st.lists(any_situation(), min_size=1, max_size=8), st.integers(0, 10_000))
def test_any_change_of_rules_has_the_outcomes_of_whole_decisions(cases: list[Situation], seed: int) -> None:
    agrees((RULES, DIRECTORY), (changed(RULES, Random(seed)), DIRECTORY), cases)


@often
@given(st.lists(any_situation(), min_size=1, max_size=8))
def test_a_provider_that_changes_is_seen(cases: list[Situation]) -> None:
    agrees((RULES, DIRECTORY), (RULES, another_directory()), cases)


@pytest.mark.parametrize("seed", range(4))
def test_the_pack_and_any_change_of_it_have_the_outcomes_of_whole_decisions(seed: int) -> None:
    pack = (pack_builders.RULES, pack_builders.DIRECTORY)
    agrees(pack, (changed(pack[0], Random(seed), most=9), pack[1]), list(made_up(150)))


@pytest.mark.parametrize("name", sorted(BUNDLES))
def test_each_kind_of_change_changes_the_outcome_of_somebody(name: str) -> None:
    after = BUNDLES[name]
    both = Comparison((BUNDLES["as it is"], DIRECTORY), (after, DIRECTORY))
    adult = {**HOMELESS_ADULT, "event.movement": "released"}
    seen = [both.outcomes(a_situation({**adult, "person.age": age})) for age in range(14, 70)]
    assert any(old != new for old, new in seen) == (name not in {"as it is", "other words"})


def test_a_rule_that_only_moves_in_its_file_or_changes_its_words_means_the_same() -> None:
    plain, other = BUNDLES["as it is"], BUNDLES["other words"]
    assert [meaning(rule) for rule in plain.rules] == [meaning(rule) for rule in other.rules]
    assert not re.search("place|where", str(meaning(plain.rules[0])))
