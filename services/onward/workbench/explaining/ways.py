"""Every way by which a rule could refer somebody for a category, and everything that can stand in it."""

from collections.abc import Iterator
from dataclasses import dataclass

from onward.calendar.times import london_day
from onward.contracts.codes import Category
from onward.contracts.situation import Situation
from onward.directory.model import Directory
from onward.routing.domain.kleene import check_holds
from onward.routing.domain.language import Group, Refer, Rule, RuleSet
from onward.routing.domain.suppressing import stops
from onward.workbench.explaining.asks import Ask, Asks
from onward.workbench.explaining.openings import Doors


@dataclass(frozen=True, slots=True)
class Stopper:
    """A rule that stops the referral while it matches."""

    rule: Rule
    when: tuple[Ask, ...]
    any_of: tuple[tuple[Ask, ...], ...]
    unless: tuple[tuple[Ask, ...], ...]
    even_possible: bool
    """Whether it holds the referral up even while it only might match."""

    def asks(self) -> Iterator[Ask]:
        """Everything it asks."""
        for group in (self.when, *self.any_of, *self.unless):
            yield from group


@dataclass(frozen=True, slots=True)
class Way:
    """One rule, one group of its `any_of`, one kind of provider: what must hold, and what must not."""

    rule: Rule
    musts: tuple[Ask, ...]
    """All must be answered yes."""
    must_not: tuple[tuple[Ask, ...], ...]
    """Of each group one must be answered no."""
    stoppers: tuple[Stopper, ...]


@dataclass(frozen=True, slots=True)
class Closed:
    """A rule of the category that no change of facts can bring to refer this person."""

    rule: str
    why: str


@dataclass(frozen=True, slots=True)
class Ways:
    """All ways to one category."""

    open: tuple[Way, ...]
    closed: tuple[Closed, ...]


def ways_to(category: Category, situation: Situation, rules: RuleSet, directory: Directory, asks: Asks) -> Ways:
    """Every way to *category*; what they ask is taken into *asks*."""
    day = london_day(situation.occurred_at)
    doors = Doors(directory, asks)
    in_effect = [rule for rule in rules.rules if check_holds(rule.effective.test, day)]
    suppressing = [rule for rule in in_effect if rule.suppress is not None]
    found: list[Way] = []
    closed: list[Closed] = []
    for rule, refer in _referring(rules, category):
        if not check_holds(rule.effective.test, day):
            closed.append(Closed(rule.id, f"not in effect on {day}; in effect {rule.effective.expected}"))
            continue
        openings = doors.openings(rule, refer, situation)
        if not openings.ways:
            tried = (
                "; ".join(f"{name}: {why}" for name, why in openings.closed) or f"no provider offers {refer.service}"
            )
            closed.append(Closed(rule.id, f"no provider can take it ({tried})"))
            continue
        stoppers = tuple(_stoppers(rule, category, suppressing, asks))
        found += [
            Way(rule, _together(rule.when, group, asks) + opening, _groups(rule.unless, asks), stoppers)
            for group in rule.any_of or ((),)
            for opening in openings.ways
        ]
    return Ways(tuple(found), tuple(closed))


def _referring(rules: RuleSet, category: Category) -> Iterator[tuple[Rule, Refer]]:
    for rule in rules.rules:
        for refer in rule.refer:
            if refer.category == category:
                yield rule, refer


def _together(when: Group, group: Group, asks: Asks) -> tuple[Ask, ...]:
    return tuple(asks.of(condition) for condition in (*when, *group))


def _groups(groups: tuple[Group, ...], asks: Asks) -> tuple[tuple[Ask, ...], ...]:
    return tuple(tuple(asks.of(condition) for condition in group) for group in groups)


def _stoppers(rule: Rule, category: Category, suppressing: list[Rule], asks: Asks) -> Iterator[Stopper]:
    for other in suppressing:
        suppress = other.suppress
        if suppress is not None and stops(suppress, rule, category, certain=True):
            yield Stopper(
                other,
                tuple(asks.of(condition) for condition in other.when),
                _groups(other.any_of, asks),
                _groups(other.unless, asks),
                even_possible=stops(suppress, rule, category, certain=False),
            )
