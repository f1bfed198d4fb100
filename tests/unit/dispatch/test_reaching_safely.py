"""What a provider is told of how to reach and meet somebody: by profile alone, and nobody who must not know is rung."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onward.contracts.arrangements import DATA_CLASSES, Arrangements, Dependant, Referrer, SafeContact, Supporter
from onward.contracts.contact import Identity
from onward.contracts.facts import FACTS
from onward.directory import files as directory_files
from onward.directory.model import Profile
from onward.dispatch.domain import disclose, unlawful
from unit.dispatch.dispatch_builders import CONSENT, EVERY_FACT, EVERYTHING_ABOUT_THEM

PROFILES = tuple(directory_files.load().profiles.values())
PARTNERS_NUMBER, THEIR_NUMBER, SAFE_NUMBER = "01632 960111", "01632 960001", "01632 960222"
EQUALITY = frozenset(path for path, fact in FACTS.items() if fact.monitoring)
ALL_OF_IT = Profile(name="all", why="test", fields=("phone", "email", *DATA_CLASSES, *FACTS))


def known(safe: SafeContact | None = None, carer: Supporter | None = None) -> Identity:
    everything = Arrangements(
        raised_by=Referrer(team="control room", callback="01632 960333"),
        safe_contact=safe,
        worker_gender="female",
        adjustments=("sign_language",),
        mobility="wheelchair",
        carer=carer,
        next_of_kin=carer,
        dependants=(Dependant(age=7),),
    )
    return EVERYTHING_ABOUT_THEM.model_copy(update={"arrangements": everything})


RELATIONSHIPS = ("partner", "former_partner", "parent", "child", "family", "household", "friend", "school", "other")


@given(
    st.sampled_from(RELATIONSHIPS),
    st.lists(st.sampled_from(RELATIONSHIPS), min_size=1),
    st.sampled_from([*PROFILES, ALL_OF_IT]),
)
def test_nobody_who_must_not_know_is_a_number_to_ring_under_any_profile(
    relationship: str, kept_from: list[str], profile: Profile
) -> None:
    carer = Supporter.model_validate({"name": "Test", "relationship": relationship, "phone": PARTNERS_NUMBER})
    safe = SafeContact.model_validate({"must_not_know": kept_from})
    told = json.dumps(disclose(EVERY_FACT, known(safe, carer), profile))
    if relationship in kept_from or {"family", "household", "other"} & {relationship, *kept_from}:
        assert PARTNERS_NUMBER not in told


def test_a_carer_from_whom_nothing_is_kept_is_named() -> None:
    carer = Supporter(name="Test Carer", relationship="parent", phone=PARTNERS_NUMBER)
    for safe in (None, SafeContact(must_not_know=("partner",))):
        assert disclose({}, known(safe, carer), ALL_OF_IT)["carer"]["phone"] == PARTNERS_NUMBER


@pytest.mark.parametrize("profile", [*PROFILES, ALL_OF_IT], ids=lambda profile: profile.name)
def test_where_the_person_says_which_number_is_safe_no_other_is_told(profile: Profile) -> None:
    told = disclose({}, known(SafeContact(phone=SAFE_NUMBER)), profile)
    assert THEIR_NUMBER not in json.dumps(told)
    assert told.get("phone", SAFE_NUMBER) == SAFE_NUMBER
    assert not {"phone", "email"} & set(disclose({}, known(SafeContact(phone_is_safe=False)), profile))


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
def test_whoever_is_told_a_number_is_told_when_it_is_safe_to_ring(profile: Profile) -> None:
    told = disclose({}, known(SafeContact(times="10:00-14:00", no_voicemail=True)), profile)
    assert ("phone" in told) == ("safe_contact" in told)


@pytest.mark.parametrize("profile", [*PROFILES, ALL_OF_IT], ids=lambda profile: profile.name)
def test_equality_data_reaches_nobody_even_where_a_profile_names_it(profile: Profile) -> None:
    assert not EQUALITY & set(disclose(EVERY_FACT, known(), profile))


def test_what_tells_of_health_needs_a_condition_though_it_is_logistics() -> None:
    bare = CONSENT.model_copy(update={"article_9": None})
    assert unlawful(["adjustments"], bare) == unlawful(["mobility"], bare) == "no_article_9_condition"
    assert unlawful(["worker_gender", "safe_contact"], bare) is None


def test_a_class_that_a_profile_forbids_is_told_under_no_name() -> None:
    profile = Profile(
        name="narrow", why="test", fields=("carer", "mobility", "phone"), never=("household", "logistics")
    )
    assert set(disclose({}, known(carer=Supporter(phone=PARTNERS_NUMBER)), profile)) == {"phone"}
