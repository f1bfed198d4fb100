"""Seeds 1 to 8: what is and is not a release. Nobody is referred on a word that means something else."""

from datetime import timedelta
from typing import Any

import pytest

from onward.contracts.facts import Facts
from unit.routing.pack_builders import (
    ADULT,
    AGREES_TO_DUTY,
    RELEASED_TODAY,
    asked,
    days_ago,
    decided,
    reasons,
    referral,
    services,
    told,
)

ALL_KNOWN: Facts = {
    **ADULT,
    **AGREES_TO_DUTY,
    "consent.accommodation": True,
    "needs.substance_drugs": 3,
    "substance.opioid": True,
    "consent.substance_drugs": True,
    "needs.mental_health": 2,
    "consent.mental_health": True,
    "needs.finance_debt": 2,
    "consent.finance_debt": True,
}
"""A person of whom everything is known that could lead to a referral."""


def after(movement: str, status: str | None) -> Facts:
    return {"event.movement": movement, **({"custody.status": status} if status else {})}


def test_a_real_release_with_all_known_leads_to_help() -> None:
    decision = decided("hmpps", ALL_KNOWN, RELEASED_TODAY)

    assert services(decision) == {
        "housing_authority",
        "drug_treatment",
        "community_mental_health",
        "debt_advice",
        "reconnect",
    }


def test_a_release_alone_ends_in_questions_never_in_silence_or_a_guess() -> None:
    decision = decided("hmpps", RELEASED_TODAY)

    assert not decision.referrals
    assert {
        "person.date_of_birth",
        "accommodation.status",
        "accommodation.chosen_authority",
        "consent.duty_to_refer",
        "consent.contact_details",
        "needs.substance_drugs",
        "needs.mental_health",
    } <= asked(decision)


def test_a_child_released_is_met_by_the_youth_justice_team_and_no_service_for_adults() -> None:
    decision = decided("hmpps", {**ALL_KNOWN, "person.age": 17}, RELEASED_TODAY)

    assert services(decision) == {"youth_justice_liaison", "childrens_social_care"}
    assert ("child-in-contact", "youth-justice") in told(decision)
    assert services(decided("hmpps", {**ALL_KNOWN, "person.age": 17}, after("court", "in_prison"))) == set()


def test_a_liaison_screening_after_the_release_leads_to_help() -> None:
    carried = {key: value for key, value in RELEASED_TODAY.items() if key != "event.movement"}

    decision = decided("liaison", ALL_KNOWN, carried, {"release.on": days_ago(3)})

    assert {"housing_authority", "drug_treatment", "community_mental_health", "debt_advice"} <= services(decision)
    assert referral(decision, "housing_authority").legal_basis.kind == "consent", "the duty is the prison's own"
    assert referral(decision, "housing_authority").provider == "birmingham-housing"


@pytest.mark.parametrize(
    ("movement", "then"),
    [
        ("died", {"person.deceased": True}),  # seed 1
        ("merged", {}),  # seed 2
        ("court", {"custody.status": "in_prison"}),  # seed 3
        ("transfer", {"custody.status": "in_prison"}),
        ("temporary_absence", {"custody.status": "in_prison"}),
        ("absconded", {"custody.status": "unlawfully_at_large"}),  # seed 4
        ("deported", {"person.deported": True}),  # seed 5
        ("hospital", {"custody.status": "hospital"}),  # seed 6
        ("unknown", {}),
        ("admitted", {"custody.status": "in_prison"}),
        ("returned", {"custody.status": "in_prison"}),
    ],
)
@pytest.mark.parametrize("before", [{}, {"release.on": days_ago(2), "custody.status": "released"}])
def test_what_is_not_a_release_leads_to_none(movement: str, then: dict[str, Any], before: dict[str, Any]) -> None:
    decision = decided("hmpps", ALL_KNOWN, before, then, {"event.movement": movement})

    assert decision.referrals == ()


@pytest.mark.parametrize(("fact", "reason"), [("person.deceased", "deceased"), ("person.deported", "deported")])
@pytest.mark.parametrize("source", ["liaison", "custody", "courts", "probation", "cautions", "control-room"])
def test_whatever_comes_later_of_the_dead_or_the_deported_leads_nowhere(fact: str, reason: str, source: str) -> None:
    crisis = {"risk.self_harm": 4, "event.threshold": "immediate_risk_to_life", "event.outcome": "s136"}

    decision = decided(source, ALL_KNOWN, crisis, {fact: True, "custody.status": "released", "release.on": days_ago(1)})

    assert decision.referrals == ()
    assert decision.needs_information == ()
    assert reason in reasons(decision)
    assert [stop.closes for stop in decision.suppressed if stop.reason == reason] == ["all"]


@pytest.mark.parametrize("then", [{"person.deceased": True}, {"person.deported": True}])
def test_nobody_arranges_anything_for_the_dead_or_the_deported(then: Facts) -> None:
    arranged = {"person.interpreter": "pl", "person.veteran": True, "registrations": [{"code": "MAPP", "active": True}]}

    assert told(decided("custody", ALL_KNOWN, arranged))
    assert told(decided("custody", ALL_KNOWN, arranged, then)) == set()


def test_absconding_is_told_to_the_offender_manager_and_closes_nothing() -> None:
    decision = decided("hmpps", ALL_KNOWN, after("absconded", "unlawfully_at_large"))

    assert ("unlawfully-at-large", "offender-manager") in told(decision)
    assert {stop.closes for stop in decision.suppressed} == {"none"}


def test_a_person_at_large_is_still_helped_when_life_is_at_risk() -> None:
    decision = decided("custody", ALL_KNOWN, {"custody.status": "unlawfully_at_large", "risk.self_harm": 4})

    assert services(decision) == {"crisis_team"}


def test_a_move_to_hospital_is_handed_over_by_people_and_holds_housing() -> None:
    moved = decided("hmpps", ALL_KNOWN, after("hospital", "hospital"))
    later = decided("liaison", ALL_KNOWN, {"custody.status": "hospital", "release.on": days_ago(1)})

    assert ("mental-health-liaison-handover", "hospital-liaison") in told(moved)
    assert later.referrals == ()


def test_a_court_trip_has_prison_bound_timers_reviewed() -> None:
    assert ("review-prison-bound-timers", "resettlement-team") in told(decided("hmpps", after("court", "in_prison")))


def test_a_movement_that_nobody_understands_is_checked_by_a_person() -> None:
    decision = decided(
        "hmpps", ALL_KNOWN, {"custody.status": "released", "release.on": days_ago(1)}, after("unknown", None)
    )

    assert ("check-movement", "resettlement-team") in told(decision)
    assert decision.referrals == ()


def test_released_and_received_again_at_once_closes_what_the_release_opened() -> None:
    decision = decided("hmpps", ALL_KNOWN, {"release.on": days_ago(0)}, after("admitted", "in_prison"))

    assert [stop.closes for stop in decision.suppressed if stop.reason == "back-in-prison"] == ["release"]


@pytest.mark.parametrize(("days", "is_old"), [(28, False), (29, True), (4_400, True)])
def test_an_event_older_than_four_weeks_is_looked_at_by_a_person(days: int, is_old: bool) -> None:
    decision = decided("hmpps", ALL_KNOWN, RELEASED_TODAY, arrived_after=timedelta(days=days))

    assert (("manual-review", "duty-practitioner") in told(decision)) is is_old
    assert bool(decision.referrals) is not is_old


def test_a_release_of_five_weeks_ago_is_no_longer_news() -> None:
    carried = {"custody.status": "released", "release.on": days_ago(29)}

    decision = decided("hmpps", ALL_KNOWN, carried)

    assert decision.referrals == ()


def test_a_recall_ends_what_the_release_would_lead_to() -> None:
    decision = decided("liaison", ALL_KNOWN, {"release.on": days_ago(5), "custody.status": "in_prison"})

    assert not {"drug_treatment", "reconnect", "debt_advice"} & services(decision)
