"""`if_unmet`: whoever is told where no provider takes what a rule refers, and the pack's promise that somebody is."""

import pytest

from onward.contracts.decision import Decision
from onward.contracts.facts import Facts
from onward.routing.domain.language import Rule
from unit.routing.pack_builders import BIRMINGHAM, DIRECTORY, RULES
from unit.routing.pack_builders import decided as by_the_pack
from unit.routing.routing_builders import HOMELESS_ADULT, a_directory, a_provider, decided, rule_set

LEICESTER = "E06000016"
CHILD: Facts = {"person.age": 14, "risk.self_harm": 3, "person.area": LEICESTER}
RULE = """\
  - id: crisis
    why: Life at risk
    when: {event.threshold: immediate_risk_to_life}
    refer: {category: MENTAL_HEALTH, service: crisis_team, urgency: within_4_hours}
    notify:
      - {kind: always, to: amhp}
      - {kind: nobody-near, to: crisis-line, urgency: immediate, if_unmet: true}
    legal_basis: life
"""
STOP = (
    "  - {id: stop, why: stop, when: {person.deceased: true}, "
    "suppress: {reason: died, what: everything, closes: none}}\n"
)
TEAM = a_provider("crisis-team", services=("crisis_team",), categories=("MENTAL_HEALTH",), catchment=(BIRMINGHAM,))
AT_RISK = HOMELESS_ADULT | {"event.threshold": "immediate_risk_to_life"}


def told(decision: Decision) -> set[str]:
    return {each.kind for each in decision.notices}


def test_whoever_is_told_if_a_need_is_unmet_hears_nothing_where_a_provider_takes_it() -> None:
    assert told(decided(AT_RISK, rule_set(safety=RULE), directory=a_directory(TEAM))) == {"always"}


def test_they_are_told_where_no_provider_is_there() -> None:
    decision = decided(AT_RISK, rule_set(safety=RULE), directory=a_directory(a_provider()))
    assert told(decision) == {"always", "nobody-near"}
    assert [(each.category, each.urgency) for each in decision.unmet] == [("MENTAL_HEALTH", "within_4_hours")]


def test_they_are_told_where_nobody_knows_where_to_look() -> None:
    nowhere = {path: value for path, value in AT_RISK.items() if path != "person.area"}
    decision = decided(nowhere, rule_set(safety=RULE), directory=a_directory(TEAM))
    assert told(decision) == {"always", "nobody-near"}
    assert decision.unmet == ()


def test_nobody_is_told_of_a_referral_that_is_stopped() -> None:
    facts = AT_RISK | {"person.deceased": True}
    assert told(decided(facts, rule_set(safety=RULE, suppress=STOP), directory=a_directory(a_provider()))) == set()


def test_a_referral_that_another_rule_makes_is_not_unmet() -> None:
    twice = RULE + RULE.replace("id: crisis", "id: crisis-again")
    assert told(decided(AT_RISK, rule_set(safety=twice), directory=a_directory(TEAM))) == {"always"}


@pytest.mark.parametrize(
    "more", [{}, {"event.source": "control-room"}, {"custody.status": "police_custody"}, {"custody.status": "released"}]
)
def test_a_child_at_high_risk_with_no_service_near_has_the_crisis_line_and_social_care_at_once(more: Facts) -> None:
    decision = by_the_pack("street-triage", CHILD, more)
    calls = {(each.to, each.urgency) for each in decision.notices if each.kind != "unmet-need"}
    assert {("crisis-line", "immediate"), ("childrens-social-care", "immediate")} <= calls


def test_where_a_service_for_children_is_near_it_alone_is_called() -> None:
    decision = by_the_pack("street-triage", CHILD, {"person.area": BIRMINGHAM})
    assert {each.service for each in decision.referrals} >= {"camhs"}
    assert not {each.to for each in decision.notices} & {"crisis-line", "childrens-social-care"}


def everywhere(service: str) -> bool:
    """Whether somebody of the directory gives it wherever a person is."""
    giving = [each for each in DIRECTORY.providers.values() if service in each.services]
    return any("*" in each.catchment for each in giving) or service == "liaison_handover"


@pytest.mark.parametrize(
    "rule", [each for each in RULES.rules if each.theme == "safety" and each.refer], ids=lambda rule: rule.id
)
def test_a_rule_of_life_and_safety_always_has_somebody_who_hears_of_it(rule: Rule) -> None:
    somewhere = [each.service for each in rule.refer if not everywhere(each.service)]
    assert not somewhere or rule.notify, f"{rule.id}: nobody hears of it where nobody is near for {somewhere}"
