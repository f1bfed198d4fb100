"""A provider receives what its profile names, and nothing else."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onward.contracts.contact import Identity
from onward.contracts.facts import FACTS
from onward.contracts.identifiers import STRENGTH, Identifier
from onward.directory.model import Profile
from onward.dispatch.domain import disclose, project, recipient, unlawful
from unit.dispatch.dispatch_builders import (
    CONSENT,
    EVERY_FACT,
    EVERYTHING_ABOUT_THEM,
    HOUSING,
    PERSON,
    a_delivery,
    a_directory,
)

IDENTITY_FIELDS = ("name", "date_of_birth", "phone", "email", "address", "postcode")
DISCLOSABLE = tuple(path for path, fact in FACTS.items() if not fact.monitoring)
FIELD_NAMES = (*IDENTITY_FIELDS, *(f"identifiers.{kind}" for kind in STRENGTH), *DISCLOSABLE)

profiles = st.builds(
    Profile,
    name=st.just("any"),
    why=st.just("any"),
    fields=st.lists(st.sampled_from(FIELD_NAMES) | st.text(max_size=20), unique=True, max_size=20).map(tuple),
)
some_facts = st.sets(st.sampled_from(sorted(EVERY_FACT))).map(lambda paths: {path: EVERY_FACT[path] for path in paths})


def canaries(fields: set[str]) -> Identity:
    """An identity in which each known field holds a text that occurs nowhere else."""
    known: dict[str, Any] = {
        field: f"canary-{field}" for field in IDENTITY_FIELDS if field in fields and field != "date_of_birth"
    }
    if "date_of_birth" in fields:
        known["date_of_birth"] = date(1893, 11, 7)
    known["identifiers"] = tuple(
        Identifier(type=kind, value=f"canary-{kind}") for kind in STRENGTH if f"identifiers.{kind}" in fields
    )
    return Identity.model_validate(known)


def canary_of(field: str) -> str:
    return "1893-11-07" if field == "date_of_birth" else f"canary-{field.removeprefix('identifiers.')}"


@given(some_facts, st.sets(st.sampled_from(FIELD_NAMES[:12])), profiles)
def test_nothing_that_a_profile_does_not_name_is_in_the_bytes(
    facts: dict[str, Any], known: set[str], profile: Profile
) -> None:
    referral = project(a_delivery(facts=facts), canaries(known), profile, pseudonym="theirs", id_key=b"id_key")
    sent = referral.model_dump_json()
    assert set(referral.disclosed) <= set(profile.fields)
    for field in set(FIELD_NAMES) - set(profile.fields):
        assert canary_of(field) not in sent
        assert f'"{field}"' not in json.dumps(referral.disclosed)


@given(some_facts, st.sets(st.sampled_from(FIELD_NAMES[:12])), profiles)
def test_everything_that_a_profile_names_and_that_is_known_is_disclosed(
    facts: dict[str, Any], known: set[str], profile: Profile
) -> None:
    disclosed = disclose(facts, canaries(known), profile)
    assert set(disclosed) == {field for field in profile.fields if field in facts or field in known}


def test_a_provider_sees_exactly_the_named_fields_that_are_known() -> None:
    referral = project(a_delivery(), EVERYTHING_ABOUT_THEM, HOUSING, pseudonym="theirs", id_key=b"id_key")
    assert referral.disclosed == {
        "name": "Test Person-0001",
        "phone": "01632 960001",
        "accommodation.status": "homeless",
    }


def test_neither_our_own_key_of_the_person_nor_the_rule_nor_its_reason_is_sent() -> None:
    sent = project(a_delivery(), EVERYTHING_ABOUT_THEM, HOUSING, pseudonym="theirs", id_key=b"id_key").model_dump_json()
    for ours in (PERSON, "housing-voluntary-police", "canary-reason-is-for-us"):
        assert ours not in sent


def test_the_referral_keeps_what_a_provider_needs_to_act_and_answer() -> None:
    delivery = a_delivery(advice="A second need is no reason to refuse", approved_by="practitioner-01")
    warned = HOUSING.model_copy(update={"warned": True})
    referral = project(delivery, Identity(), warned, pseudonym="theirs", id_key=b"id_key")
    for same in ("referral_id", "reference", "category", "urgency", "legal_basis", "made_at", "respond_by"):
        assert getattr(referral, same) == getattr(delivery, same)
    assert (referral.person, referral.advice, referral.approved_by) == (
        "theirs",
        "A second need is no reason to refuse",
        "practitioner-01",
    )


def test_a_person_with_merged_records_has_all_their_identifiers_of_one_type() -> None:
    profile = Profile(name="probation", why="test", fields=("identifiers.CRN",))
    assert disclose({}, EVERYTHING_ABOUT_THEM, profile) == {"identifiers.CRN": ["X000001", "X000002"]}


@pytest.mark.parametrize("word", ["identifiers", "sealed", "facts", "person", "reason", "rule", "__class__", "*", ""])
def test_a_name_that_is_no_field_discloses_nothing(word: str) -> None:
    profile = Profile(name="odd", why="test", fields=(word,))
    assert disclose(EVERY_FACT, EVERYTHING_ABOUT_THEM, profile) == {}


def test_a_forbidden_class_stays_though_the_profile_names_a_field_of_it() -> None:
    profile = Profile(
        name="odd", why="test", fields=("name", "risk.self_harm", "accommodation.status"), never=("risk",)
    )
    assert set(disclose(EVERY_FACT, EVERYTHING_ABOUT_THEM, profile)) == {"name", "accommodation.status"}
    without_contact = profile.model_copy(update={"never": ("contact",)})
    assert set(disclose(EVERY_FACT, EVERYTHING_ABOUT_THEM, without_contact)) == {
        "risk.self_harm",
        "accommodation.status",
    }


def test_a_provider_that_the_directory_does_not_know_is_no_recipient() -> None:
    directory = a_directory(HOUSING)
    assert recipient(a_delivery(provider="gone"), directory, directory) == "provider_unknown"


def test_a_provider_without_a_profile_is_no_recipient() -> None:
    assert recipient(a_delivery(), a_directory(), a_directory()) == "profile_unknown"


WIDE, NARROW = (
    Profile(name="housing", why="test", fields=("name", "phone", "accommodation.status")),
    Profile(name="housing", why="test", fields=("accommodation.status", "name"), never=("health",)),
)


@pytest.mark.parametrize(("then", "now"), [(WIDE, NARROW), (NARROW, WIDE)])
def test_a_provider_sees_what_was_approved_for_the_decision_and_what_is_allowed_now(
    then: Profile, now: Profile
) -> None:
    found = recipient(a_delivery(), a_directory(then), a_directory(now))
    assert not isinstance(found, str)
    _, profile = found
    assert set(profile.fields) == {"name", "accommodation.status"}
    assert profile.never == ("health",)


def test_a_provider_that_got_another_profile_since_sees_what_both_name() -> None:
    before = a_directory(WIDE, NARROW.model_copy(update={"name": "shelter"}))
    moved = before.providers["test-housing"].model_copy(update={"profile": "shelter"})
    after = before.model_copy(update={"providers": {moved.id: moved}})
    found = recipient(a_delivery(), before, after)
    assert not isinstance(found, str)
    assert set(found[1].fields) == {"name", "accommodation.status"}


def test_a_provider_that_left_since_the_decision_is_not_sent_to() -> None:
    before, after = a_directory(WIDE), a_directory(WIDE, id="another-provider")
    assert recipient(a_delivery(), before, after) == "provider_unknown"
    assert recipient(a_delivery(), after, before) == "provider_unknown", "nor one that the decision could not choose"


@pytest.mark.parametrize("field", ["substance.opioid", "needs.mental_health", "needs.substance_drugs"])
def test_health_data_need_an_article_9_condition(field: str) -> None:
    without = CONSENT.model_copy(update={"article_9": None})
    assert unlawful([field], without) == "no_article_9_condition"
    assert unlawful([field], CONSENT) is None
    assert unlawful(["name", "accommodation.status"], without) is None


def test_criminal_offence_data_need_an_article_10_authority() -> None:
    without = CONSENT.model_copy(update={"article_10": None})
    assert unlawful(["release.planned_on"], without) == "no_article_10_authority"
    assert unlawful(["release.planned_on"], CONSENT) is None
    assert unlawful(["name", "needs.accommodation"], without) is None
