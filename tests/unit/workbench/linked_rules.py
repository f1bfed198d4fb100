"""Random rules and situations over facts that hang together: derived facts, and what they follow from."""

from datetime import date, timedelta
from random import Random
from typing import Any

from onward.contracts.fact_kinds import Day, Kind, Records, Whole, YesNo
from onward.contracts.facts import FACTS
from onward.routing.domain.diagnostics import Place
from onward.routing.domain.language import (
    EVENT_DAY,
    Between,
    Check,
    Condition,
    Group,
    Notify,
    OneOf,
    Presence,
    Rule,
)
from onward.workbench.logic import Witness
from unit.routing.random_rules import AREAS, SOURCES, a_check, a_value

TOLD = (
    "person.area",
    "person.age",
    "release.on",
    "release.planned_on",
    "duty_to_refer.submitted_on",
    "registrations",
    "event.source",
    "event.custody_clock_minutes",
    "event.custody_limit_hours",
    "event.s136_minutes",
)
DERIVED = (
    "person.nation",
    "release.days_since",
    "release.days_until",
    "release.working_days_until",
    "duty_to_refer.age_days",
    "event.age_days",
    "event.local_hour",
    "event.custody_hours_left",
    "event.s136_hours_left",
    "event.nearest_deadline_hours",
)
MONDAY = date(2026, 3, 30)
"""The day after clocks change; Good Friday and Easter Monday follow."""


def near(random: Random) -> date:
    return MONDAY + timedelta(days=random.randint(-20, 20))


def _value(random: Random, kind: Kind) -> Any:
    match kind:
        case Day():
            return near(random)
        case Whole(low, high) if high > 1_000:
            return random.randint(low, 40)
        case _:
            return a_value(random, kind)


def _check(random: Random, path: str) -> Check:
    kind = FACTS[path].kind
    if isinstance(kind, Records) or random.random() < 0.15:
        return a_check(random, kind) if isinstance(kind, Records) else Presence(random.random() < 0.5)
    if isinstance(kind, Whole | Day):
        low, high = sorted((_value(random, kind), _value(random, kind)))
        return random.choice((Between(low, high), Between(low, None), Between(None, high)))
    if isinstance(kind, YesNo):
        return OneOf(frozenset([random.random() < 0.5]))
    return OneOf(frozenset([_value(random, kind)]), random.random() < 0.3)


def _group(random: Random, size: int) -> Group:
    return tuple(Condition(path, _check(random, path), "", "f:1:1") for path in random.choices(TOLD + DERIVED, k=size))


def a_rule(random: Random, name: str) -> Rule:
    start = near(random) if random.random() < 0.5 else None
    return Rule(
        id=name,
        why="random",
        theme="need",
        owner="tests",
        place=Place("f", 1, 1),
        effective=Condition(EVENT_DAY, Between(start, None), "", "f:1:1"),
        when=_group(random, random.randint(1, 3)),
        any_of=tuple(_group(random, random.randint(1, 2)) for _ in range(random.choice((0, 0, 2)))),
        unless=tuple(_group(random, random.randint(1, 2)) for _ in range(random.choice((0, 0, 1, 2)))),
        notify=(Notify("check", "duty-practitioner", "immediate"),),
    )


def a_witness(random: Random) -> Witness:
    """A situation that could be told."""
    facts: dict[str, Any] = {}
    for path in TOLD:
        if random.random() < 0.7:
            fact = FACTS[path]
            facts[path] = random.choice(AREAS) if path == "person.area" else _value(random, fact.kind)
    for path, most in (("event.custody_clock_minutes", 5_760), ("event.s136_minutes", 2_160)):
        if path in facts:
            facts[path] = random.randint(0, most)
    facts["event.source"] = random.choice(SOURCES)
    late = random.choice((0, 0, random.randint(1, 600), random.randint(600, 40_000)))
    return Witness(facts, near(random), minute=random.randint(0, 1439), late=late)
