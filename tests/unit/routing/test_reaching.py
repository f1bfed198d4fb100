"""Nothing leaves that names nobody and says no way to them: it is held, and a person is told what for."""

import pytest

from onward.contracts.decision import Decision
from onward.contracts.facts import Facts
from onward.routing.domain.reaching import PREREQUISITE
from unit.routing.pack_builders import ADULT, BIRMINGHAM, ROUTER, services, situation

DRUGS: Facts = {**ADULT, "needs.substance_drugs": 3, "consent.substance_drugs": True}


def known_by(fields: tuple[str, ...], facts: Facts, source: str = "liaison") -> Decision:
    return ROUTER.decide(situation(source, facts).model_copy(update={"identity_fields": fields}))


@pytest.mark.parametrize("fields", [(), ("date_of_birth",), ("identifiers.NOMS",), ("postcode", "identifiers.NHS")])
def test_without_a_name_or_a_way_of_contact_a_referral_is_held_and_shown_as_held(fields: tuple[str, ...]) -> None:
    decision = known_by(fields, DRUGS)

    assert decision.referrals == ()
    (held,) = decision.waiting
    assert (held.category, held.prerequisites) == ("SUBSTANCE_DRUGS", (PREREQUISITE,))


@pytest.mark.parametrize("fields", [("name",), ("phone",), ("safe_contact",)])
def test_with_a_name_or_an_agreed_way_it_goes(fields: tuple[str, ...]) -> None:
    decision = known_by(fields, DRUGS)

    assert services(decision) == {"drug_treatment"}
    assert decision.waiting == ()


def test_a_way_that_this_provider_may_not_see_is_none() -> None:
    assert known_by(("address",), DRUGS).referrals == (), "drug treatment is told no address"


@pytest.mark.parametrize("fields", [("raised_by",), ("location",), ("phone",), ("name",)])
def test_somebody_in_danger_is_looked_for_by_a_number_of_the_incident_a_place_or_a_callback(
    fields: tuple[str, ...],
) -> None:
    in_danger = {"event.threshold": "immediate_risk_to_life", "person.area": BIRMINGHAM}

    assert services(known_by(fields, in_danger, "control-room")) == {"crisis_team"}
    assert services(known_by((), {**in_danger, "event.area": BIRMINGHAM}, "control-room")) == {"crisis_team"}


def test_a_crisis_that_nobody_could_find_is_held_and_the_crisis_line_is_called_all_the_same() -> None:
    in_danger = {"event.threshold": "immediate_risk_to_life", "person.area": BIRMINGHAM}
    decision = known_by((), in_danger, "control-room")

    assert decision.referrals == ()
    assert [held.prerequisites for held in decision.waiting] == [(PREREQUISITE,)]
    assert "crisis-phone-call" in [notice.kind for notice in decision.notices]


def test_of_a_pair_only_what_goes_is_linked() -> None:
    both = {**DRUGS, "accommodation.status": "homeless", "consent.accommodation": True, "needs.substance_alcohol": 3}
    decision = known_by(("address",), {**both, "consent.substance_alcohol": True})

    going = {each.rule for each in decision.referrals}
    assert all(set(each.linked) <= going for each in decision.referrals)
