"""
Three-valued logic over facts, said plainly: true, false, or None for not known.

This evaluator explains decisions and is the oracle that the index is tested against; it is written for reading, the
index for speed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from onward.routing.domain.language import Between, Check, Condition, Group, Has, OneOf, Presence, Rule

Truth: TypeAlias = bool | None
Known: TypeAlias = Mapping[str, Any]
"""Values by path; a path that is absent is not known."""


def all_of(truths: Iterable[Truth]) -> Truth:
    """False if one is false, else not known if one is not known, else true."""
    seen = set(truths)
    return False if False in seen else None if None in seen else True


def any_of(truths: Iterable[Truth]) -> Truth:
    """True if one is true, else not known if one is not known, else false."""
    seen = set(truths)
    return True if True in seen else None if None in seen else False


def negation(truth: Truth) -> Truth:
    """Not known stays not known."""
    return None if truth is None else not truth


def check_holds(test: Check, value: Any) -> Truth:
    """Whether a test holds for a value; None stands for a value that is not known."""
    if isinstance(test, Presence):
        return (value is not None) == test.known
    if value is None:
        return None
    match test:
        case OneOf(values, negated):
            return (value in values) != negated
        case Between(low, high):
            return (low is None or value >= low) and (high is None or value <= high)
        case Has(fields, negated):
            found = any_of(
                all_of(check_holds(field.test, record.get(field.path)) for field in fields) for record in value
            )
            return negation(found) if negated else found


def holds(condition: Condition, known: Known) -> Truth:
    """Whether a condition holds."""
    return check_holds(condition.test, known.get(condition.path))


def group_holds(group: Group, known: Known) -> Truth:
    """Whether all conditions of a group hold."""
    truth: Truth = True
    for condition in group:
        one = check_holds(condition.test, known.get(condition.path))
        if one is False:
            return False
        if one is None:
            truth = None
    return truth


def rule_holds(rule: Rule, known: Known) -> Truth:
    """Whether a rule matches, does not match, or needs information."""
    parts = [holds(rule.effective, known), group_holds(rule.when, known)]
    if rule.any_of:
        parts.append(any_of(group_holds(group, known) for group in rule.any_of))
    if rule.unless:
        parts.append(negation(any_of(group_holds(group, known) for group in rule.unless)))
    return all_of(parts)


def missing_facts(rule: Rule, known: Known) -> tuple[str, ...]:
    """
    The facts whose values could still change the outcome of a rule that needs information, sorted.

    A group that is already settled, or an alternative that is already ruled out, asks for nothing. Empty for a rule
    whose outcome is known.
    """
    return open_facts(rule, known) if rule_holds(rule, known) is None else ()


def open_facts(rule: Rule, known: Known) -> tuple[str, ...]:
    """As `missing_facts`, for a rule that is known to need information."""
    unknown = {condition.path for condition in rule.when if holds(condition, known) is None}
    for groups in (rule.any_of, rule.unless):
        truths = [group_holds(group, known) for group in groups]
        if True in truths:
            continue
        for group, truth in zip(groups, truths, strict=True):
            if truth is None:
                unknown.update(condition.path for condition in group if holds(condition, known) is None)
    return tuple(sorted(unknown))


@dataclass(frozen=True, slots=True)
class Seen:
    """One condition as it turned out."""

    condition: Condition
    truth: Truth
    actual: Any
    """The value, or None when it is not known."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a rule came out, condition by condition: the answer to "why?" and to "why not?"."""

    rule: Rule
    truth: Truth
    effective: Seen
    when: tuple[Seen, ...]
    any_of: tuple[tuple[Seen, ...], ...]
    unless: tuple[tuple[Seen, ...], ...]

    def reasons(self) -> tuple[str, ...]:
        """The facts that decided against a match, or that are not known; empty for a match. Sorted."""
        if self.truth is True:
            return ()
        wanted = self.truth
        required = [seen.condition.path for seen in (self.effective, *self.when) if seen.truth is wanted]
        if wanted is None:
            return tuple(sorted({*required, *_open(self.any_of), *_open(self.unless)}))
        if not required and self.any_of and any_of(map(_group_truth, self.any_of)) is False:
            required = [seen.condition.path for group in self.any_of for seen in group if seen.truth is False]
        if not required:
            required = [seen.condition.path for group in self.unless if _group_truth(group) for seen in group]
        return tuple(sorted(set(required)))


def explain(rule: Rule, known: Known) -> Explanation:
    """How a rule comes out for what is known."""

    def seen(condition: Condition) -> Seen:
        return Seen(condition, holds(condition, known), known.get(condition.path))

    def group(conditions: Group) -> tuple[Seen, ...]:
        return tuple(map(seen, conditions))

    return Explanation(
        rule=rule,
        truth=rule_holds(rule, known),
        effective=seen(rule.effective),
        when=group(rule.when),
        any_of=tuple(map(group, rule.any_of)),
        unless=tuple(map(group, rule.unless)),
    )


def _group_truth(group: tuple[Seen, ...]) -> Truth:
    return all_of(seen.truth for seen in group)


def _open(groups: tuple[tuple[Seen, ...], ...]) -> set[str]:
    """The facts not known in groups that are still open, unless one group has settled the matter."""
    truths = [_group_truth(group) for group in groups]
    if any_of(truths) is not None:
        return set()
    open_groups = (group for group, truth in zip(groups, truths, strict=True) if truth is None)
    return {seen.condition.path for group in open_groups for seen in group if seen.truth is None}
