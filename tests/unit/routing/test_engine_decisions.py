"""What a decision says of its situation, of what was stopped and of what is asked, down to the last word."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from onward.contracts import ids
from onward.contracts.decision import Decision
from onward.routing.domain.decide import Router, decide
from onward.routing.domain.diagnostics import SourceFile
from onward.routing.domain.language import RuleSet
from onward.routing.domain.loader import load
from onward.routing.domain.outcomes import BundleComparison
from unit.routing.routing_builders import (
    BASES,
    HOMELESS_ADULT,
    HOUSING,
    NOON,
    a_directory,
    a_provider,
    a_situation,
    decided,
    rule_file,
    rule_set,
    without,
)

TELL = """\
  - id: tell
    why: Somebody should know
    when: {person.age: ">= 18"}
    notify: {kind: check, to: duty-practitioner, urgency: immediate}
"""
BOTH = """\
  - id: both
    why: Two needs of one person
    when: {person.age: ">= 18", person.veteran: true}
    refer:
      - {category: ACCOMMODATION, service: housing_authority, urgency: immediate}
      - {category: MENTAL_HEALTH, service: crisis_team, urgency: immediate}
    legal_basis: life
"""
CRISIS_TEAM = a_provider("crisis-team", services=("crisis_team",), categories=("MENTAL_HEALTH",))
DIRECTORY = a_directory(a_provider(), CRISIS_TEAM)
VETERAN = HOMELESS_ADULT | {"person.veteran": True}
DIED = {"person.deceased": True}


def stop(what: str, *, name: str = "stop", when: str = "person.deceased: true", closes: str = "none") -> str:
    code = "" if closes == "none" else ", closure_reason: return_to_prison"
    return (
        f"  - {{id: {name}, why: s, when: {{{when}}}, "
        f"suppress: {{reason: stopped, what: {what}, closes: {closes}{code}}}}}\n"
    )


def asked(decision: Decision) -> list[tuple[str, str | None, tuple[str, ...]]]:
    return [(need.rule, need.category, need.missing) for need in decision.needs_information]


def test_a_decision_says_whose_it_is_and_what_it_was_made_on_and_with() -> None:
    rules, directory = rule_set(need=HOUSING), a_directory()
    told: dict[str, Any] = {
        "situation_id": UUID(int=11),
        "contact_id": UUID(int=12),
        "revision": 3,
        "in_reply_to": UUID(int=13),
    }
    situation = a_situation(HOMELESS_ADULT, received_at=NOON + timedelta(hours=2)).model_copy(update=told)
    decision = decide(situation, rules, directory)
    assert {name: getattr(decision, name) for name in told} == told
    assert (decision.person, decision.source, decision.contact_type) == (
        "person-0001",
        "custody",
        "custody.detention-authorised",
    )
    assert (decision.occurred_at, decision.received_at) == (NOON, NOON + timedelta(hours=2))
    versions = rules.version.sha256 + directory.sha256
    assert decision.decision_id == ids.derived_id("decision", str(UUID(int=11)), "3", versions)
    assert (decision.rules, decision.directory.name, decision.directory.version) == (rules.version, "directory", "test")


def test_another_revision_other_rules_or_another_directory_make_another_decision() -> None:
    rules, directory = rule_set(need=HOUSING), a_directory()
    situation = a_situation(HOMELESS_ADULT)
    made = {
        decide(situation, rules, directory).decision_id,
        decide(situation.model_copy(update={"revision": 2}), rules, directory).decision_id,
        decide(situation.model_copy(update={"situation_id": UUID(int=9)}), rules, directory).decision_id,
        decide(situation, rule_set(need=TELL), directory).decision_id,
        decide(situation, rules, directory.model_copy(update={"sha256": "1" * 64})).decision_id,
    }
    assert len(made) == 5


def test_a_router_answers_the_thousandth_situation_as_it_would_the_first() -> None:
    rules = rule_set(need=HOUSING + TELL, suppress=stop("[ACCOMMODATION]"))
    router = Router(rules, DIRECTORY)
    people = [
        HOMELESS_ADULT,
        HOMELESS_ADULT | DIED,
        without(HOMELESS_ADULT, "consent.accommodation"),
        without(HOMELESS_ADULT, "person.age"),
        *(HOMELESS_ADULT | {"person.age": age, "person.deceased": False} for age in range(18, 120)),
    ]
    for facts in people * 2:
        situation = a_situation(facts)
        assert router.decide(situation) == decide(situation, rules, DIRECTORY)


@pytest.mark.parametrize(
    ("what", "theme", "told"),
    [
        ("everything", "need", False),
        ("everything", "safety", False),
        ("all-but-safety", "need", False),
        ("all-but-safety", "safety", True),
        ("release", "need", True),
        ("[ACCOMMODATION]", "need", True),
    ],
)
def test_a_notice_is_silenced_only_by_what_stops_everything_of_its_theme(what: str, theme: str, told: bool) -> None:
    curious = TELL.replace("tell", "curious").replace("when: {", "when: {person.veteran: true, ")
    rules = rule_set(**{theme: TELL + curious, "suppress": stop(what)})
    decision = decided(HOMELESS_ADULT | DIED, rules)
    assert [(notice.rule, notice.urgency) for notice in decision.notices] == [("tell", "immediate")] * told
    assert asked(decision) == [("curious", None, ("person.veteran",))] * told
    alive = decided(HOMELESS_ADULT | {"person.deceased": False}, rules)
    assert [notice.rule for notice in alive.notices] == ["tell"]


def test_a_rule_that_stops_referrals_and_tells_somebody_is_not_silenced_by_itself() -> None:
    telling = stop("everything").replace("}}\n", "}, notify: {kind: died, to: offender-manager}}\n")
    (notice,) = decided(HOMELESS_ADULT | DIED, rule_set(suppress=telling)).notices
    assert (notice.rule, notice.kind) == ("stop", "died")


def test_what_ends_open_referrals_says_which() -> None:
    (stopped,) = decided(DIED, rule_set(suppress=stop("everything", closes="all"))).suppressed
    assert (stopped.closes, stopped.stopped) == ("all", ())
    assert stopped.closure_reason == "return_to_prison"


def test_in_a_comparison_only_what_closes_something_is_said_to_close() -> None:
    rules = rule_set(suppress=stop("everything", name="a", closes="release") + stop("[ACCOMMODATION]", name="b"))
    both = (rules, a_directory())
    before, after = BundleComparison(both, both).outcomes(a_situation(DIED))
    assert before == after
    assert [(closed.rule, closed.which) for closed in before.closed] == [("a", "release")]


def test_every_rule_that_tells_somebody_does() -> None:
    other = TELL.replace("tell", "say").replace("notify: {", "notify: [{").replace("immediate}", "immediate}, {")
    other = other.replace("}, {", "}, {kind: more, to: crisis-line}]")
    decision = decided(HOMELESS_ADULT, rule_set(need=TELL + other))
    assert [(notice.rule, notice.kind) for notice in decision.notices] == [
        ("say", "check"),
        ("say", "more"),
        ("tell", "check"),
    ]


def test_a_rule_stopped_for_two_categories_is_named_once() -> None:
    decision = decided(VETERAN | DIED, rule_set(need=BOTH, suppress=stop("everything")), DIRECTORY)
    assert decision.suppressed[0].stopped == ("both",)


@pytest.mark.parametrize(
    ("what", "stopped"), [("[ACCOMMODATION]", "ACCOMMODATION"), ("[MENTAL_HEALTH]", "MENTAL_HEALTH"), ("release", "")]
)
def test_what_stops_one_category_leaves_the_others_of_the_rule_alone(what: str, stopped: str) -> None:
    left = [name for name in ("ACCOMMODATION", "MENTAL_HEALTH") if name != stopped]
    held = [name for name in ("ACCOMMODATION", "MENTAL_HEALTH") if name == stopped]
    rules = rule_set(need=BOTH, suppress=stop(what))
    certain = decided(VETERAN | DIED, rules, DIRECTORY)
    assert [referral.category for referral in certain.referrals] == left
    possible = decided(VETERAN, rules, DIRECTORY)
    assert [referral.category for referral in possible.referrals] == left
    assert asked(possible) == [("both", category, ("person.deceased",)) for category in held]
    open_ = decided(HOMELESS_ADULT | DIED, rules, DIRECTORY)
    assert asked(open_) == [("both", category, ("person.veteran",)) for category in left]
    open_twice = decided(HOMELESS_ADULT, rules, DIRECTORY)
    assert sorted(asked(open_twice), key=str) == sorted(
        [
            *(("both", category, ("person.veteran",)) for category in left),
            *(("both", category, ("person.deceased", "person.veteran")) for category in held),
        ],
        key=str,
    )


def test_nothing_is_asked_for_a_referral_that_is_covered_and_all_is_for_the_other_of_the_rule() -> None:
    duty = HOUSING.replace("id: housing", "id: duty").replace("basis: agreed", "basis: duty")
    decision = decided(HOMELESS_ADULT, rule_set(statutory=duty, need=BOTH), DIRECTORY)
    assert asked(decision) == [("both", "MENTAL_HEALTH", ("person.veteran",))]


def test_a_suppression_that_may_hold_asks_for_its_open_alternatives_only() -> None:
    either = stop("everything").replace(
        "when: {person.deceased: true}",
        "when: {person.age: 34}, any_of: [{person.deceased: true}, {person.sex: male, person.veteran: true}]",
    )
    decision = decided(HOMELESS_ADULT | {"person.sex": "female"}, rule_set(need=HOUSING, suppress=either))
    assert asked(decision) == [("housing", "ACCOMMODATION", ("person.deceased",))]


@pytest.mark.parametrize("what", ["everything", "all-but-safety"])
def test_a_suppression_that_only_may_hold_never_holds_up_safety(what: str) -> None:
    decision = decided(VETERAN, rule_set(safety=BOTH, suppress=stop(what)), DIRECTORY)
    assert [referral.category for referral in decision.referrals] == ["ACCOMMODATION", "MENTAL_HEALTH"]
    open_ = decided(HOMELESS_ADULT, rule_set(safety=BOTH, suppress=stop(what)), DIRECTORY)
    assert {missing for _, _, missing in asked(open_)} == {("person.veteran",)}


def test_a_place_that_something_unknown_could_open_is_asked_for_under_its_category() -> None:
    women = a_directory(a_provider(eligibility={"sex": "female"}))
    assert asked(decided(HOMELESS_ADULT, rule_set(need=HOUSING), women)) == [
        ("housing", "ACCOMMODATION", ("person.sex",))
    ]


PREREQUISITES = """\
schema: routing/v1
prerequisites:
  told: {why: The council must have been told, when: {duty_to_refer.status: submitted}}
  seen: {why: Somebody must have seen the person, when: {person.registered_with_gp: true}}
"""


def waiting_rules(*, suppress: str = "") -> RuleSet:
    need = BOTH.replace("    refer:", "    requires: [told, seen]\n    refer:")
    notice = TELL.replace("    notify:", "    requires: [told]\n    notify:")
    files = [("bases.yaml", BASES.encode()), ("first.yaml", PREREQUISITES.encode())]
    themes = {"need": need + notice} | ({"suppress": suppress} if suppress else {})
    return load([*(SourceFile(*file) for file in files), *(rule_file(*each) for each in themes.items())])


NOT_TOLD = VETERAN | {"duty_to_refer.status": "none", "person.registered_with_gp": False}


def waits(facts: dict[str, Any], rules: RuleSet) -> list[tuple[str, str | None]]:
    return [(each.rule, each.category) for each in decided(facts, rules, DIRECTORY).waiting]


def test_every_referral_of_a_waiting_rule_waits_with_every_reason() -> None:
    decision = decided(NOT_TOLD, waiting_rules(), DIRECTORY)
    assert [(each.rule, each.category, each.why) for each in decision.waiting] == [
        ("both", "ACCOMMODATION", "The council must have been told; Somebody must have seen the person"),
        ("both", "MENTAL_HEALTH", "The council must have been told; Somebody must have seen the person"),
        ("tell", None, "The council must have been told"),
    ]


@pytest.mark.parametrize(
    ("what", "left"),
    [
        ("everything", []),
        ("all-but-safety", []),
        ("[ACCOMMODATION]", [("both", "MENTAL_HEALTH"), ("tell", None)]),
        ("release", [("both", "ACCOMMODATION"), ("both", "MENTAL_HEALTH"), ("tell", None)]),
    ],
)
def test_what_is_stopped_does_not_wait(what: str, left: list[tuple[str, str | None]]) -> None:
    assert waits(NOT_TOLD | DIED, waiting_rules(suppress=stop(what))) == left


@pytest.mark.parametrize(
    ("span", "words"),
    [
        ("{from: 2026-01-01}", "from 2026-01-01"),
        ("{from: 2026-01-01, until: 2026-12-31}", "from 2026-01-01 until 2026-12-31"),
    ],
)
def test_the_days_on_which_a_rule_is_effective_are_a_reason_too(span: str, words: str) -> None:
    rules = rule_set(need=HOUSING + f"    effective: {span}\n")
    (referral,) = decided(HOMELESS_ADULT, rules).referrals
    first, second = referral.conditions[:2]
    assert (first.field, first.expected, first.actual) == ("effective", words, NOON.date())
    assert second.field == "person.age"


def test_a_list_is_shown_as_it_was_told() -> None:
    listed = TELL.replace("when: {", "when: {registrations has: {code: MAPP}, ")
    facts = {"person.age": 20, "registrations": [{"code": "MAPP", "active": True}]}
    (notice,) = decided(facts, rule_set(need=listed)).notices
    assert notice.conditions[0].actual == [{"code": "MAPP", "active": True}]
