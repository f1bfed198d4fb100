"""Findings about referrals that may go elsewhere, or rest on another law, than their rule asks for."""

from collections.abc import Iterator

from onward.contracts.facts import FACTS
from onward.routing.domain.actions import AREAS
from onward.routing.domain.conditions import consent_path
from onward.routing.domain.language import Between, Condition, OneOf, Presence, Rule, RuleSet
from onward.routing.domain.policy import about_release
from onward.workbench.linting.findings import LintFinding, warning

_HOME = "person.area"
_AGREED = OneOf(frozenset([True]))
_DANGER = frozenset({"risk", "safeguarding", "health"})
"""Classes of facts that tell of danger; an immediate need tells of it too, and a child is always safeguarded."""
_IMMEDIATE, _CHILD = 4, 18


def findings(rules: RuleSet) -> Iterator[LintFinding]:
    """Catchments (L016), legal bases (L017), releases (L019) and danger (L020) that do not fit what is asked."""
    for rule in rules.rules:
        conditions = [condition for group in rule.groups for condition in group]
        # Whoever asks that a place is not known has no provider to refer to there.
        yield from _catchments(rule, {each.path for each in conditions if each.test != Presence(known=False)})
        yield from _bases(rule)
        yield from _release(rule)
        yield from _danger(rule)


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


def _danger(rule: Rule) -> Iterator[LintFinding]:
    """A rule that nothing but a suppression of everything stops, and that asks of no danger."""
    asked = [condition for group in (rule.when, *rule.any_of) for condition in group]
    if rule.theme == "safety" and rule.refer and not any(map(_tells_danger, asked)):
        message = (
            f"`{rule.id}` is of theme safety, which only `everything` stops and nobody approves, and asks of no "
            "danger; ask for one in `when`, or move it to the file of another theme"
        )
        yield warning(rule.place, "L020", message)


def _tells_danger(condition: Condition) -> bool:
    fact, test = FACTS.get(condition.path), condition.test
    if fact is None:
        return False
    if condition.path.startswith("needs."):
        numbers = [each for each in test.values if isinstance(each, int)] if isinstance(test, OneOf) else []
        least = min(numbers) if numbers else getattr(test, "low", None)
        return isinstance(least, int) and least >= _IMMEDIATE
    if condition.path == "person.age":
        return isinstance(test, Between) and isinstance(test.high, int) and test.high < _CHILD
    return fact.data_class in _DANGER
