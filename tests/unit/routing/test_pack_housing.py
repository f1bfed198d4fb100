"""Seeds 9 to 16: the homelessness duty to refer, who has it and who has not, and what hangs on it."""

from typing import Any

import pytest

from onward.contracts.facts import Facts
from unit.routing.pack_builders import (
    ADULT,
    AGREES_TO_DUTY,
    CARDIFF,
    COVENTRY,
    MONDAY,
    RELEASED_TODAY,
    asked,
    days_ago,
    decided,
    in_days,
    reasons,
    referral,
    services,
    told,
)

HOMELESS_ADULT: Facts = {**ADULT, **AGREES_TO_DUTY}
POLICE = ("custody", "street-triage", "control-room", "cautions")
CAS3_READY: Facts = {
    **ADULT,
    "accommodation.current": "prison",
    "accommodation.next_arranged": False,
    "rehabilitation_accommodation.live": True,
    "duty_to_refer.status": "submitted",
    "duty_to_refer.submitted_on": days_ago(10),
}


def duty(decision: Any) -> list[str]:
    """The providers of referrals on the duty to refer."""
    return [each.provider for each in decision.referrals if each.legal_basis.name == "duty-to-refer"]


def test_9_a_person_released_homeless_goes_to_the_authority_they_chose() -> None:
    decision = decided("hmpps", HOMELESS_ADULT, RELEASED_TODAY, {"accommodation.chosen_authority": COVENTRY})

    assert duty(decision) == ["coventry-housing"]
    found = referral(decision, "housing_authority")
    assert found.legal_basis.kind == "statutory_duty"
    assert "213B" in found.legal_basis.citation
    assert found.approval is None


@pytest.mark.parametrize(
    "missing", ["consent.duty_to_refer", "consent.contact_details", "accommodation.chosen_authority"]
)
def test_9_each_of_the_three_things_that_only_the_person_can_give_is_asked_for(missing: str) -> None:
    known = {path: value for path, value in HOMELESS_ADULT.items() if path != missing}

    decision = decided("hmpps", known, RELEASED_TODAY)

    assert duty(decision) == []
    assert missing in asked(decision)


@pytest.mark.parametrize("refused", ["consent.duty_to_refer", "consent.contact_details"])
def test_9_each_refusal_ends_it(refused: str) -> None:
    assert duty(decided("hmpps", HOMELESS_ADULT, RELEASED_TODAY, {refused: False})) == []


def test_9_probation_has_the_duty_as_well() -> None:
    assert duty(decided("probation", HOMELESS_ADULT)) == ["birmingham-housing"]


@pytest.mark.parametrize(
    ("planned", "refers"),
    [({}, True), ({"release.planned_on": in_days(56)}, True), ({"release.planned_on": in_days(57)}, False)],
)
def test_10_a_prisoner_is_referred_within_eight_weeks_of_release_and_an_unknown_day_is_within(
    planned: Facts, refers: bool
) -> None:
    decision = decided("probation", HOMELESS_ADULT, {"custody.status": "in_prison"}, planned)

    assert bool(duty(decision)) is refers
    assert (("duty-to-refer-upcoming", "prison-housing") in told(decision)) is not refers


def test_10_a_referral_without_an_answer_is_chased() -> None:
    made = {"duty_to_refer.status": "submitted", "duty_to_refer.submitted_on": days_ago(15)}

    decision = decided("probation", HOMELESS_ADULT, made)

    assert ("chase-duty-to-refer", "prison-housing") in told(decision)
    assert duty(decision) == []


def test_11_a_welsh_authority_is_approached_under_welsh_law() -> None:
    decision = decided("hmpps", HOMELESS_ADULT, RELEASED_TODAY, {"accommodation.chosen_authority": CARDIFF})

    assert decision.referrals == ()
    assert "authority-not-in-england" in reasons(decision)
    assert ("welsh-or-scottish-route", "prison-housing") in told(decision)


@pytest.mark.parametrize("source", POLICE)
def test_12_the_police_never_refer_on_the_duty_even_when_they_claim_it(source: str) -> None:
    decision = decided(source, HOMELESS_ADULT, {"custody.status": "released", "release.on": days_ago(2)})

    assert duty(decision) == []
    assert ("police-have-no-duty-to-refer", "duty-practitioner") in told(decision)


@pytest.mark.parametrize("source", ["custody", "street-triage"])
def test_12_with_consent_the_police_refer_voluntarily(source: str) -> None:
    decision = decided(source, HOMELESS_ADULT, {"consent.accommodation": True})

    found = referral(decision, "housing_authority")
    assert (found.rule, found.legal_basis.kind) == ("housing-voluntary", "consent")
    assert found.provider == "birmingham-housing"


def test_12_without_consent_nobody_is_told() -> None:
    assert decided("custody", HOMELESS_ADULT, {"consent.accommodation": False}).referrals == ()


@pytest.mark.parametrize("setting", ["emergency_department", "inpatient"])
def test_13_a_hospital_has_the_duty(setting: str) -> None:
    decision = decided("liaison", HOMELESS_ADULT, {"event.setting": setting})

    assert referral(decision, "housing_authority").rule == "duty-to-refer-by-hospital"


@pytest.mark.parametrize(("days", "refers"), [(56, True), (57, False)])
def test_13_a_prisoner_brought_to_hospital_is_referred_in_the_same_eight_weeks(days: int, refers: bool) -> None:
    brought = {
        "event.setting": "emergency_department",
        "custody.status": "in_prison",
        "release.planned_on": in_days(days),
    }

    decision = decided("liaison", HOMELESS_ADULT, brought)

    assert (duty(decision) != []) == refers
    assert (("duty-to-refer-upcoming", "prison-housing") in told(decision)) != refers


def test_13_a_hospital_is_reminded_when_the_police_bring_somebody() -> None:
    after_136 = {"event.setting": "emergency_department", "event.outcome": "s136"}

    decision = decided("street-triage", HOMELESS_ADULT, after_136)

    assert ("hospital-duty-to-refer", "hospital-liaison") in told(decision)
    assert duty(decision) == []


@pytest.mark.parametrize(
    ("earlier", "refers"),
    [
        ({}, True),
        ({"duty_to_refer.status": "none"}, True),
        ({"duty_to_refer.status": "submitted", "duty_to_refer.submitted_on": days_ago(182)}, False),
        ({"duty_to_refer.status": "submitted", "duty_to_refer.submitted_on": days_ago(183)}, True),
        ({"duty_to_refer.status": "accepted", "duty_to_refer.submitted_on": days_ago(30)}, False),
        ({"duty_to_refer.status": "not_accepted", "duty_to_refer.submitted_on": days_ago(30)}, False),
        ({"duty_to_refer.status": "withdrawn", "duty_to_refer.submitted_on": days_ago(30)}, True),
    ],
)
@pytest.mark.parametrize("arranged", [False, True])
def test_14_next_accommodation_makes_a_referral_unnecessary_and_a_live_one_keeps_running(
    earlier: Facts, refers: bool, arranged: bool
) -> None:
    decision = decided("hmpps", HOMELESS_ADULT, RELEASED_TODAY, earlier, {"accommodation.next_arranged": arranged})

    assert bool(duty(decision)) is (refers and not arranged)
    assert ("not-required-next-accommodation" in reasons(decision)) is (refers and arranged)
    assert (("duty-to-refer-keeps-running", "prison-housing") in told(decision)) is (arranged and not refers)
    assert all(stop.closes == "none" for stop in decision.suppressed)


@pytest.mark.parametrize("place", ["prison", "cas1", "cas2"])
def test_15_transitional_accommodation_follows_its_two_prerequisites(place: str) -> None:
    found = referral(decided("probation", CAS3_READY, {"accommodation.current": place}), "cas3")

    assert (found.provider, found.legal_basis.kind) == ("national-cas3", "public_task")


@pytest.mark.parametrize(
    ("changed", "cannot_start"),
    [
        ({"rehabilitation_accommodation.live": False}, True),
        ({"duty_to_refer.submitted_on": days_ago(183)}, True),
        ({"accommodation.next_arranged": True}, False),
        ({"accommodation.current": "hostel"}, False),
        ({"person.no_recourse_to_public_funds": True}, False),
    ],
)
def test_15_what_stands_in_the_way_of_transitional_accommodation(changed: Facts, cannot_start: bool) -> None:
    decision = decided("probation", CAS3_READY, changed)

    assert "cas3" not in services(decision)
    assert any(notice.rule.startswith("cas3-needs-") for notice in decision.notices) is cannot_start


def test_15_without_any_duty_to_refer_referral_it_cannot_start_yet() -> None:
    known = {path: value for path, value in CAS3_READY.items() if not path.startswith("duty_to_refer.")}

    decision = decided("probation", known, {"duty_to_refer.status": "none"})

    assert ("accommodation-not-started", "offender-manager") in told(decision)


def test_16_alcohol_and_no_home_are_referred_together_with_one_lead_worker() -> None:
    kate = {
        **ADULT,
        "accommodation.status": "homeless",
        "needs.substance_alcohol": 3,
        "consent.accommodation": True,
        "consent.substance_alcohol": True,
    }

    decision = decided("street-triage", kate)

    assert services(decision) == {"housing_authority", "alcohol_treatment"}
    for found in decision.referrals:
        assert found.linked == ("both-alcohol-and-homeless",)
        assert "lead worker" in found.advice + found.linked_advice


@pytest.mark.parametrize("registered", [{}, {"registrations": [{"code": "MAPP", "active": True}]}])
def test_16_both_are_linked_at_the_gate_too(registered: Facts) -> None:
    drinks = {"needs.substance_alcohol": 3, "consent.substance_alcohol": True}

    decision = decided("hmpps", HOMELESS_ADULT, RELEASED_TODAY, drinks, registered)

    home, treatment = referral(decision, "housing_authority"), referral(decision, "alcohol_treatment")
    for found, other in ((home, treatment), (treatment, home)):
        assert found.linked == (other.rule,)
        assert "lead worker" in found.advice + found.linked_advice


def test_31_a_person_on_a_high_risk_register_is_referred_after_a_practitioner_agrees() -> None:
    registered = {"registrations": [{"code": "MAPP", "active": True}]}

    for source, more in (("hmpps", RELEASED_TODAY), ("probation", {}), ("custody", {"consent.accommodation": True})):
        decision = decided(source, HOMELESS_ADULT, more, registered)
        found = referral(decision, "housing_authority")
        assert found.approval == "approving-practitioner"
        assert "practitioner" in found.warning
        assert "registrations" not in found.disclosed
        assert ("minimal-safety-alert", "approving-practitioner") in told(decision)


@pytest.mark.parametrize(
    ("source", "facts", "service"),
    [
        ("liaison", {**HOMELESS_ADULT, "event.setting": "inpatient"}, "housing_authority"),
        ("probation", CAS3_READY, "cas3"),
        ("probation", {**CAS3_READY, "cas3.application": "rejected"}, "cas3"),
        ("liaison", {**ADULT, "needs.accommodation": 2, "consent.accommodation": True}, "housing_authority"),
        (
            "liaison",
            {**HOMELESS_ADULT, "consent.accommodation": True, "person.age": 20, "person.care_leaver": True},
            "supported_housing",
        ),
    ],
    ids=["from hospital", "transitional", "transitional after a rejection", "advice", "care leaver"],
)
@pytest.mark.parametrize("active", [True, False])
def test_31_every_way_to_a_home_is_approved_first_for_somebody_on_a_high_risk_register(
    source: str, facts: Facts, service: str, active: bool
) -> None:
    decision = decided(source, facts, {"registrations": [{"code": "MAPP", "active": active}]})

    found = referral(decision, service)
    assert found.approval == ("approving-practitioner" if active else None)
    assert ("practitioner" in found.warning) == active


def test_31_what_transitional_accommodation_waits_for_is_said_once() -> None:
    not_yet = {**CAS3_READY, "rehabilitation_accommodation.live": False}

    decision = decided("probation", not_yet, {"registrations": [{"code": "MAPP", "active": True}]})

    assert [(each.rule, each.prerequisites) for each in decision.waiting] == [
        ("cas3-transitional-accommodation", ("rehabilitation-accommodation",))
    ]


def test_an_authority_outside_the_directory_is_unmet_need_said_aloud() -> None:
    decision = decided("hmpps", HOMELESS_ADULT, RELEASED_TODAY, {"accommodation.chosen_authority": "E09000001"})

    assert decision.referrals == ()
    assert [unmet.category for unmet in decision.unmet] == ["ACCOMMODATION"]


@pytest.mark.parametrize("source", ["liaison", "custody", "street-triage", "control-room", "courts", "cautions"])
@pytest.mark.parametrize("held", ["released", "in_prison", "community", None])
def test_only_bodies_bound_by_the_duty_to_refer_claim_it(source: str, held: str | None) -> None:
    where = {} if held is None else {"custody.status": held}
    released = {"release.on": MONDAY} if held == "released" else {}
    decision = decided(source, HOMELESS_ADULT, where, released, {"consent.accommodation": True})

    assert duty(decision) == []
