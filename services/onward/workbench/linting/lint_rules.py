"""Findings about single rules, and about rules beside each other."""

from collections.abc import Iterator
from datetime import date

from onward.directory.model import Directory
from onward.routing.domain.eligibility import offers
from onward.routing.domain.language import Between, Condition, Group, OneOf, Rule, RuleSet
from onward.workbench.linting.findings import LintFinding, warning

_ADULT = 18
_CHILD = 10
"""The age of criminal responsibility in England and Wales: nobody is met here who is younger."""
_FOR_CHILDREN_TOO = ("safety", "statutory")
"""What protects a life or is a duty is not held up by an age."""


def findings(rules: RuleSet) -> Iterator[LintFinding]:
    """Reasons given twice (L007), conditions asked twice (L008)."""
    reasons: dict[str, str] = {}
    for rule in rules.rules:
        if rule.why in reasons:
            message = f"`{rule.id}` has the reason of `{reasons[rule.why]}`; say what is different about this one"
            yield warning(rule.place, "L007", message)
        reasons.setdefault(rule.why, rule.id)
        yield from _asked_twice(rule)


def on_day(rules: RuleSet, today: date) -> Iterator[LintFinding]:
    """Rules that are not in force on a day (L010)."""
    for rule in rules.rules:
        span = rule.effective.test
        if not isinstance(span, Between):
            continue
        if isinstance(span.high, date) and span.high < today:
            message = f"`{rule.id}` ended on {span.high}; remove it, or make `until` later"
            yield warning(rule.effective.place, "L010", message)
        if isinstance(span.low, date) and span.low > today:
            message = f"`{rule.id}` starts only on {span.low}; see that nobody is missed until then"
            yield warning(rule.effective.place, "L010", message)


def beside_providers(rules: RuleSet, directory: Directory) -> Iterator[LintFinding]:
    """Referrals that a child could get to a service that does not ask for an age (L011), or to a full one (L012)."""
    for rule in rules.rules:
        for refer in rule.refer:
            named = [
                (directory.providers[name], place) for name, place in refer.providers if name in directory.providers
            ]
            for provider, place in named:
                if not provider.accepting:
                    message = f"`{provider.id}` takes nobody now (`accepting: false`); name another before it"
                    yield warning(place, "L012", message)
            open_to = [each for each, _ in named] or [
                each for each in directory.providers.values() if offers(each, refer)
            ]
            takers = [each.id for each in open_to if (each.eligibility.min_age or 0) <= _CHILD]
            if takers and rule.theme not in _FOR_CHILDREN_TOO and not (_asks_age(rule) or _shows_child(rule)):
                message = (
                    f"`{rule.id}` asks for no age and `{takers[0]}` has no lowest one, so a child may be sent there; "
                    "add `person.age` to `when`, or, where it is meant, a test in which a child matches"
                )
                yield warning(refer.place, "L011", message)


def _asks_age(rule: Rule) -> bool:
    """Whether a rule matches only where the age is known and looked at."""

    def asks(group: Group) -> bool:
        return any(each.path == "person.age" and isinstance(each.test, Between | OneOf) for each in group)

    return asks(rule.when) or (bool(rule.any_of) and all(map(asks, rule.any_of)))


def _shows_child(rule: Rule) -> bool:
    """Whether a test says that a child is meant to match."""
    ages = (test.given.get("person.age") for test in rule.tests if test.expect == "match")
    return any(isinstance(age, int) and age < _ADULT for age in ages)


def _asked_twice(rule: Rule) -> Iterator[LintFinding]:
    """A condition of a group that `when` has already: it can only be true there."""
    always = {(each.path, each.test) for each in rule.when}
    narrowed = {condition.where for narrowing in rule.narrowed for condition in (narrowing.area, *narrowing.when)}
    for name, groups in (("any_of", rule.any_of), ("unless", rule.unless)):
        for condition in (each for group in groups for each in group):
            if (condition.path, condition.test) in always and condition.where not in narrowed:
                yield warning(condition.place, "L008", _again(condition, name))


def _again(condition: Condition, name: str) -> str:
    return f"`when` asks for {condition.path} {condition.expected} already; remove it from this group of `{name}`"
