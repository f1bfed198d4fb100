"""Random changes of random rules: some that may mean anything, some that mean nothing."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from onward.contracts.codes import Urgency
from onward.diagnostics.yaml_tree import Place
from onward.routing.domain.language import (
    Between,
    Condition,
    Group,
    Narrowing,
    Notify,
    OneOf,
    Prerequisite,
    Presence,
    Role,
    Rule,
)
from onward.routing.domain.negation import negated
from onward.routing.domain.overlays import narrowed
from unit.routing.random_rules import AREAS
from unit.workbench import linked_rules

PLAIN = (
    "person.age",
    "person.sex",
    "person.area",
    "person.deceased",
    "accommodation.status",
    "needs.mental_health",
    "release.on",
    "registrations",
    "event.source",
)
"""Facts that can be told."""
HERE = Place("p", 1, 1)


def a_group(random: Random, size: int, paths: Sequence[str] = PLAIN) -> Group:
    """Some conditions; at least one."""
    return linked_rules.a_rule(random, "any", paths).when[:size]


def a_rule(random: Random, name: str) -> Rule:
    """A rule about facts that can be told; some are narrowed by an area, or require something first."""
    rule = linked_rules.a_rule(random, name, PLAIN)
    match random.random():
        case chance if chance < 0.25:
            area = Condition("person.area", OneOf(frozenset(random.sample(AREAS, 2))), "", "f:1:1")
            return narrowed(rule, Narrowing(area, "random", a_group(random, 2), HERE))
        case chance if chance < 0.5:
            first = tuple(replace(each, where="p:1:1") for each in a_group(random, 2))
            return replace(rule, when=(*rule.when, *first), requires=(Prerequisite("first", "random", first, HERE),))
        case _:
            return rule


def edited(rule: Rule, random: Random, paths: Sequence[str] = PLAIN) -> Rule:
    """The rule with one change that may matter."""
    match random.choice(("drop", "add", "bound", "flip", "any_of", "unless", "act", "day")):
        case "drop":
            dropped = random.randrange(len(rule.when)) if rule.when else 0
            return replace(rule, when=rule.when[:dropped] + rule.when[dropped + 1 :], requires=())
        case "add":
            return replace(rule, when=(*rule.when, *a_group(random, 1, paths)))
        case "bound":
            return replace(rule, when=tuple(_moved(each, random) for each in rule.when), requires=())
        case "flip":
            return replace(rule, unless=rule.any_of, any_of=rule.unless)
        case "any_of":
            groups = rule.any_of[1:] if random.random() < 0.5 else (*rule.any_of, a_group(random, 1, paths))
            return replace(rule, any_of=groups)
        case "unless":
            groups = rule.unless[1:] if random.random() < 0.5 else (*rule.unless, a_group(random, 2, paths))
            return replace(rule, unless=groups)
        case "day":
            return replace(rule, effective=_moved(rule.effective, random))
        case _:
            return acting_otherwise(rule, random)


def acting_otherwise(rule: Rule, random: Random) -> Rule:
    """Only what is done is another thing."""
    if rule.refer:
        urgency: Urgency = "immediate" if rule.refer[0].urgency != "immediate" else "within_3_weeks"
        return replace(rule, refer=(replace(rule.refer[0], urgency=urgency), *rule.refer[1:]))
    if rule.suppress is not None:
        return replace(rule, suppress=replace(rule.suppress, reason=rule.suppress.reason + "-otherwise"))
    to: Role = random.choice(("offender-manager", "custody-officer"))
    return replace(rule, notify=(Notify("check", to, "immediate"),))


def reworded(rule: Rule, random: Random) -> Rule:
    """The rule written otherwise, so that it means the same by construction."""
    when: list[Condition] = []
    for condition in rule.when:
        when += _reworded(condition)
    unless = list(rule.unless)
    for group in rule.unless:
        if len(group) == 1 and not isinstance(group[0].test, Presence):
            opposite = negated(group[0])
            if len(opposite) == 1:
                when.append(opposite[0])
                unless.remove(group)
    any_of = list(rule.any_of)
    for listed in (when, unless, any_of):
        random.shuffle(listed)
    return replace(rule, why="otherwise", when=tuple(when), any_of=tuple(any_of), unless=tuple(unless), requires=())


def _moved(condition: Condition, random: Random) -> Condition:
    test = condition.test
    if isinstance(test, Between):
        sides = (test.low, None) if random.random() < 0.5 else (None, test.high)
        return replace(condition, test=Between(*sides))
    if isinstance(test, OneOf):
        return replace(condition, test=OneOf(test.values, not test.negated))
    return condition


def _reworded(condition: Condition) -> list[Condition]:
    test = condition.test
    if isinstance(test, Between) and test.low is not None and test.high is not None:
        sides = (Between(None, test.high), Between(test.low, None))
        return [replace(condition, test=each, where="g:1:1") for each in sides]
    return [condition, condition]
