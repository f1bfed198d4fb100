"""Every rule of a rule set beside one decision: how it came out, condition by condition, and what became of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from onward.calendar.times import london_day
from onward.contracts.decision import Decision
from onward.contracts.situation import PastStatement
from onward.routing.domain.asking import asked
from onward.routing.domain.kleene import Explanation, Seen, Truth, all_of, any_of, explain, missing_facts
from onward.routing.domain.language import EVENT_DAY, Rule, RuleSet
from onward.workbench.explaining.endings import Ending, Endings

Outcome: TypeAlias = Literal["matched", "not_matched", "needs_information"]
_OUTCOMES: Mapping[Truth, Outcome] = {True: "matched", False: "not_matched", None: "needs_information"}


@dataclass(frozen=True, slots=True)
class RuleExplained:
    """One rule for one situation."""

    explanation: Explanation
    missing: tuple[str, ...]
    """What a rule that needs information lacks, as partners are asked for it."""
    endings: tuple[Ending, ...]
    """What became of each referral and notice; empty for a rule that did not come so far."""
    history: Mapping[str, PastStatement]
    """The decision's: what was said once and was too old to decide."""

    @property
    def rule(self) -> Rule:
        """The rule."""
        return self.explanation.rule

    @property
    def outcome(self) -> Outcome:
        """How its conditions came out."""
        return _OUTCOMES[self.explanation.truth]

    @property
    def failing(self) -> tuple[Seen, ...]:
        """The conditions of `effective` and `when` that do not hold."""
        return tuple(seen for seen in (self.explanation.effective, *self.explanation.when) if seen.truth is False)

    @property
    def no_group(self) -> bool:
        """Whether every group of `any_of` is known not to hold."""
        return bool(self.explanation.any_of) and any_of(map(group_truth, self.explanation.any_of)) is False

    @property
    def excluded_by(self) -> tuple[tuple[Seen, ...], ...]:
        """The groups of `unless` that hold."""
        return tuple(group for group in self.explanation.unless if group_truth(group) is True)

    @property
    def distance(self) -> tuple[int, int]:
        """How many conditions at least would have to come out otherwise, and how many are not known."""
        explanation = self.explanation
        wrong = len(self.failing) + len(self.excluded_by)
        unknown = sum(seen.truth is None for seen in explanation.when)
        if self.no_group:
            wrong += min(sum(seen.truth is False for seen in group) for group in explanation.any_of)
        return wrong, unknown


@dataclass(frozen=True, slots=True)
class DecisionExplained:
    """A decision, explained rule by rule."""

    decision: Decision
    rules: tuple[RuleExplained, ...]
    """Every rule, in their order."""
    other_rules: bool
    """Whether the decision was made with another version of the rules than these."""

    def nearest(self, most: int) -> list[RuleExplained]:
        """The rules that came nearest to acting, the nearest first: those that refer before those that only tell."""
        missed = (each for each in self.rules if each.outcome == "not_matched" and each.rule.suppress is None)
        return sorted(missed, key=lambda each: (not each.rule.refer, each.distance, each.rule.order))[:most]


def explain_decision(decision: Decision, rules: RuleSet) -> DecisionExplained:
    """
    Every rule as it came out for the facts of *decision*, and what became of it there.

    Where the decision was made with other rules, `other_rules` is set: the outcomes are then those of *rules*, and what
    became of each is still what the decision says.
    """
    known = {**decision.facts, EVENT_DAY: london_day(decision.occurred_at)}
    other_rules = decision.rules.sha256 != rules.version.sha256
    endings = Endings(decision, other_rules=other_rules)
    explained = (_explained(rule, known, endings, decision.history) for rule in rules.rules)
    return DecisionExplained(decision, tuple(explained), other_rules)


def group_truth(group: tuple[Seen, ...]) -> Truth:
    """Whether a group holds."""
    return all_of(seen.truth for seen in group)


def wrong_in(group: tuple[Seen, ...]) -> Iterator[Seen]:
    """The conditions that keep a group from holding: those that do not hold, or else those not known."""
    truth = group_truth(group)
    return (seen for seen in group if seen.truth is truth and truth is not True)


def _explained(
    rule: Rule, known: Mapping[str, Any], endings: Endings, history: Mapping[str, PastStatement]
) -> RuleExplained:
    explanation = explain(rule, known)
    missing: tuple[str, ...] = ()
    if explanation.truth is None:
        missing = endings.asked_for(rule) or asked(missing_facts(rule, known))
    became = endings.of(rule, matched=explanation.truth is True)
    return RuleExplained(explanation, missing, became, history)
