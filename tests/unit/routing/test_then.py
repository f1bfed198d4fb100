"""A rule's tests say what happens, `then:`; any other value of what the rule does fails them."""

import pytest

from onward.routing.domain.rule_tests import run_tests
from unit.routing.routing_builders import problems, rule_set

RULE = """\
  - id: crisis
    why: A life is at risk now
    when: {risk.self_harm: 4}
    refer:
      - {category: MENTAL_HEALTH, service: crisis_team, urgency: within_4_hours, providers: [north, south]}
      - {category: ACCOMMODATION, service: housing_authority, urgency: next_working_day, linked: [crisis],
        approval: approving-practitioner, catchment_by: event.area, advice: Never write to the home address}
    notify:
      - {kind: crisis-call, to: crisis-line, urgency: immediate}
      - {kind: child-in-contact, to: youth-justice}
    legal_basis: life
    tests:
      - name: immediate
        given: {risk.self_harm: 4}
        expect: match
        then: THEN
"""
STOP = """\
  - id: declined
    why: Declined on this occasion
    when: {event.declined: true}
    suppress: {reason: declined, what: [ACCOMMODATION, FINANCE_DEBT], closes: none}
    tests:
      - {name: declined, given: {event.declined: true}, expect: match, then: THEN}
"""


def the_problem(then: str, rule: str = RULE, *, theme: str = "safety", **changes: str) -> str:
    """What is wrong with the one test of a rule that says *then*; *changes* are edits of the rule, old to new."""
    text = rule
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    (result,) = run_tests(rule_set(**{theme: text.replace("THEN", then)}))
    return result.problem


SAID = {
    "within_4_hours": "{refer: {category: MENTAL_HEALTH, urgency: within_4_hours}}",
    "crisis_team": "{refer: {category: MENTAL_HEALTH, service: crisis_team}}",
    "providers: [north, south]": "{refer: {category: MENTAL_HEALTH, providers: [north, south]}}",
    "crisis-line": "{notify: {kind: crisis-call, to: crisis-line}}",
    "urgency: immediate": "{notify: {kind: crisis-call, urgency: immediate}}",
    "child-in-contact": "{notify: {kind: child-in-contact}}",
    "legal_basis: life": "{legal_basis: life}",
    "approval: approving-practitioner": "{refer: {category: ACCOMMODATION, approval: approving-practitioner}}",
    "catchment_by: event.area": "{refer: {category: ACCOMMODATION, catchment_by: event.area}}",
    "Never write": "{refer: {category: ACCOMMODATION, advice: Never write}}",
    "linked: [crisis]": "{refer: {category: ACCOMMODATION, linked: [crisis]}}",
}
EDITS = {
    "within_4_hours": "within_4_weeks",
    "crisis_team": "place_of_safety",
    "providers: [north, south]": "providers: [south, north]",
    "crisis-line": "offender-manager",
    "urgency: immediate": "urgency: digest",
    "child-in-contact": "child-in-contcat",
    "legal_basis: life": "legal_basis: duty",
    "approval: approving-practitioner": "approval: duty-practitioner",
    "catchment_by: event.area": "catchment_by: person.area",
    "Never write": "Write",
}


@pytest.mark.parametrize("value", SAID)
def test_a_test_passes_where_the_rule_does_what_it_says(value: str) -> None:
    assert the_problem(SAID[value]) == ""


@pytest.mark.parametrize("value", EDITS)
def test_another_value_of_what_a_rule_does_fails_the_test_that_says_it(value: str) -> None:
    assert "then says" in the_problem(SAID[value], **{value: EDITS[value]})


def test_what_a_test_does_not_name_is_not_checked() -> None:
    assert the_problem("{legal_basis: life}", within_4_hours="within_4_weeks") == ""


def test_the_message_says_what_the_test_says_and_what_the_rule_does() -> None:
    assert the_problem(SAID["within_4_hours"], within_4_hours="within_4_weeks") == (
        "then says `urgency: within_4_hours`, and the rule has `within_4_weeks`"
    )
    assert the_problem("{release: true}") == "then says `release`, and the rule has none"


@pytest.mark.parametrize(
    ("then", "problem"),
    [
        ("{suppress: {what: [FINANCE_DEBT, ACCOMMODATION], reason: declined}}", ""),
        (
            "{suppress: {what: [ACCOMMODATION, FINANCE_DEBT, MENTAL_HEALTH]}}",
            (
                "then says `what: [ACCOMMODATION, FINANCE_DEBT, MENTAL_HEALTH]`, "
                "and the rule has `[ACCOMMODATION, FINANCE_DEBT]`"
            ),
        ),
        ("{suppress: {closes: all}}", "then says `closes: all`, and the rule has `none`"),
        ("{approve: {by: approving-practitioner}}", "then says `approve`, and the rule has none"),
    ],
)
def test_what_is_stopped_is_the_same_whatever_its_order(then: str, problem: str) -> None:
    assert the_problem(then, STOP, theme="suppress") == problem


WAITS = """\
  - id: waits
    why: A homeless adult
    when: {person.age: ">= 18", accommodation.status: homeless}
    notify: {kind: call-back, to: duty-practitioner}
    tests:
      - {name: nobody knows, given: {event.source: custody}, expect: needs_information, then: THEN}
"""


@pytest.mark.parametrize(
    ("then", "problem"),
    [
        ("{asks: [accommodation.status, person.age]}", ""),
        (
            "{asks: person.age}",
            "then says that the rule asks for `person.age`, and it asks for `accommodation.status`, `person.age`",
        ),
    ],
)
def test_a_test_of_a_rule_that_waits_says_everything_that_it_asks_for(then: str, problem: str) -> None:
    assert the_problem(then, WAITS, theme="need") == problem


@pytest.mark.parametrize(
    ("then", "message"),
    [
        (
            "{refer: {category: MENTAL_HEALTH, urgency: within_4_hour}}",
            "safety.yaml:20:58: error[R007]: `urgency` cannot be `within_4_hour`; did you mean `within_4_hours`?",
        ),
        ("{notify: {to: crisis-line}}", "safety.yaml:20:24: error[R003]: `notify` has no `kind`; add it"),
        ("{}", "safety.yaml:20:15: error[R012]: `then` is empty; fill it or remove it"),
        (
            "{asks: person.age}",
            (
                "safety.yaml:20:15: error[R030]: nobody is asked where the test expects `match`; "
                "remove `asks`, or say it where the rule waits"
            ),
        ),
    ],
)
def test_what_a_test_says_is_read_as_strictly_as_the_rule(then: str, message: str) -> None:
    assert problems(RULE.replace("THEN", then), theme="safety") == [message]


def test_nothing_happens_where_a_rule_does_not_match() -> None:
    text = RULE.replace("given: {risk.self_harm: 4}", "given: {risk.self_harm: 3}").replace("match", "no_match")
    assert problems(text.replace("THEN", "{legal_basis: life}"), theme="safety") == [
        (
            "safety.yaml:20:29: error[R030]: nothing happens where the test expects `no_match`; "
            "remove it, or say it where the rule matches"
        )
    ]
