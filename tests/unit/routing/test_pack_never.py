"""What the rule pack must never do, tried on situations that nobody thought of."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onward.contracts.decision import Decision
from onward.contracts.fact_kinds import Choice, Code, Day, Kind, Records, Whole, YesNo
from onward.contracts.facts import FACTS, Facts
from onward.routing.domain.derived_housing import HOUSING_SOURCES
from onward.routing.domain.language import Condition
from unit.routing.pack_builders import BIRMINGHAM, CAMBRIDGE, CARDIFF, DIRECTORY, MONDAY, ROUTER, RULES, situation

SOURCES = ("hmpps", "custody", "street-triage", "control-room", "courts", "probation", "liaison", "cautions")
POLICE = ("custody", "street-triage", "control-room", "cautions")
NOT_RELEASES = (
    "died",
    "deported",
    "absconded",
    "hospital",
    "court",
    "transfer",
    "temporary_absence",
    "merged",
    "unknown",
)
FREE = [fact for fact in FACTS.values() if not fact.derived and fact.path not in ("event.source", "event.type")]
LIKELY: Facts = {
    "person.age": 34,
    "person.area": BIRMINGHAM,
    "custody.status": "released",
    "release.on": MONDAY,
    "accommodation.status": "homeless",
    "accommodation.chosen_authority": BIRMINGHAM,
    **{fact.path: True for fact in FREE if fact.path.startswith("consent.")},
    **{fact.path: 3 for fact in FREE if fact.path.startswith("needs.")},
}
"""Somebody whom almost every rule would refer; single facts are then taken away or changed."""


def values(kind: Kind) -> st.SearchStrategy[Any]:
    match kind:
        case YesNo():
            return st.booleans()
        case Whole(low, high):
            return st.sampled_from(sorted({low, high} | {n for n in (1, 2, 3, 14, 17, 18, 30) if low <= n <= high}))
        case Choice(options):
            return st.sampled_from(options)
        case Code(_, example):
            return st.sampled_from(
                [BIRMINGHAM, CAMBRIDGE, CARDIFF, "E09000001"] if example == BIRMINGHAM else [example]
            )
        case Day():
            return st.integers(-200, 100).map(lambda days: MONDAY + timedelta(days=days))
        case Records(fields):
            record = st.fixed_dictionaries({name: values(field) for name, field in fields.items()})
            return st.lists(record, max_size=2)


@st.composite
def anybody(draw: st.DrawFn) -> Facts:
    """A likely person with some facts removed and some replaced by anything their kind allows."""
    known: dict[str, Any] = dict(LIKELY) if draw(st.booleans()) else {}
    for path in draw(st.lists(st.sampled_from(sorted(LIKELY)), max_size=6)):
        known.pop(path, None)
    for fact in draw(st.lists(st.sampled_from(FREE), max_size=12)):
        known[fact.path] = draw(values(fact.kind))
    return known


def decide(source: str, facts: Facts, **always: Any) -> Decision:
    return ROUTER.decide(situation(source, {**facts, **always}))


many = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
sources = st.sampled_from(SOURCES)


def test_the_likely_person_is_referred_so_that_the_properties_below_speak_of_something() -> None:
    referred = {source: len(decide(source, LIKELY).referrals) for source in SOURCES}

    assert all(referred[source] >= 5 for source in SOURCES if source != "control-room"), referred


@many
@given(sources, anybody(), st.sampled_from([{"person.deceased": True}, {"person.deported": True}]))
def test_the_dead_and_the_deported_are_never_referred(source: str, facts: Facts, gone: Facts) -> None:
    decision = decide(source, {**facts, **gone})

    assert decision.referrals == ()
    assert decision.needs_information == ()
    assert decision.unmet == ()


@many
@given(anybody(), st.sampled_from(NOT_RELEASES))
def test_what_is_not_a_release_never_leads_to_a_release_referral_or_to_a_home(facts: Facts, movement: str) -> None:
    decision = decide("hmpps", {**facts, "event.movement": movement})

    assert not [found for found in decision.referrals if found.release or found.category == "ACCOMMODATION"]


@many
@given(sources, anybody(), st.sampled_from(["in_prison", "hospital", "unlawfully_at_large"]))
def test_nobody_who_is_held_or_at_large_is_referred_as_released(source: str, facts: Facts, status: str) -> None:
    decision = decide(source, {**facts, "custody.status": status})

    assert not [found for found in decision.referrals if "after-release" in found.rule or "on-release" in found.rule]


@many
@given(sources, anybody(), st.one_of(st.none(), st.integers(0, 17)))
def test_a_child_or_possible_child_never_gets_a_provider_for_adults(source: str, facts: Facts, age: int | None) -> None:
    known = {path: value for path, value in facts.items() if path != "person.age"}
    if age is not None:
        known["person.age"] = age

    for found in decide(source, known).referrals:
        assert (DIRECTORY.providers[found.provider].eligibility.min_age or 0) < 18, found.rule


@many
@given(sources, anybody(), st.sampled_from(["in_prison", "hospital"]))
def test_who_is_held_agrees_to_nothing_in_the_community_but_what_reaches_inside(
    source: str, facts: Facts, status: str
) -> None:
    decision = decide(source, {**facts, "custody.status": status})

    services = {found.service for found in decision.referrals if found.legal_basis.kind == "consent"}

    victims = {"idva", "isva", "sexual_assault_referral_centre"}
    assert services <= {"reconnect", "hospital_liaison", "hospital_navigator", "leaving_care"} | victims


@many
@given(
    st.sampled_from([source for source in SOURCES if source not in ("hmpps", "probation")]),
    anybody(),
    st.sampled_from(["police_custody", "community"]),
)
def test_nobody_who_is_unsentenced_gets_what_is_meant_for_prisons_and_probation(
    source: str, facts: Facts, status: str
) -> None:
    known = {path: value for path, value in facts.items() if path not in ("event.order", "event.movement")}
    decision = decide(source, {**known, "custody.status": status})

    assert {found.to for found in decision.notices}.isdisjoint({"offender-manager", "prison-housing"})
    assert {found.service for found in decision.referrals}.isdisjoint({"cas3", "reconnect"})


@many
@given(sources, anybody(), st.integers(0, 17))
def test_no_child_is_put_forward_for_the_housing_of_adults(source: str, facts: Facts, age: int) -> None:
    decision = decide(source, {**facts, "person.age": age})
    adults = ("cas1-", "cas3-", "private-address-", "rehabilitation-", "accommodation-not-started")

    assert [found.kind for found in decision.notices if found.kind.startswith(adults)] == []


@many
@given(sources, anybody())
def test_a_referral_on_consent_has_the_consent_it_rests_on(source: str, facts: Facts) -> None:
    for found in decide(source, facts).referrals:
        if found.legal_basis.kind == "consent":
            assert facts.get(f"consent.{found.category.lower()}") is True, found.rule


@many
@given(st.sampled_from(POLICE), anybody())
def test_the_police_never_refer_on_the_duty_to_refer(source: str, facts: Facts) -> None:
    """A duty of theirs they have: the assessment after a drug test (Drugs Act 2005 s. 9)."""
    bases = {found.legal_basis.name for found in decide(source, facts).referrals}
    duties = {found.category for found in decide(source, facts).referrals if found.legal_basis.kind == "statutory_duty"}
    assert not {name for name in bases if name.startswith("duty-to-refer")}
    assert duties <= {"SUBSTANCE_DRUGS"}


@many
@given(sources, anybody())
def test_nobody_is_referred_on_the_duty_before_its_eight_weeks_begin(source: str, facts: Facts) -> None:
    decision = decide(source, facts)

    if "duty_to_refer.opens_on" in decision.facts:
        assert "duty-to-refer" not in {found.legal_basis.name for found in decision.referrals}


@many
@given(sources, anybody(), st.sampled_from(["RHRH", "RVHR", "MAPP", "AVIS"]))
def test_a_housing_referral_of_somebody_on_a_high_risk_register_waits_for_a_practitioner(
    source: str, facts: Facts, register: str
) -> None:
    decision = decide(source, facts, registrations=[{"code": register, "active": True}])

    assert {found.approval for found in decision.referrals if found.category == "ACCOMMODATION"} <= {
        "approving-practitioner"
    }


@many
@given(sources, anybody())
def test_the_duty_to_refer_always_has_both_consents_and_an_english_authority(source: str, facts: Facts) -> None:
    for found in decide(source, facts).referrals:
        if found.legal_basis.name == "duty-to-refer":
            assert facts["consent.duty_to_refer"] is True
            assert facts["consent.contact_details"] is True
            assert facts["accommodation.chosen_authority"].startswith("E")
            assert facts["accommodation.chosen_authority"] in DIRECTORY.providers[found.provider].catchment


@many
@given(sources, anybody())
def test_every_referral_fits_its_provider_and_shows_only_what_the_profile_names(source: str, facts: Facts) -> None:
    for found in decide(source, facts).referrals:
        provider = DIRECTORY.providers[found.provider]
        profile = DIRECTORY.profiles[provider.profile]
        assert found.category in provider.categories
        assert found.service in provider.services
        assert provider.accepting
        assert set(found.disclosed) <= set(profile.fields)
        assert not {FACTS[name].data_class for name in found.disclosed if name in FACTS} & set(profile.never)


@many
@given(sources, anybody())
def test_one_category_and_service_gets_one_referral(source: str, facts: Facts) -> None:
    made = [(found.category, found.service) for found in decide(source, facts).referrals]

    assert len(made) == len(set(made))


@many
@given(sources, anybody())
def test_nothing_that_is_known_is_asked_for(source: str, facts: Facts) -> None:
    missing = {path for need in decide(source, facts).needs_information for path in need.missing}

    assert not missing & set(facts)
    assert "person.age" not in missing, "a partner is asked for a date of birth"


def mentioned() -> set[str]:
    """Every fact that a rule, a catchment or an eligibility looks at, and what derived ones come from."""

    def paths(conditions: tuple[Condition, ...]) -> set[str]:
        return {condition.path for condition in conditions}

    found: set[str] = {"person.age", "person.sex", "person.area", "person.veteran", "event.custody_limit_hours"}
    for rule in RULES.rules:
        for group in rule.groups:
            found |= paths(group)
    found |= {source for path in found for source in HOUSING_SOURCES.get(path, ())}
    return found | {FACTS[path].asked_as for path in found} | {"event.custody_clock_minutes", "event.s136_minutes"}


UNRELATED = [fact for fact in FREE if fact.path not in mentioned()]


@many
@given(
    sources,
    anybody(),
    st.sampled_from(UNRELATED).flatmap(lambda fact: st.tuples(st.just(fact.path), values(fact.kind))),
)
def test_a_fact_that_no_rule_asks_about_changes_no_referral(source: str, facts: Facts, more: tuple[str, Any]) -> None:
    path, value = more
    without = {known: is_so for known, is_so in facts.items() if known != path}

    before, after = decide(source, without), decide(source, {**without, path: value})

    assert [(found.rule, found.provider) for found in before.referrals] == [
        (found.rule, found.provider) for found in after.referrals
    ]
    assert before.needs_information == after.needs_information


@pytest.mark.parametrize("source", SOURCES)
def test_a_contact_of_which_nothing_is_known_leads_to_no_referral(source: str) -> None:
    assert decide(source, {}).referrals == ()
