"""The search finds facts whenever there are any: compared with trying every combination of many values."""

from datetime import date, timedelta
from itertools import product
from random import Random
from typing import Any

import pytest

from onward.contracts.fact_kinds import FactValue
from onward.routing.domain.language import Rule
from onward.routing.domain.rule_tests import known_on
from onward.workbench.coverage.clauses import meets
from onward.workbench.coverage.obligations import obligations
from onward.workbench.coverage.situations import Situations
from unit.routing.routing_builders import rule_set

DAY = date(2026, 3, 2)
ALL: dict[str, list[Any]] = {
    "person.age": [None, *range(8)],
    "person.veteran": [None, True, False],
    "person.sex": [None, "female", "male"],
    "person.area": [None, "E08000025", "E07000008", "W06000015", "S12000036", "N09000003"],
    "release.on": [None, *(DAY + timedelta(days) for days in range(-5, 6))],
    "release.planned_on": [None, *(DAY + timedelta(days) for days in range(-5, 6))],
    "registrations": [
        None,
        *(
            [{"code": code, "active": active} for code, active in records]
            for records in (
                [],
                *([one] for one in product(("MAPP", "AVIS", "OTHER"), (True, False))),
                *product(product(("MAPP", "AVIS"), (True, False)), repeat=2),
            )
        ),
    ],
}
FAMILIES = (
    ("person.age", "person.veteran", "person.sex"),
    ("release.on", "release.planned_on"),
    ("person.area", "person.veteran"),
    ("registrations", "person.age"),
)
CONDITIONS = {
    "person.age": ['person.age: ">= 3"', 'person.age: "<= 5"', "person.age: 4", "person.age: not 2"],
    "person.veteran": ["person.veteran: true", "person.veteran: unknown"],
    "person.sex": ["person.sex: male", "person.sex: not male", "person.sex: known"],
    "person.area": ["person.area: E08000025", "person.nation: not wales", "person.nation: known"],
    "release.on": ["release.on: known", 'release.days_since: "<= 2"', "release.days_since: known"],
    "release.planned_on": [
        "release.planned_on: known", 'release.days_until: "<= 3"', "release.days_until: 0",
    ],
    "registrations": [
        "registrations has: {code: MAPP, active: true}",
        "registrations has: {code: AVIS}",
        "registrations has no: {active: true}",
        "registrations: known",
    ],
}  # fmt: skip


def a_rule(random: Random, family: tuple[str, ...]) -> Rule:
    offered = [text for path in family for text in CONDITIONS[path]]

    def group() -> str:
        chosen = {text.partition(": ")[0]: text for text in random.sample(offered, random.randint(1, 3))}
        return f"{{{', '.join(chosen[path] for path in sorted(chosen))}}}"

    groups = {name: [group() for _ in range(random.randint(0, 2))] for name in ("any_of", "unless")}
    parts = "".join(f"    {name}: [{', '.join(dict.fromkeys(found))}]\n" for name, found in groups.items() if found)
    text = f"  - id: a-rule\n    why: For tests\n    effective: {{from: {DAY}}}\n    when: {group()}\n{parts}"
    (rule,) = rule_set(need=f"{text}    notify: {{kind: told, to: duty-practitioner}}\n").rules
    return rule


def every_situation(family: tuple[str, ...]) -> list[dict[str, FactValue]]:
    combinations = product(*(ALL[path] for path in family))
    given = [
        {path: value for path, value in zip(family, chosen, strict=True) if value is not None}
        for chosen in combinations
    ]
    return [known_on(facts, DAY) for facts in given]


@pytest.mark.parametrize("family", FAMILIES, ids="-".join)
def test_what_some_situation_shows_is_found_and_what_is_found_is_shown(family: tuple[str, ...]) -> None:
    random = Random("-".join(family))
    situations = every_situation(family)
    possible = impossible = 0
    for _ in range(30):
        rule = a_rule(random, family)
        space = Situations(rule)
        seen = [space.truths(known) for known in situations]
        for each in obligations(rule, space.parts):
            for clauses in (each.strict, each.weak or each.strict):
                found = space.nearest(clauses, None)
                assert space.find(clauses).outcome == ("impossible" if found is None else "found"), (rule, each.what)
                if found is None:
                    assert not any(meets(clauses, truths) for truths in seen), (rule, each.what)
                    impossible += 1
                else:
                    assert meets(clauses, space.truths(known_on(found.facts, found.day))), (rule, each.what)
                    possible += 1
    assert min(possible, impossible) > 20
