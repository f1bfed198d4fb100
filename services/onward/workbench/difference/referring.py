"""Whom a whole bundle refers, as formulas: with suppression, with providers, and with what an earlier rule covers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from onward.contracts.codes import Category, Service
from onward.directory.model import Directory
from onward.routing.domain.language import Condition, Group, Refer, Rule
from onward.routing.domain.suppressing import stops
from onward.workbench.analysis.study import Target
from onward.workbench.analysis.takers import accepted, candidates
from onward.workbench.difference.compared import Side
from onward.workbench.difference.writing import bare
from onward.workbench.logic import Formula, Space, all_of, any_of
from onward.workbench.logic.space import conditions_of


@dataclass(frozen=True, slots=True)
class Stop:
    """A rule that may stop a referral."""

    rule: Rule
    held: bool
    """Whether it does so even while it needs information."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One referral that a rule of a bundle makes, with all that its making depends on but earlier rules."""

    rule: Rule
    refer: Refer
    stops: tuple[Stop, ...]
    takers: tuple[Group, ...]
    """What must be known of somebody for a provider to take them, for each that is open."""

    @property
    def target(self) -> Target:
        """Of two offers with the same target, only the earlier rule's is made."""
        return self.refer.category, self.refer.service

    def conditions(self) -> Iterator[Condition]:
        """What must be part of a space for formulas about this offer."""
        for rule in (self.rule, *(stop.rule for stop in self.stops)):
            yield from conditions_of(rule)
        for group in self.takers:
            yield from group

    def free(self, space: Space) -> Formula:
        """When the rule matches and nothing stops its referral or holds it up."""
        against = (space.possible(each.rule) if each.held else space.matches(each.rule) for each in self.stops)
        return all_of((space.matches(self.rule), *(~each for each in against)))

    def made(self, space: Space) -> Formula:
        """When it is made, or an earlier rule's in its place: then a provider takes the person, too."""
        return self.free(space) & any_of(space.group(group).definite for group in self.takers)


class Referring:
    """Every offer of one side."""

    def __init__(self, side: Side) -> None:
        self.side = side
        self._bare = {name: bare(rule) for name, rule in side.rules.items()}
        self._stopping = [rule for rule in self._bare.values() if rule.suppress is not None]
        self.by_target: dict[Target, list[Offer]] = {}
        self.by_rule: dict[str, list[Offer]] = {}
        for rule in self._bare.values():
            for refer in rule.refer:
                stops = tuple(stops_against(rule, refer.category, self._stopping))
                offer = Offer(rule, refer, stops, self._takers(refer))
                self.by_target.setdefault(offer.target, []).append(offer)
                self.by_rule.setdefault(rule.id, []).append(offer)

    def _takers(self, refer: Refer) -> tuple[Group, ...]:
        return tuple(dict.fromkeys(_takers(self.side.directory, refer)))

    def earlier(self, offer: Offer) -> Sequence[Offer]:
        """The offers that come before one and can cover it."""
        return [each for each in self.by_target[offer.target] if each.rule.order < offer.rule.order]

    def targets(self) -> Iterable[tuple[Category, Service]]:
        """Everything that anybody is referred for."""
        return self.by_target


def stops_against(rule: Rule, category: Category, stopping: Iterable[Rule]) -> Iterator[Stop]:
    """Those of the suppressing rules that may stop a rule's referral for a category."""
    for each in stopping:
        if each.suppress is not None and stops(each.suppress, rule, category, certain=True):
            yield Stop(each, stops(each.suppress, rule, category, certain=False))


def _takers(directory: Directory, refer: Refer) -> Iterator[Group]:
    for provider in candidates(directory, refer):
        if provider.accepting and provider.profile in directory.profiles:
            yield accepted(provider, refer)


def space_of(side: Side, *offers: Offer) -> Space:
    """The situations that these offers can tell apart, with distances as the directory of one side has them."""
    conditions = (condition for offer in offers for condition in offer.conditions())
    return Space(conditions, offices=side.offices)


def changed_offers(here: Referring, there: Referring, changed: Mapping[str, bool]) -> list[Offer]:
    """
    The offers of one side whose making differs from the other's, or has none there.

    *changed* says of every rule of this side whether it means anything else on the other.
    """
    found: list[Offer] = []
    for name, offers in here.by_rule.items():
        others = {other.target: other for other in there.by_rule.get(name, ())}
        for offer in offers:
            other = others.get(offer.target)
            stopped = {(stop.rule.id, stop.held) for stop in offer.stops}
            if (
                other is None
                or changed[name]
                or any(changed[stop.rule.id] for stop in offer.stops)
                or stopped != {(stop.rule.id, stop.held) for stop in other.stops}
                or set(offer.takers) != set(other.takers)
            ):
                found.append(offer)
    return found
