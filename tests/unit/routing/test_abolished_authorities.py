"""A person told of under an abolished authority's code is found a provider in the area that it belongs to today."""

from pathlib import Path

import pytest

from onward.directory import files as directory_files
from onward.directory.model import Directory
from onward.routing.domain.rule_tests import run_tests
from unit.routing.routing_builders import HOMELESS_ADULT, a_directory, a_provider, decided, rule_set

ALLERDALE, CARLISLE, CUMBERLAND, BIRMINGHAM = "E07000026", "E07000028", "E06000063", "E08000025"

PROFILES = """\
schema: directory/v1
profiles:
  housing: {why: tests, fields: [name]}
"""
PROVIDERS = """\
schema: directory/v1
area: north
providers:
  - id: council
    name: Test council
    services: [housing_authority]
    categories: [ACCOMMODATION]
    catchment: [%s]
    profile: housing
"""
RULES = """\
  - id: homeless
    why: Somebody homeless who agrees
    when: {accommodation.status: homeless, consent.accommodation: true%s}
    refer: {category: ACCOMMODATION, service: housing_authority, urgency: within_5_working_days}
    legal_basis: agreed
"""


def directory(tmp_path: Path, catchment: str) -> Directory:
    (tmp_path / "profiles.yaml").write_text(PROFILES)
    (tmp_path / "north.yaml").write_text(PROVIDERS % catchment)
    return directory_files.load(tmp_path)


@pytest.mark.parametrize("told", [CUMBERLAND, ALLERDALE, CARLISLE])
@pytest.mark.parametrize("catchment", [CUMBERLAND, ALLERDALE, f"{ALLERDALE}, {CARLISLE}"])
def test_old_and_new_codes_meet_whichever_side_is_behind(tmp_path: Path, told: str, catchment: str) -> None:
    facts = HOMELESS_ADULT | {"person.area": told}
    (referral,) = decided(facts, rule_set(need=RULES % ""), directory(tmp_path, catchment)).referrals
    assert referral.provider == "council"


def test_somebody_of_another_area_is_not_taken_for_it(tmp_path: Path) -> None:
    facts = HOMELESS_ADULT | {"person.area": BIRMINGHAM}
    assert not decided(facts, rule_set(need=RULES % ""), directory(tmp_path, ALLERDALE)).referrals


def test_a_catchment_holds_each_authority_of_today_once(tmp_path: Path) -> None:
    loaded = directory(tmp_path, f"{ALLERDALE}, {BIRMINGHAM}, {CARLISLE}, E07000999")
    assert loaded.providers["council"].catchment == (CUMBERLAND, BIRMINGHAM, "E07000999")


def test_what_is_decided_names_the_authority_of_today() -> None:
    facts = HOMELESS_ADULT | {"person.area": ALLERDALE, "accommodation.chosen_authority": CARLISLE}
    decision = decided(facts, rule_set(need=RULES % ""), a_directory(a_provider("council", catchment=("*",))))
    assert decision.facts["person.area"] == CUMBERLAND
    assert decision.facts["accommodation.chosen_authority"] == CUMBERLAND


@pytest.mark.parametrize("told", [ALLERDALE, CARLISLE, CUMBERLAND])
@pytest.mark.parametrize(("asked", "holds"), [(ALLERDALE, True), (f"[{ALLERDALE}]", True), (f"not {ALLERDALE}", False)])
def test_a_rule_published_before_its_authority_was_abolished_holds_in_the_area_it_belongs_to(
    told: str, asked: str, holds: bool
) -> None:
    rules = rule_set(need=RULES % f", person.area: {asked}")
    facts = HOMELESS_ADULT | {"person.area": told}
    assert bool(decided(facts, rules, a_directory(a_provider("council", catchment=("*",)))).referrals) is holds


def test_the_test_of_a_rule_comes_out_as_the_decision_does() -> None:
    agreed = "accommodation.status: homeless, consent.accommodation: true"
    rule = (
        RULES % f", person.area: {CUMBERLAND}"
        + f"""\
    tests:
      - {{name: old, given: {{{agreed}, person.area: {ALLERDALE}}}, expect: match}}
      - {{name: other, given: {{{agreed}, person.area: {BIRMINGHAM}}}, expect: no_match}}
"""
    )
    assert [result.problem for result in run_tests(rule_set(need=rule))] == ["", ""]
