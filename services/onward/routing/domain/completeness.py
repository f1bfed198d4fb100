"""
What rules need before they may be published: a reason to read, an owner, tests of both outcomes, areas that there are.

Here stands what a routing process does not ask of rules that were published: it may be older than a new authority.
"""

from collections.abc import Iterable
from contextlib import suppress

from onward.contracts.authorities import is_authority
from onward.diagnostics.yaml_tree import Diagnostic
from onward.directory.completeness import no_authority
from onward.directory.model import Directory
from onward.routing.domain.actions import AREAS
from onward.routing.domain.basis_use import incomplete, undeliverable
from onward.routing.domain.diagnostics import BundleError, ProblemReport
from onward.routing.domain.language import Condition, OneOf, Rule, RuleSet

FEWEST_WORDS = 3
"""Of a reason: `Homeless adult agrees` says something, `housing` does not."""


def problems(rules: RuleSet, directory: Directory) -> list[Diagnostic]:
    """
    What each rule and basis lacks, every area that is none, and what could not be delivered; of very many the first.

    An owner is not looked for: the loader takes no rule without one.
    """
    report = ProblemReport()
    served = {area for provider in directory.providers.values() for area in provider.catchment if is_authority(area)}
    with suppress(BundleError):  # too many to go on
        for rule in rules.rules:
            _check(rule, report)
            for group in rule.groups:
                _check_areas(group, served, report)
        for goal in rules.goals:
            _check_areas(goal.when, served, report)
        incomplete(rules, report)
        undeliverable(rules, directory, report)
    return report.found


def _check(rule: Rule, report: ProblemReport) -> None:
    if len(rule.why.split()) < FEWEST_WORDS:
        message = f"`why` of `{rule.id}` is told to people; say in {FEWEST_WORDS} words or more why the rule is there"
        report.add(rule.place, "R013", message)
    expected = {test.expect for test in rule.tests}
    if "match" not in expected:
        message = f"no test shows `{rule.id}` matching; add one with `expect: match`"
        report.add(rule.place, "R014", message)
    if not expected & {"no_match", "needs_information"}:
        message = f"no test shows `{rule.id}` not matching; add one with `expect: no_match` or `needs_information`"
        report.add(rule.place, "R015", message)


def _check_areas(conditions: Iterable[Condition], served: set[str], report: ProblemReport) -> None:
    """Nobody lives in an area that is none, whoever says that they serve it."""
    for condition in conditions:
        if condition.path in AREAS and isinstance(condition.test, OneOf):
            for code in sorted(str(value) for value in condition.test.values):
                if not is_authority(code):
                    report.add(condition.place, "D106", no_authority(code, served))
