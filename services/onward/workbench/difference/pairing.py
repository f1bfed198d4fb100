"""Which rule of one bundle is which of the other: by id, or by meaning where a rule was given another id."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from onward.routing.domain.kleene import rule_holds
from onward.routing.domain.language import Rule
from onward.workbench.difference.compared import Side
from onward.workbench.difference.one_rule import RuleComparison, asks_alike, matching
from onward.workbench.difference.writing import structure
from onward.workbench.logic import Witness
from onward.workbench.rule_actions import action


@dataclass(frozen=True, slots=True)
class Pairs:
    """Every rule of both bundles."""

    both: tuple[tuple[Rule, Rule], ...]
    """By id, then those that were renamed."""
    removed: tuple[Rule, ...]
    added: tuple[Rule, ...]
    names: Mapping[str, str]
    """The present ids of rules that were renamed."""


def pair(before: Side, after: Side, effort: int) -> Pairs:
    """Pair the rules of two bundles."""
    both = [(rule, after.rules[name]) for name, rule in before.rules.items() if name in after.rules]
    removed = [rule for name, rule in before.rules.items() if name not in after.rules]
    added = [rule for name, rule in after.rules.items() if name not in before.rules]
    names: dict[str, str] = {}
    # First those that are written alike: they cost nothing, and leave fewer to prove.
    for proved in (_alike, _Proving(before, after, effort).same):
        for rule in tuple(removed):
            same = next((each for each in added if _does_the_same(rule, each) and proved(rule, each)), None)
            if same is not None:
                removed.remove(rule)
                added.remove(same)
                both.append((rule, same))
                names[rule.id] = same.id
    return Pairs(tuple(both), tuple(removed), tuple(added), names)


def _alike(one: Rule, other: Rule) -> bool:
    return structure(one) == structure(other)


def _does_the_same(one: Rule, other: Rule) -> bool:
    """What it is linked with apart: those rules may have been renamed too."""
    return _unlinked(one) == _unlinked(other)


def _unlinked(rule: Rule) -> object:
    return action(rule, {name: "" for refer in rule.refer for name, _ in refer.linked})


class _Proving:
    """Proofs that two rules mean the same; most candidates are refuted by one example."""

    def __init__(self, before: Side, after: Side, effort: int) -> None:
        self._sides = before, after
        self._effort = effort
        self._examples: dict[tuple[int, str], Witness | None] = {}

    def same(self, one: Rule, other: Rule) -> bool:
        if not asks_alike(one, other) or self._refuted(((0, one), (1, other))):
            return False
        before, after = self._sides
        return RuleComparison((before, one), (after, other), self._effort).same()

    def _refuted(self, rules: Iterable[tuple[int, Rule]]) -> bool:
        one, other = rules
        for (side, rule), (_, against) in ((one, other), (other, one)):
            key = side, rule.id
            if key not in self._examples:
                self._examples[key] = matching(self._sides[side], rule, self._effort).witness
            example = self._examples[key]
            if example is not None and rule_holds(against, example.known()) is not True:
                return True
        return False
