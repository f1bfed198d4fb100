"""
The facts of a rule in blocks: within a block facts follow from one another, between blocks they are free.

Given the day of the event, the blocks of a rule can take their values independently. A block has finitely many options:
values that, between them, give every combination of answers that its conditions can have.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import product

from onward.contracts.fact_kinds import Day, FactValue, Records, Whole
from onward.contracts.facts import FACTS
from onward.routing.domain.kleene import Truth, holds
from onward.routing.domain.language import EVENT_DAY, Between, Check, Condition, OneOf
from onward.routing.domain.rule_tests import known_on
from onward.workbench.coverage.choices import COUNTED_FROM_DAYS, SOURCES, can_be, choices

Facts = Mapping[str, FactValue]

_SAME_DAY = {"release.days_until", "release.working_days_until"}


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
    paths: frozenset[str]
    """Every fact of the block, given or derived."""
    exact: bool
    """Whether its options are proved to give every combination of answers there is."""

    @property
    def tests(self) -> Mapping[str, list[Check]]:
        """What is asked, by fact."""
        found: dict[str, list[Check]] = {}
        for condition in self.asked.values():
            found.setdefault(condition.path, []).append(condition.test)
        return found

    def option(self, facts: Facts, day: date) -> Option:
        """How the conditions come out for *facts* on *day*."""
        return _part(self.asked, facts, day)


def blocks(conditions: Mapping[int, Condition]) -> list[Block]:
    """The blocks of some numbered conditions; `event.day` belongs to none, it is given."""
    asked = {number: condition for number, condition in conditions.items() if condition.path != EVENT_DAY}
    return [_block(sources, asked) for sources in _joined(_sources(each.path) for each in asked.values())]


def options(block: Block, day: date, likely: Sequence[str], examples: Iterable[Facts]) -> list[Option]:
    """
    The options of a block on a day: every combination of answers, with facts like those of tests where they can be.

    Args:
        block: The block.
        day: The event's London day.
        likely: Partners, to prefer where any partner would do.
        examples: Facts of tests; what they say of the block is an option, and what is one change away.
    """
    tests = block.tests
    values = {source: _offered(source, choices(source, tests, day, likely)) for source in block.sources}
    found: dict[tuple[tuple[str, str], ...], Option] = {}
    for facts in _near(block, values, examples):
        found.setdefault(_signed(facts), block.option(facts, day))
    seen = {tuple(option.truths.values()) for option in found.values()}
    for option in _every(block, values, day):
        answers = tuple(option.truths[number] for number in block.asked)
        if answers not in seen:
            seen.add(answers)
            found.setdefault(_signed(option.facts), option)
    return list(found.values())


_Values = Mapping[str, Sequence[FactValue | None]]


def _offered(source: str, values: Sequence[FactValue]) -> Sequence[FactValue | None]:
    """The values of a source and its absence: first where it may be, since a test should give no more than it needs."""
    return [*values, None] if FACTS[source].derived else [None, *values]


def _near(block: Block, values: _Values, examples: Iterable[Facts]) -> Iterator[Facts]:
    """What examples say of the sources, and what is one change away; derived facts are left to follow."""
    parts = [{path: value for path, value in example.items() if path in block.sources} for example in examples]
    yield from parts
    for part in parts:
        for source in block.sources:
            for value in values[source]:
                changed = {path: each for path, each in {**part, source: value}.items() if each is not None}
                if can_be(changed):
                    yield changed


def _every(block: Block, values: _Values, day: date) -> Iterator[Option]:
    """
    An option for every combination of answers, some perhaps more than once.

    Sources that several facts follow from are set first; given them, the others fall into parts that are independent,
    and of each part only what answers differently is kept.
    """
    families = {number: _sources(condition.path) for number, condition in block.asked.items()}
    distinct = set(families.values())
    hub = [source for source in block.sources if sum(source in family for family in distinct) > 1]
    parts = _joined(tuple(set(family) - set(hub)) for family in distinct)
    own = {number: block.asked[number] for number, family in families.items() if set(family) <= set(hub)}
    kept: dict[object, list[Option]] = {}
    for chosen in product(*(values[source] for source in hub)):
        given = {source: value for source, value in zip(hub, chosen, strict=True) if value is not None}
        found = [[_part(own, given, day)]]
        for part in parts:
            asked = {number: block.asked[number] for number, family in families.items() if set(family) & part}
            near = {source for number in asked for source in families[number]}
            fixed = {source: value for source, value in given.items() if source in near}
            key = (tuple(sorted(part)), _signed(fixed))
            if key not in kept:
                kept[key] = _differing(asked, sorted(part), values, fixed, day)
            found.append(kept[key])
        for combined in product(*found):
            facts = {path: value for option in combined for path, value in option.facts.items()}
            yield Option(facts, {number: truth for option in combined for number, truth in option.truths.items()})


def _differing(
    asked: Mapping[int, Condition], sources: Sequence[str], values: _Values, fixed: Facts, day: date
) -> list[Option]:
    kept: dict[tuple[Truth, ...], Option] = {}
    paths = tuple(sorted({condition.path for condition in asked.values()}))
    for given, known in _outcomes(paths, tuple((source, tuple(values[source])) for source in sources), fixed, day):
        option = Option(given, {number: holds(condition, known) for number, condition in asked.items()})
        kept.setdefault(tuple(option.truths.values()), option)
    return list(kept.values())


_Choices = tuple[tuple[str, tuple[FactValue | None, ...]], ...]
_Outcomes = list[tuple[Facts, Facts]]


def _outcomes(paths: tuple[str, ...], among: _Choices, fixed: Facts, day: date) -> _Outcomes:
    """Facts to give beside the fixed ones, with what is then known of *paths*; each outcome once."""
    if any(isinstance(FACTS[source].kind, Records) for source, _ in among):
        return _worked_out(paths, among, tuple(fixed.items()), day)
    return _remembered(paths, among, tuple(fixed.items()), day)


def _worked_out(
    paths: tuple[str, ...], among: _Choices, fixed: tuple[tuple[str, FactValue], ...], day: date
) -> _Outcomes:
    found: dict[tuple[str, ...], tuple[Facts, Facts]] = {}
    for chosen in product(*(values for _, values in among)):
        given = {source: value for (source, _), value in zip(among, chosen, strict=True) if value is not None}
        facts = {**dict(fixed), **given}
        if not can_be(facts):
            continue
        everything = known_on(facts, day)
        known = {path: everything[path] for path in paths if path in everything}
        found.setdefault(tuple(repr(known.get(path)) for path in paths), (facts, known))
    return list(found.values())


_remembered = lru_cache(maxsize=1024)(_worked_out)
"""Many rules ask the same of the same facts; lists of records cannot be remembered, and need not be."""


def _part(asked: Mapping[int, Condition], facts: Facts, day: date) -> Option:
    known = known_on(facts, day)
    return Option(facts, {number: holds(condition, known) for number, condition in asked.items()})


def _signed(facts: Facts) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((path, repr(value)) for path, value in facts.items()))


def _sources(path: str) -> tuple[str, ...]:
    return SOURCES.get(path) or (path,)


def _joined(families: Iterable[Iterable[str]]) -> list[set[str]]:
    """The families that share a source, joined; empty ones left out."""
    joined: list[set[str]] = []
    for family in sorted(map(sorted, families)):
        united = set(family)
        for other in [each for each in joined if each & united]:
            joined.remove(other)
            united |= other
        joined += [united] if united else []
    return joined


def _block(sources: set[str], conditions: Mapping[int, Condition]) -> Block:
    asked = {number: each for number, each in conditions.items() if sources & set(_sources(each.path))}
    derived = {path for path, family in SOURCES.items() if sources & set(family)}
    exact = _is_exact(sources, list(asked.values()))
    return Block(asked, tuple(sorted(sources)), frozenset(sources | derived), exact)


def _is_exact(sources: set[str], asked: Sequence[Condition]) -> bool:
    """
    Whether the edges of each condition alone are enough to find every combination.

    Not where a calendar day or a number of minutes is compared both as it is and as what follows from it, nor where
    working days and days are counted to the same day, nor for a derived fact that is not known here.
    """
    ranged = {each.path for each in asked if isinstance(each.test, Between | OneOf)}
    if not all(_is_understood(each.path) for each in asked):
        return False
    if ranged.issuperset(_SAME_DAY):
        return False
    told = {path for path in ranged & sources if isinstance(FACTS[path].kind, Day | Whole) and not FACTS[path].derived}
    counted = any(SOURCES.get(path) for path in ranged)
    compared = any(isinstance(FACTS[path].kind, Day) for path in ranged - sources)
    return not compared and not (told and counted)


def _is_understood(path: str) -> bool:
    """Whether the values that matter to a fact are known: how it follows from others, and from which days."""
    if not FACTS[path].derived:
        return True
    dated = any(isinstance(FACTS[source].kind, Day) for source in SOURCES.get(path, ()))
    return path in SOURCES and (not dated or path in COUNTED_FROM_DAYS)
