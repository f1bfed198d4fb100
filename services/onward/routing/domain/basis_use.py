"""Whether a rule may rest on its legal basis, and whether what it refers could be delivered on it."""

from collections.abc import Callable, Iterator
from datetime import date
from math import inf
from typing import Final

from onward.contracts.codes import LegalBasisKind
from onward.contracts.decision import LegalBasis
from onward.diagnostics.yaml_tree import Place
from onward.directory.model import Directory, Profile
from onward.directory.special_data import tells_health, tells_offence
from onward.routing.domain.diagnostics import ProblemReport
from onward.routing.domain.eligibility import offers
from onward.routing.domain.language import (
    BasisUse,
    Between,
    Check,
    Condition,
    Group,
    OneOf,
    Presence,
    Refer,
    Rule,
    RuleSet,
)

_ON_FACTS: Final[frozenset[LegalBasisKind]] = frozenset(("vital_interests", "court_order"))
"""Kinds that hold whatever the person wants, because of something that has happened: a fact says so."""
_TOLD: Final = 3
"""Fields named in a message."""


def check_use(rule: Rule, use: BasisUse, place: Place, report: ProblemReport) -> None:
    """Report each use of a legal basis that it is not for; *place* is where the rule names it."""
    basis = rule.legal_basis
    assert basis is not None, "of a rule that names one"
    name = f"`{basis.name}`"
    for refer in rule.refer if use.services else ():
        if refer.service not in use.services.get(refer.category, ()):
            message = f"{name} is not for {refer.category} to {refer.service}, but for {_listed(use)}"
            report.add(place, "P010", f"{message}; name another basis, or say so in its `for`")
    if use.themes and rule.theme not in use.themes:
        message = f"{name} is for rules of theme {' or '.join(sorted(use.themes))}, and this is {rule.theme}"
        report.add(place, "P010", f"{message}; name another basis, or move the rule")
    if use.only_where and not all(_asks(group, use) for group in rule.alternatives):
        wanted = " or ".join(" and ".join(f"`{each.path}: {each.expected}`" for each in one) for one in use.only_where)
        report.add(place, "P010", f"{name} is only for rules that ask {wanted}; add that, or name another basis")


def incomplete(rules: RuleSet, report: ProblemReport) -> None:
    """Report each basis that does not say for what it may be used."""
    for name, use in rules.uses.items():
        basis = rules.bases.get(name)
        if basis is None:
            continue
        if not use.services:
            message = f"`{name}` does not say for which needs and services; add `for`, such as"
            report.add(use.place, "P012", f"{message} `for: {{ACCOMMODATION: [housing_authority]}}`")
        if basis.kind in _ON_FACTS and not use.only_where:
            message = f"`{name}` overrides what the person wants, and does not say on which facts; add `only_where`"
            report.add(use.place, "P012", message)


def undeliverable(rules: RuleSet, directory: Directory, report: ProblemReport) -> None:
    """Report each referral that could go to a provider which may see more than its legal basis lets anybody send."""
    for rule in rules.rules:
        basis = rule.legal_basis
        for refer in rule.refer if basis is not None else ():
            for message in _refused(refer, basis, directory):
                report.add(refer.place, "P011", message)


def _refused(refer: Refer, basis: LegalBasis | None, directory: Directory) -> Iterator[str]:
    assert basis is not None
    named = {name for name, _ in refer.providers}
    for key, sort, tells in _SPECIAL:
        if getattr(basis, key) is not None:
            continue
        for provider in sorted(directory.providers.values(), key=lambda each: each.id):
            profile = directory.profiles.get(provider.profile)
            if profile is None or not offers(provider, refer) or (named and provider.id not in named):
                continue
            if fields := _fields(profile, tells):
                yield (
                    f"`{provider.id}` may see {sort} data ({fields}), and `{basis.name}` has no `{key}`, so that "
                    f"nothing could be delivered; add it to the basis, or name another"
                )
                break


_SPECIAL: Final[tuple[tuple[str, str, Callable[[str], bool]], ...]] = (
    ("article_9", "health", tells_health),
    ("article_10", "offence", tells_offence),
)


def _fields(profile: Profile, tells: Callable[[str], bool]) -> str:
    found = [field for field in profile.fields if tells(field)]
    more = f" and {len(found) - _TOLD} more" if len(found) > _TOLD else ""
    return ", ".join(found[:_TOLD]) + more


def _listed(use: BasisUse) -> str:
    return "; ".join(f"{category} to {' or '.join(sorted(services))}" for category, services in use.services.items())


def _asks(group: Group, use: BasisUse) -> bool:
    return any(all(any(_within(each, wanted) for each in group) for wanted in one) for one in use.only_where)


def _within(condition: Condition, wanted: Condition) -> bool:
    """Whether the first condition can hold only where the second does, as far as the two alone tell."""
    if condition.path != wanted.path:
        return False
    asked, limit = condition.test, wanted.test
    if isinstance(limit, Presence) and limit.known:
        return asked == limit or isinstance(asked, OneOf | Between)  # these hold of nothing that is not known
    if isinstance(limit, Between):
        span, widest = _span(asked), _span(limit)
        return span is not None and widest is not None and widest[0] <= span[0] and span[1] <= widest[1]
    if isinstance(asked, OneOf) and isinstance(limit, OneOf) and not asked.negated:
        return asked.values.isdisjoint(limit.values) if limit.negated else asked.values <= limit.values
    return asked == limit


def _span(test: Check) -> tuple[float, float] | None:
    """The least and the greatest number or day for which a test holds."""
    if isinstance(test, Between):
        low, high = test.low, test.high
        return -inf if low is None else _number(low), inf if high is None else _number(high)
    if isinstance(test, OneOf) and not test.negated:
        numbers = [_number(value) for value in test.values if isinstance(value, int | date)]
        return (min(numbers), max(numbers)) if len(numbers) == len(test.values) else None
    return None


def _number(value: int | date) -> int:
    return value.toordinal() if isinstance(value, date) else value
