"""The rule pack as a whole: it loads, its own tests pass, and it says nothing that the law does not let it say."""

import json
from typing import Any

import jsonschema
import pytest
import yaml

from onward.contracts import paths
from onward.routing.domain.language import THEMES, Refer, Rule
from onward.routing.domain.rule_tests import RuleTestResult, run_tests
from unit.routing.pack_builders import DIRECTORY, RULES

RESULTS = run_tests(RULES)
REFERRING = [rule for rule in RULES.rules if rule.refer]
POLICE = {"custody", "street-triage", "control-room", "cautions"}


@pytest.mark.parametrize("result", RESULTS, ids=[f"{result.rule}: {result.name}" for result in RESULTS])
def test_what_an_author_wrote_beside_a_rule_holds(result: RuleTestResult) -> None:
    assert not result.problem, str(result)


def test_every_class_of_rules_is_there() -> None:
    assert {rule.theme for rule in RULES.rules} == set(THEMES)


@pytest.mark.parametrize("rule", RULES.rules, ids=lambda rule: rule.id)
def test_every_rule_says_why_and_has_a_test_for_and_against(rule: Rule) -> None:
    assert len(rule.why) > 20
    expected = {test.expect for test in rule.tests}
    assert {"match", "no_match"} <= expected
    assert all(test.because for test in rule.tests if test.expect != "match")


@pytest.mark.parametrize("rule", REFERRING, ids=lambda rule: rule.id)
def test_every_referral_rests_on_a_basis_with_a_citation(rule: Rule) -> None:
    basis = rule.legal_basis
    assert basis is not None
    assert len(basis.citation) > 20
    assert basis.article_6.startswith("6(1)(")
    assert basis.article_9 is not None, "a referral always says or implies something about health or a need"


@pytest.mark.parametrize(
    "rule",
    [rule for rule in REFERRING if rule.legal_basis and rule.legal_basis.name == "duty-to-refer"],
    ids=lambda rule: rule.id,
)
def test_no_rule_on_the_duty_to_refer_can_hold_for_a_police_source(rule: Rule) -> None:
    sources = [condition for condition in rule.when if condition.path == "event.source"]
    assert sources, "the rule must name its sources"
    allowed = set(sources[0].expected.split(" or "))
    assert allowed
    assert not allowed & POLICE


def providers_of(refer: Refer) -> list[str]:
    return [
        provider.id
        for provider in DIRECTORY.providers.values()
        if refer.service in provider.services and refer.category in provider.categories
    ]


@pytest.mark.parametrize(
    ("rule", "refer"),
    [(rule, refer) for rule in REFERRING for refer in rule.refer],
    ids=lambda value: getattr(value, "id", ""),
)
def test_every_referral_has_a_provider_that_could_take_it(rule: Rule, refer: Refer) -> None:
    assert providers_of(refer), f"{rule.id}: nobody offers {refer.service} for {refer.category}"


def test_every_provider_can_be_reached_by_some_rule() -> None:
    reached = {provider for rule in REFERRING for refer in rule.refer for provider in providers_of(refer)}
    assert set(DIRECTORY.providers) == reached


@pytest.mark.parametrize("name", sorted(RULES.bases))
def test_a_condition_for_special_data_names_the_part_of_the_act_that_it_needs(name: str) -> None:
    """DPA 2018 s. 10(2): health or social care needs Part 1 of Schedule 1; s. 10(3): public interest needs Part 2."""
    condition = RULES.bases[name].article_9 or ""

    assert ("9(2)(h)" in condition) == ("s. 10(2) and Sch. 1 para. 2" in condition)
    assert "s. 10(3) and Sch. 1 para. 2" not in condition
    assert "9(2)(g)" not in condition or any(f" {para}" in condition for para in (6, 7, 18))


def test_bases_are_all_used() -> None:
    used = {rule.legal_basis.name for rule in REFERRING if rule.legal_basis}
    assert used == set(RULES.bases)


def test_the_order_of_lines_and_files_has_no_say() -> None:
    assert [rule.order for rule in RULES.rules] == sorted(rule.order for rule in RULES.rules)


class AsWritten(yaml.SafeLoader):
    """Reads days as text, as editors do."""


AsWritten.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@pytest.mark.parametrize("name", sorted(path.name for path in (paths.schemas() / "routing").glob("*.yaml")))
def test_an_editor_finds_nothing_wrong_with_the_pack(name: str) -> None:
    folder = paths.schemas() / "routing"
    schema: dict[str, Any] = json.loads((folder / "routing.schema.json").read_text())
    text = (folder / name).read_text()

    assert text.startswith("# yaml-language-server: $schema=./routing.schema.json\n")
    assert [error.message for error in jsonschema.Draft7Validator(schema).iter_errors(yaml.load(text, AsWritten))] == []
