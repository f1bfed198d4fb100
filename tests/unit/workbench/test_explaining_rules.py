"""Every rule beside a decision: matched, not matched and why, or in need of information; and what became of it."""

from typing import Any

from onward.contracts.contact import Consent
from onward.contracts.decision import Decision
from onward.routing.domain.language import RuleSet
from onward.workbench.explaining.base_facts import situation_of
from onward.workbench.explaining.explanation import DecisionExplained, RuleExplained, explain_decision, wrong_in
from unit.routing.pack_builders import ROUTER, situation
from unit.routing.routing_builders import (
    CAMBRIDGE,
    HOMELESS_ADULT,
    HOUSING,
    NOON,
    a_directory,
    a_provider,
    decided,
    rule_set,
    without,
)

NEED = (
    HOUSING
    + """\
  - id: house
    why: A homeless person who is a care leaver or new in town, and has no flat waiting
    when: {accommodation.status: homeless}
    any_of: [{person.care_leaver: true, person.age: "< 26"}, {person.area: E07000008}]
    unless: [{accommodation.next_arranged: true, accommodation.current: hostel}]
    refer: {category: ACCOMMODATION, service: supported_housing, urgency: within_3_weeks}
    legal_basis: life
  - id: housing-again
    why: The same again
    when: {accommodation.status: homeless, consent.accommodation: true}
    refer: {category: ACCOMMODATION, service: housing_authority, urgency: within_3_weeks}
    legal_basis: agreed
"""
)
SUPPRESS = """\
  - {id: died, why: So it is, when: {person.deceased: true}, suppress: {reason: deceased, what: everything}}
"""
PACK = rule_set(need=NEED, suppress=SUPPRESS)


def explained(facts: dict[str, Any], rules: RuleSet = PACK, **more: Any) -> DecisionExplained:
    return explain_decision(decided({"person.deceased": False, **facts}, rules, **more), rules)


def of(found: DecisionExplained, name: str) -> RuleExplained:
    return next(each for each in found.rules if each.rule.id == name)


def endings(found: DecisionExplained, name: str) -> list[tuple[str, str, str]]:
    return [(each.what, each.to, each.by) for each in of(found, name).endings]


def test_a_rule_that_matched_says_to_whom_it_referred() -> None:
    found = explained(HOMELESS_ADULT)
    assert of(found, "housing").outcome == "matched"
    assert endings(found, "housing") == [("referred", "council", "")]
    assert endings(found, "housing-again") == [("covered", "", "housing")]


def test_each_failing_condition_is_told_with_what_was_asked_what_was_so_and_where() -> None:
    found = of(explained({**HOMELESS_ADULT, "person.age": 17, "consent.accommodation": False}), "housing")
    assert found.outcome == "not_matched"
    told = [(seen.condition.path, seen.condition.expected, seen.actual, seen.condition.where) for seen in found.failing]
    assert told == [
        ("person.age", ">= 18", 17, "need.yaml:7:24"),
        ("consent.accommodation", "true", False, "need.yaml:7:88"),
    ]


def test_of_alternatives_each_says_what_keeps_it_from_holding() -> None:
    found = of(explained({**HOMELESS_ADULT, "person.care_leaver": True}), "house")
    assert found.no_group
    wrong = [[seen.condition.path for seen in wrong_in(group)] for group in found.explanation.any_of]
    assert wrong == [["person.age"], ["person.area"]]
    assert found.distance == (1, 0)


def test_a_rule_that_is_ruled_out_says_by_which_group() -> None:
    facts = {**HOMELESS_ADULT, "person.area": CAMBRIDGE, "accommodation.next_arranged": True}
    found = of(explained({**facts, "accommodation.current": "hostel"}), "house")
    assert found.outcome == "not_matched"
    assert not found.no_group
    assert [[seen.condition.path for seen in group] for group in found.excluded_by] == [
        ["accommodation.next_arranged", "accommodation.current"]
    ]


def test_a_rule_that_needs_information_names_it_as_it_is_asked_for() -> None:
    found = explained(without(HOMELESS_ADULT, "person.age", "consent.accommodation"))
    assert of(found, "housing").outcome == "needs_information"
    assert of(found, "housing").missing == ("consent.accommodation", "person.date_of_birth")
    assert [each.what for each in of(found, "housing").endings] == ["asks"]


def test_what_a_suppression_stopped_says_so_and_the_suppression_too() -> None:
    found = explained({**HOMELESS_ADULT, "person.deceased": True})
    assert endings(found, "housing") == [("stopped", "", "died")]
    assert endings(found, "died") == [("suppresses", "", "")]


def test_what_waits_for_the_answer_to_a_suppression_asks_for_it() -> None:
    found = explain_decision(decided(HOMELESS_ADULT, PACK), PACK)
    assert of(found, "housing").outcome == "matched"
    (ending,) = of(found, "housing").endings
    assert (ending.what, ending.missing) == ("asks", ("person.deceased",))


def test_an_unmet_need_says_why_each_provider_cannot_take_it() -> None:
    directory = a_directory(a_provider("full", accepting=False), a_provider("young", eligibility={"max_age": 25}))
    (ending,) = of(explained(HOMELESS_ADULT, directory=directory), "housing").endings
    assert ending.what == "unmet"
    assert [(each.provider, each.why) for each in ending.tried] == [("full", "full"), ("young", "only up to age 25")]


def test_the_nearest_misses_come_first() -> None:
    facts = {**HOMELESS_ADULT, "person.age": 17, "consent.accommodation": False, "person.care_leaver": False}
    found = explained(facts)
    assert [each.rule.id for each in found.nearest(5)] == ["house", "housing-again", "housing"]
    assert [each.rule.id for each in found.nearest(1)] == ["house"]


def test_a_rule_that_waits_for_a_prerequisite_says_for_what() -> None:
    rules = rule_set(
        need="""\
  - id: later
    why: Later
    when: {accommodation.status: homeless}
    requires: [referred]
    refer: {category: ACCOMMODATION, service: housing_authority, urgency: within_3_weeks}
    legal_basis: life
prerequisites:
  referred: {why: a duty-to-refer referral must exist, when: {duty_to_refer.status: [submitted, accepted]}}
"""
    )
    found = explained({**HOMELESS_ADULT, "duty_to_refer.status": "none"}, rules)
    assert of(found, "later").outcome == "not_matched"
    (ending,) = of(found, "later").endings
    assert (ending.what, ending.why) == ("waits", "a duty-to-refer referral must exist")


def test_a_decision_of_other_rules_says_so() -> None:
    decision = decided(HOMELESS_ADULT, PACK)
    assert not explain_decision(decision, PACK).other_rules
    assert explain_decision(decision, rule_set(need=HOUSING)).other_rules


def test_a_stored_decision_gives_back_its_situation() -> None:
    person = situation("custody", {"person.age": 34, "person.area": CAMBRIDGE, "accommodation.status": "homeless"})
    stored = Decision.model_validate_json(ROUTER.decide(person).model_dump_json())
    again = ROUTER.decide(situation_of(stored).model_copy(update={"identity_fields": person.identity_fields}))
    assert again == stored


def test_what_the_person_said_of_one_provider_shows_in_why_it_was_passed_over() -> None:
    refused = (Consent(purpose="ACCOMMODATION", given=False, recipient="council", said_at=NOON),)
    directory = a_directory(a_provider("council"), a_provider("other"))
    (ending,) = of(explained(HOMELESS_ADULT, directory=directory, consents=refused), "housing").endings
    assert (ending.to, ending.tried[0].why) == ("other", "the person refused this provider")
