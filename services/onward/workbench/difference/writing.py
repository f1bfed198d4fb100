"""Rules without what is only writing: places, words, and the order in which conditions stand."""

from dataclasses import replace
from typing import TypeAlias

from onward.routing.domain.language import Check, Condition, Group, Has, Rule
from onward.routing.domain.waiting import without_prerequisites

Asks: TypeAlias = frozenset[tuple[str, Check]]


def bare(rule: Rule) -> Rule:
    """The rule with its conditions alone, so that equal conditions are equal values."""
    return replace(
        rule,
        effective=_bare(rule.effective),
        when=bare_group(rule.when),
        any_of=tuple(map(bare_group, rule.any_of)),
        unless=tuple(map(bare_group, rule.unless)),
    )


def structure(rule: Rule) -> object:
    """What a rule asks, in no order: rules for which this is equal match, ask and wait in the same situations."""
    stripped = bare(rule)
    required = frozenset(asks(bare_group(each.when)) for each in rule.requires)
    # A condition of its own may say what a prerequisite says: then the rule does not wait for that, it does not match.
    own = asks(bare_group(without_prerequisites(rule).when))
    groups = (frozenset(map(asks, groups)) for groups in (stripped.any_of, stripped.unless))
    return (stripped.effective.test, asks(stripped.when), *groups, required, own)


def asks(group: Group) -> Asks:
    """The conditions of a bare group, in no order."""
    return frozenset((each.path, each.test) for each in group)


def bare_group(group: Group) -> Group:
    """The conditions alone."""
    return tuple(map(_bare, group))


def _bare(condition: Condition) -> Condition:
    test = condition.test
    if isinstance(test, Has):
        fields = sorted(map(_bare, test.fields), key=repr)
        test = replace(test, fields=tuple(fields))
    return Condition(condition.path, test, "", "")
