"""Seeds 17 to 33: needs, children, life at risk, clocks, domestic abuse, orders, cautions, refusal, capacity."""

from typing import Any

import pytest

from onward.contracts.facts import Facts
from unit.routing.pack_builders import (
    ADULT,
    CAMBRIDGE,
    COVENTRY,
    RELEASED_TODAY,
    asked,
    days_ago,
    decided,
    in_days,
    referral,
    services,
    told,
)

VICTIM: Facts = {**ADULT, "risk.domestic_abuse_role": "victim"}
SUSPECTED: Facts = {"event.suspected": True}


def test_17_an_opioid_need_at_release_is_an_appointment_within_three_weeks_and_naloxone() -> None:
    need = {"needs.substance_drugs": 3, "substance.opioid": True, "consent.substance_drugs": True}

    decision = decided("hmpps", ADULT, need, RELEASED_TODAY)

    assert referral(decision, "drug_treatment").urgency == "within_3_weeks"
    assert ("naloxone-prompt", "resettlement-team") in told(decision)


def test_17_naloxone_is_offered_once_to_whoever_is_released_and_also_to_whoever_refuses_treatment() -> None:
    for agrees in (True, False, None):
        said = {} if agrees is None else {"consent.substance_drugs": agrees}
        decision = decided("hmpps", ADULT, RELEASED_TODAY, {"substance.opioid": True, "needs.substance_drugs": 3}, said)

        assert [notice.rule for notice in decision.notices if notice.kind == "naloxone-prompt"] == [
            "naloxone-at-release"
        ]


@pytest.mark.parametrize(("substance", "service"), [("drugs", "drug_treatment"), ("alcohol", "alcohol_treatment")])
@pytest.mark.parametrize("opioid", [True, False])
def test_18_nor_after_a_release(substance: str, service: str, opioid: bool) -> None:
    both = {
        "needs.mental_health": 2,
        f"needs.substance_{substance}": 2,
        "consent.mental_health": True,
        f"consent.substance_{substance}": True,
        "substance.opioid": opioid,
    }

    decision = decided("hmpps", ADULT, RELEASED_TODAY, both)

    mind, treatment = referral(decision, "community_mental_health"), referral(decision, service)
    for found, other in ((mind, treatment), (treatment, mind)):
        assert "no reason to refuse" in found.advice + found.linked_advice
        assert found.linked == (other.rule,)


@pytest.mark.parametrize(("substance", "service"), [("drugs", "drug_treatment"), ("alcohol", "alcohol_treatment")])
def test_18_neither_of_two_services_may_refuse_because_of_the_other_need(substance: str, service: str) -> None:
    both = {
        "needs.mental_health": 2,
        f"needs.substance_{substance}": 2,
        "consent.mental_health": True,
        f"consent.substance_{substance}": True,
    }

    decision = decided("liaison", ADULT, both)

    assert services(decision) == {"community_mental_health", service}
    for found in decision.referrals:
        assert "no reason to refuse" in found.advice + found.linked_advice
        assert found.linked == (f"both-mental-health-and-{substance}",)


@pytest.mark.parametrize("source", ["custody", "street-triage", "courts", "liaison", "cautions"])
def test_19_a_child_who_is_suspected_is_met_by_youth_justice_and_no_service_for_adults(source: str) -> None:
    needs = {"needs.substance_drugs": 4, "consent.substance_drugs": True, "accommodation.status": "homeless"}

    decision = decided(source, ADULT, needs, {"person.age": 15, "consent.accommodation": True}, SUSPECTED)

    assert services(decision) == {"youth_justice_liaison", "childrens_social_care"}
    assert referral(decision, "youth_justice_liaison").legal_basis.kind == "public_task"


@pytest.mark.parametrize("source", ["street-triage", "control-room", "liaison"])
@pytest.mark.parametrize(
    "child",
    [
        {"person.victim_of_crime": True},
        {"risk.self_harm": 3},
        {"event.missing": "found"},
        {"risk.domestic_abuse_role": "victim"},
    ],
    ids=["victim of a crime", "ill", "found", "victim at home"],
)
def test_19_nobody_in_youth_justice_hears_of_a_child_who_is_not_suspected(source: str, child: dict[str, Any]) -> None:
    for suspected in ({}, {"event.suspected": False}):
        decision = decided(source, ADULT, {"person.age": 14}, child, suspected)

        assert "youth_justice_liaison" not in services(decision)
        assert "youth-justice" not in {role for _, role in told(decision)}


def test_19_a_child_in_custody_has_an_appropriate_adult_and_a_parent_told() -> None:
    assert {("appropriate-adult-and-parent", "custody-officer")} <= told(decided("custody", ADULT, {"person.age": 15}))


def test_20_without_a_date_of_birth_the_person_is_treated_as_a_possible_child() -> None:
    need = {"person.area": COVENTRY, "needs.substance_drugs": 4, "consent.substance_drugs": True}

    decision = decided("custody", need)

    assert decision.referrals == ()
    assert "person.date_of_birth" in asked(decision)
    assert {("appropriate-adult-and-parent", "custody-officer")} <= told(decision)


@pytest.mark.parametrize(
    "sign", [{"risk.self_harm": 4}, {"event.threshold": "immediate_risk_to_life"}], ids=["self-harm", "threshold"]
)
@pytest.mark.parametrize("age", [{}, {"person.age": 12}, {"person.age": 80}], ids=["unknown", "12", "80"])
def test_21_life_at_risk_is_the_crisis_team_within_four_hours_and_a_telephone_call(sign: Facts, age: Facts) -> None:
    decision = decided("control-room", {"person.area": COVENTRY}, sign, age)

    found = referral(decision, "crisis_team")
    assert (found.urgency, found.legal_basis.kind, found.approval) == ("within_4_hours", "vital_interests", None)
    assert ("crisis-phone-call", "crisis-line") in told(decision)


@pytest.mark.parametrize("status", [None, "community", "in_prison"])
@pytest.mark.parametrize("self_harm", [None, 0, 3, 4])
def test_21_two_signs_of_one_danger_are_one_telephone_call(self_harm: int | None, status: str | None) -> None:
    signs: dict[str, Any] = {"event.threshold": "immediate_risk_to_life", "person.area": COVENTRY}
    if self_harm is not None:
        signs["risk.self_harm"] = self_harm
    if status is not None:
        signs["custody.status"] = status

    calls = [notice for notice in decided("control-room", signs).notices if notice.kind == "crisis-phone-call"]

    assert len(calls) == 1


def test_21_life_at_risk_with_no_known_area_is_the_national_line() -> None:
    assert services(decided("control-room", {"event.threshold": "immediate_risk_to_life"})) == {"crisis_line"}


def test_21_no_refusal_stands_against_life_at_risk() -> None:
    refused = {"risk.self_harm": 4, "consent.mental_health": False, "event.declined": True}

    assert services(decided("liaison", ADULT, refused)) == {"crisis_team"}


def test_22_a_call_that_meets_no_threshold_is_for_health_and_not_for_the_police() -> None:
    decision = decided("control-room", {"event.threshold": "none"})

    assert services(decision) == {"crisis_line"}
    assert ("police-not-tasked", "crisis-line") in told(decision)


def test_22_a_crime_stays_with_the_police() -> None:
    assert services(decided("control-room", ADULT, {"event.threshold": "crime"})) == set()


@pytest.mark.parametrize("consent", [{}, {"consent.mental_health": False}, {"consent.mental_health": True}])
def test_22_serious_harm_is_for_the_police_and_the_crisis_team_together_whatever_is_agreed(consent: Facts) -> None:
    decision = decided("control-room", ADULT, {"event.threshold": "serious_harm"}, consent)

    assert referral(decision, "crisis_team").urgency == "within_4_hours"
    assert ("crisis-phone-call", "crisis-line") in told(decision)


def test_23_a_person_detained_under_section_136_goes_to_a_place_of_safety() -> None:
    decision = decided("street-triage", ADULT, {"event.outcome": "s136"})

    assert referral(decision, "place_of_safety").urgency == "immediate"
    assert ("s136-clock-24-hours", "duty-practitioner") in told(decision)
    assert ("child-never-in-a-police-station", "custody-officer") not in told(decision)


@pytest.mark.parametrize("age", [{}, {"person.age": 16}])
def test_23_a_child_or_possible_child_is_never_held_in_a_police_station(age: Facts) -> None:
    decision = decided("street-triage", {"person.area": COVENTRY, "event.outcome": "s136"}, age)

    assert ("child-never-in-a-police-station", "custody-officer") in told(decision)
    assert "place_of_safety" in services(decision)


def test_24_with_two_clocks_the_nearest_deadline_wins() -> None:
    decision = decided("custody", ADULT, {"event.custody_clock_minutes": 60, "event.s136_minutes": 1_300})

    assert ("nearest-deadline-wins", "custody-officer") in told(decision)
    (notice,) = (notice for notice in decision.notices if notice.kind == "nearest-deadline-wins")
    assert {held.field: held.actual for held in notice.conditions}["event.nearest_deadline_hours"] == 2


@pytest.mark.parametrize(("minutes", "escalated"), [(20 * 60 - 1, False), (20 * 60 + 1, True)])
def test_25_a_pending_assessment_is_escalated_before_the_custody_clock_ends(minutes: int, escalated: bool) -> None:
    decision = decided("custody", ADULT, {"event.assessment_pending": True, "event.custody_clock_minutes": minutes})

    wanted = {("escalate-assessment", "duty-practitioner"), ("book-community-follow-up", "duty-practitioner")}
    assert (wanted <= told(decision)) is escalated


@pytest.mark.parametrize(
    ("area", "score", "consent", "service"),
    [
        (CAMBRIDGE, 14, True, {"idva"}),
        (CAMBRIDGE, 13, True, set()),
        (CAMBRIDGE, 16, False, set()),
        (CAMBRIDGE, 17, False, {"idva", "marac"}),
        (CAMBRIDGE, 17, True, {"idva", "marac"}),
        (COVENTRY, 14, True, {"idva", "marac"}),
        (COVENTRY, 14, False, {"idva", "marac"}),
        (COVENTRY, 13, False, set()),
    ],
)
def test_26_the_threshold_is_the_areas_own(area: str, score: int, consent: bool, service: set[str]) -> None:
    decision = decided(
        "custody", VICTIM, {"person.area": area, "risk.dash_score": score, "consent.domestic_abuse": consent}
    )

    assert services(decision) == service


def test_26_the_conference_hears_of_a_victim_only_after_a_practitioner_agrees() -> None:
    found = referral(decided("custody", VICTIM, {"risk.dash_score": 20}), "marac")

    assert (found.legal_basis.kind, found.approval) == ("safeguarding", "approving-practitioner")


def test_27_a_suspect_is_offered_a_programme_that_learns_of_no_household_or_address() -> None:
    suspect: dict[str, Any] = {
        "risk.domestic_abuse_role": "suspect",
        "consent.behaviour_change": True,
        "risk.dash_score": 20,
    }
    household: dict[str, Any] = {"accommodation.status": "settled", "person.dependent_children": True}

    found = referral(decided("custody", ADULT, suspect, household), "perpetrator_programme")

    assert set(found.disclosed) == {"name", "phone"}


@pytest.mark.parametrize("role", ["victim", "victim_and_suspect"])
def test_27_a_victim_is_sent_to_no_programme_whatever_they_agreed_to(role: str) -> None:
    agreed = {"consent.behaviour_change": True, "consent.domestic_abuse": True, "event.domestic_abuse_flag": True}

    decision = decided("custody", ADULT, {"risk.domestic_abuse_role": role, "risk.dash_score": 19}, agreed)

    assert services(decision) == {"idva", "marac"}
    assert ("victim-is-accused", "duty-practitioner") in told(decision)


def test_27_what_was_agreed_for_an_advocate_is_no_agreement_to_a_programme() -> None:
    decision = decided("custody", ADULT, {"risk.domestic_abuse_role": "suspect", "consent.domestic_abuse": True})

    assert services(decision) == set()


def test_27_a_conditional_caution_is_generally_unsuitable_for_a_suspect() -> None:
    decision = decided("cautions", ADULT, {"risk.domestic_abuse_role": "suspect", "event.caution_stage": "issued"})

    assert ("conditional-caution-generally-unsuitable", "officer-in-case") in told(decision)


def test_28_a_support_condition_goes_to_the_scheme() -> None:
    issued = {"event.caution_stage": "issued", "event.caution_conditions": [{"kind": "support"}]}

    assert services(decided("cautions", ADULT, issued)) == {"caution_scheme"}


def test_28_a_missed_condition_is_the_officers_decision() -> None:
    decision = decided("cautions", ADULT, {"event.caution_stage": "condition_missed"})

    assert decision.referrals == ()
    assert ("officer-decides-on-missed-condition", "officer-in-case") in told(decision)


@pytest.mark.parametrize(
    ("order", "service", "part"),
    [
        ("drug_rehabilitation", "drug_treatment", "Part 10"),
        ("alcohol_treatment", "alcohol_treatment", "Part 11"),
        ("mental_health_treatment", "community_mental_health", "Part 9"),
    ],
)
def test_29_a_treatment_requirement_is_referred_the_same_day_and_checked(order: str, service: str, part: str) -> None:
    decision = decided("courts", ADULT, {"event.order": order})

    found = referral(decision, service)
    assert (found.urgency, found.legal_basis.kind) == ("within_24_hours", "court_order")
    assert part in found.legal_basis.citation
    assert ("check-treatment-starts", "offender-manager") in told(decision)


@pytest.mark.parametrize(
    ("when", "refers"),
    [
        ({"custody.status": "in_prison", "release.planned_on": in_days(84)}, True),
        ({"custody.status": "in_prison", "release.planned_on": in_days(85)}, False),
        ({"custody.status": "released", "release.on": days_ago(28)}, True),
        ({"custody.status": "released", "release.on": days_ago(29)}, False),
    ],
)
@pytest.mark.parametrize("need", ["physical_health", "mental_health"])
def test_30_care_after_custody_runs_from_twelve_weeks_before_to_four_after(
    when: Facts, refers: bool, need: str
) -> None:
    decision = decided("probation", ADULT, when, {f"needs.{need}": 2, f"consent.{need}": True})

    assert ("reconnect" in services(decision)) is refers


NEEDS = (
    "accommodation",
    "substance_drugs",
    "substance_alcohol",
    "mental_health",
    "physical_health",
    "learning_neurodiversity",
    "employment_education",
    "finance_debt",
    "family_relationships",
    "thinking_behaviour",
    "social_inclusion",
)


@pytest.mark.parametrize("need", NEEDS)
def test_32_a_need_without_consent_is_signposted_and_with_it_referred(need: str) -> None:
    known: dict[str, Any] = {**ADULT, f"needs.{need}": 3}

    refused = decided("liaison", known, {f"consent.{need}": False})
    agreed = decided("liaison", known, {f"consent.{need}": True})

    assert refused.referrals == ()
    assert ("signpost-only", "duty-practitioner") in told(refused)
    assert [found.category.lower() for found in agreed.referrals] == [need]
    assert agreed.referrals[0].legal_basis.kind == "consent"


def test_32_a_person_who_declines_today_is_not_referred_on_an_older_yes() -> None:
    decision = decided(
        "liaison", ADULT, {"needs.finance_debt": 4, "consent.finance_debt": True, "event.declined": True}
    )

    assert decision.referrals == ()
    assert ("signpost-only", "duty-practitioner") in told(decision)


def test_33_a_full_provider_is_passed_over_and_the_reason_kept() -> None:
    decision = decided("liaison", ADULT, {"needs.substance_drugs": 3, "consent.substance_drugs": True})

    tried = [(each.provider, each.chosen) for each in referral(decision, "drug_treatment").destinations]
    assert tried == [("birmingham-annexe-drug-treatment", False), ("birmingham-drug-treatment", True)]
    assert referral(decision, "drug_treatment").destinations[0].why == "full"


def test_21_the_risk_of_a_hospitals_patient_is_told_to_the_hospital_and_to_nobody_outside() -> None:
    decision = decided("liaison", ADULT, {"risk.self_harm": 4, "custody.status": "hospital"})

    assert told(decision) == {("self-harm-risk-in-hospital", "hospital-liaison")}
    assert decision.referrals == ()


def test_33_a_need_that_nobody_near_can_take_is_said_aloud() -> None:
    far = {"person.age": 34, "person.area": "E06000022", "needs.substance_drugs": 3, "consent.substance_drugs": True}

    decision = decided("liaison", far)

    assert decision.referrals == ()
    (unmet,) = decision.unmet
    assert unmet.category == "SUBSTANCE_DRUGS"
    assert {each.why for each in unmet.destinations} >= {"full"}


@pytest.mark.parametrize(
    ("who", "service"),
    [
        ({"person.sex": "female", "consent.womens_services": True, "needs.finance_debt": 2}, "womens_centre"),
        ({"person.gang_affected": True, "consent.gangs_exit": True}, "gangs_exit"),
        ({"person.age": 19, "needs.social_inclusion": 2, "consent.social_inclusion": True}, "youth_service"),
        (
            {
                "person.age": 19,
                "person.care_leaver": True,
                "accommodation.status": "homeless",
                "consent.accommodation": True,
            },
            "supported_housing",
        ),
        ({"needs.mental_health": 4, "consent.mental_health": True}, "crisis_team"),
        (
            {"needs.mental_health": 2, "consent.mental_health": True, "event.setting": "emergency_department"},
            "hospital_liaison",
        ),
    ],
)
def test_services_for_some_people_are_offered_to_them(who: Facts, service: str) -> None:
    assert service in services(decided("liaison", ADULT, who))


@pytest.mark.parametrize("held", ["in_prison", "hospital"])
def test_nobody_in_prison_or_hospital_is_referred_to_a_service_outside(held: str) -> None:
    needs = {f"needs.{need}": 4 for need in NEEDS} | {f"consent.{need}": True for need in NEEDS}
    woman = {"person.sex": "female", "consent.womens_services": True}

    assert decided("liaison", ADULT, needs, woman, {"custody.status": held}).referrals == ()
