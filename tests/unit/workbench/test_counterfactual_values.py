"""The few values that stand for all: whatever a fact could be, one of them is answered alike."""

from datetime import date, timedelta
from itertools import combinations
from random import Random
from typing import Any

from onward.contracts.fact_kinds import Code, Day, Records, Whole
from onward.contracts.facts import FACTS
from onward.contracts.situation import Situation
from onward.routing.domain.offices import offices_of
from onward.workbench.explaining.asks import Asks
from onward.workbench.explaining.picture import Picture
from onward.workbench.explaining.told import changed, known_of, sources_of, told_behind
from onward.workbench.explaining.ways import ways_to
from unit.routing.pack_builders import DIRECTORY, MONDAY, RULES, situation
from unit.workbench.test_counterfactual_pack import TOLD, some, somebody

OFFICES = offices_of(DIRECTORY)
CODES = ("MAPP", "RHRH", "RVAD", "OTHER")


def picture_of(person: Situation) -> tuple[Picture, Asks]:
    asks = Asks()
    ways_to("ACCOMMODATION", person, RULES, DIRECTORY, asks)
    return Picture(person, asks, OFFICES), asks


def every(path: str) -> list[Any]:
    """Every value of a fact, as far as anybody would look."""
    kind = FACTS[path].kind
    if isinstance(kind, Day):
        return [MONDAY + timedelta(days=days) for days in range(-420, 420)]
    if isinstance(kind, Whole):
        return list(range(kind.low, min(kind.high, 1500) + 1))
    if isinstance(kind, Code):
        return sorted({area for provider in DIRECTORY.providers.values() for area in provider.catchment} - {"*"})
    if isinstance(kind, Records):
        records = [{"code": code, "active": active} for code in CODES for active in (True, False)]
        return [list(chosen) for size in range(3) for chosen in combinations(records, size)]
    return some(kind)


def test_every_value_is_answered_like_one_of_those_that_stand_for_all() -> None:
    for seed in (1, 2, 3):
        person = somebody(Random(seed))
        picture, asks = picture_of(person)
        concerned = sorted({source for path in asks.by_path for source in sources_of(path)} & set(TOLD))
        assert "release.planned_on" in concerned
        for path in concerned:
            if path == "event.caution_conditions":
                continue
            hanging = [ask for name, each in asks.by_path.items() if path in sources_of(name) for ask in each]

            def answers(value: Any, path: str = path, hanging: list[Any] = hanging) -> tuple[object, ...]:
                known = known_of(changed(person, {path: value}), OFFICES)  # noqa: B023 - used at once
                return tuple(ask.holds(known.get(ask.path)) for ask in hanging)

            standing = {answers(value) for value in picture.possible(path).values}
            assert {answers(value) for value in every(path)} <= standing, path


def test_the_value_now_comes_first_and_the_nearest_before_the_farther() -> None:
    person = situation("probation", {"release.planned_on": MONDAY + timedelta(days=100), "custody.status": "in_prison"})
    possible = picture_of(person)[0].possible("release.planned_on")
    assert possible.values[0] == MONDAY + timedelta(days=100)
    assert list(possible.costs) == sorted(possible.costs)
    days = [value for value in possible.values if isinstance(value, date)]
    steps = [abs((day - days[0]).days) for day in days]
    assert steps == sorted(steps)
    assert possible.values[-1] is None


def test_whatever_a_derived_fact_follows_from_is_known() -> None:
    random = Random(7)
    derived = [path for path, fact in FACTS.items() if fact.derived and not fact.counted]
    for _ in range(60):
        share = random.choice((0.1, 0.3, 0.8))
        facts = {path: random.choice(some(FACTS[path].kind)) for path in TOLD if random.random() < share}
        full = known_of(situation("hmpps", facts), OFFICES)
        for path in facts:
            less = known_of(situation("hmpps", {name: facts[name] for name in facts if name != path}), OFFICES)
            moved = {name for name in derived if less.get(name) != full.get(name)}
            assert moved <= {name for name in derived if path in told_behind()[name]}, path
