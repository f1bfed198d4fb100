"""A rule that requires another referral first acts only after it, and until then says loudly that it waits."""

from random import Random
from typing import Any

import pytest

from onward.contracts.decision import Decision
from onward.contracts.facts import Facts
from onward.routing.domain.diagnostics import BundleError, SourceFile
from onward.routing.domain.index import Index
from onward.routing.domain.kleene import all_of, group_holds, rule_holds
from onward.routing.domain.language import RuleSet
from onward.routing.domain.loader import load
from onward.routing.domain.waiting import PrerequisiteIndex, without_prerequisites
from onward.routing.handlers import result_of
from unit.routing.random_rules import a_requiring_rule, knowledge
from unit.routing.routing_builders import BASES, HOMELESS_ADULT, a_directory, a_provider, decided, rule_file, without

SHARED = """\
schema: routing/v1
sets: {sent: [submitted, accepted]}
prerequisites:
  duty-to-refer:
    why: The housing authority must have been told of the person
    when: {duty_to_refer.status: $sent}
  screened:
    why: Somebody must have screened the person
    when: {needs.accommodation: known}
"""
CAS3 = """\
  - id: cas3
    why: A place for twelve weeks
    when: {person.age: ">= 18", accommodation.status: homeless, consent.accommodation: true}
    requires: [duty-to-refer, screened]
    refer: {category: ACCOMMODATION, service: cas3, urgency: within_5_working_days}
    legal_basis: agreed
"""
NOTICE = """\
  - id: tell
    why: Somebody should know
    when: {person.age: ">= 18"}
    requires: [duty-to-refer]
    notify: {kind: check, to: duty-practitioner}
"""
DIRECTORY = a_directory(a_provider("cas3", services=("cas3",)), a_provider())


def bundle(rules: str = CAS3, shared: str = SHARED, **themes: str) -> RuleSet:
    files = [SourceFile("bases.yaml", BASES.encode()), SourceFile("shared.yaml", shared.encode())]
    return load([*files, *(rule_file(theme, text) for theme, text in {"need": rules, **themes}.items())])


def decision(facts: Facts, rules: RuleSet | None = None) -> Decision:
    return decided(HOMELESS_ADULT | {"needs.accommodation": 3} | facts, rules or bundle(), DIRECTORY)


def test_it_refers_once_the_other_referral_exists() -> None:
    made = decision({"duty_to_refer.status": "submitted"})
    assert [referral.rule for referral in made.referrals] == ["cas3"]
    assert made.waiting == ()
    where = {held.field: held.where for held in made.referrals[0].conditions}
    assert where["duty_to_refer.status"].startswith("shared.yaml:6:")


def test_until_then_it_says_what_it_waits_for_and_what_held() -> None:
    made = decision({"duty_to_refer.status": "none"})
    assert (made.referrals, made.needs_information) == ((), ())
    (waiting,) = made.waiting
    assert (waiting.rule, waiting.category, waiting.prerequisites) == ("cas3", "ACCOMMODATION", ("duty-to-refer",))
    assert waiting.why == "The housing authority must have been told of the person"
    assert [held.field for held in waiting.conditions] == [
        "person.age",
        "accommodation.status",
        "consent.accommodation",
    ]
    assert result_of(made) == "waiting"


def test_every_prerequisite_that_is_not_met_is_named() -> None:
    facts = without(HOMELESS_ADULT, "needs.accommodation") | {"duty_to_refer.status": "none"}
    (waiting,) = decided(facts, bundle(), DIRECTORY).waiting
    assert waiting.prerequisites == ("duty-to-refer", "screened")


@pytest.mark.parametrize(
    ("facts", "asked"),
    [
        ({}, ("duty_to_refer.status",)),  # whether the other referral exists is not known: ask
        ({"duty_to_refer.status": "none", "person.age": 17}, ()),  # it would not act anyway
        ({"duty_to_refer.status": "none", "person.deceased": True}, ()),  # stopped
    ],
)
def test_it_does_not_wait_where_it_asks_or_would_not_act(facts: dict[str, Any], asked: tuple[str, ...]) -> None:
    stop = "  - {id: stop, why: s, when: {person.deceased: true}, suppress: {reason: died, what: everything}}\n"
    known = facts if "person.deceased" in facts else {"person.deceased": False, **facts}
    made = decision(known, bundle(suppress=stop))
    assert made.waiting == ()
    assert [need.missing for need in made.needs_information] == ([asked] if asked else [])


def test_a_notice_waits_too_and_an_earlier_rule_that_makes_the_referral_leaves_nothing_to_wait_for() -> None:
    (waiting,) = decision({"duty_to_refer.status": "none"}, bundle(NOTICE)).waiting
    assert (waiting.rule, waiting.category) == ("tell", None)
    direct = CAS3.replace("id: cas3", "id: now").replace("    requires: [duty-to-refer, screened]\n", "")
    made = decision({"duty_to_refer.status": "none"}, bundle(CAS3, statutory=direct))
    assert [referral.rule for referral in made.referrals] == ["now"]
    assert made.waiting == ()


@pytest.mark.parametrize(
    ("rules", "shared", "code", "words"),
    [
        (CAS3.replace("[duty-to-refer,", "[duty-to-refr,"), SHARED, "R016", "did you mean `duty-to-refer`?"),
        (CAS3, SHARED.partition("prerequisites")[0], "R016", "define it under `prerequisites:`"),
        (CAS3, SHARED.replace("    why: Somebody must have screened the person\n", ""), "R003", "has no `why`"),
        (CAS3, SHARED.replace("duty_to_refer.status", "duty_to_refer.state"), "T001", "duty_to_refer.status"),
    ],
)
def test_a_prerequisite_that_makes_no_sense_is_refused(rules: str, shared: str, code: str, words: str) -> None:
    with pytest.raises(BundleError) as caught:
        bundle(rules, shared)
    assert any(problem.code == code and words in problem.message for problem in caught.value.diagnostics)


def test_a_rule_that_stops_referrals_cannot_wait() -> None:
    stop = (
        "  - id: stop\n    why: stop\n    when: {person.deceased: true}\n    requires: [screened]\n"
        "    suppress: {reason: died, what: everything}\n"
    )
    with pytest.raises(BundleError) as caught:
        bundle(suppress=stop)
    assert [problem.code for problem in caught.value.diagnostics] == ["P006"]


def test_it_waits_exactly_where_all_but_a_prerequisite_holds() -> None:
    random, waited, acted = Random(5), 0, 0
    for _ in range(300):
        rules = [a_requiring_rule(random, f"rule-{number}") for number in range(5)]
        room, index = PrerequisiteIndex(rules), Index(rules)
        for _ in range(20):
            known = knowledge(random)
            waits = {waiter.rule.id for waiter in room.keeps(known, index.match(known))}
            for rule in rules:
                own = rule_holds(without_prerequisites(rule), known)
                required = all_of(group_holds(each.when, known) for each in rule.requires)
                assert (rule.id in waits) is (own is True and required is False)
                acted += rule_holds(rule, known) is True
            waited += len(waits)
    assert min(waited, acted) > 100, (waited, acted)
