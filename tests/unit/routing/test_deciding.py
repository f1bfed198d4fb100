"""Decisions: what a rule does, what stops it, what is asked, and what is explained."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from onward.contracts import ids
from onward.contracts.decision import Covered, Decision
from onward.routing.domain.decide import decide
from unit.routing.routing_builders import (
    BIRMINGHAM,
    HOMELESS_ADULT,
    HOUSING,
    NOON,
    a_directory,
    a_provider,
    a_situation,
    decided,
    rule_set,
    without,
)

CRISIS = """\
  - id: crisis
    why: Life at risk
    when: {event.threshold: immediate_risk_to_life}
    refer: {category: MENTAL_HEALTH, service: crisis_team, urgency: within_4_hours}
    notify: {kind: crisis-phone-call, to: crisis-line, urgency: immediate}
    legal_basis: life
"""
CRISIS_TEAM = a_provider("crisis-team", services=("crisis_team",), categories=("MENTAL_HEALTH",))
BOTH = a_directory(a_provider(), CRISIS_TEAM)
AT_RISK = HOMELESS_ADULT | {"event.threshold": "immediate_risk_to_life"}


def suppressing(
    what: str = "all-but-safety", reason: str = "unlawfully-at-large", when: str = "person.deceased: true"
) -> str:
    return (
        f"  - {{id: stop, why: stop, when: {{{when}}}, suppress: {{reason: {reason}, what: {what}, closes: none}}}}\n"
    )


def rules_made(decision: Decision) -> list[str]:
    return [referral.rule for referral in decision.referrals]


def test_a_referral_says_why_on_what_basis_and_with_which_conditions() -> None:
    decision = decided(HOMELESS_ADULT, rule_set(need=HOUSING))
    (referral,) = decision.referrals
    assert referral.referral_id == ids.referral_id(UUID(int=2), "housing", "ACCOMMODATION")
    assert (referral.provider, referral.legal_basis.citation) == ("council", "UK GDPR Art. 6")
    assert [(held.field, held.expected, held.actual) for held in referral.conditions] == [
        ("person.age", ">= 18", 34),
        ("accommodation.status", "homeless", "homeless"),
        ("consent.accommodation", "true", True),
    ]
    assert referral.conditions[0].where == "need.yaml:7:24"
    assert (decision.rules.version, decision.directory.sha256) == (rule_set(need=HOUSING).version.version, "0" * 64)


def test_only_known_fields_that_the_profile_names_are_disclosed() -> None:
    decision = decided(HOMELESS_ADULT, rule_set(need=HOUSING), identity_fields=("name", "date_of_birth"))
    assert decision.referrals[0].disclosed == ("name", "person.area", "accommodation.status")


@pytest.mark.parametrize("age", [17, None, 18])
def test_an_unknown_age_makes_nobody_an_adult_or_a_child(age: int | None) -> None:
    child = HOUSING.replace(">= 18", "< 18").replace("id: housing", "id: child")
    facts = HOMELESS_ADULT | ({"person.age": age} if age is not None else {})
    facts = facts if age is not None else without(facts, "person.age")
    decision = decided(facts, rule_set(need=HOUSING + child))
    assert rules_made(decision) == {17: ["child"], None: [], 18: ["housing"]}[age]
    if age is None:
        assert [need.rule for need in decision.needs_information] == ["child", "housing"]
        assert {need.missing for need in decision.needs_information} == {("person.date_of_birth",)}


def test_no_consent_is_not_the_same_as_consent_not_known() -> None:
    refused = decided(HOMELESS_ADULT | {"consent.accommodation": False}, rule_set(need=HOUSING))
    assert (refused.referrals, refused.needs_information) == ((), ())
    silent = decided(without(HOMELESS_ADULT, "consent.accommodation"), rule_set(need=HOUSING))
    assert [need.missing for need in silent.needs_information] == [("consent.accommodation",)]


def test_a_rule_acts_only_on_the_london_days_it_is_effective() -> None:
    rules = rule_set(need=HOUSING + "    effective: {from: 2026-07-01, until: 2026-07-31}\n")
    before, first = datetime(2026, 6, 30, 22, 59, tzinfo=UTC), datetime(2026, 6, 30, 23, 0, tzinfo=UTC)
    last, after = datetime(2026, 7, 31, 22, 59, tzinfo=UTC), datetime(2026, 7, 31, 23, 0, tzinfo=UTC)
    made = [len(decided(HOMELESS_ADULT, rules, occurred_at=at).referrals) for at in (before, first, last, after)]
    assert made == [0, 1, 1, 0]


def test_what_is_suppressed_is_said_with_the_rules_it_stopped() -> None:
    rules = rule_set(need=HOUSING, suppress=suppressing())
    decision = decided(HOMELESS_ADULT | {"person.deceased": True}, rules)
    assert decision.referrals == ()
    (stopped,) = decision.suppressed
    assert decision.covered == ()
    assert (stopped.rule, stopped.reason, stopped.stopped) == ("stop", "unlawfully-at-large", ("housing",))
    assert [held.field for held in stopped.conditions] == ["person.deceased"]


def test_a_suppression_of_categories_stops_only_those() -> None:
    facts = AT_RISK | {"person.deceased": True}
    both = HOUSING + CRISIS.replace("id: crisis", "id: crisis-need")
    decision = decided(facts, rule_set(need=both, suppress=suppressing("[ACCOMMODATION]")), BOTH)
    assert rules_made(decision) == ["crisis-need"]


def test_a_suppression_of_releases_stops_only_rules_about_release() -> None:
    release = HOUSING.replace("id: housing", "id: at-release").replace("when: {", "when: {event.movement: released, ")
    release = release.replace("housing_authority", "cas3").replace("    refer:", "    release: true\n    refer:")
    directory = a_directory(a_provider(), a_provider("cas3-home", services=("cas3",)))
    facts = HOMELESS_ADULT | {"event.movement": "released", "person.deceased": True}
    decision = decided(facts, rule_set(need=HOUSING + release, suppress=suppressing("release")), directory)
    assert rules_made(decision) == ["housing"]
    assert decision.suppressed[0].stopped == ("at-release",)
    free = decided(facts | {"person.deceased": False}, rule_set(need=HOUSING + release), directory)
    assert {referral.rule: referral.release for referral in free.referrals} == {"housing": False, "at-release": True}


def test_a_possible_suppression_holds_a_referral_back_and_asks() -> None:
    decision = decided(HOMELESS_ADULT, rule_set(need=HOUSING, suppress=suppressing()))
    assert decision.referrals == ()
    assert [(need.rule, need.missing) for need in decision.needs_information] == [("housing", ("person.deceased",))]
    assert decision.suppressed == ()


def test_a_possible_suppression_does_not_hold_safety_back() -> None:
    decision = decided(AT_RISK, rule_set(safety=CRISIS, need=HOUSING, suppress=suppressing()), BOTH)
    assert rules_made(decision) == ["crisis"]
    assert [need.rule for need in decision.needs_information] == ["housing"]


@pytest.mark.parametrize(
    ("reason", "what", "made"),
    [
        ("deceased", "everything", []),
        ("unlawfully-at-large", "all-but-safety", ["crisis"]),
        ("deceased", "[MENTAL_HEALTH]", ["crisis"]),
    ],
)
def test_safety_is_stopped_only_by_a_rule_that_says_everything(reason: str, what: str, made: list[str]) -> None:
    rules = rule_set(safety=CRISIS, suppress=suppressing(what, reason))
    decision = decided(AT_RISK | {"person.deceased": True}, rules, BOTH)
    assert rules_made(decision) == made
    assert bool(decision.notices) is bool(made), "a notice beside a referral goes its way"


def test_a_notice_of_its_own_is_given_with_its_reasons() -> None:
    tell = "  - {id: tell, why: Tell, when: {person.age: 34}, notify: {kind: check, to: youth-justice}}\n"
    (notice,) = decided(HOMELESS_ADULT, rule_set(need=tell)).notices
    assert (notice.kind, notice.to, notice.rule, notice.urgency) == (
        "check",
        "youth-justice",
        "tell",
        "next_working_day",
    )
    assert notice.conditions[0].actual == 34


def test_the_earlier_class_makes_the_one_referral_to_a_service_and_the_other_is_covered() -> None:
    duty = HOUSING.replace("id: housing", "id: z-duty").replace("basis: agreed", "basis: duty")
    decision = decided(HOMELESS_ADULT, rule_set(need=HOUSING, statutory=duty))
    assert rules_made(decision) == ["z-duty"]
    assert decision.suppressed == ()
    assert decision.covered == (
        Covered(rule="housing", category="ACCOMMODATION", service="housing_authority", by="z-duty"),
    )


def test_nobody_is_asked_for_a_rule_that_an_earlier_referral_covers() -> None:
    duty = HOUSING.replace("id: housing", "id: duty").replace("basis: agreed", "basis: duty")
    curious = HOUSING.replace("when: {", "when: {person.veteran: true, ")
    covered = decided(HOMELESS_ADULT, rule_set(need=curious, statutory=duty))
    assert (rules_made(covered), covered.needs_information) == (["duty"], ())
    first = decided(HOMELESS_ADULT, rule_set(need=HOUSING, statutory=curious.replace("id: housing", "id: first")))
    assert [need.rule for need in first.needs_information] == ["first"], "an earlier class could still take its place"


def test_linked_rules_travel_together_when_both_were_made() -> None:
    linked = HOUSING.replace("urgency:", "linked: [crisis], urgency:")
    together = decided(AT_RISK, rule_set(safety=CRISIS, need=linked), BOTH)
    assert {referral.rule: referral.linked for referral in together.referrals} == {"crisis": (), "housing": ("crisis",)}
    alone = decided(HOMELESS_ADULT | {"event.threshold": "none"}, rule_set(safety=CRISIS, need=linked), BOTH)
    assert alone.referrals[0].linked == ()


def test_approval_and_advice_travel_with_the_referral() -> None:
    rule = HOUSING.replace("urgency:", "approval: approving-practitioner, advice: Second need, urgency:")
    (referral,) = decided(HOMELESS_ADULT, rule_set(need=rule)).referrals
    assert (referral.approval, referral.advice) == ("approving-practitioner", "Second need")


def test_a_need_that_nobody_can_take_is_said_loudly() -> None:
    decision = decided(HOMELESS_ADULT, rule_set(need=HOUSING), a_directory(a_provider(accepting=False)))
    (unmet,) = decision.unmet
    assert (unmet.rule, unmet.category, unmet.destinations[0].why) == ("housing", "ACCOMMODATION", "full")


def test_alternatives_and_exceptions_are_explained() -> None:
    rule = (
        HOUSING
        + "    any_of: [{person.sex: female}, {person.veteran: true}]\n    unless: {custody.status: in_prison}\n"
    )
    facts = HOMELESS_ADULT | {"person.sex": "male", "person.veteran": True, "custody.status": "community"}
    (referral,) = decided(facts, rule_set(need=rule)).referrals
    assert [(held.field, held.expected) for held in referral.conditions][3:] == [
        ("person.veteran", "true"),
        ("custody.status", "unless in_prison"),
    ]


def test_who_the_person_is_and_who_can_be_told_are_passed_on_as_they_came() -> None:
    told = {"references": {"custody": "v1.x"}, "formerly": ("older", "oldest"), "sealed": "v1.y"}
    decision = decide(a_situation({}).model_copy(update=told), rule_set(need=HOUSING), a_directory())
    assert (decision.references, decision.formerly, decision.sealed) == tuple(told.values())


def test_the_decision_carries_the_facts_it_was_made_on() -> None:
    decision = decided(HOMELESS_ADULT, rule_set(need=HOUSING), received_at=NOON + timedelta(days=2))
    assert decision.facts["person.nation"] == "england"
    assert decision.facts["event.age_days"] == 2
    assert decision.facts["person.area"] == BIRMINGHAM
    assert "event.day" not in decision.facts
    assert Decision.model_validate_json(decision.model_dump_json()) == decision
