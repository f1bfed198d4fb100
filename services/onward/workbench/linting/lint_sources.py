"""Findings about what nobody ever tells: conditions that no message of any partner can meet, and slips in kinds."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain

from onward.contracts.facts import FACTS
from onward.contracts.facts_by_source import ToldFacts, told_facts
from onward.diagnostics.spelling import nearest
from onward.routing.domain.kleene import check_holds
from onward.routing.domain.language import Condition, Group, Presence, Rule, RuleSet
from onward.workbench.linting.findings import LintFinding, warning

_SOURCE, _TYPE = "event.source", "event.type"
_ALIKE = 0.9
"""How alike two kinds of notice are of which one is a slip."""


def findings(rules: RuleSet) -> Iterator[LintFinding]:
    """Rules and alternatives that no message can meet (L031), and kinds of notice that are nearly another (L032)."""
    for rule in rules.rules:
        yield from _never_told(rule, told_facts())
    yield from _kinds(rules.rules)


def _never_told(rule: Rule, told: ToldFacts) -> Iterator[LintFinding]:
    if (why := _unmet(rule.when, told)) is not None:
        yield _never(rule, why[0], why[1], "`when`")
        return
    for group in rule.any_of:
        if (why := _unmet((*rule.when, *group), told)) is not None:
            inside = next((each for each in group if each == why[0]), group[0] if group else why[0])
            yield _never(rule, inside, why[1], "this group of `any_of`")


def _never(rule: Rule, condition: Condition, why: str, where: str) -> LintFinding:
    message = f"no message can meet {where} of `{rule.id}`: {why}; `onward rules facts` shows who tells what"
    return warning(condition.place, "L031", message)


def _unmet(group: Group, told: ToldFacts) -> tuple[Condition, str] | None:
    """The first condition of a group after which no message is left that could meet all, and why; None if one is."""
    left = [(source, kind) for source, types in told.items() for kind in types]
    for condition in sorted(group, key=lambda each: each.path not in (_SOURCE, _TYPE)):
        kept = [(source, kind) for source, kind in left if _may_hold(condition, source, kind, told)]
        if not kept:
            return condition, _said(condition, sorted({source for source, _ in left}))
        left = kept
    return None


def _may_hold(condition: Condition, source: str, kind: str, told: ToldFacts) -> bool:
    """Whether the condition can hold of a contact of this type from this partner."""
    if condition.path == _SOURCE:
        return check_holds(condition.test, source) is True
    if condition.path == _TYPE:
        return check_holds(condition.test, kind) is True
    fact = FACTS.get(condition.path)
    if fact is None or fact.derived or condition.test == Presence(known=False):
        return True
    if fact.of_event:
        return condition.path in told[source][kind]
    return any(condition.path in facts for types in told.values() for facts in types.values())


def _said(condition: Condition, sources: Sequence[str]) -> str:
    if condition.path in (_SOURCE, _TYPE):
        return f"none that is left has {condition.path} {condition.expected}"
    return f"{condition.path} is told by none of {', '.join(sources)} with such a contact"


def _kinds(rules: Sequence[Rule]) -> Iterator[LintFinding]:
    used = Counter(notify.kind for rule in rules for notify in rule.notify)
    for rule, notify in chain.from_iterable(((rule, each) for each in rule.notify) for rule in rules):
        if used[notify.kind] > 1:
            continue
        near = nearest(notify.kind, [kind for kind in used if kind != notify.kind], alike=_ALIKE)
        if near and used[near] > 1:
            message = f"`{rule.id}` alone has the kind `{notify.kind}`; did you mean `{near}`, as others have?"
            yield warning(rule.place, "L032", message)
