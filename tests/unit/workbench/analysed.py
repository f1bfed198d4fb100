"""Small rule sets for the analysis, and what it finds in them."""

import re
from collections.abc import Sequence

from onward.directory.model import Directory
from onward.routing.domain.diagnostics import SourceFile
from onward.routing.domain.language import RuleSet
from onward.routing.domain.loader import load
from onward.workbench.analysis import AnalysisFinding, analyse
from unit.routing.routing_builders import BASES, a_directory, a_provider

HOUSING = "category: ACCOMMODATION, service: housing_authority, urgency: within_5_working_days"
EVERYBODY = a_directory(
    a_provider("council"),
    a_provider("treatment", services=("drug_treatment",), categories=("SUBSTANCE_DRUGS",)),
)


def a_rule(name: str, when: str, *, refer: str = HOUSING, basis: str = "duty", more: str = "") -> str:
    """A rule that refers; where it asks for a release, for release referrals."""
    release = "    release: true\n" if re.search(r"\brelease\.|\bevent\.movement\b", when) else ""
    return (
        f"  - id: {name}\n    why: tests\n    when: {{{when}}}\n{release}"
        f"    refer: {{{refer}}}\n    legal_basis: {basis}\n{more}"
    )


def a_stop(name: str, when: str, what: str = "everything") -> str:
    return f"  - id: {name}\n    why: tests\n    when: {{{when}}}\n    suppress: {{reason: tests, what: {what}}}\n"


def a_file(*rules: str, theme: str = "need", name: str = "", head: str = "") -> SourceFile:
    text = f"schema: routing/v1\ntheme: {theme}\nowner: tests\n{head}rules:\n{''.join(rules)}"
    return SourceFile(f"{name or theme}.yaml", text.encode())


def loaded(*files: SourceFile) -> RuleSet:
    return load([SourceFile("bases.yaml", BASES.encode()), *files])


def found(*files: SourceFile, directory: Directory = EVERYBODY) -> tuple[AnalysisFinding, ...]:
    return analyse(loaded(*files), directory)


def codes(findings: Sequence[AnalysisFinding]) -> list[str]:
    """The codes found, without providers that the test is not about."""
    return [each.code for each in findings if each.code != "A010"]


def the(code: str, findings: Sequence[AnalysisFinding]) -> AnalysisFinding:
    (finding,) = (each for each in findings if each.code == code)
    return finding
