"""
Why not? The smallest change of facts that would have led to a referral for a category.

The judge is the real `Router`: whatever is answered here has been decided again with the change made. Smallest is
defined in `costs`. Only told facts are changed; derived ones follow. What the person said of single providers stays.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from onward.contracts.codes import Category
from onward.contracts.decision import Decision, ProposedReferral
from onward.contracts.situation import Situation
from onward.directory.model import Directory
from onward.routing.domain.decide import Router
from onward.routing.domain.language import RuleSet
from onward.routing.domain.offices import offices_of
from onward.workbench.explaining.asks import Asks
from onward.workbench.explaining.costs import Cost
from onward.workbench.explaining.obstacles import Allowed, Course, Step
from onward.workbench.explaining.picture import Picture
from onward.workbench.explaining.search import MOST_LOOKED_AT, Found, cheapest
from onward.workbench.explaining.told import changed, unchangeable
from onward.workbench.explaining.ways import Closed, Ways, ways_to


@dataclass(frozen=True, slots=True)
class Change:
    """One told fact and what it would have to be."""

    path: str
    now: Any
    then: Any
    """None, as in `now`, is not known."""

    @property
    def unchangeable(self) -> bool:
        """Whether nobody could bring this change about."""
        return unchangeable(self.path, self.now)


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """A set of changes, and what would be decided then."""

    changes: tuple[Change, ...]
    """By path."""
    referrals: tuple[ProposedReferral, ...]
    """Those of the category."""
    situation: Situation
    """With the changes made."""


@dataclass(frozen=True, slots=True)
class WhyNot:
    """The answer to "why not this category?"."""

    category: Category
    already: tuple[ProposedReferral, ...]
    """The referrals of the category that there are: then nothing is searched."""
    smallest: Counterfactual | None
    """The smallest change at all."""
    mendable: Counterfactual | None
    """The smallest change of facts that somebody can tell or mend, where that is another one."""
    closed: tuple[Closed, ...]
    """The rules of the category that no change of facts brings to refer this person."""
    at_least: int
    """Where the search gave up: every set that leads there changes at least so many facts. Else 0."""
    looked_at: int


def why_not(
    situation: Situation,
    category: Category,
    rules: RuleSet,
    directory: Directory,
    *,
    router: Router | None = None,
    most: int = MOST_LOOKED_AT,
) -> WhyNot:
    """
    The smallest change of told facts that would have led to a referral for *category*.

    Args:
        situation: What was decided on.
        category: The one asked about.
        rules: The rule set.
        directory: The providers.
        router: Made of both, if there is one already.
        most: How many sets of changes to look at before giving up.
    """
    return _Inquiry(situation, category, rules, directory, router or Router(rules, directory)).answer(most)


class _Inquiry:
    def __init__(
        self, situation: Situation, category: Category, rules: RuleSet, directory: Directory, router: Router
    ) -> None:
        self._situation = situation
        self._category: Category = category
        self._router = router
        asks = Asks()
        self._ways: Ways = ways_to(category, situation, rules, directory, asks)
        self._picture = Picture(situation, asks, offices_of(directory))

    def answer(self, most: int) -> WhyNot:
        already = _of(self._router.decide(self._situation), self._category)
        if already:
            return WhyNot(self._category, already, None, None, (), 0, 0)
        found = self._search(_any, most)
        smallest = self._told(found)
        at_least, looked_at = (0 if smallest else found.at_least), found.looked_at
        mendable = None
        if at_least or (smallest is not None and any(change.unchangeable for change in smallest.changes)):
            second = self._search(_mendable, most)
            mendable, looked_at = self._told(second), looked_at + second.looked_at
        closed = (*self._ways.closed, *self._hopeless(found))
        return WhyNot(self._category, (), smallest, mendable, closed, at_least, looked_at)

    def _search(self, allowed: Allowed, most: int) -> Found:
        courses = [Course(way, self._picture, allowed) for way in self._ways.open]
        return cheapest(courses, self._picture, self._leads_there, most=most)

    def _changed(self, steps: tuple[Step, ...]) -> Situation:
        return changed(self._situation, self._picture.changes(dict(steps)))

    def _leads_there(self, steps: tuple[Step, ...]) -> bool:
        return bool(_of(self._router.decide(self._changed(steps)), self._category))

    def _told(self, found: Found) -> Counterfactual | None:
        if found.steps is None:
            return None
        then: Mapping[str, Any] = self._picture.changes(dict(found.steps))
        changes = tuple(Change(path, self._picture.known.get(path), then[path]) for path in sorted(then))
        situation = self._changed(found.steps)
        return Counterfactual(changes, _of(self._router.decide(situation), self._category), situation)

    def _hopeless(self, found: Found) -> Iterator[Closed]:
        """The rules none of whose ways can be opened: for one reason, or because a search of all found none."""
        reasons: dict[str, list[str]] = {}
        searched = found.steps is None and not found.at_least
        for way in self._ways.open:
            why = Course(way, self._picture, _any).hopeless()
            reasons.setdefault(way.rule.id, []).append(why or (_TOGETHER if searched else ""))
        for rule, found_reasons in reasons.items():
            if all(found_reasons):
                yield Closed(rule, found_reasons[0])


_TOGETHER = "what it asks and what stops it cannot be had together"


def _any(_: Cost) -> bool:
    return True


def _mendable(cost: Cost) -> bool:
    return not cost.unchangeable


def _of(decision: Decision, category: Category) -> tuple[ProposedReferral, ...]:
    return tuple(referral for referral in decision.referrals if referral.category == category)
