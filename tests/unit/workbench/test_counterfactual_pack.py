"""Why not, over the whole rule pack: whatever the person and the category, the change that is named leads there."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import combinations
from random import Random
from typing import Any

import pytest

from onward.contracts import topics
from onward.contracts.codes import Category
from onward.contracts.fact_kinds import Choice, Code, Day, Kind, Records, Whole, YesNo
from onward.contracts.facts import FACTS
from onward.contracts.situation import Situation
from onward.routing.domain.actions import CATEGORIES
from onward.workbench.explaining.base_facts import changed
from onward.workbench.explaining.counterfactual import Counterfactual, why_not
from unit.routing.pack_builders import BIRMINGHAM, CAMBRIDGE, CARDIFF, DIRECTORY, MONDAY, ROUTER, RULES, situation

TOLD = sorted(path for path, fact in FACTS.items() if not fact.derived and path not in ("event.source", "event.type"))
SOURCES = sorted(topics.sources())
DAYS = (-400, -183, -182, -60, -29, -28, -7, -1, 0, 1, 20, 56, 57, 100, 400)


def some(kind: Kind) -> list[Any]:
    """Values of a fact, many of them where rules turn."""
    match kind:
        case YesNo():
            return [True, False]
        case Whole(low, high):
            return [value for value in (0, 1, 2, 3, 4, 10, 16, 17, 18, 34, 36, 64, 300, 1400) if low <= value <= high]
        case Choice(values):
            return list(values)
        case Code(pattern, example):
            return [BIRMINGHAM, CAMBRIDGE, CARDIFF] if "E0" in pattern else [example]
        case Day():
            return [MONDAY + timedelta(days=days) for days in DAYS]
        case Records(fields):
            return [[], *([{name: some(field)[number] for name, field in fields.items()}] for number in (0, 1))]


def somebody(random: Random) -> Situation:
    share = random.choice((0.05, 0.2, 0.5))
    facts = {path: random.choice(some(FACTS[path].kind)) for path in TOLD if random.random() < share}
    return situation(random.choice(SOURCES), facts)


def leads_there(person: Situation, category: Category) -> bool:
    return any(made.category == category for made in ROUTER.decide(person).referrals)


def then(found: Counterfactual) -> dict[str, Any]:
    return {change.path: change.then for change in found.changes}


def smaller(found: Counterfactual) -> Iterator[Mapping[str, Any]]:
    """The same changes without one of them."""
    changes = then(found)
    for left_out in changes:
        yield {path: value for path, value in changes.items() if path != left_out}


def single_changes() -> Iterator[Mapping[str, Any]]:
    for path in TOLD:
        for value in (*some(FACTS[path].kind), None):
            yield {path: value}
    for source in SOURCES:
        yield {"event.source": source}


def check(seed: int, *, singles: bool) -> bool:
    """Whether there was a change to check."""
    random = Random(seed)
    person, category = somebody(random), random.choice(CATEGORIES)
    answer = why_not(person, category, RULES, DIRECTORY, router=ROUTER)
    assert answer.at_least == 0, "the search gives up on nobody like this"
    assert bool(answer.already) == leads_there(person, category)
    found = answer.smallest
    for each in (found, answer.mendable):
        if each is not None:
            assert leads_there(changed(person, then(each)), category)
            assert not any(leads_there(changed(person, fewer), category) for fewer in smaller(each))
    if answer.mendable is not None:
        assert found is not None
        assert any(change.unchangeable for change in found.changes)
        assert not any(change.unchangeable for change in answer.mendable.changes)
        assert len(answer.mendable.changes) >= len(found.changes)
    if singles and not answer.already and (found is None or len(found.changes) > 1):
        assert not any(leads_there(changed(person, change), category) for change in single_changes())
    return found is not None


def test_applying_exactly_the_change_that_is_named_leads_there() -> None:
    checked = [check(seed, singles=seed % 8 == 0) for seed in range(40)]
    assert sum(checked) > len(checked) // 2


@pytest.mark.nightly
def test_applying_exactly_the_change_that_is_named_leads_there_for_hundreds_of_people() -> None:
    for seed in range(1000, 1500):
        check(seed, singles=True)


@pytest.mark.nightly
def test_no_two_changes_lead_where_three_are_named() -> None:
    checked = 0
    for seed in range(2000, 2200):
        random = Random(seed)
        person, category = somebody(random), random.choice(CATEGORIES)
        answer = why_not(person, category, RULES, DIRECTORY, router=ROUTER)
        if answer.smallest is not None and len(answer.smallest.changes) == 3:
            singles = list(single_changes())
            for one, other in combinations(singles, 2):
                assert not leads_there(changed(person, {**one, **other}), category)
            checked += 1
        if checked == 3:
            return
    raise AssertionError("too few people to check")
