"""Which provider takes a referral, and why the others do not."""

from datetime import timedelta
from typing import Any

import pytest

from onward.contracts.contact import Consent
from onward.contracts.decision import Decision
from onward.directory.model import Eligibility, Provider
from onward.routing.domain.offices import distance_km
from unit.routing.routing_builders import (
    BIRMINGHAM,
    CAMBRIDGE,
    HOMELESS_ADULT,
    HOUSING,
    NOON,
    a_directory,
    a_provider,
    decided,
    rule_set,
    without,
)


def housed(*providers: Provider, facts: dict[str, Any] | None = None, rule: str = HOUSING, **rest: Any) -> Decision:
    return decided(facts or HOMELESS_ADULT, rule_set(need=rule), a_directory(*providers), **rest)


def tried(decision: Decision) -> list[tuple[str, bool, str]]:
    listed = decision.referrals or decision.unmet
    return [(each.provider, each.chosen, each.why) for each in listed[0].destinations]


def test_a_provider_of_the_area_comes_before_one_for_everywhere() -> None:
    decision = housed(a_provider("a-national"), a_provider("local", catchment=(BIRMINGHAM,)))
    assert [referral.provider for referral in decision.referrals] == ["local"]


def test_the_nearest_to_the_area_s_housing_office_comes_first() -> None:
    rule = HOUSING.replace("housing_authority", "supported_housing")
    house: dict[str, Any] = {"services": ("supported_housing",), "catchment": (BIRMINGHAM,)}
    decision = housed(
        a_provider("a-far", location=(53.4, -2.2), **house),
        a_provider("b-no-address", **house),
        a_provider("near", location=(52.5, -1.9), accepting=False, **house),
        a_provider("nearer", location=(52.48, -1.9), accepting=False, **house),
        a_provider("office", catchment=(BIRMINGHAM,), location=(52.48, -1.9)),
        rule=rule,
    )
    assert [name for name, _, _ in tried(decision)] == ["nearer", "near", "a-far"]
    assert [referral.provider for referral in decision.referrals] == ["a-far"]


def test_a_rule_s_own_preference_comes_before_nearness() -> None:
    rule = HOUSING.replace("urgency:", "providers: [second, first], urgency:")
    decision = housed(a_provider("first"), a_provider("second"), rule=rule)
    assert [referral.provider for referral in decision.referrals] == ["second"]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"accepting": False}, "full"),
        ({"catchment": (CAMBRIDGE,)}, "serves another area"),
        ({"eligibility": Eligibility(min_age=50)}, "only from age 50"),
        ({"eligibility": Eligibility(max_age=25)}, "only up to age 25"),
        ({"eligibility": Eligibility(sex="female")}, "female only"),
        ({"eligibility": Eligibility(veterans_only=True)}, "veterans only"),
        ({"eligibility": Eligibility(takes_no_recourse_to_public_funds=False)}, "only with recourse to public funds"),
        ({"profile": "none"}, "no disclosure profile, so nothing may be sent"),
    ],
)
def test_a_provider_that_cannot_take_the_person_is_passed_over_with_the_reason(
    changes: dict[str, Any], why: str
) -> None:
    facts = HOMELESS_ADULT | {
        "person.sex": "male",
        "person.veteran": False,
        "person.no_recourse_to_public_funds": True,
    }
    decision = housed(
        a_provider("a-first", catchment=(BIRMINGHAM,)).model_copy(update=changes), a_provider("b-next"), facts=facts
    )
    assert decision.referrals[0].provider == "b-next"
    assert ("a-first", False, why) in tried(decision) or "catchment" in changes
    alone = housed(a_provider("a-first").model_copy(update=changes), facts=facts)
    assert alone.referrals == ()
    assert tried(alone) == [("a-first", False, why)]
    assert alone.needs_information == ()


@pytest.mark.parametrize(
    ("changes", "unknown", "asked"),
    [
        ({"catchment": (BIRMINGHAM,)}, "person.area", "person.area"),
        ({"eligibility": Eligibility(sex="female")}, "person.sex", "person.sex"),
        ({"eligibility": Eligibility(veterans_only=True)}, "person.veteran", "person.veteran"),
    ],
)
def test_what_is_not_known_is_asked_for_rather_than_called_unmet(
    changes: dict[str, Any], unknown: str, asked: str
) -> None:
    decision = housed(a_provider().model_copy(update=changes), facts=without(HOMELESS_ADULT, unknown))
    assert (decision.referrals, decision.unmet) == ((), ())
    assert [need.missing for need in decision.needs_information] == [(asked,)]


def test_nobody_is_asked_for_what_could_not_open_a_provider() -> None:
    full = a_provider(eligibility=Eligibility(sex="female"), accepting=False)
    decision = housed(full)
    assert decision.needs_information == ()
    assert [unmet.category for unmet in decision.unmet] == ["ACCOMMODATION"]


def test_the_age_is_asked_for_as_a_date_of_birth() -> None:
    rule = HOUSING.replace('person.age: ">= 18", ', "")
    adults = a_provider(eligibility=Eligibility(min_age=18))
    decision = housed(adults, facts=without(HOMELESS_ADULT, "person.age"), rule=rule)
    assert [need.missing for need in decision.needs_information] == [("person.date_of_birth",)]


def test_the_catchment_can_be_that_of_the_authority_a_person_chose() -> None:
    rule = HOUSING.replace("urgency:", "catchment_by: accommodation.chosen_authority, urgency:")
    councils = (a_provider("birmingham", catchment=(BIRMINGHAM,)), a_provider("cambridge", catchment=(CAMBRIDGE,)))
    facts = HOMELESS_ADULT | {"accommodation.chosen_authority": CAMBRIDGE}
    assert housed(*councils, facts=facts, rule=rule).referrals[0].provider == "cambridge"
    unknown = housed(*councils, rule=rule)
    assert [need.missing for need in unknown.needs_information] == [("accommodation.chosen_authority",)]


def consent(recipient: str | None, *, given: bool, minutes: int = 0) -> Consent:
    said_at = NOON + timedelta(minutes=minutes)
    return Consent(purpose="ACCOMMODATION", given=given, recipient=recipient, said_at=said_at)


def test_a_provider_the_person_refused_is_passed_over() -> None:
    decision = housed(
        a_provider("a-one"), a_provider("b-two"), consents=(consent(None, given=True), consent("a-one", given=False))
    )
    assert tried(decision)[0] == ("a-one", False, "the person refused this provider")
    assert decision.referrals[0].provider == "b-two"


def test_the_last_word_about_a_provider_counts() -> None:
    said = (consent("a-one", given=True, minutes=5), consent("a-one", given=False))
    assert housed(a_provider("a-one"), consents=said).referrals[0].provider == "a-one"


def test_agreement_to_one_provider_is_no_agreement_to_another() -> None:
    decision = housed(a_provider("a-one"), a_provider("b-two"), consents=(consent("b-two", given=True),))
    assert [referral.provider for referral in decision.referrals] == ["b-two"]


def test_a_refusal_does_not_stand_against_saving_a_life() -> None:
    rule = HOUSING.replace("agreed", "life")
    decision = housed(a_provider("a-one"), consents=(consent("a-one", given=False),), rule=rule)
    assert decision.referrals[0].provider == "a-one"


def test_distances_are_those_of_the_globe() -> None:
    birmingham, cambridge = (52.4797, -1.9027), (52.2053, 0.1218)
    assert distance_km(birmingham, cambridge) == pytest.approx(140, abs=2)
    assert distance_km(birmingham, birmingham) == 0


def test_a_provider_that_wants_to_be_named_takes_over_nobody() -> None:
    """However near it is; only the rule that names it sends anybody there."""
    council = a_provider("council", catchment=(BIRMINGHAM,), location=(53.4, -2.2))
    new = a_provider("a-new", catchment=(BIRMINGHAM,), location=(52.48, -1.9), only_named=True)
    decision = housed(council, new)
    assert tried(decision) == [
        ("a-new", False, "takes only those whom a rule names it for"),
        ("council", True, "open to this person, and first in order"),
    ]
    naming = HOUSING.replace("service: housing_authority", "service: housing_authority, providers: [a-new]")
    assert [referral.provider for referral in housed(council, new, rule=naming).referrals] == ["a-new"]
