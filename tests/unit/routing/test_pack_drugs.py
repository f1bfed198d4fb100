"""Drugs and alcohol where weeks are too long, and what the law requires."""

import pytest

from onward.contracts.facts import Facts
from unit.routing.pack_builders import ADULT, RELEASED_TODAY, days_ago, decided, referral, services, told


@pytest.mark.parametrize("substance", ["drugs", "alcohol"])
@pytest.mark.parametrize("source", ["street-triage", "liaison", "custody"])
def test_an_urgent_need_of_an_adult_who_agrees_is_met_within_a_day(substance: str, source: str) -> None:
    urgent = {f"needs.substance_{substance}": 4, f"consent.substance_{substance}": True}

    assert referral(decided(source, ADULT, urgent), f"{substance_service(substance)}").urgency == "within_24_hours"


@pytest.mark.parametrize("substance", ["drugs", "alcohol"])
@pytest.mark.parametrize("more", [{}, {"needs.mental_health": 2, "consent.mental_health": True}])
def test_a_pregnant_woman_is_treated_within_days_and_her_pregnancy_is_told(substance: str, more: Facts) -> None:
    need = {f"needs.substance_{substance}": 2, f"consent.substance_{substance}": True, "person.pregnant": True}

    found = referral(decided("liaison", ADULT, need, more), substance_service(substance))

    assert found.urgency == "within_2_working_days"
    assert "person.pregnant" in found.disclosed


@pytest.mark.parametrize("agrees", [True, False, None])
@pytest.mark.parametrize(("need", "prompted"), [(4, True), (3, True), (2, False)])
def test_naloxone_does_not_hang_on_agreeing_to_treatment(agrees: bool | None, need: int, prompted: bool) -> None:
    said = {} if agrees is None else {"consent.substance_drugs": agrees}
    decision = decided("street-triage", ADULT, {"needs.substance_drugs": need, "substance.opioid": True}, said)

    assert (("naloxone-prompt", "liaison-and-diversion") in told(decision)) is prompted


@pytest.mark.parametrize(("days", "urgency"), [(0, "within_24_hours"), (28, "within_24_hours"), (29, None)])
@pytest.mark.parametrize("source", ["hmpps", "probation"])
def test_a_prescription_goes_on_within_a_day_of_release(days: int, urgency: str | None, source: str) -> None:
    treated = {"substance.opioid": True, "substance.in_treatment": True, "consent.substance_drugs": True}
    decision = decided(source, ADULT, RELEASED_TODAY, treated, {"release.on": days_ago(days)})

    made = {each.service: each.urgency for each in decision.referrals}
    assert made.get("drug_treatment") == urgency


@pytest.mark.parametrize("agrees", [True, False, None])
def test_a_required_assessment_is_no_question_of_consent(agrees: bool | None) -> None:
    said = {} if agrees is None else {"consent.substance_drugs": agrees}
    decision = decided("custody", ADULT, {"event.required_assessment": True, "needs.substance_drugs": 3}, said)

    found = referral(decision, "drug_treatment")
    assert (found.legal_basis.kind, found.legal_basis.name) == ("statutory_duty", "required-drug-assessment")
    assert "Drugs Act 2005" in found.legal_basis.citation


def test_no_child_is_required_to_attend() -> None:
    decision = decided("custody", ADULT, {"person.age": 17, "event.required_assessment": True})

    assert "drug_treatment" not in services(decision)


def substance_service(substance: str) -> str:
    return {"drugs": "drug_treatment", "alcohol": "alcohol_treatment"}[substance]
