"""A rule is ready to be published when somebody can read why it is there, owns it, and saw it match and not match."""

import pytest

from onward.contracts import paths
from onward.routing.domain.bundle import load_bundle
from onward.routing.domain.completeness import problems
from unit.routing.routing_builders import problems as problems_of_loading
from unit.routing.routing_builders import rule_set

READY = """\
  - id: ready
    why: Somebody should know
    when: {person.age: 34}
    notify: {kind: check, to: duty-practitioner}
    tests:
      - {name: that age, given: {person.age: 34}, expect: match}
      - {name: another, given: {person.age: 35}, expect: no_match}
"""


def found(rule: str) -> list[str]:
    return [f"{each.code} {each.file}:{each.line}" for each in problems(rule_set(need=rule))]


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


def test_every_rule_of_the_pack_is_complete() -> None:
    assert problems(load_bundle(paths.schemas() / "routing")) == []
