"""What the index and its tables must say where random rules seldom go."""

from datetime import date
from random import Random
from typing import Any

import pytest

from onward.contracts.facts import FACTS
from onward.diagnostics.yaml_tree import Place
from onward.routing.domain.asking import Asker
from onward.routing.domain.bits import numbers_in
from onward.routing.domain.index import Index
from onward.routing.domain.kleene import explain, missing_facts, rule_holds
from onward.routing.domain.language import EVENT_DAY, Between, Condition, Group, Has, OneOf, Rule, Scalar
from onward.routing.domain.tables import equal_table, range_table
from unit.routing.random_rules import knowledge, rule_set
from unit.routing.routing_builders import NOON

TODAY = {EVENT_DAY: NOON.date()}


def ask(path: str, test: Any) -> Condition:
    return Condition(path, test, "", "f:1:1")


def one(*values: Scalar, negated: bool = False) -> OneOf:
    return OneOf(frozenset(values), negated)


def has(code: str, *, negated: bool = False) -> Condition:
    return ask("registrations", Has((ask("code", one(code)),), negated))


def a_rule(*when: Condition, any_of: tuple[Group, ...] = (), unless: tuple[Group, ...] = ()) -> Rule:
    effective = ask(EVENT_DAY, Between(None, None))
    return Rule("it", "w", "need", "o", Place("f", 1, 1), effective, when, any_of, unless)


def coded(*codes: str) -> dict[str, Any]:
    return TODAY | {"registrations": [{"code": code} for code in codes]}


@pytest.mark.parametrize(
    "numbers", [(), (0,), (511,), (512,), (0, 511, 512, 1023, 1024), (3, 1_700), tuple(range(1_100))]
)
def test_the_numbers_of_bits_are_told_lowest_first_however_far_apart(numbers: tuple[int, ...]) -> None:
    assert numbers_in(sum(1 << number for number in numbers)) == numbers


@pytest.mark.parametrize("negated", [False, True])
def test_any_number_of_questions_about_one_list_must_all_hold(negated: bool) -> None:
    rule = a_rule(*(has(code, negated=negated) for code in ("MAPP", "AVIS", "RHRH", "WEAP")))
    index = Index([rule])
    for known in (
        coded("MAPP", "AVIS", "RHRH", "WEAP"),
        coded("AVIS", "RHRH", "WEAP"),
        coded("MAPP", "RHRH", "WEAP"),
        coded("MAPP", "AVIS", "WEAP"),
        coded("MAPP", "AVIS", "RHRH"),
        coded("REG22"),
        coded(),
    ):
        assert bool(index.match(known).definite) is rule_holds(rule, known)


@pytest.mark.parametrize("score", [None, 0, 1, 2, 3, 4])
def test_a_field_of_a_record_can_be_a_number(score: int | None) -> None:
    fields = (ask("score", Between(2, 3)), ask("active", one(True)))
    rules = [a_rule(ask("registrations", Has(fields, negated))) for negated in (False, True)]
    record: dict[str, Any] = {"active": True} | ({} if score is None else {"score": score})
    known: dict[str, Any] = TODAY | {"registrations": [record]}
    matches = Index(rules).match(known)
    truths = [rule_holds(rule, known) for rule in rules]
    assert truths == ([None, None] if score is None else [2 <= score <= 3, not 2 <= score <= 3])
    assert matches.definite == tuple(number for number, truth in enumerate(truths) if truth)
    assert matches.possible == tuple(number for number, truth in enumerate(truths) if truth is None)


def test_the_rows_of_a_rule_tell_its_groups_apart() -> None:
    rule = a_rule(
        ask("person.age", Between(18, None)),
        any_of=((ask("person.sex", one("female")),), (ask("person.veteran", one(True)),)),
        unless=((ask("person.deceased", one(True)),),),
    )
    index = Index([rule, rule])
    known = TODAY | {"person.age": 20, "person.sex": "male"}
    rows = index.match(known).rows
    for number in (0, 1):
        female, veteran = index.rows_of(number).any_of
        (deceased,) = index.rows_of(number).unless
        assert [bool(rows & row) for row in (female, veteran, deceased)] == [False, True, True]
        asker = Asker(rule, index.rows_of(number))
        assert sorted(asker.missing(known, rows)) == ["person.deceased", "person.veteran"]


def test_nothing_is_asked_of_a_group_that_another_has_settled() -> None:
    rule = a_rule(
        ask("person.age", Between(18, None)),
        any_of=((ask("person.sex", one("female")),), (ask("person.veteran", one(True)),)),
    )
    index = Index([rule])
    known = TODAY | {"person.sex": "female"}
    asker = Asker(rule, index.rows_of(0))
    assert asker.missing(known, index.match(known).rows) == ("person.age",)
    needs = asker.needs("ACCOMMODATION", ("person.age",))
    assert (needs.rule, needs.category, needs.missing) == ("it", "ACCOMMODATION", (FACTS["person.age"].asked_as,))
    assert asker.needs(None, ("person.sex",)) != asker.needs("ACCOMMODATION", ("person.sex",))


@pytest.mark.parametrize("value", [17, 18, 19, 20, 21, 22, 23, 24])
def test_a_range_of_numbers_includes_both_ends_and_leaves_out_what_is_excluded(value: int) -> None:
    table = range_table({0: [Between(18, 22), one(20, negated=True)], 1: [Between(None, 18)], 2: [one(23)]}, 0b1000)
    meant = [18 <= value <= 22 and value != 20, value <= 18, value == 23, True]
    assert table.lookup(value) == sum(1 << row for row, content in enumerate(meant) if content)


@pytest.mark.parametrize("day", [date(2026, 2, 27), date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 2)])
def test_a_range_of_days_ends_with_its_last_day(day: date) -> None:
    table = range_table({0: [Between(date(2026, 2, 28), date(2026, 3, 1))]}, 0)
    assert table.lookup(day) == int(date(2026, 2, 28) <= day <= date(2026, 3, 1))


def test_a_value_that_nobody_names_is_for_those_who_exclude_and_those_who_do_not_ask() -> None:
    table = equal_table(
        {0: [one("a")], 1: [one("a", negated=True)], 2: [one("a", "b"), one("b", negated=True)]}, 0b1000
    )
    assert [table.lookup(value) for value in ("a", "b", "c")] == [0b1101, 0b1010, 0b1010]


def test_an_explanation_names_its_rule_and_every_condition_with_the_value_it_met() -> None:
    rule = a_rule(
        ask("person.age", Between(18, None)),
        any_of=((ask("person.sex", one("female")),),),
        unless=((ask("person.deceased", one(True)),),),
    )
    explained = explain(rule, TODAY | {"person.age": 17, "person.sex": "female"})
    assert (explained.rule, explained.truth, explained.effective.actual) == (rule, False, NOON.date())
    assert [(seen.truth, seen.actual) for seen in explained.when] == [(False, 17)]
    assert [[(seen.truth, seen.actual) for seen in group] for group in explained.any_of] == [[(True, "female")]]
    assert [[(seen.truth, seen.actual) for seen in group] for group in explained.unless] == [[(None, None)]]
    assert explained.reasons() == ("person.age",)


ADULT, WOMAN = ask("person.age", Between(18, None)), ask("person.sex", one("female"))
DIED = ask("person.deceased", one(True))


@pytest.mark.parametrize(
    ("facts", "reasons"),
    [
        ({"person.age": 17, "person.sex": "male", "person.deceased": True}, ("person.age",)),
        ({"person.age": 17}, ("person.age",)),
        ({"person.age": 18, "person.sex": "male", "person.deceased": True}, ("person.sex",)),
        ({"person.age": 18, "person.sex": "female", "person.deceased": True}, ("person.deceased",)),
        ({"person.age": 18, "person.deceased": True}, ("person.deceased",)),
        ({"person.sex": "female", "person.deceased": False}, ("person.age",)),
        ({"person.age": 18, "person.sex": "female", "person.deceased": False}, ()),
    ],
)
def test_the_first_part_that_decided_against_a_rule_is_the_reason(
    facts: dict[str, Any], reasons: tuple[str, ...]
) -> None:
    rule = a_rule(ADULT, any_of=((WOMAN,),), unless=((DIED,),))
    assert explain(rule, TODAY | facts).reasons() == reasons


def test_the_reasons_of_a_rule_that_needs_information_are_the_facts_it_asks_for() -> None:
    random, asked = Random(7), 0
    for _ in range(1_500):
        (rule,), known = rule_set(random, 1), knowledge(random)
        explained = explain(rule, known)
        if explained.truth is None:
            assert explained.reasons() == missing_facts(rule, known)
            asked += 1
    assert asked > 100
