"""Findings about the tests beside a rule."""

from collections.abc import Iterator
from datetime import date

from onward.contracts.facts import FACTS
from onward.routing.domain.language import Rule, RuleSet, RuleTest
from onward.routing.domain.rule_tests import known_on, ordinary_day
from onward.workbench.linting.findings import LintFinding, error, warning


def findings(rules: RuleSet) -> Iterator[LintFinding]:
    """Tests that are there twice (L001), that do not say because of what (L002), that cannot be (L003)."""
    for rule in rules.rules:
        yield from _twice(rule)
        for test in rule.tests:
            yield from _without_because(test)
            yield from _impossible(test, test.day or ordinary_day(rule))


def _twice(rule: Rule) -> Iterator[LintFinding]:
    seen: dict[tuple[object, ...], str] = {}
    for test in rule.tests:
        facts = sorted((path, repr(value)) for path, value in test.given.items())
        same = (tuple(facts), test.day or ordinary_day(rule))
        if same in seen:
            message = f"`{test.name}` gives the same facts as `{seen[same]}`; change one of them or remove one"
            yield error(test.place, "L001", message)
        seen.setdefault(same, test.name)


def _without_because(test: RuleTest) -> Iterator[LintFinding]:
    if test.expect != "match" and test.because is None:
        message = f"`{test.name}` may pass for another reason than yours; name the fact that decides: `because:`"
        yield warning(test.place, "L002", message)


def _impossible(test: RuleTest, day: date) -> Iterator[LintFinding]:
    """A derived fact counts as given in a test, but is worked out in a real situation."""
    told = {path: value for path, value in test.given.items() if not FACTS[path].derived}
    follows, at_once = known_on(told, day), known_on({}, day)
    for path, value in test.given.items():
        if FACTS[path].derived and path not in at_once and path in follows and follows[path] != value:
            message = (
                f"`{test.name}` says `{path}` is {_said(value)}, but {_said(follows[path])} follows from its others; "
                f"leave `{path}` out, or change the facts it follows from"
            )
            yield error(test.place, "L003", message)


def _said(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
