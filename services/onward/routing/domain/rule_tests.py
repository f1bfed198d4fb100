"""
Runs the tests that authors wrote beside their rules.

A test passes when the rule comes out as it expects, alone: what other rules do, and providers, play no part. `because`
names one of the facts that decided: for `no_match` one that failed (or, when an `unless` stopped the rule, one of that
group), for `needs_information` one that is not known. Other facts may have decided too; that one alone did is what
`onward rules coverage` shows. A match has no `because`: everything about it held. What the rule does is checked as far
as `then` names it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from onward.calendar.times import LONDON
from onward.contracts.fact_kinds import FactValue
from onward.diagnostics.yaml_tree import Place
from onward.routing.domain.derived import At, derive, of_today
from onward.routing.domain.effects import differences
from onward.routing.domain.kleene import Explanation, Truth, explain
from onward.routing.domain.language import EVENT_DAY, Between, Expect, Rule, RuleSet, RuleTest, Then

OUTCOMES: Mapping[Truth, Expect] = {True: "match", False: "no_match", None: "needs_information"}
"""What an author expects, by what the rule says."""
_ANY_DAY = date(2026, 3, 4)
"""An ordinary Wednesday, for tests of rules without a first day."""


@dataclass(frozen=True, slots=True)
class RuleTestResult:
    """How one test came out."""

    rule: str
    name: str
    place: Place
    expected: Expect
    got: Expect
    because: str | None
    reasons: tuple[str, ...]
    """The facts that decided against a match, or that are missing."""
    explanation: Explanation
    """The whole rule, condition by condition."""
    otherwise: tuple[str, ...] = ()
    """Where the rule does otherwise than `then` says, in words."""

    @property
    def problem(self) -> str:
        """What is wrong, or "" when the test passed."""
        found = ", ".join(self.reasons) or "nothing"
        if self.got != self.expected:
            return f"expected {self.expected}, got {self.got} because of {found}"
        if self.because is not None and self.because not in self.reasons:
            return f"expected {self.expected} because of {self.because}, but it is because of {found}"
        return "; ".join(self.otherwise)

    def __str__(self) -> str:
        return f"{self.place}: {self.rule} / {self.name}: {self.problem or self.got}"


def run_tests(rules: RuleSet) -> list[RuleTestResult]:
    """Every test of every rule, in the order of rules."""
    return [run_test(rule, test) for rule in rules.rules for test in rule.tests]


def check_tests(rules: RuleSet) -> list[RuleTestResult]:
    """The tests that failed."""
    return [result for result in run_tests(rules) if result.problem]


def given(rule: Rule, test: RuleTest) -> dict[str, Any]:
    """
    What a test says is known: its facts, and those that follow from them.

    The event is at noon of `event.day`, or of the first day the rule is effective, and arrives at once; a derived fact
    that the test gives stands as given.
    """
    return known_on(test.given, test.day or ordinary_day(rule))


def ordinary_day(rule: Rule) -> date:
    """The event's London day of a test that names none: the first day the rule is effective."""
    first = rule.effective.test.low if isinstance(rule.effective.test, Between) else None
    return first if isinstance(first, date) else _ANY_DAY


def known_on(facts: Mapping[str, FactValue], day: date) -> dict[str, Any]:
    """*facts* of an event at noon of *day*, and all that follows from them."""
    noon = datetime.combine(day, time(12), LONDON)
    facts = of_today(facts)
    return {**derive(facts, At(noon, noon, day)), **facts, EVENT_DAY: day}


def explain_test(rule: Rule, test: RuleTest) -> Explanation:
    """Condition by condition, how a test comes out."""
    return explain(rule, given(rule, test))


def run_test(rule: Rule, test: RuleTest) -> RuleTestResult:
    """How one test comes out."""
    explained = explain_test(rule, test)
    got = OUTCOMES[explained.truth]
    reasons = explained.reasons()
    otherwise = () if test.then is None else (*_asks(test.then, reasons), *differences(test.then, rule))
    return RuleTestResult(rule.id, test.name, test.place, test.expect, got, test.because, reasons, explained, otherwise)


def _asks(then: Then, reasons: tuple[str, ...]) -> tuple[str, ...]:
    if then.asks is None or then.asks == frozenset(reasons):
        return ()
    said, waits = (", ".join(f"`{each}`" for each in sorted(paths)) for paths in (then.asks, reasons))
    return (f"then says that the rule asks for {said}, and it asks for {waits or 'nothing'}",)
