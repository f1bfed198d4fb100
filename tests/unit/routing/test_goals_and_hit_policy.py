"""What the head of a rule file promises: who is reached, and how many of its rules may match."""

import pytest

from onward.chassis.record import Received
from onward.contracts.facts import FACTS
from onward.contracts.outcome import Noted
from onward.routing.domain.decide import Router
from onward.routing.domain.diagnostics import SourceFile
from onward.routing.domain.language import OneOf, RuleSet
from onward.routing.domain.loader import load
from onward.routing.handlers import route
from onward.routing.metrics import OVERLAPS
from unit.routing.routing_builders import (
    BASES,
    HOMELESS_ADULT,
    HOUSING,
    NOON,
    a_directory,
    a_situation,
    decided,
    problems,
    rule_file,
)

COVER = """\
cover:
  - why: Nobody homeless is left out
    when: {accommodation.status: $roofless, person.age: ">= 18"}
    category: ACCOMMODATION
  - why: Somebody looks at it
    when: {accommodation.status: at_risk}
sets: {roofless: [homeless]}
"""
TELL = "  - {id: tell, why: told, when: {person.age: 34}, notify: {kind: check, to: duty-practitioner}}\n"


def loaded(head: str, rules: str = HOUSING) -> RuleSet:
    return load([SourceFile("bases.yaml", BASES.encode()), rule_file("need", rules, sets=head)])


def test_a_file_says_who_must_be_reached() -> None:
    first, second = loaded(COVER).goals
    assert (first.why, first.category, str(first.place)) == (
        "Nobody homeless is left out",
        "ACCOMMODATION",
        "need.yaml:5:5",
    )
    assert first.when[0].test == OneOf(frozenset(["homeless"]))
    assert second.category is None


@pytest.mark.parametrize(
    ("right", "wrong", "code"),
    [
        ("category: ACCOMMODATION", "category: HOUSING", "R007"),
        ("  - why: Somebody looks at it\n    when", "  - when", "R003"),
        ("$roofless", "$rofless", "R006"),
        ("status: at_risk", "status: at_rsk", "T003"),
        ("    category:", "    categry:", "R002"),
    ],
)
def test_a_goal_that_makes_no_sense_is_refused(right: str, wrong: str, code: str) -> None:
    (found,) = problems(HOUSING, sets=COVER.replace(right, wrong, 1))
    assert f"error[{code}]" in found


def test_rules_of_a_unique_file_are_known_and_those_of_any_other_are_not() -> None:
    assert loaded("hit_policy: unique\n", HOUSING + TELL).unique == (frozenset({"housing", "tell"}),)
    assert loaded("hit_policy: collect\n").unique == ()
    (found,) = problems(HOUSING, sets="hit_policy: first\n")
    assert "error[R007]: `hit_policy` cannot be `first`; write one of `collect`, `unique`" in found


def test_two_rules_of_a_unique_file_that_match_both_act_and_are_named() -> None:
    decision = decided(HOMELESS_ADULT, loaded("hit_policy: unique\n", HOUSING + TELL))
    assert decision.overlaps == (("housing", "tell"),)
    assert (len(decision.referrals), len(decision.notices)) == (1, 1)
    assert decided(HOMELESS_ADULT | {"person.age": 35}, loaded("hit_policy: unique\n", HOUSING + TELL)).overlaps == ()
    assert decided(HOMELESS_ADULT, loaded("", HOUSING + TELL)).overlaps == ()


def test_decisions_with_rules_that_should_never_match_together_are_counted() -> None:
    router = Router(loaded("hit_policy: unique\n", HOUSING + TELL), a_directory())
    for age, counted in ((34, 1), (35, 0)):
        situation = a_situation(HOMELESS_ADULT | {"person.age": age})
        routed = route(Received(situation, "situations", situation.person, NOON, 0, 0), router)
        assert routed.noted == (Noted(OVERLAPS),) * counted


MONITORED = [fact.path for fact in FACTS.values() if fact.monitoring]


@pytest.mark.parametrize("path", MONITORED)
@pytest.mark.parametrize(
    "place", ["when: {person.age: 34,", "cover: [{why: w, when: {", "prerequisites: {one: {why: w, when: {"]
)
def test_no_rule_goal_or_prerequisite_asks_about_a_fact_that_is_for_monitoring_only(path: str, place: str) -> None:
    asked = f"{path}: known"
    if place.startswith("when"):
        found = problems(TELL.replace("when: {", f"when: {{{asked}, "))
    else:
        closing = "}}]\n" if place.startswith("cover") else "}}}\n"
        found = problems(HOUSING, sets=place + asked + closing)
    (problem,) = found
    assert "error[P005]" in problem
    assert "treated alike" in problem


def test_what_is_watched_for_unequal_help_is_never_asked_for_and_told_to_no_provider() -> None:
    assert MONITORED == [
        "person.ethnicity",
        "person.disabled",
        "person.religion",
        "person.sexual_orientation",
        "person.gender_reassignment",
        "person.marital_status",
    ]
    told = decided(HOMELESS_ADULT | {"person.ethnicity": "black", "person.disabled": True}, loaded(""))
    (referral,) = told.referrals
    assert not set(referral.disclosed) & set(MONITORED)
    assert told.facts["person.ethnicity"] == "black"
