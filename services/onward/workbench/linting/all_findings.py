"""All lints together."""

from collections.abc import Sequence
from datetime import date

from onward.directory.model import Directory
from onward.routing.domain.diagnostics import SourceFile
from onward.routing.domain.language import RuleSet
from onward.workbench.linting import of_edges, of_names, of_referrals, of_rules, of_tests, of_waiting
from onward.workbench.linting.findings import Finding


def lint(
    rules: RuleSet, files: Sequence[SourceFile], directory: Directory, *, today: date | None = None
) -> list[Finding]:
    """
    Everything worth a second look, in the order of files and lines.

    Args:
        rules: A loaded rule set.
        files: The files it was loaded from.
        directory: The providers it will be used with.
        today: The day to hold `effective` against; None leaves that out.
    """
    found = [
        *of_tests.findings(rules),
        *of_names.findings(files),
        *of_rules.findings(rules),
        *of_rules.beside_providers(rules, directory),
        *of_waiting.findings(rules),
        *of_edges.findings(rules),
        *of_referrals.findings(rules),
    ]
    if today is not None:
        found += of_rules.on_day(rules, today)
    return sorted(set(found))
