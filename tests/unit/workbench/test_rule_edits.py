"""
Single edits of what the rules in use do and of the lists they name: some gate refuses each.

A few in every run; a share of all of them nightly: `python -m mutation.rule_gates 1` in `tests/` makes them all.
"""

import random
from functools import cache

import pytest

from mutation.rule_edits import RuleEdit, edits
from mutation.rule_gates import RuleGates
from onward.diagnostics.yaml_tree import YamlMapping
from onward.routing.domain.diagnostics import ProblemReport, read

A_FEW, A_SHARE = 8, 240


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


def test_the_rules_as_they_are_pass_every_gate() -> None:
    first = gates().files[0]
    tree = read(first, ProblemReport())
    assert isinstance(tree, YamlMapping)
    untouched = RuleEdit("action", "nothing", first.name, tree)
    assert gates().refusing(untouched) == ""


def test_no_single_edit_of_what_rules_do_or_of_a_list_passes_every_gate() -> None:
    assert [edit.what for edit in some(A_FEW, 1) if not gates().refusing(edit)] == []


@pytest.mark.nightly
def test_of_many_single_edits_none_passes_every_gate() -> None:
    assert [edit.what for edit in some(A_SHARE, 2) if not gates().refusing(edit)] == []
