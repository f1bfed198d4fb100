"""Rules that would match but for a prerequisite: found for the rules that have one, at no cost where there is none."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from onward.contracts.codes import Category
from onward.contracts.decision import Waiting
from onward.routing.domain.explaining import Explainer
from onward.routing.domain.index import Index, Matches
from onward.routing.domain.kleene import Known, group_holds
from onward.routing.domain.language import Prerequisite, Rule


class BlockedRule:
    """One rule with prerequisites, ready to say what it waits for."""

    def __init__(self, rule: Rule, number: int) -> None:
        self.rule = rule
        self.number = number
        """Its place in the rule set."""
        self._explainer = Explainer(without_prerequisites(rule))

    def waiting(self, category: Category | None, known: Known) -> Waiting:
        """What keeps the rule from its referral for *category*, or from its notice; all else held."""
        unmet = self.unmet(known)
        return Waiting(
            rule=self.rule.id,
            category=category,
            prerequisites=tuple(each.name for each in unmet),
            why="; ".join(each.why for each in unmet),
            conditions=self._explainer.held(known),
        )

    def unmet(self, known: Known) -> list[Prerequisite]:
        """The prerequisites that are known not to be met."""
        return [each for each in self.rule.requires if group_holds(each.when, known) is False]


class PrerequisiteIndex:
    """All rules of a bundle that have prerequisites."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = tuple(BlockedRule(rule, number) for number, rule in enumerate(rules) if rule.requires)
        self._index = Index([without_prerequisites(blocked.rule) for blocked in self._rules])

    def keeps(self, known: Known, matches: Matches) -> Iterator[BlockedRule]:
        """The rules of which everything holds but a prerequisite that is known not to be met, in their order."""
        if not self._rules:
            return
        for place in self._index.match(known).definite:
            blocked = self._rules[place]
            if blocked.number not in matches.definite and blocked.number not in matches.possible:
                yield blocked


def without_prerequisites(rule: Rule) -> Rule:
    """The rule as it would be if everything it requires existed."""
    required = {condition for prerequisite in rule.requires for condition in prerequisite.when}
    return replace(rule, when=tuple(condition for condition in rule.when if condition not in required), requires=())
