"""
Which gate refuses a bundle of rules: `check`, `test`, `coverage`, `lint` or `analyse`, in this order; or none does.

`python -m mutation.rule_gates SHARE [SEED]`, in `tests/`, makes a share of all single edits and prints what passes.
"""

import random
import sys
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from unittest.mock import patch

from mutation.rule_edits import RuleEdit, edits
from onward.contracts import contact_types, paths, topics
from onward.diagnostics import yaml_tree
from onward.directory import files as directory_files
from onward.directory.model import Directory
from onward.routing.bundle_files import read_files
from onward.routing.domain import completeness, surroundings
from onward.routing.domain.diagnostics import BundleError, SourceFile
from onward.routing.domain.language import Rule, RuleSet
from onward.routing.domain.loader import load
from onward.routing.domain.outcomes import meaning
from onward.routing.domain.rule_tests import check_tests
from onward.workbench.analysis.analysing import analyse
from onward.workbench.coverage.covering import cover_rule, percent
from onward.workbench.linting import all_findings

_read = lru_cache(maxsize=64)(yaml_tree.read)
"""An edit changes one file; the others are read once."""


def _said(rule: Rule) -> Hashable:
    """All that a rule's own tests and coverage look at."""
    return meaning(rule), tuple(name for name, _ in rule.instead_of)


class RuleGates:
    """The gates, with the rules in use to compare with."""

    def __init__(self) -> None:
        self.files = read_files(paths.schemas() / "routing")
        self.directory: Directory = directory_files.load()
        self._known = set(map(_said, load(self.files).rules))

    @cached_property
    def _analysed(self) -> set[str]:
        return {each.message for each in analyse(load(self.files), self.directory)}

    def refusing(self, edit: RuleEdit) -> str:
        """The first gate that refuses the rules with *edit*, or nothing."""
        edited = edit.file
        files = [edited if file.name == edited.name else file for file in self.files]
        try:
            with patch.object(yaml_tree, "read", _read):
                rules = load(files)
        except BundleError:
            return "check"
        if surroundings.problems(rules, self.directory, topics.sources(), contact_types.known()):
            return "check"
        if completeness.problems(rules, self.directory):
            return "check"
        # Tests and coverage of a rule look at that rule alone.
        changed = tuple(rule for rule in rules.rules if _said(rule) not in self._known)
        if check_tests(replace(rules, rules=changed)):
            return "test"
        if percent([cover_rule(rule) for rule in changed]) < 100:
            return "coverage"
        return self.by_reading(rules, files)

    def by_reading(self, rules: RuleSet, files: Sequence[SourceFile]) -> str:
        """Which of the gates that look at the rules as a whole refuses them: they cost minutes, the others moments."""
        if all_findings.lint(rules, files, self.directory):
            return "lint"
        found = (each for each in analyse(rules, self.directory) if each.severity == "error")
        return "analyse" if any(each.message not in self._analysed for each in found) else ""


def main(share: float, seed: int) -> int:
    """Print what passes every gate; the exit status is 1 where anything does."""
    gates = RuleGates()
    chosen = [each for each in edits(gates.files) if random.Random(f"{seed} {each.what}").random() < share]  # a sample
    outcomes: Counter[tuple[str, str]] = Counter()
    for edit in chosen:
        gate = gates.refusing(edit)
        outcomes[edit.kind, gate or "passes"] += 1
        if not gate:
            sys.stdout.write(f"passes: {edit.kind}: {edit.what}\n")
            sys.stdout.flush()
    for (kind, gate), count in sorted(outcomes.items()):
        sys.stdout.write(f"{kind:7} {gate:9} {count}\n")
    passing = sum(count for (_, gate), count in outcomes.items() if gate == "passes")
    sys.stdout.write(f"{passing} of {len(chosen)} edits pass every gate\n")
    return 1 if passing else 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1))
