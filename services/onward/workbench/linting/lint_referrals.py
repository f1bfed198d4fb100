"""Findings about referrals that may go elsewhere, or rest on another law, than their rule asks for."""

from collections.abc import Iterator

from onward.contracts.facts import FACTS
from onward.routing.domain.actions import AREAS
from onward.routing.domain.conditions import consent_path
from onward.routing.domain.language import OneOf, Presence, Rule, RuleSet
from onward.routing.domain.policy import about_release
from onward.workbench.linting.findings import LintFinding, warning

_HOME = "person.area"
_AGREED = OneOf(frozenset([True]))


def findings(rules: RuleSet) -> Iterator[LintFinding]:
    """Catchments (L016), legal bases (L017) and release referrals (L019) that do not fit what is asked."""
    for rule in rules.rules:
        conditions = [condition for group in rule.groups for condition in group]
        # Whoever asks that a place is not known has no provider to refer to there.
        yield from _catchments(rule, {each.path for each in conditions if each.test != Presence(known=False)})
        yield from _bases(rule)
        yield from _release(rule)


def _catchments(rule: Rule, asked: set[str]) -> Iterator[LintFinding]:
    """A rule that asks about the place somebody chose or was met at, and refers to the one for where they live."""
    for refer in rule.refer:
        other = [path for path in AREAS if path != refer.catchment_by and _about(path, asked)]
        if other and refer.catchment_by == _HOME:
            message = (
                f"`{rule.id}` asks about `{other[0]}`, and refers to a provider for `{_HOME}`; "
                f"add `catchment_by: {other[0]}` if the chosen place is meant"
            )
            yield warning(refer.place, "L016", message)


def _about(path: str, asked: set[str]) -> bool:
    return path != _HOME and bool(asked & {path, *(each.path for each in FACTS.values() if each.ask == path)})


def _bases(rule: Rule) -> Iterator[LintFinding]:
    if rule.legal_basis is None or rule.legal_basis.kind == "consent":
        return
    for refer in rule.refer:
        path = consent_path(refer.category)
        if any(condition.path == path and condition.test == _AGREED for condition in rule.when):
            message = (
                f"`{rule.id}` requires `{path}: true`, and names `{rule.legal_basis.name}`, which does not rest on it; "
                "name a basis of kind consent, or do not ask"
            )
            yield warning(refer.place, "L017", message)


def _release(rule: Rule) -> Iterator[LintFinding]:
    """A rule whose referrals a return to prison closes, and which asks for no release."""
    if rule.is_release and not about_release(rule):
        message = (
            f"`{rule.id}` says `release: true` and asks for no fact about a release; ask for one in `when`, "
            "or remove `release`"
        )
        yield warning(rule.place, "L019", message)
