"""The terse decision is the decision: the same outcome as the whole one, for one bundle and for two at once."""

import re
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.made_up import situations as made_up
from onward.contracts.situation import Situation
from onward.directory.model import Directory
from onward.routing.domain.decide import Router
from onward.routing.domain.language import RuleSet
from onward.routing.domain.loader import load
from onward.routing.domain.outcomes import BundleComparison, meaning, outcome_of
from unit.routing import pack_builders
from unit.routing.routing_builders import (
    BIRMINGHAM,
    CAMBRIDGE,
    HOMELESS_ADULT,
    a_directory,
    a_provider,
    a_situation,
    rule_file,
    rule_set,
)
from unit.routing.test_decision_properties import DIRECTORY, RULES, any_situation
from unit.workbench.impact_builders import BUNDLES, another_directory, bundle, changed

often = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def agrees(before: tuple[RuleSet, Directory], after: tuple[RuleSet, Directory], cases: list[Situation]) -> None:
    both = BundleComparison(before, after)
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
    both = BundleComparison((BUNDLES["as it is"], DIRECTORY), (after, DIRECTORY))
    adult = {**HOMELESS_ADULT, "event.movement": "released"}
    seen = [both.outcomes(a_situation({**adult, "person.age": age})) for age in range(14, 70)]
    assert any(old != new for old, new in seen) == (name not in {"as it is", "other words"})


def test_a_rule_that_only_moves_in_its_file_or_changes_its_words_means_the_same() -> None:
    plain, other = BUNDLES["as it is"], BUNDLES["other words"]
    assert [meaning(rule) for rule in plain.rules] == [meaning(rule) for rule in other.rules]
    assert not re.search("place|where", str(meaning(plain.rules[0])))


FAR = """\
  - id: far
    why: The person chose a council far away
    when: {accommodation.distance_km: ">= 50"}
    notify: {kind: far, to: prison-housing}
"""
CHOSE = {"person.area": BIRMINGHAM, "accommodation.chosen_authority": CAMBRIDGE}


def two_offices(north: float) -> Directory:
    """Two councils with their offices, the second at *north* degrees."""
    return a_directory(
        a_provider("birmingham", catchment=(BIRMINGHAM,), location=(52.48, -1.89)),
        a_provider("cambridge", catchment=(CAMBRIDGE,), location=(north, 0.12)),
    )


def test_each_side_measures_the_way_between_the_offices_of_its_own_directory() -> None:
    rules, chose = rule_set(logistics=FAR), a_situation(CHOSE)
    near, far = (rules, two_offices(52.48)), (rules, two_offices(55.0))
    nowhere = rules, a_directory()
    for sides in ((near, far), (far, nowhere), (nowhere, far)):
        agrees(*sides, [chose])
    old, new = BundleComparison(nowhere, far).outcomes(chose)
    assert (len(old.told), len(new.told)) == (0, 1)


WAITING = """\
  - id: later
    why: After the duty to refer
    requires: [first]
    when: {person.age: ">= 18"}
    notify: {kind: later, to: prison-housing}
"""
FIRST = """\
prerequisites:
  first: {why: the duty to refer first, when: {duty_to_refer.recent: true}}
"""


def test_what_waits_is_compared() -> None:
    waits = load([rule_file("logistics", WAITING, sets=FIRST)])
    acts = load([rule_file("logistics", WAITING.replace("    requires: [first]\n", ""), sets=FIRST)])
    cases = [
        a_situation({"person.age": age, "accommodation.next_arranged": arranged, "accommodation.status": "homeless"})
        for age in (17, 18)
        for arranged in (True, False)
    ]
    directory = a_directory()
    agrees((waits, directory), (acts, directory), cases)
    seen = [BundleComparison((waits, directory), (acts, directory)).outcomes(case) for case in cases]
    assert any(old.waits and not old.told and new.told and not new.waits for old, new in seen)


def test_which_earlier_referrals_end_is_compared() -> None:
    died = a_situation({**HOMELESS_ADULT, "event.movement": "died"})
    ends, keeps = BUNDLES["as it is"], bundle((", closes: all, closure_reason: death", ""))
    agrees((ends, DIRECTORY), (keeps, DIRECTORY), [died])
    old, new = BundleComparison((ends, DIRECTORY), (keeps, DIRECTORY)).outcomes(died)
    assert ([each.which for each in old.closed], new.closed) == (["all"], ())
