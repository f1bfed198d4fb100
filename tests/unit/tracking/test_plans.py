"""Referrals that belong together are one plan: linked both ways, led by one, and told of in kinds of service."""

from typing import Any

from onward.contracts.decision import Notice
from onward.contracts.plans import CarePlan
from unit.tracking.ledger_builders import Desk, a_decision, a_proposal

CAUTION: dict[str, Any] = {"plan": "conditional_caution"}
SCHEME = a_proposal("scheme", category="OUT_OF_COURT", service="caution_scheme", leads=True, **CAUTION)
HOUSING = a_proposal("housing", **CAUTION)


def plan_of(desk: Desk, rule: str) -> CarePlan:
    plan = next(each.plan for each in desk.deliveries() if each.rule == rule)
    assert plan is not None
    return plan


def services(plan: CarePlan) -> list[str]:
    return [each.service for each in plan.others]


def test_a_link_that_one_rule_names_is_told_to_both() -> None:
    desk = Desk()
    debt = a_proposal("debt", category="FINANCE_DEBT", service="debt_advice", urgency="within_4_weeks")
    desk.decide(a_decision(a_proposal("housing", linked=("debt",)), debt))
    assert services(plan_of(desk, "debt")) == ["housing_authority"]
    assert services(plan_of(desk, "housing")) == ["debt_advice"]
    assert plan_of(desk, "housing").leads, "of two that are linked the more urgent leads"
    assert plan_of(desk, "debt").lead == plan_of(desk, "debt").others[0]


def test_two_halves_of_one_rule_are_told_of_one_another() -> None:
    desk = Desk()
    alcohol: dict[str, Any] = {"category": "SUBSTANCE_ALCOHOL", "service": "alcohol_treatment"}
    desk.decide(a_decision(a_proposal("pair", linked=("pair",)), a_proposal("pair", linked=("pair",), **alcohol)))
    assert sorted(service for each in desk.deliveries() if each.plan for service in services(each.plan)) == [
        "alcohol_treatment",
        "housing_authority",
    ]


def test_what_is_linked_with_nothing_that_was_made_has_no_plan() -> None:
    desk = Desk()
    desk.decide(a_decision(a_proposal("housing", linked=("unmatched",))))
    assert desk.deliveries()[0].plan is None


def test_a_scheme_leads_and_is_told_of_the_help_that_goes_on_already() -> None:
    desk = Desk()
    alcohol = a_proposal("alcohol", contact="cell", category="SUBSTANCE_ALCOHOL", service="alcohol_treatment")
    desk.decide(a_decision(alcohol, contact="cell"))
    desk.decide(a_decision(SCHEME, HOUSING))
    led = plan_of(desk, "scheme")
    assert (led.leads, services(led)) == (True, ["housing_authority", "alcohol_treatment"])
    housing = plan_of(desk, "housing")
    assert (housing.leads, services(housing)) == (False, ["caution_scheme"])
    assert housing.lead is not None
    assert housing.lead.service == "caution_scheme"


def test_a_release_is_one_plan_with_a_role_that_leads() -> None:
    desk = Desk()
    release: dict[str, Any] = {"plan": "release", "release": True}
    debt = a_proposal("debt", category="FINANCE_DEBT", service="debt_advice", **release)
    lead = Notice(kind="lead-the-release-plan", to="resettlement-team", rule="r", why="Leads", leads="release")
    desk.decide(a_decision(a_proposal("housing", **release), debt, notices=[lead]))
    plans = [each.plan for each in desk.deliveries() if each.plan]
    assert {(plan.plan_id, plan.lead_role) for plan in plans} == {(plans[0].plan_id, "resettlement-team")}
    assert len(plans) == 2


def test_the_lead_of_a_release_has_the_whole_plan_in_one_case_and_what_joins_as_one_line_more() -> None:
    desk = Desk()
    release: dict[str, Any] = {"plan": "release", "release": True}
    housing = a_proposal("housing", **release)
    debt = a_proposal("debt", category="FINANCE_DEBT", service="debt_advice", **release)
    lead = Notice(kind="resettlement-lead", to="resettlement-team", rule="r", why="Leads", leads="release")
    desk.decide(a_decision(housing, notices=[lead]))
    desk.decide(a_decision(housing, debt, notices=[lead], contact="later"))
    again = desk.decide(a_decision(housing, debt, notices=[lead], contact="later", revision=2))
    calls = [each for each in desk.escalations() if each.kind == "resettlement-lead"]
    assert [(each.revision, each.why) for each in calls] == [
        (0, "Leads. In the plan: housing authority"),
        (1, "Leads. In the plan: debt advice, housing authority"),
    ]
    assert len({each.escalation_id for each in calls}) == 1
    assert not again.messages


def test_advice_about_the_others_is_kept_apart_from_what_anybody_may_be_told() -> None:
    desk = Desk()
    pair: dict[str, Any] = {
        "linked": ("debt",),
        "advice": "Ring first",
        "linked_advice": "Agree a lead worker",
        "warning": "Ask first",
    }
    debt = a_proposal("debt", category="FINANCE_DEBT", service="debt_advice")
    desk.decide(a_decision(a_proposal("housing", **pair), debt))
    assert (desk.deliveries()[0].advice, desk.deliveries()[0].warning) == ("Ring first", "Ask first")
    assert plan_of(desk, "housing").advice == "Agree a lead worker"
