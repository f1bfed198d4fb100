"""Small random worlds for the counterfactual: few facts, all their values, rules that refer and rules that stop."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import combinations, product
from random import Random
from typing import Any

from onward.contracts.codes import Category, Service
from onward.contracts.contact import Consent
from onward.contracts.decision import LegalBasis, RuleVersion
from onward.contracts.situation import Situation
from onward.diagnostics.yaml_tree import Place
from onward.directory.model import Directory
from onward.routing.domain.decide import Router
from onward.routing.domain.derived import sources_of
from onward.routing.domain.language import (
    EVENT_DAY,
    Between,
    Check,
    Condition,
    Group,
    Has,
    OneOf,
    Presence,
    Refer,
    Rule,
    RuleSet,
    Stops,
    Suppress,
    Theme,
)
from onward.routing.domain.policy import about_release
from unit.routing.routing_builders import BIRMINGHAM, CAMBRIDGE, CARDIFF, NOON, a_directory, a_provider, a_situation

DAY = NOON.date()
HERE = Place("f", 1, 1)
LEEDS = "E08000035"
CODES = ("MAPP", "RVAD")
RECORDS = tuple({"code": code, "active": active} for code in CODES for active in (True, False))
REGISTERS: tuple[list[dict[str, Any]], ...] = tuple(
    [record for record, on in zip(RECORDS, picked, strict=True) if on]
    for picked in product((False, True), repeat=len(RECORDS))
)

VALUES: Mapping[str, Sequence[Any]] = {
    "person.sex": ("female", "male"),
    "person.area": (BIRMINGHAM, CAMBRIDGE, CARDIFF, LEEDS),
    "needs.mental_health": range(5),
    "consent.accommodation": (True, False),
    "accommodation.status": ("settled", "at_risk", "homeless"),
    "release.on": tuple(DAY + timedelta(days=step) for step in range(-9, 3)),
    "release.planned_on": tuple(DAY + timedelta(days=step) for step in range(-3, 10)),
    "registrations": REGISTERS,
    "event.custody_limit_hours": (24, 36, 96),
    "event.custody_clock_minutes": (0, 600, 1300, 1500, 2100, 3000, 5000),
    "custody.status": ("in_prison", "released", "hospital"),
    "accommodation.current": ("prison", "hostel"),
    "accommodation.current_ends_on": tuple(DAY + timedelta(days=days) for days in (-3, 0, 50, 56, 57, 90)),
    "accommodation.chosen_authority": (BIRMINGHAM, CAMBRIDGE, CARDIFF, LEEDS),
    "person.no_recourse_to_public_funds": (True, False),
}
"""Every value that a told fact has in these worlds."""
OF_PROVIDERS = ("person.area", "person.sex", "person.no_recourse_to_public_funds")
"""What the providers of these worlds ask for."""
ABOUT = (
    tuple(sorted(VALUES)),
    ("release.on", "release.planned_on", "accommodation.status"),
    ("event.custody_limit_hours", "event.custody_clock_minutes", "consent.accommodation"),
    ("release.planned_on", "custody.status", "accommodation.current", "accommodation.current_ends_on"),
    ("person.area", "accommodation.chosen_authority", "person.sex"),
)
"""Facts for worlds: any; and those that decide a derived fact together."""
DERIVED: Mapping[str, Sequence[Any]] = {
    "person.nation": ("england", "wales"),
    "release.days_since": range(7),
    "release.days_until": range(7),
    "event.custody_hours_left": (0, 1, 5, 10, 20, 24, 60, 90),
    "duty_to_refer.opens_on": (DAY, DAY + timedelta(days=1), DAY + timedelta(days=40)),
    "accommodation.distance_km": (0, 100, 150),
}
"""The values that rules of these worlds name of derived facts."""
BASIS = LegalBasis(name="life", kind="vital_interests", purpose="life", article_6="6(1)(d)", citation="UK GDPR Art. 6")
AGREED = LegalBasis(name="agreed", kind="consent", purpose="help", article_6="6(1)(a)", citation="UK GDPR Art. 6")


@dataclass(frozen=True)
class World:
    rules: RuleSet
    directory: Directory
    situation: Situation
    paths: tuple[str, ...]
    """The told facts that the rules ask about."""

    def router(self) -> Router:
        return Router(self.rules, self.directory)


def a_world(random: Random, size: int = 4, *, about: Sequence[str] = tuple(sorted(VALUES))) -> World:
    """Rules about *size* of the facts *about*, a directory, and somebody of whom some of them are known."""
    paths = tuple(random.sample(about, size))
    rules = tuple(_a_rule(random, f"rule-{number}", paths) for number in range(random.randint(1, 4)))
    stoppers = tuple(_a_stopper(random, f"stop-{number}", paths) for number in range(random.choice((0, 1, 1, 2))))
    ordered = sorted((*rules, *stoppers), key=lambda rule: rule.order)
    version = RuleVersion(name="rules", version="test", sha256="0" * 64)
    facts = {path: random.choice(VALUES[path]) for path in paths if random.random() < 0.7}
    consents = tuple(
        Consent(purpose="ACCOMMODATION", given=random.random() < 0.5, recipient=name, said_at=NOON)
        for name in ("council", "house")
        if random.random() < 0.2
    )
    return World(RuleSet(tuple(ordered), version), _providers(random), a_situation(facts, consents=consents), paths)


def _providers(random: Random) -> Directory:
    council = a_provider("council", catchment=random.choice((("*",), (BIRMINGHAM, CARDIFF), (CAMBRIDGE,))))
    house = a_provider(
        "house",
        services=("supported_housing", "housing_authority"),
        accepting=random.random() < 0.7,
        catchment=random.choice((("*",), (CAMBRIDGE,))),
        eligibility=random.choice(({}, {"sex": "female"}, {"takes_no_recourse_to_public_funds": False})),
    )
    offices = [
        a_provider(name, accepting=False, catchment=(area,), location=location)
        for name, area, location in (
            ("office-birmingham", BIRMINGHAM, (52.48, -1.9)),
            ("office-cambridge", CAMBRIDGE, (52.2, 0.12)),
            ("office-leeds", LEEDS, (53.8, -1.55)),
        )
    ]
    return a_directory(*offices, council, *([house] if random.random() < 0.6 else []))


def _a_rule(random: Random, name: str, paths: Sequence[str]) -> Rule:
    theme: Theme = random.choice(("safety", "statutory", "need"))
    providers = random.choice(((), (), (("house", HERE),), (("council", HERE), ("gone", HERE))))
    services: tuple[Service, ...] = ("housing_authority", "supported_housing")
    service = random.choice(services)
    rule = Rule(
        id=name,
        why="random",
        theme=theme,
        owner="tests",
        place=HERE,
        effective=Condition(
            EVENT_DAY, Between(None, DAY - timedelta(days=random.choice((-1, -1, -1, 1)))), "", "f:1:1"
        ),
        when=_group(random, paths, random.randint(1, 3)),
        any_of=tuple(_group(random, paths, random.randint(1, 2)) for _ in range(random.choice((0, 0, 2)))),
        unless=tuple(_group(random, paths, random.randint(1, 2)) for _ in range(random.choice((0, 0, 1)))),
        refer=(Refer("ACCOMMODATION", service, "next_working_day", HERE, providers),),
        legal_basis=random.choice((BASIS, AGREED)),
    )
    return replace(rule, release=bool(about_release(rule)))


def _a_stopper(random: Random, name: str, paths: Sequence[str]) -> Rule:
    whats: tuple[Stops | frozenset[Category], ...] = (
        "everything",
        "all-but-safety",
        "release",
        frozenset[Category](["ACCOMMODATION"]),
    )
    return Rule(
        id=name,
        why="random",
        theme="suppress",
        owner="tests",
        place=HERE,
        effective=Condition(EVENT_DAY, Between(None, None), "", "f:1:1"),
        when=_group(random, paths, random.randint(1, 2)),
        any_of=tuple(_group(random, paths, 1) for _ in range(random.choice((0, 2)))),
        unless=tuple(_group(random, paths, random.randint(1, 2)) for _ in range(random.choice((0, 1)))),
        suppress=Suppress("random", random.choice(whats)),
    )


def _group(random: Random, paths: Sequence[str], size: int) -> Group:
    derived = [path for path in DERIVED if set(sources_of(path)) & set(paths)]
    return tuple(_condition(random, random.choice([*paths, *derived])) for _ in range(size))


def _condition(random: Random, path: str) -> Condition:
    return Condition(path, _check(random, path), "", "f:1:1")


def _check(random: Random, path: str) -> Check:
    if random.random() < 0.15:
        return Presence(random.random() < 0.5)
    if path == "registrations":
        fields = [Condition("code", OneOf(frozenset([random.choice(CODES)])), "", "f:1:1")]
        if random.random() < 0.5:
            fields.append(Condition("active", OneOf(frozenset([random.random() < 0.5])), "", "f:1:1"))
        return Has(tuple(fields), random.random() < 0.4)
    values: list[Any] = list(VALUES.get(path) or DERIVED[path])
    if type(values[0]) in (int, date) and random.random() < 0.7:
        low, high = sorted(random.choices(values, k=2))
        return random.choice((Between(low, high), Between(low, None), Between(None, high)))
    return OneOf(frozenset([random.choice(values)]), random.random() < 0.3)


def every_change(world: World, facts: Mapping[str, Any], size: int) -> Iterator[dict[str, Any]]:
    """Each set of *size* changes of the facts of a world, each to any value, or to not known."""
    for paths in combinations(sorted({*world.paths, *OF_PROVIDERS}), size):
        offered = [[value for value in (*VALUES[path], None) if value != facts.get(path)] for path in paths]
        for values in product(*offered):
            yield dict(zip(paths, values, strict=True))
