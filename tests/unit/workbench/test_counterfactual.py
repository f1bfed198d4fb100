"""Why not? The smallest change of facts that would have led to a referral."""

from collections.abc import Mapping
from datetime import date
from random import Random
from typing import Any

import pytest

from onward.contracts.situation import Situation
from onward.routing.domain.decide import Router
from onward.workbench.explaining.base_facts import unchangeable
from onward.workbench.explaining.counterfactual import AnsweredChange, WhyNot, why_not
from unit.workbench.counterfactual_builders import ABOUT, World, a_world, every_change


def leads_there(router: Router, situation: Situation, changes: Mapping[str, Any]) -> bool:
    """Decided on the facts with the changes made, in a way of this test's own."""
    facts = {**situation.facts, **changes}
    facts = {path: value for path, value in facts.items() if value is not None}
    decision = router.decide(situation.model_copy(update={"facts": facts}))
    return any(referral.category == "ACCOMMODATION" for referral in decision.referrals)


def price(facts: Mapping[str, Any], changes: Mapping[str, Any]) -> tuple[int, ...]:
    """How large changes are, by the promise of the documentation."""
    known = [path for path in changes if path in facts]
    return (
        len(changes),
        sum(unchangeable(path, facts.get(path)) for path in changes),
        len(known),
        sum(value is None for value in changes.values()),
        sum(distance(facts[path], changes[path]) for path in known),
    )


def distance(now: Any, then: Any) -> int:
    if isinstance(now, list) and isinstance(then, list):
        return sum(each not in then for each in now) + sum(each not in now for each in then)
    if isinstance(now, date) and isinstance(then, date):
        return abs((now - then).days)
    if isinstance(now, int) and isinstance(then, int) and not isinstance(now, bool):
        return abs(now - then)
    return 0


def as_mapping(changes: tuple[AnsweredChange, ...]) -> dict[str, Any]:
    return {change.path: change.then for change in changes}


def check(world: World, *, most: int) -> WhyNot:
    """The answer holds, and no change of fewer facts, or of as many and nearer, does; tried out up to *most* facts."""
    router, situation = world.router(), world.situation
    answer = why_not(situation, "ACCOMMODATION", world.rules, world.directory, router=router)
    if answer.already:
        assert leads_there(router, situation, {})
        return answer
    assert not leads_there(router, situation, {})
    found = None if answer.smallest is None else as_mapping(answer.smallest.changes)
    if answer.at_least:
        assert found is None
        most = min(most, answer.at_least - 1)  # it gave up, and says that nothing smaller leads there
    if found is not None:
        assert leads_there(router, situation, found)
    for size in range(1, min(most, len(found) if found is not None else most) + 1):
        prices = [
            price(situation.facts, changes)
            for changes in every_change(world, situation.facts, size)
            if leads_there(router, situation, changes)
        ]
        if prices:
            assert found is not None
            assert price(situation.facts, found) <= min(prices)
            break
    return answer


@pytest.mark.parametrize("about", ABOUT, ids=lambda about: about[0])
def test_no_smaller_change_leads_there_whatever_the_rules(about: tuple[str, ...]) -> None:
    answers = [check(a_world(Random(seed), size=3, about=about), most=2) for seed in range(10)]
    assert any(answer.smallest for answer in answers)


def test_no_nearer_change_leads_there_where_one_day_is_measured_against_another_that_changes_too() -> None:
    answer = check(a_world(Random(1186), size=3, about=ABOUT[1]), most=3)
    assert answer.smallest is not None
    assert {change.path for change in answer.smallest.changes} >= {"release.on", "release.planned_on"}


@pytest.mark.nightly
@pytest.mark.parametrize("about", ABOUT, ids=lambda about: about[0])
def test_no_smaller_change_leads_there_whatever_the_rules_at_length(about: tuple[str, ...]) -> None:
    answers = [check(a_world(Random(seed), size=3, about=about), most=3) for seed in range(1000, 1250)]
    assert {len(answer.smallest.changes) for answer in answers if answer.smallest} >= {1, 2}
    assert any(answer.smallest is None and not answer.already for answer in answers)
