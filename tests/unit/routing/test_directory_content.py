"""The directory as it stands: who is in it, and what its recipients may see."""

from typing import get_args

import pytest

from onward.contracts.area_vocabulary import ADDED
from onward.contracts.codes import Category, Service
from onward.contracts.facts import FACTS
from onward.directory.model import Profile, Provider
from unit.routing.pack_builders import DIRECTORY

WEST_MIDLANDS = [f"E080000{number}" for number in range(25, 32)]
CAMBRIDGESHIRE = ["E07000008", "E07000009", "E07000010", "E07000011", "E07000012", "E06000031"]
EVERYWHERE = {"crisis_line", "cas3"}
PROVIDERS = list(DIRECTORY.providers.values())
DETAILS_OF_REGISTERS = {"registrations"}
ORDERED_TREATMENT = {
    "substance-use": {"drug_rehabilitation", "alcohol_treatment"},
    "mental-health": {"mental_health_treatment"},
}


def offering(service: str, area: str) -> list[Provider]:
    return [
        provider
        for provider in PROVIDERS
        if service in provider.services and (area in provider.catchment or "*" in provider.catchment)
    ]


@pytest.mark.parametrize("area", [*WEST_MIDLANDS, *CAMBRIDGESHIRE])
def test_every_service_is_offered_in_every_authority_of_both_areas(area: str) -> None:
    missing = [
        service
        for service in get_args(Service)
        if service not in ADDED.services and not any(provider.accepting for provider in offering(service, area))
    ]

    assert missing == []


@pytest.mark.parametrize("area", [*WEST_MIDLANDS, *CAMBRIDGESHIRE])
def test_each_authority_has_exactly_one_housing_authority(area: str) -> None:
    assert len(offering("housing_authority", area)) == 1


def test_every_category_has_a_provider() -> None:
    assert {category for provider in PROVIDERS for category in provider.categories} == set(get_args(Category))


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.id)
def test_every_name_says_that_it_is_synthetic(provider: Provider) -> None:
    assert provider.name.startswith("Example ")
    assert provider.name.endswith("(synthetic)")


@pytest.mark.parametrize("service", ["crisis_team", "crisis_line", "place_of_safety", "marac"])
def test_services_that_save_life_ask_no_age(service: str) -> None:
    for provider in PROVIDERS:
        if service in provider.services:
            assert provider.eligibility.min_age is None
            assert provider.eligibility.max_age is None


@pytest.mark.parametrize("profile", DIRECTORY.profiles.values(), ids=lambda profile: profile.name)
def test_no_profile_names_a_register_or_the_day_of_an_arrest(profile: Profile) -> None:
    fields = set(profile.fields)

    assert not fields & (DETAILS_OF_REGISTERS | {"custody.status", "event.movement"})
    # Of what a court ordered, treatment alone, and that only to who treats.
    assert set(profile.only.get("event.order", ())) == ORDERED_TREATMENT.get(profile.name, set())
    assert ("event.order" in fields) == (profile.name in ORDERED_TREATMENT)
    assert not {field for field in fields if field.startswith("identifiers.")} - {"identifiers.NHS"}


def classes(profile: str) -> set[str]:
    return {FACTS[field].data_class for field in DIRECTORY.profiles[profile].fields if field in FACTS}


def test_housing_learns_contact_household_and_need_only() -> None:
    assert classes("housing") == {"contact", "household", "need", "logistics"}


def test_on_the_duty_to_refer_the_day_of_release_is_all_that_is_said_of_prison() -> None:
    fields = DIRECTORY.profiles["duty-to-refer"].fields

    said = {field for field in fields if field in FACTS and FACTS[field].data_class == "offence"}
    assert said == {"release.on", "release.planned_on"}
    priority = {field for field in fields if field in FACTS and FACTS[field].data_class in ("health", "safeguarding")}
    assert priority == {"person.pregnant", "risk.domestic_abuse_role"}, "what makes a priority need, and no more"
    assert "risk" not in classes("duty-to-refer")


@pytest.mark.parametrize("profile", ["substance-use", "mental-health"])
def test_who_treats_learns_the_day_of_release_and_the_treatment_that_was_ordered_and_of_no_offence(
    profile: str,
) -> None:
    fields = {field for field in DIRECTORY.profiles[profile].fields if field in FACTS}

    said = {field for field in fields if FACTS[field].data_class == "offence"}
    assert said <= {"release.on", "release.planned_on", "event.order", "event.required_assessment"}


@pytest.mark.parametrize("profile", ["health", "support", "crisis"])
def test_services_of_health_and_support_learn_of_no_offence(profile: str) -> None:
    assert "offence" not in classes(profile)
    assert "offence" in DIRECTORY.profiles[profile].never


def test_whoever_works_with_a_suspect_learns_of_no_address_or_household() -> None:
    fields = set(DIRECTORY.profiles["perpetrator-programme"].fields)

    assert not fields & {"address", "postcode", "person.area", "accommodation.status", "person.dependent_children"}
    assert "household" not in classes("perpetrator-programme")


def test_the_safety_alert_says_a_name_and_nothing_else() -> None:
    assert DIRECTORY.profiles["minimal-safety-alert"].fields == ("name",)
