"""All lints together."""

from collections.abc import Sequence
from datetime import date

from onward.directory.model import Directory
from onward.routing.domain.diagnostics import SourceFile
from onward.routing.domain.language import RuleSet
from onward.workbench.linting import (
    lint_answers,
    lint_bounds,
    lint_names,
    lint_referrals,
    lint_rules,
    lint_sources,
    lint_tests,
    lint_unknown_facts,
)
from onward.workbench.linting.findings import LintFinding


def lint(
    rules: RuleSet, files: Sequence[SourceFile], directory: Directory, *, today: date | None = None
) -> list[LintFinding]:
    """
    Everything worth a second look, in the order of files and lines.

    Args:
        rules: A loaded rule set.
        files: The files it was loaded from.
        directory: The providers it will be used with.
        today: The day to hold `effective` against; None leaves that out.
    """
    found = [
        *lint_tests.findings(rules),
        *lint_names.findings(files),
        *lint_rules.findings(rules),
        *lint_rules.beside_providers(rules, directory),
        *lint_unknown_facts.findings(rules),
        *lint_bounds.findings(rules),
        *lint_referrals.findings(rules),
        *lint_sources.findings(rules),
        *lint_answers.findings(rules, directory),
    ]
    if today is not None:
        found += lint_rules.on_day(rules, today)
    return sorted(set(found))
