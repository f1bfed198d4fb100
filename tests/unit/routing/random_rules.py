"""Random rules and random knowledge, from a seed: the fuel of the property tests."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

from onward.contracts.fact_kinds import Choice, Code, Day, Kind, Records, Whole, YesNo
from onward.contracts.facts import FACTS
from onward.diagnostics.yaml_tree import Place
from onward.routing.domain.language import (
    EVENT_DAY,
    Between,
    Check,
    Condition,
    Group,
    Has,
    Narrowing,
    Notify,
    OneOf,
    Prerequisite,
    Presence,
    Rule,
    Scalar,
)
from onward.routing.domain.overlays import AREA, narrowed

PATHS = (
    "person.age",
    "person.sex",
    "person.area",
    "person.deceased",
    "accommodation.status",
    "needs.mental_health",
    "release.on",
    "registrations",
    "event.caution_conditions",
    "event.source",
)
AREAS = ("E08000025", "E07000008", "W06000015", "S12000036")
SOURCES = ("custody", "hmpps", "liaison")
FIRST_DAY = date(2026, 1, 1)
KINDS: dict[str, Kind] = {path: FACTS[path].kind for path in PATHS} | {
    # As if records had numbers too: no list has them yet, and the language allows them.
    "registrations": Records({"code": Choice(("MAPP", "AVIS", "RHRH")), "active": YesNo(), "level": Whole(0, 5)})
}


def a_value(random: Random, kind: Kind) -> Any:
    match kind:
        case YesNo():
            return random.random() < 0.5
        case Whole(low, high):
            return random.randint(low, high)
        case Choice(values):
            return random.choice(values[:4])
        case Code(pattern, _):
            return random.choice(AREAS if "E0" in pattern else SOURCES)
        case Day():
            return FIRST_DAY + timedelta(days=random.randint(0, 40))
        case Records(fields):
            return [
                {name: a_value(random, field) for name, field in fields.items() if random.random() < 0.8}
                for _ in range(random.randint(0, 3))
            ]


def knowledge(random: Random) -> dict[str, Any]:
    known = {path: a_value(random, KINDS[path]) for path in PATHS if random.random() < 0.7}
    return known | {EVENT_DAY: FIRST_DAY + timedelta(days=random.randint(0, 40))}


def a_full_value(random: Random, path: str) -> Any:
    """A value without gaps."""
    kind = KINDS[path]
    if not isinstance(kind, Records):
        return a_value(random, kind)
    return [{name: a_value(random, field) for name, field in kind.fields.items()} for _ in range(2)]


def a_scalar_check(random: Random, kind: Kind) -> OneOf | Between:
    if isinstance(kind, Whole | Day) and random.random() < 0.7:
        low, high = sorted((a_value(random, kind), a_value(random, kind)))
        return random.choice((Between(low, high), Between(low, None), Between(None, high)))
    values: frozenset[Scalar] = frozenset(a_value(random, kind) for _ in range(random.randint(1, 2)))
    return OneOf(values, random.random() < 0.25)


def a_check(random: Random, kind: Kind) -> Check:
    if random.random() < 0.12:
        return Presence(random.random() < 0.5)
    if not isinstance(kind, Records):
        return a_scalar_check(random, kind)
    names = random.sample(sorted(kind.fields), random.randint(1, len(kind.fields)))
    fields = tuple(Condition(name, a_scalar_check(random, kind.fields[name]), "", "f:1:1") for name in names)
    return Has(fields, random.random() < 0.4)


def a_group(random: Random, size: int) -> Group:
    return tuple(Condition(path, a_check(random, KINDS[path]), "", "f:1:1") for path in random.choices(PATHS, k=size))


def a_span(random: Random) -> Between:
    """The days on which a rule is effective: always, from a day, or from a day until another."""
    if random.random() < 0.2:
        return Between(None, None)
    start = FIRST_DAY + timedelta(days=random.randint(-30, 20))
    return Between(start, start + timedelta(days=random.randint(0, 90)) if random.random() < 0.5 else None)


def a_rule(random: Random, name: str) -> Rule:
    return Rule(
        id=name,
        why="random",
        theme="need",
        owner="tests",
        place=Place("f", 1, 1),
        effective=Condition(EVENT_DAY, a_span(random), "", "f:1:1"),
        when=a_group(random, random.randint(1, 3)),
        any_of=tuple(a_group(random, random.randint(1, 2)) for _ in range(random.choice((0, 0, 1, 2, 3)))),
        unless=tuple(a_group(random, random.randint(1, 2)) for _ in range(random.choice((0, 0, 1, 2)))),
        notify=(Notify("check", "duty-practitioner", "immediate"),),
    )


def a_short_rule(random: Random, name: str) -> Rule:
    """A rule that asks one thing, and so matches often."""
    return replace(a_rule(random, name), when=a_group(random, 1), any_of=(), unless=())


def an_area(random: Random) -> Condition:
    return Condition(AREA, OneOf(frozenset(random.sample(AREAS, 2))), "", "f:1:1")


def a_narrowed_rule(random: Random, name: str) -> Rule:
    """A national rule that one or two area overlays narrow; half of them wait for a prerequisite too."""
    rule = random.choice((a_rule, a_short_rule, a_short_rule, a_requiring_rule))(random, name)
    for _ in range(random.randint(1, 2)):
        added = a_group(random, random.randint(1, 2))
        rule = narrowed(rule, Narrowing(an_area(random), "random", added, Place("f", 1, 1)))
    return rule


def an_overlay_rule(random: Random, name: str) -> Rule:
    """A rule of an area overlay."""
    rule, area = a_rule(random, name), an_area(random)
    return replace(rule, when=(*rule.when, area), area=area)


def a_requiring_rule(random: Random, name: str) -> Rule:
    """A rule with up to two prerequisites; it may ask about the same facts itself."""
    rule = random.choice((a_rule, a_short_rule))(random, name)
    required = tuple(
        Prerequisite(
            f"first-{number}",
            "random",
            # At a place of their own, as those of a file are.
            tuple(replace(each, where=f"p:{number}:1") for each in a_group(random, random.randint(1, 2))),
            Place("p", number, 1),
        )
        for number in range(random.randint(1, 2))
    )
    when = (*rule.when, *(condition for each in required for condition in each.when))
    return replace(rule, when=when, requires=required)


def rule_set(random: Random, size: int) -> list[Rule]:
    kinds = (a_rule, a_rule, a_narrowed_rule, a_requiring_rule, an_overlay_rule)
    return [random.choice(kinds)(random, f"rule-{number}") for number in range(size)]
