"""An example is as small as can be, can be pasted into a rule test, and says who told it and when."""

import re
from collections.abc import Iterator
from random import Random

import pytest

from onward.contracts import contact_types, topics
from onward.contracts.fact_kinds import Code
from onward.contracts.facts import FACTS
from onward.routing.domain.kleene import rule_holds
from onward.routing.domain.language import Rule
from onward.routing.domain.loader import load
from onward.routing.domain.rule_tests import given
from onward.workbench.logic import Space, Witness
from onward.workbench.logic.scales import scale
from unit.routing.routing_builders import rule_file, rule_set
from unit.workbench.linked_rules import a_rule


def only(conditions: str, more: str = "") -> Rule:
    rule = f"  - {{id: it, why: a test, when: {{{conditions}}}, notify: {{kind: look, to: duty-practitioner}}{more}}}\n"
    return rule_set(need=rule).rules[0]


def example(conditions: str, more: str = "") -> Witness | None:
    rule = only(conditions, more)
    space = Space.of([rule])
    answer = space.find(space.matches(rule), check=lambda witness: rule_holds(rule, witness.known()) is True)
    assert not answer.open
    return answer.witness


def facts_of(conditions: str) -> set[str]:
    witness = example(conditions)
    assert witness is not None
    return set(witness.facts)


def test_an_example_has_no_fact_that_it_does_not_need() -> None:
    assert facts_of('person.age: ">= 18", person.sex: female') == {"person.age", "person.sex"}


def test_a_derived_fact_is_shown_by_what_it_follows_from() -> None:
    assert facts_of("person.nation: wales") == {"person.area"}
    assert facts_of("release.days_until: 5..9, release.working_days_until: 3") == {"release.planned_on"}
    assert facts_of('event.nearest_deadline_hours: "<= 3"') in ({"event.s136_minutes"}, {"event.custody_clock_minutes"})


def test_derived_facts_that_cannot_go_together_are_proved_so() -> None:
    assert example("person.nation: wales, person.area: E08000025") is None
    assert example("person.nation: known, person.area: not known") is None
    assert example("release.days_until: 2, release.working_days_until: 3") is None
    assert example("release.days_until: 30, release.planned_on: not known") is None
    assert example('event.nearest_deadline_hours: "> 5", event.s136_hours_left: "<= 5"') is None
    assert example("release.days_since: 0, release.on: not known") is None


def test_working_days_count_bank_holidays_as_the_service_does() -> None:
    assert example("release.days_until: 11, release.working_days_until: 6") is not None, "over Christmas or Easter"
    assert example("release.days_until: 11, release.working_days_until: 2") is None, "even Easter 2011 left three"


def test_a_record_need_not_have_more_fields_than_are_asked_about() -> None:
    witness = example("registrations has: {code: MAPP}, registrations has no: {active: false}")
    assert witness is not None
    assert witness.facts == {"registrations": [{"code": "MAPP", "active": True}]}, "without `active` it might be false"


def test_an_example_is_text_for_a_rule_test_that_then_says_the_same() -> None:
    random, shown = Random(7), 0
    for number in range(60):
        rule = a_rule(random, f"rule-{number}")
        space = Space.of([rule])
        for wanted, expect in ((space.matches(rule), True), (space.possible(rule) & ~space.matches(rule), None)):

            def shows(witness: Witness, rule: Rule = rule, expect: bool | None = expect) -> bool:
                return rule_holds(rule, witness.known()) is expect

            witness = space.find(wanted, check=shows).witness
            if witness is not None:
                shown += 1
                assert rule_holds(rule, as_a_test_gives(witness)) is expect
    assert shown > 50


def as_a_test_gives(witness: Witness) -> dict[str, object]:
    """What a rule test knows that has the witness as its `given`."""
    text = (
        "  - id: it\n    why: a test\n    when: {person.age: known}\n    notify: {kind: look, to: duty-practitioner}\n"
        f"    tests:\n      - {{name: shown, given: {witness.as_yaml()}, expect: match}}\n"
    )
    (rule,) = load([rule_file("need", text)]).rules
    return given(rule, rule.tests[0])


def codes() -> Iterator[tuple[str, Code]]:
    """Every fact that is a code."""
    for path, fact in FACTS.items():
        if isinstance(fact.kind, Code):
            yield path, fact.kind


@pytest.mark.parametrize(("path", "kind"), [*codes()])
def test_a_code_can_be_one_that_no_rule_names(path: str, kind: Code) -> None:
    others = {scale(kind, frozenset([kind.example])).value(place) for place in range(2)} - {kind.example}
    assert others
    assert all(re.fullmatch(kind.pattern, str(other)) for other in others)
    assert facts_of(f"{path}: not {kind.example}") == {path}


@pytest.mark.parametrize(("path", "known"), [("event.source", topics.sources()), ("event.type", contact_types.known())])
def test_an_example_comes_from_a_partner_and_of_an_event_that_there_is(path: str, known: tuple[str, ...]) -> None:
    def not_from(*names: str) -> Witness | None:
        return example("person.sex: female", more=f", unless: [{{{path}: [{', '.join(names)}]}}]")

    assert not_from(*known) is None
    other = not_from(*known[1:])
    assert other is not None
    assert other.facts == {path: known[0], "person.sex": "female"}


def test_the_same_question_has_the_same_answer_every_time() -> None:
    asked = "person.age: 18..25, release.days_until: 3..90, registrations has: {code: MAPP, active: true}"
    assert len({repr(example(asked)) for _ in range(3)}) == 1


def test_a_distance_is_that_of_the_directory_s_offices() -> None:
    offices = {"E08000025": (52.48, -1.89), "E07000008": (52.2, 0.12)}

    def between(low: int, high: int) -> Witness | None:
        rule = only(f"accommodation.distance_km: {low}..{high}, person.area: not E07000008")
        space = Space.of([rule], offices=offices)
        answer = space.find(space.matches(rule), check=lambda witness: rule_holds(rule, witness.known()) is True)
        assert not answer.open
        return answer.witness

    far = between(100, 200)
    assert far is not None
    assert far.facts == {"person.area": "E08000025", "accommodation.chosen_authority": "E07000008"}
    assert far.given()["accommodation.distance_km"] == far.known()["accommodation.distance_km"]
    assert between(1, 99) is None, "there are two offices"
    assert between(0, 99) is not None, "the authority of the person's own area"
    assert example("accommodation.distance_km: 1..99") is None, "without a directory no distance is known"
