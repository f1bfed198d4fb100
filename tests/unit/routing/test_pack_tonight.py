"""Nowhere to sleep tonight: the authority hears within hours, and outreach looks where somebody was found."""

import pytest

from onward.contracts.facts import Facts
from unit.routing.pack_builders import ADULT, BIRMINGHAM, decided, referral, services

STREET: Facts = {
    **ADULT,
    "accommodation.status": "homeless",
    "accommodation.current": "street",
    "consent.accommodation": True,
}
IN_PRIORITY: tuple[Facts, ...] = (
    {"person.pregnant": True},
    {"person.dependent_children": True},
    {"risk.domestic_abuse_role": "victim"},
)


@pytest.mark.parametrize("need", IN_PRIORITY)
@pytest.mark.parametrize("source", ["street-triage", "custody", "liaison"])
def test_who_is_in_priority_need_and_has_no_home_is_told_of_within_hours(need: Facts, source: str) -> None:
    found = referral(decided(source, STREET, need), "housing_authority")

    assert (found.urgency, found.legal_basis.kind) == ("within_4_hours", "consent")
    assert set(need) <= set(found.disclosed)


def test_nothing_of_a_suspect_is_told_to_an_authority() -> None:
    found = referral(decided("street-triage", STREET, {"risk.domestic_abuse_role": "suspect"}), "housing_authority")

    assert "risk.domestic_abuse_role" not in found.disclosed
    assert found.urgency == "within_24_hours"


def test_a_rough_sleeper_is_told_of_within_a_day() -> None:
    assert referral(decided("street-triage", STREET), "housing_authority").urgency == "within_24_hours"


def test_somebody_on_a_high_risk_register_is_still_approved_first() -> None:
    registered = {"registrations": [{"code": "MAPP", "active": True}]}

    assert referral(decided("street-triage", STREET, registered), "housing_authority").approval is not None


def test_who_lives_in_no_known_area_is_looked_for_where_they_were_found() -> None:
    found_at = {"event.area": BIRMINGHAM, "needs.substance_alcohol": 3, "consent.substance_alcohol": True}
    nobody = {path: value for path, value in STREET.items() if path != "person.area"}
    decision = decided("street-triage", nobody, found_at)

    assert services(decision) == {"rough_sleeper_outreach"}
    assert {each.category for each in decision.referrals} == {"ACCOMMODATION", "SUBSTANCE_ALCOHOL"}
    assert {each.provider for each in decision.referrals} == {"west-midlands-street-outreach"}


@pytest.mark.parametrize("notice", ["private-address-not-started", "rehabilitation-accommodation-not-started"])
def test_somebody_unsentenced_gets_nothing_that_is_meant_for_prisons_and_probation(notice: str) -> None:
    man = {"person.sex": "male", "accommodation.next_arranged": False}
    decision = decided("liaison", STREET, man)

    assert notice not in [each.kind for each in decision.notices]
