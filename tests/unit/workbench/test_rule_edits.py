"""
Single edits of what the rules in use do and of the lists they name: some gate refuses each.

A few in every run; all of them nightly, as `python -m mutation.rule_gates 1` in `tests/` does.
"""

import random
from functools import cache

import pytest

from mutation.rule_edits import RuleEdit, edits
from mutation.rule_gates import RuleGates
from onward.diagnostics.yaml_tree import YamlMapping
from onward.routing.domain.diagnostics import ProblemReport, read

A_FEW = 8


@cache
def gates() -> RuleGates:
    return RuleGates()


def some(number: int, seed: int) -> list[RuleEdit]:
    """As many edits, as many of each kind as can be."""
    by_kind: dict[str, list[RuleEdit]] = {}
    for edit in edits(gates().files):
        by_kind.setdefault(edit.kind, []).append(edit)
    assert by_kind.keys() == {"action", "set", "has", "list"}
    chance = random.Random(seed)  # a sample
    each = number // len(by_kind)
    return [edit for kind in by_kind.values() for edit in chance.sample(kind, min(each, len(kind)))]


def test_a_file_that_is_only_written_anew_passes_what_an_edit_must_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RuleGates, "by_reading", lambda *_: "")  # tests of the pack itself ask lint and analyse
    first = gates().files[0]
    tree = read(first, ProblemReport())
    assert isinstance(tree, YamlMapping)
    untouched = RuleEdit("action", "nothing", first.name, tree)
    assert gates().refusing(untouched) == ""


def test_no_single_edit_of_what_rules_do_or_of_a_list_passes_every_gate() -> None:
    assert [edit.what for edit in some(A_FEW, 1) if not gates().refusing(edit)] == []


@pytest.mark.nightly
def test_of_all_single_edits_none_passes_every_gate() -> None:
    assert [edit.what for edit in edits(gates().files) if not gates().refusing(edit)] == []
