"""
The facts of a rule in blocks: within a block facts follow from one another, between blocks they are free.

Given the day of the event, the blocks of a rule can take their values independently. A block has finitely many options:
values that, between them, give every combination of answers that its conditions can have.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from typing import Any

from onward.contracts.fact_kinds import Code, Day, FactValue
from onward.contracts.facts import FACTS
from onward.contracts.working_days import next_working_day
from onward.routing.domain.derived import PACE_HOURS, S136_HOURS
from onward.routing.domain.kleene import Truth, holds
from onward.routing.domain.language import EVENT_DAY, Between, Check, Condition, OneOf
from onward.routing.domain.rule_tests import known_on
from onward.workbench.coverage_values import day_edges, values, whole_edges

Facts = Mapping[str, FactValue]

_AGES = {"duty_to_refer.age_days", "release.days_since"}
_DAYS_TO = {"release.days_until"}
_WORKING_DAYS_TO = {"release.working_days_until"}
_CLOCKS = ("event.custody_clock_minutes", "event.custody_limit_hours")
_RELEASES = ("release.on", "release.planned_on")

SOURCES: Mapping[str, tuple[str, ...]] = {
    "person.nation": ("person.area",),
    "accommodation.chosen_nation": ("accommodation.chosen_authority",),
    "duty_to_refer.age_days": ("duty_to_refer.submitted_on",),
    "release.days_since": ("release.on",),
    "release.days_until": _RELEASES,
    "release.working_days_until": _RELEASES,
    "event.custody_hours_left": _CLOCKS,
    "event.s136_hours_left": ("event.s136_minutes",),
    "event.nearest_deadline_hours": (*_CLOCKS, "event.s136_minutes"),
    "event.age_days": (),
    "event.local_hour": (),
}
"""What each derived fact follows from, beside the event's own time; nothing means that a test gives it directly."""


@dataclass(frozen=True, slots=True)
class Option:
    """Values for the facts of a block, and how the conditions (by number) come out then."""

    facts: Facts
    truths: Mapping[int, Truth]


@dataclass(frozen=True, slots=True)
class Block:
    """Facts that cannot take their values independently."""

    asked: Mapping[int, Condition]
    """The conditions on its facts, by number."""
    sources: tuple[str, ...]
    """The facts to give; all others of the block follow."""
    exact: bool
    """Whether its options are proved to give every combination of answers there is."""

    @property
    def paths(self) -> frozenset[str]:
        """Every fact of the block, given or derived."""
        derived = {path for path, sources in SOURCES.items() if set(sources) & set(self.sources)}
        return frozenset({*self.sources, *derived})

    def option(self, facts: Facts, day: date) -> Option:
        """How the conditions come out for *facts* on *day*."""
        known = known_on(facts, day)
        return Option(facts, {number: holds(condition, known) for number, condition in self.asked.items()})


def blocks(conditions: Mapping[int, Condition]) -> list[Block]:
    """The blocks of some numbered conditions; `event.day` belongs to none, it is given."""
    joined: list[set[str]] = []
    for path in sorted({condition.path for condition in conditions.values()} - {EVENT_DAY}):
        family = set(_sources(path))
        for other in [each for each in joined if each & family]:
            joined.remove(other)
            family |= other
        joined.append(family)
    return [_block(family, conditions) for family in joined]


def options(block: Block, day: date, likely: Sequence[str], examples: Iterable[Facts]) -> list[Option]:
    """
    The options of a block on a day, those that are given first preferred where two would do.

    Args:
        block: The block.
        day: The event's London day.
        likely: Partners, to prefer where any partner would do.
        examples: Facts of tests; what they say of the block is an option too.
    """
    found = [block.option(_part(example, block), day) for example in examples]
    seen = {tuple(option.truths.values()) for option in found}
    choices = [[*_choices(block, source, day, likely), None] for source in block.sources]
    for chosen in product(*choices):
        given = {path: value for path, value in zip(block.sources, chosen, strict=True) if value is not None}
        option = block.option(given, day)
        answers = tuple(option.truths.values())
        if answers not in seen or len(block.sources) == 1:
            seen.add(answers)
            found.append(option)
    return found


def _sources(path: str) -> tuple[str, ...]:
    return SOURCES.get(path) or (path,)


def _block(sources: set[str], conditions: Mapping[int, Condition]) -> Block:
    asked = {
        number: condition
        for number, condition in conditions.items()
        if condition.path != EVENT_DAY and sources & set(_sources(condition.path))
    }
    return Block(asked, tuple(sorted(sources)), _is_exact(sources, asked.values()))


def _is_exact(sources: set[str], asked: Iterable[Condition]) -> bool:
    """
    Whether the edges of each condition alone are enough to find every combination.

    Not where a calendar day or a number of minutes is compared both as it is and as what follows from it, nor where
    working days and days are counted to the same day, nor for a derived fact that is not known here.
    """
    ranged = {condition.path for condition in asked if isinstance(condition.test, Between | OneOf)}
    derived = {path for path in ranged if FACTS[path].derived}
    if any(path not in SOURCES for path in derived):
        return False
    counted = any(SOURCES[path] for path in derived)
    told = any(not isinstance(FACTS[path].kind, Code) for path in ranged & sources)
    return not (counted and told and len(ranged) > 1) and len(ranged & (_DAYS_TO | _WORKING_DAYS_TO)) < 2


def _part(facts: Facts, block: Block) -> Facts:
    return {path: value for path, value in facts.items() if path in block.paths}


def _choices(block: Block, source: str, day: date, likely: Sequence[str]) -> list[Any]:
    tests: dict[str, list[Check]] = {}
    for condition in block.asked.values():
        tests.setdefault(condition.path, []).append(condition.test)
    kind = FACTS[source].kind
    if isinstance(kind, Day):
        return sorted(_days(tests, day), key=lambda each: (abs((each - day).days), each))
    if source in (*_CLOCKS, "event.s136_minutes"):
        return sorted(_clock_values(source, tests))
    return [*values(kind, tests.get(source, ()), likely if source == "event.source" else ())]


def _days(tests: Mapping[str, Sequence[Check]], day: date) -> set[date]:
    """Every day that a condition may tell from its neighbours; the same for each fact, so that they can be in order."""
    found = {day - timedelta(1), day, day + timedelta(1)}
    for path, asked in tests.items():
        counts = {number for number in whole_edges(asked) if number >= 0}
        if path in _AGES:
            found |= {day - timedelta(number) for number in counts}
        elif path in _DAYS_TO:
            found |= {day + timedelta(number) for number in counts}
        elif path in _WORKING_DAYS_TO:
            found |= {edge for number in counts for edge in _working_days_after(day, number)}
        elif any(isinstance(test, Between | OneOf) for test in asked):
            found |= set(day_edges(asked))
    return found | {min(found) - timedelta(1), max(found) + timedelta(1)}


def _working_days_after(day: date, number: int) -> Iterator[date]:
    """The working day that is *number* working days on, and the last day that is fewer."""
    for _ in range(number):
        day = next_working_day(day)
    yield from (day, day - timedelta(1))


def _clock_values(source: str, tests: Mapping[str, Sequence[Check]]) -> set[int]:
    own = whole_edges(tests.get(source, ()))
    left = {
        hours
        for path, asked in tests.items()
        if path.endswith(("hours_left", "deadline_hours"))
        for hours in whole_edges(asked)
    }
    limits = {PACE_HOURS, 36, 96, *whole_edges(tests.get("event.custody_limit_hours", ()))}
    if source == "event.custody_limit_hours":
        found = own | limits
    else:
        totals = limits if source == "event.custody_clock_minutes" else {S136_HOURS}
        found = own | {0} | {(total - hours) * 60 + step for total in totals for hours in left for step in (0, 1)}
    kind: Any = FACTS[source].kind
    return {value for value in found if kind.low <= value <= kind.high}
