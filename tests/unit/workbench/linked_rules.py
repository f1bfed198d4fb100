"""Random rules and situations over facts that hang together: derived facts, and what they follow from."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from onward.contracts.fact_kinds import Day, Kind, Records, Whole, YesNo
from onward.contracts.facts import FACTS
from onward.diagnostics.yaml_tree import Place
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
HOUSING_TOLD = (
    "release.on",
    "release.planned_on",
    "duty_to_refer.submitted_on",
    "custody.status",
    "accommodation.current",
    "accommodation.current_settled",
    "accommodation.current_ends_on",
    "accommodation.next_arranged",
    "accommodation.status",
    "rehabilitation_accommodation.live",
    "cas1.application",
    "cas1.placement",
    "cas1.placement_request",
    "cas3.application",
    "cas3.assessment",
    "cas3.booking",
    "supervision.tier",
)
HOUSING_DERIVED = (
    "accommodation.now",
    "accommodation.settled_now",
    "accommodation.nowhere_next",
    "duty_to_refer.recent",
    "duty_to_refer.opens_on",
    "rehabilitation_accommodation.running",
    "rehabilitation_accommodation.opens_on",
    "cas1.opens_on",
    "cas1.stage",
    "cas3.stage",
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


def _telling(random: Random, path: str) -> Any:
    """A value; days as far away as windows and stale referrals need."""
    if path in ("person.area", "supervision.tier"):
        return random.choice(AREAS if path == "person.area" else ("A0", "B2"))
    if isinstance(FACTS[path].kind, Day) and path in HOUSING_TOLD and random.random() < 0.5:
        return MONDAY + timedelta(days=random.choice((-183, -182, 56, 57, 84, 85, 365, 366, 367)))
    return _value(random, FACTS[path].kind)


def _check(random: Random, path: str) -> Check:
    kind = FACTS[path].kind
    if isinstance(kind, Records) or random.random() < 0.15:
        return a_check(random, kind) if isinstance(kind, Records) else Presence(random.random() < 0.5)
    if isinstance(kind, Whole | Day):
        low, high = sorted((_telling(random, path), _telling(random, path)))
        return random.choice((Between(low, high), Between(low, None), Between(None, high)))
    if isinstance(kind, YesNo):
        return OneOf(frozenset([random.random() < 0.5]))
    return OneOf(frozenset([_telling(random, path)]), random.random() < 0.3)


def _group(random: Random, size: int, paths: Sequence[str]) -> Group:
    return tuple(Condition(path, _check(random, path), "", "f:1:1") for path in random.choices(paths, k=size))


def a_rule(random: Random, name: str, paths: Sequence[str] = TOLD + DERIVED) -> Rule:
    start = near(random) if random.random() < 0.5 else None
    return Rule(
        id=name,
        why="random",
        theme="need",
        owner="tests",
        place=Place("f", 1, 1),
        effective=Condition(EVENT_DAY, Between(start, None), "", "f:1:1"),
        when=_group(random, random.randint(1, 3), paths),
        any_of=tuple(_group(random, random.randint(1, 2), paths) for _ in range(random.choice((0, 0, 2)))),
        unless=tuple(_group(random, random.randint(1, 2), paths) for _ in range(random.choice((0, 0, 1, 2)))),
        notify=(Notify("check", "duty-practitioner", "immediate"),),
    )


def a_witness(random: Random, paths: Sequence[str] = TOLD) -> Witness:
    """A situation that could be told."""
    facts: dict[str, Any] = {path: _telling(random, path) for path in paths if random.random() < 0.7}
    for path, most in (("event.custody_clock_minutes", 5_760), ("event.s136_minutes", 2_160)):
        if path in facts:
            facts[path] = random.randint(0, most)
    facts["event.source"] = random.choice(SOURCES)
    late = random.choice((0, 0, random.randint(1, 600), random.randint(600, 40_000)))
    return Witness(facts, near(random), minute=random.randint(0, 1439), late=late)
