"""How much of each rule its tests show to matter; what they do not show yet, and what no test can show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal, TypeAlias

from onward.contracts.fact_kinds import FactValue
from onward.routing.domain.kleene import Truth, holds
from onward.routing.domain.language import EVENT_DAY, Between, Presence, Rule, RuleSet, RuleTest
from onward.routing.domain.rule_tests import explain_test, given, ordinary_day, run_test
from onward.workbench.coverage.blocks import Block, Facts, Option, blocks, options
from onward.workbench.coverage.choices import days_between
from onward.workbench.coverage.obligations import Obligation, Parts, obligations
from onward.workbench.coverage.search import Alternative, Clause, solve

Status: TypeAlias = Literal["covered", "gap", "impossible"]
Level: TypeAlias = Literal["holds", "does not fail", ""]
Truths: TypeAlias = Mapping[int, Truth]


@dataclass(frozen=True, slots=True)
class Found:
    """How an obligation stands."""

    obligation: Obligation
    status: Status
    level: Level
    """What is shown, or must be shown, of all else: that it *holds*, or, where this cannot be, that it *does not fail*;
    empty for what is impossible."""
    test: str
    """The name of the first test that covers it, or empty."""
    known_possible: bool = True
    """False for a gap that no facts were found for, though it is not proved that there are none."""

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """What a test must meet."""
        return self.obligation.strict if self.level == "holds" else self.obligation.weak or ()


@dataclass(frozen=True, slots=True)
class RuleCoverage:
    """What the tests of one rule show."""

    rule: Rule
    found: tuple[Found, ...]
    asks: Mapping[str, str]
    """The facts whose absence the rule may ask about, and the test where it asks for this one alone, or empty."""

    @property
    def gaps(self) -> list[Found]:
        """What no test shows yet."""
        return [each for each in self.found if each.status == "gap"]

    def count(self, *kinds: str) -> tuple[int, int]:
        """How many obligations of these kinds are covered, of how many possible ones; all kinds if none is named."""
        possible = [
            each for each in self.found if each.status != "impossible" and (not kinds or each.obligation.kind in kinds)
        ]
        return sum(each.status == "covered" for each in possible), len(possible)


def percent(rules: Sequence[RuleCoverage]) -> float:
    """How much of what is possible is covered, in percent; 100 for no rules at all. Only 100 itself reads as 100."""
    counts = [rule.count() for rule in rules]
    covered, possible = sum(count[0] for count in counts), sum(count[1] for count in counts)
    return 100.0 if covered == possible else min(99.9, round(100 * covered / possible, 1))


def cover(rules: RuleSet, *, partners: Sequence[str] = ()) -> list[RuleCoverage]:
    """
    What the tests of each rule show, in the order of rules.

    A test that fails shows nothing. What no facts at all could show is left out of the count, but only where that is
    proved.

    Args:
        rules: A loaded rule set.
        partners: Who sends to us, for facts that look real; see `Space`.
    """
    return [cover_rule(rule, partners=partners) for rule in rules.rules]


def cover_rule(rule: Rule, *, partners: Sequence[str] = ()) -> RuleCoverage:
    """As `cover`, for one rule."""
    space = Space(rule, partners)
    passed = [test for test in rule.tests if not run_test(rule, test).problem]
    seen = [(test.name, space.truths(given(rule, test))) for test in passed]
    found = tuple(_find(each, seen, space) for each in obligations(rule, space.parts))
    return RuleCoverage(rule, found, _asks(rule, passed))


def meets(clauses: Sequence[Clause], truths: Truths) -> bool:
    """Whether conditions that come out so meet every clause."""
    return all(
        any(all(truths[number] in allowed for number, allowed in alternative) for alternative in clause)
        for clause in clauses
    )


@dataclass(frozen=True, slots=True)
class Situation:
    """Facts of an event on a day, and how far they are from a test's."""

    facts: Facts
    day: date
    changes: int


@dataclass(slots=True)
class Space:
    """Every situation that a rule can tell from another."""

    rule: Rule
    partners: Sequence[str]
    """Preferred as values of `event.source` where any partner would do."""
    parts: Parts = field(init=False)
    _blocks: Sequence[Block] = field(init=False)
    _options: dict[date, list[list[Option]]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.parts = Parts.of(self.rule)
        self._blocks = blocks(self.parts.conditions)

    @property
    def exact(self) -> bool:
        """Whether what is not found here is proved impossible."""
        return all(block.exact for block in self._blocks)

    def truths(self, known: Facts) -> Truths:
        """How each condition comes out, by its number."""
        return {number: holds(condition, known) for number, condition in self.parts.conditions.items()}

    def find(self, clauses: Sequence[Clause], near: RuleTest | None = None) -> Situation | None:
        """
        Facts that meet every clause; None if none do.

        They are the nearest to those of a test (or the fewest), on its day if that can be.
        """
        facts, usual = (near.given, near.day or ordinary_day(self.rule)) if near else ({}, ordinary_day(self.rule))
        for day in dict.fromkeys([usual, *self._days()]):
            if not self._open(clauses, day):
                continue
            chosen = solve(self._on(day), clauses, lambda option: _distance(option.facts, facts, self._paths(option)))
            if chosen is not None:
                made = self._untouched(facts)
                made |= {path: value for each in chosen for path, value in each.facts.items()}
                return Situation(made, day, _distance(made, facts, {*made, *facts}) + 2 * (day != usual))
        return None

    def _open(self, clauses: Sequence[Clause], day: date) -> bool:
        """Whether *day* is right for the clauses; most days are not, and their facts need not be looked at."""
        of_day = self._of_day(day)

        def fits(alternative: Alternative) -> bool:
            return all(of_day[number] in allowed for number, allowed in alternative if number in of_day)

        return all(any(map(fits, clause)) for clause in clauses)

    def _of_day(self, day: date) -> Truths:
        return {
            number: holds(condition, {EVENT_DAY: day})
            for number, condition in self.parts.conditions.items()
            if condition.path == EVENT_DAY
        }

    def _paths(self, option: Option) -> set[str]:
        return {path for block in self._blocks if block.asked.keys() == option.truths.keys() for path in block.paths}

    def _untouched(self, facts: Facts) -> dict[str, FactValue]:
        paths = {path for block in self._blocks for path in block.paths}
        return {path: value for path, value in facts.items() if path not in paths}

    def _days(self) -> list[date]:
        """
        The days that tests name, those around the ends of `effective`, and more where nothing is proved.

        Those that `days_between` adds, and one of each day of the week: from a Friday to a Monday is one working day.
        """
        days = [test.day for test in self.rule.tests if test.day] + [ordinary_day(self.rule)]
        test = self.rule.effective.test
        if isinstance(test, Between) and isinstance(test.low, date):
            days += [test.low, test.low - timedelta(days=1)]
        if isinstance(test, Between) and isinstance(test.high, date):
            days += [test.high, test.high + timedelta(days=1)]
        days += [day for block in self._blocks if not block.exact for day in days_between(block.tests)]
        if not self.exact:
            days += [ordinary_day(self.rule) + timedelta(number) for number in range(1, 7)]
        return list(dict.fromkeys(days))

    def _on(self, day: date) -> list[list[Option]]:
        if day not in self._options:
            examples = [test.given for test in self.rule.tests if (test.day or ordinary_day(self.rule)) == day]
            found = [options(block, day, self.partners, examples) for block in self._blocks]
            self._options[day] = [[Option({}, self._of_day(day))], *found]
        return self._options[day]


def _distance(facts: Facts, base: Facts, paths: set[str]) -> int:
    """How far facts are from those of a test: a value that is left out is further than one that is changed."""
    changed = [path for path in paths if facts.get(path) != base.get(path)]
    return sum(2 if path in facts else 3 for path in changed)


def _find(obligation: Obligation, seen: Sequence[tuple[str, Truths]], space: Space) -> Found:
    levels: tuple[tuple[Level, Sequence[Clause] | None], ...] = (
        ("holds", obligation.strict),
        ("does not fail", obligation.weak),
    )
    unproved: Level = ""
    for level, clauses in levels:
        if clauses is None:
            continue
        for name, truths in seen:
            if meets(clauses, truths):
                return Found(obligation, "covered", level, name)
        if space.find(clauses) is not None:
            return Found(obligation, "gap", level, "")
        if not space.exact:
            unproved = unproved or level
    if unproved:
        return Found(obligation, "gap", unproved, "", known_possible=False)
    return Found(obligation, "impossible", "", "")


def _asks(rule: Rule, tests: Sequence[RuleTest]) -> Mapping[str, str]:
    paths = {condition.path for group in rule.groups for condition in group if not isinstance(condition.test, Presence)}
    asks = dict.fromkeys(sorted(paths), "")
    for test in tests:
        explained = explain_test(rule, test)
        reasons = explained.reasons()
        if explained.truth is None and len(reasons) == 1 and not asks.get(reasons[0]):
            asks[reasons[0]] = test.name
    return asks
