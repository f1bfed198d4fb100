"""What follows for housing follows from many facts; the values that stand for all others are the right ones."""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from onward.contracts.fact_kinds import Choice, Code, Day, YesNo
from onward.contracts.facts import FACTS
from onward.routing.domain.derived_housing import HOUSING_SOURCES
from onward.routing.domain.rule_tests import known_on
from onward.workbench.coverage.clauses import meets
from onward.workbench.coverage.covering import cover_rule
from onward.workbench.coverage.obligations import obligations
from onward.workbench.coverage.situations import Situations
from unit.routing.routing_builders import rule_set

DAY = date(2026, 3, 2)
GIVEN = sorted({source for sources in HOUSING_SOURCES.values() for source in sources})

RULES = {
    "a place and a window": "accommodation.now: prison, accommodation.settled_now: false, cas1.opens_on: known",
    "two windows": (
        "duty_to_refer.opens_on: known, rehabilitation_accommodation.opens_on: unknown, release.planned_on: known"
    ),
    "a year ahead": "cas1.opens_on: known, custody.status: in_prison, cas1.stage: [none, not_submitted]",
    "transitional": "cas3.stage: [none, rejected], accommodation.nowhere_next: true, cas3.application: known",
    "recent": (
        "duty_to_refer.recent: false, duty_to_refer.submitted_on: known, rehabilitation_accommodation.running: true"
    ),
    "present place": "accommodation.now: not cas1, accommodation.current: known, accommodation.settled_now: true",
}


TELLS = "notify: {kind: told, to: duty-practitioner}"


def some_value(random: Random, path: str) -> Any:
    kind = FACTS[path].kind
    if random.random() < 0.3:
        return None
    match kind:
        case Choice(values):
            return random.choice(values)
        case YesNo():
            return random.random() < 0.5
        case Day():
            return DAY + timedelta(
                random.choice((-183, -182, -181, -1, 0, 1, 2, 55, 56, 57, 83, 84, 85, 364, 365, 366, 367, 500))
            )
        case Code(_, example):
            return example
        case _:
            raise AssertionError(path)


def a_situation(random: Random) -> dict[str, Any]:
    facts = {path: some_value(random, path) for path in GIVEN}
    return {path: value for path, value in facts.items() if value is not None}


@pytest.mark.parametrize("asked", RULES.values(), ids=RULES)
def test_what_any_situation_shows_is_found(asked: str) -> None:
    random = Random(asked)
    text = f"  - id: a-rule\n    why: For tests\n    effective: {{from: {DAY}}}\n    when: {{{asked}}}\n"
    (rule,) = rule_set(need=f"{text}    {TELLS}\n").rules
    space = Situations(rule)
    seen = [space.truths(known_on(a_situation(random), DAY)) for _ in range(2_000)]
    for each in obligations(rule, space.parts):
        for clauses in (each.strict, each.weak or each.strict):
            found = space.nearest(clauses, None)
            if found is None:
                assert space.find(clauses).outcome == "impossible", each.what
                assert not any(meets(clauses, truths) for truths in seen), each.what
            else:
                assert meets(clauses, space.truths(known_on(found.facts, found.day))), each.what


def test_coverage_understands_every_derived_fact() -> None:
    for path in (path for path, fact in FACTS.items() if fact.derived):
        (rule,) = rule_set(need=f"  - {{id: a-rule, why: For tests, when: {{{path}: known}}, {TELLS}}}\n").rules
        fires, fails = cover_rule(rule).found
        assert (fires.status, fires.known_possible) == ("gap", True), path
        assert fails.status == "impossible" or fails.known_possible, path
