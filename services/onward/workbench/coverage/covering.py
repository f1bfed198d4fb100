"""How much of each rule its tests show to matter; what they do not show yet, and what no test can show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from onward.routing.domain.language import Presence, Rule, RuleSet, RuleTest
from onward.routing.domain.rule_tests import explain_test, given, run_test
from onward.workbench.coverage.clauses import Clause, meets
from onward.workbench.coverage.obligations import Obligation, obligations
from onward.workbench.coverage.saying import ActionCoverage, sayings
from onward.workbench.coverage.situations import Situations, Truths
from onward.workbench.logic.formulas import EFFORT

Status: TypeAlias = Literal["covered", "gap", "impossible"]
Level: TypeAlias = Literal["holds", "does not fail", ""]


@dataclass(frozen=True, slots=True)
class CoveringSituation:
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
    found: tuple[CoveringSituation, ...]
    asks: Mapping[str, str]
    """The facts whose absence the rule may ask about, and the test where it asks for this one alone, or empty."""
    actions: tuple[ActionCoverage, ...]
    """Each value of what the rule does, and the test that says it, or empty."""

    @property
    def gaps(self) -> list[CoveringSituation]:
        """What no test shows yet."""
        return [each for each in self.found if each.status == "gap"]

    @property
    def unsaid(self) -> list[ActionCoverage]:
        """What no test says yet of what the rule does."""
        return [each for each in self.actions if not each.test]

    def count(self, *kinds: str) -> tuple[int, int]:
        """How many obligations of these kinds are covered, of how many possible ones; all kinds if none is named."""
        possible = [
            each for each in self.found if each.status != "impossible" and (not kinds or each.obligation.kind in kinds)
        ]
        return sum(each.status == "covered" for each in possible), len(possible)


def percent(rules: Sequence[RuleCoverage]) -> float:
    """How much of what is possible is covered, in percent; 100 for no rules at all. Only 100 itself reads as 100."""
    counts = [rule.count() for rule in rules]
    counts += [(len(rule.actions) - len(rule.unsaid), len(rule.actions)) for rule in rules]
    covered, possible = sum(count[0] for count in counts), sum(count[1] for count in counts)
    return 100.0 if covered == possible else min(99.9, round(100 * covered / possible, 1))


def cover(rules: RuleSet) -> list[RuleCoverage]:
    """
    What the tests of each rule show, in the order of rules.

    A test that fails shows nothing. What no facts at all could show is left out of the count, but only where that is
    proved.
    """
    return [cover_rule(rule) for rule in rules.rules]


def cover_rule(rule: Rule, *, effort: int = EFFORT) -> RuleCoverage:
    """As `cover`, for one rule; *effort* is the most work on one question, see `Space.find`."""
    space = Situations(rule, effort)
    passed = [test for test in rule.tests if not run_test(rule, test).problem]
    seen = [(test.name, space.truths(given(rule, test))) for test in passed]
    found = tuple(_find(each, seen, space) for each in obligations(rule, space.parts))
    return RuleCoverage(rule, found, _asks(rule, passed), tuple(sayings(rule, passed)))


def _find(obligation: Obligation, seen: Sequence[tuple[str, Truths]], space: Situations) -> CoveringSituation:
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
                return CoveringSituation(obligation, "covered", level, name)
        answer = space.find(clauses)
        if answer.outcome == "found":
            return CoveringSituation(obligation, "gap", level, "")
        if answer.open:
            unproved = unproved or level
    if unproved:
        return CoveringSituation(obligation, "gap", unproved, "", known_possible=False)
    return CoveringSituation(obligation, "impossible", "", "")


def _asks(rule: Rule, tests: Sequence[RuleTest]) -> Mapping[str, str]:
    paths = {condition.path for group in rule.groups for condition in group if not isinstance(condition.test, Presence)}
    asks = dict.fromkeys(sorted(paths), "")
    for test in tests:
        explained = explain_test(rule, test)
        reasons = explained.reasons()
        if explained.truth is None and len(reasons) == 1 and not asks.get(reasons[0]):
            asks[reasons[0]] = test.name
    return asks
