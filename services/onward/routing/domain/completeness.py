"""What a rule needs before it may be published: a reason somebody can read, an owner, and tests of both outcomes."""

from contextlib import suppress

from onward.routing.domain.diagnostics import BundleError, Diagnostic, Report
from onward.routing.domain.language import Rule, RuleSet

FEWEST_WORDS = 3
"""Of a reason: `Homeless adult agrees` says something, `housing` does not."""


def problems(rules: RuleSet) -> list[Diagnostic]:
    """
    What each rule lacks, at its place; of very many problems the first.

    An owner is not looked for: the loader takes no rule without one.
    """
    report = Report()
    with suppress(BundleError):  # too many to go on
        for rule in rules.rules:
            _check(rule, report)
    return report.found


def _check(rule: Rule, report: Report) -> None:
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
