"""A rule is ready to be published when somebody can read why it is there, owns it, and saw it match and not match."""

import pytest

from onward.contracts import paths
from onward.contracts.authorities import is_authority
from onward.diagnostics.yaml_tree import Diagnostic
from onward.directory import files as directory_files
from onward.directory.model import Directory
from onward.routing.bundle_files import load_bundle
from onward.routing.domain import completeness
from onward.routing.domain.diagnostics import SourceFile
from onward.routing.domain.language import RuleSet
from onward.routing.domain.loader import load
from unit.routing.routing_builders import a_directory, a_provider, rule_set
from unit.routing.routing_builders import problems as problems_of_loading

READY = """\
  - id: ready
    why: Somebody should know
    when: {person.age: 34}
    notify: {kind: check, to: duty-practitioner}
    tests:
      - {name: that age, given: {person.age: 34}, expect: match}
      - {name: another, given: {person.age: 35}, expect: no_match}
"""


DIRECTORY = a_directory(a_provider("new", catchment=("E07000999",)))


def problems(rules: RuleSet, directory: Directory) -> list[Diagnostic]:
    """What is lacking but for the bases of these tests, which do not say what they are for: see `test_basis_use`."""
    return [each for each in completeness.problems(rules, directory) if each.code != "P012"]


def found(rule: str, **files: str) -> list[str]:
    given = rule_set(need=rule, **files)
    return [f"{each.code} {each.file}:{each.line}" for each in problems(given, DIRECTORY)]


def test_a_complete_rule_lacks_nothing() -> None:
    assert found(READY) == []
    asks = READY.replace("{person.age: 35}, expect: no_match", "{person.sex: male}, expect: needs_information")
    assert found(asks) == []


@pytest.mark.parametrize(
    ("rule", "codes"),
    [
        (READY.replace("Somebody should know", "Somebody should"), ["R013 need.yaml:5"]),
        (READY.replace("expect: match", "expect: no_match"), ["R014 need.yaml:5"]),
        (READY.replace("expect: no_match", "expect: match"), ["R015 need.yaml:5"]),
        (READY.partition("    tests:")[0], ["R014 need.yaml:5", "R015 need.yaml:5"]),
    ],
)
def test_what_a_rule_lacks_is_said_at_its_place(rule: str, codes: list[str]) -> None:
    assert found(rule) == codes


def test_a_rule_may_have_another_owner_than_its_file() -> None:
    (rule,) = rule_set(need=READY.replace("    when", "    owner: policy-health\n    when")).rules
    assert rule.owner == "policy-health"
    assert rule_set(need=READY).rules[0].owner == "tests"
    (problem,) = problems_of_loading(READY.replace("    when", "    owner: ''\n    when"))
    assert "error[R001]: `owner` must be a text" in problem


@pytest.mark.parametrize(
    ("when", "lines"),
    [
        ("person.area: [E08000025, E07000008]", []),
        ("person.area: [E08000025, E08000099, W06000007]", [7, 7]),
        ("person.area: not E07000026", [7]),
        ("accommodation.chosen_authority: E07000026", [7]),
        ("person.area: E07000999", [7]),
        ("person.age: known, person.area: known", []),
    ],
)
def test_an_area_is_that_of_an_authority_there_is_whatever_a_provider_says_that_it_serves(
    when: str, lines: list[int]
) -> None:
    rule = READY.replace("person.age: 34", when, 1)
    assert found(rule) == [f"D106 need.yaml:{line}" for line in lines]


@pytest.mark.parametrize("part", ["any_of: [{person.area: E08000099}]", "unless: {person.area: E08000099}"])
def test_an_area_that_is_none_is_found_in_every_part_of_a_rule(part: str) -> None:
    assert found(READY.replace("    notify", f"    {part}\n    notify")) == ["D106 need.yaml:8"]


def test_an_area_that_is_none_is_found_in_goals_and_overlays_and_said_with_what_to_do() -> None:
    goal = "schema: routing/v1\ncover: [{why: Nobody is forgotten, when: {person.area: E08000099}}]\n"
    overlay = f"schema: routing/v1\narea: E07000998\ntheme: need\nowner: tests\nrules:\n{READY}"
    files = [SourceFile("cover.yaml", goal.encode()), SourceFile("area.yaml", overlay.encode())]
    wrong = sorted(str(each) for each in problems(load(files), DIRECTORY))
    nowhere = "error[D106]: no local authority has the code"
    north, south = "`E07000098` (Hertsmere) or `E07000198` (Staffordshire Moorlands)", "`E08000009` (Trafford) or "
    assert wrong[0] == f"area.yaml:2:7: {nowhere} `E07000998`; did you mean {north}?"
    assert wrong[1].startswith(f"cover.yaml:2:56: {nowhere} `E08000099`; did you mean {south}")
    assert len(wrong) == 2


@pytest.mark.parametrize(
    ("code", "known"),
    [
        ("E08000025", True),
        ("E07000008", True),
        ("W06000015", True),
        ("S12000036", True),
        ("N09000003", True),
        ("E08000099", False),
        ("E07000026", False),
        ("E06000028", False),
        ("W06000007", False),
        ("N09000012", False),
        ("X01000001", False),
    ],
)
def test_a_code_is_that_of_an_authority_there_is_now(code: str, known: bool) -> None:
    assert is_authority(code) is known


def test_a_rule_that_names_an_abolished_authority_is_told_which_one_has_its_area() -> None:
    rules = rule_set(need=READY.replace("person.age: 34", "person.area: E07000026", 1))
    (problem,) = problems(rules, DIRECTORY)
    assert problem.message == (
        "`E07000026` (Allerdale) ended on 2023-03-31: its area is that of `E06000063` (Cumberland) now; name that, "
        "which counts for whoever is still told of under the old code"
    )


def test_every_rule_of_the_pack_is_complete() -> None:
    assert problems(load_bundle(paths.schemas() / "routing"), directory_files.load()) == []
