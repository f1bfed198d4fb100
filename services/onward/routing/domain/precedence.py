"""
Who wins where two rules of one class would make the same referral: what says so, and never the alphabet.

First `instead_of`; then the rule of fewer areas (an overlay before a national rule); then the rule that names its
providers before one that leaves them open. A rule that wins over a more specific one by `instead_of` counts as just as
specific, so that the order stays one order.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Literal, TypeAlias

from onward.diagnostics.spelling import did_you_mean
from onward.diagnostics.yaml_tree import Place
from onward.routing.domain.diagnostics import ProblemReport
from onward.routing.domain.language import OneOf, Refer, Rule, Standing

Reason: TypeAlias = Literal["instead_of", "area", "providers"]
"""What says that a rule wins."""


def arranged(rules: Mapping[str, Rule], places: Mapping[str, Place], report: ProblemReport) -> dict[str, Rule]:
    """The rules where `instead_of` puts them; what it cannot say is reported, and then changes nothing."""
    over: dict[str, tuple[str, ...]] = {}
    for rule in rules.values():
        if rule.instead_of:
            over[rule.id] = tuple(_losers(rule, rules, places, report))
    standing = _Standing(rules, over).all(report)
    return {name: replace(rule, standing=standing[name]) if name in standing else rule for name, rule in rules.items()}


def _losers(rule: Rule, rules: Mapping[str, Rule], places: Mapping[str, Place], report: ProblemReport) -> Iterator[str]:
    """The rules that it may win over: they are there, of its class, and refer for something that it refers for."""
    targets = {(refer.category, refer.service) for refer in rule.refer}
    for name, place in rule.instead_of:
        other = rules.get(name)
        if name not in places:
            help_ = did_you_mean(name, places) or "; name the id of a rule"
            report.add(place, "R010", f"no rule `{name}`{help_}")
        elif other is None:
            continue  # it is there, and what is wrong with it is told at its place
        elif name == rule.id:
            report.add(place, "R020", f"`{name}` cannot win over itself; remove it")
        elif other.theme != rule.theme:
            message = f"`{name}` is of theme {other.theme} and this is {rule.theme}: the class decides; remove it"
            report.add(place, "R020", message)
        elif not targets & {(refer.category, refer.service) for refer in other.refer}:
            message = f"`{name}` refers for nothing that `{rule.id}` refers for, so both act; remove it"
            report.add(place, "R020", message)
        else:
            yield name


class _Standing:
    """Where each rule stands that `instead_of` concerns."""

    def __init__(self, rules: Mapping[str, Rule], over: Mapping[str, tuple[str, ...]]) -> None:
        self._rules = rules
        self._over = over
        self._before: dict[str, int] = dict.fromkeys((*over, *(name for losers in over.values() for name in losers)), 0)
        for losers in over.values():
            for name in losers:
                self._before[name] += 1

    def all(self, report: ProblemReport) -> dict[str, Standing]:
        """The standing of each; of rules in a circle none, and it is reported."""
        order = self._winners_first()
        circle = self._before.keys() - set(order)
        for name in sorted(circle):
            for loser, place in self._rules[name].instead_of:
                if loser in circle:
                    message = f"`{name}` wins over `{loser}`, which wins over `{name}` again; remove one `instead_of`"
                    report.add(place, "R020", message)
        counted = {name: self._rules[name].specificity for name in order}
        for name in reversed(order):
            losers = (counted[loser] for loser in self._over.get(name, ()) if loser in counted)
            counted[name] = min((counted[name], *losers))
        depth = dict.fromkeys(order, 0)
        for name in order:
            for loser in self._over.get(name, ()):
                depth[loser] = max(depth.get(loser, 0), depth[name] + 1)
        return {name: (counted[name], depth[name]) for name in order}

    def _winners_first(self) -> list[str]:
        left = dict(self._before)
        ready = sorted(name for name, number in left.items() if not number)
        found: list[str] = []
        while ready:
            name = ready.pop()
            found.append(name)
            for loser in self._over.get(name, ()):
                left[loser] -= 1
                if not left[loser]:
                    ready.append(loser)
        return found


class Precedence:
    """What says of two rules of a bundle which of them wins."""

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        self._rules = rules
        self._over: dict[str, frozenset[str]] = {}

    def said(self, winner: tuple[Rule, Refer], loser: tuple[Rule, Refer]) -> Reason | None:
        """What says that the first wins; None where the class or nothing but the id does."""
        (first, refer), (second, other) = winner, loser
        if second.id in self.wins_over(first.id):
            return "instead_of"
        if _within(first, second):
            return "area"
        alike = first.specificity[0] == second.specificity[0] and _areas(first) == _areas(second)
        return "providers" if alike and refer.providers and not other.providers else None

    def wins_over(self, name: str) -> frozenset[str]:
        """Every rule that it wins over by `instead_of`, of its own or of one that it wins over."""
        if name not in self._over:
            found: set[str] = set()
            left = [name]
            while left:
                rule = self._rules.get(left.pop())
                losers = () if rule is None else (loser for loser, _ in rule.instead_of)
                left += (new := [loser for loser in losers if loser not in found])
                found.update(new)
            self._over[name] = frozenset(found)
        return self._over[name]


def _areas(rule: Rule) -> frozenset[object] | None:
    test = rule.area.test if rule.area is not None else None
    return test.values if isinstance(test, OneOf) else None


def _within(one: Rule, other: Rule) -> bool:
    """Whether the first holds in a part only of where the second does."""
    areas, wider = _areas(one), _areas(other)
    return areas is not None and (wider is None or areas < wider)
