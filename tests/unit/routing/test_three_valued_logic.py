"""The plain evaluator, case by case: what holds, what does not, and what nobody can say yet."""

from datetime import date
from typing import Any

import pytest

from onward.routing.domain.kleene import all_of, any_of, explain, missing_facts, negation, rule_holds
from onward.routing.domain.language import EVENT_DAY, Rule
from unit.routing.routing_builders import rule_set

DAY = {EVENT_DAY: date(2026, 3, 4)}


def a_rule(conditions: str) -> Rule:
    text = f"  - id: it\n    why: x\n{conditions}\n    notify: {{kind: k, to: crisis-line}}\n"
    return rule_set(need=text).rules[0]


def truth(when: str, known: dict[str, Any]) -> bool | None:
    return rule_holds(a_rule(f"    when: {{{when}}}"), known | DAY)


def test_not_known_is_neither_true_nor_false() -> None:
    assert all_of([True, None]) is None
    assert all_of([False, None]) is False
    assert all_of([]) is True
    assert any_of([True, None]) is True
    assert any_of([False, None]) is None
    assert any_of([]) is False
    assert negation(None) is None


@pytest.mark.parametrize(
    ("when", "known", "expected"),
    [
        ('person.age: ">= 18"', {"person.age": 18}, True),
        ('person.age: "> 18"', {"person.age": 18}, False),
        ('person.age: "<= 18"', {"person.age": 18}, True),
        ('person.age: "< 18"', {"person.age": 18}, False),
        ("person.age: 18..24", {"person.age": 24}, True),
        ("person.age: 18..24", {"person.age": 25}, False),
        ("person.age: [3, 5]", {"person.age": 5}, True),
        ("person.age: not 5", {"person.age": 5}, False),
        ("person.age: not 5", {}, None),
        ('release.on: ">= 2026-01-01"', {"release.on": date(2026, 1, 1)}, True),
        ("release.on: 2026-01-01..2026-01-31", {"release.on": date(2026, 2, 1)}, False),
        ("person.sex: female", {"person.sex": "female"}, True),
        ("person.sex: female", {}, None),
        ("person.sex: not female", {"person.sex": "male"}, True),
        ("person.veteran: false", {"person.veteran": False}, True),
        ("person.veteran: false", {}, None),
        ("person.area: known", {}, False),
        ("person.area: known", {"person.area": "E08000025"}, True),
        ("person.area: unknown", {}, True),
        ("person.area: not known", {"person.area": "E08000025"}, False),
    ],
)
def test_conditions_on_one_value(when: str, known: dict[str, Any], expected: bool | None) -> None:
    assert truth(when, known) is expected


MAPP = {"code": "MAPP", "active": True}


@pytest.mark.parametrize(
    ("records", "has", "has_no"),
    [
        (None, None, None),
        ([], False, True),
        ([MAPP], True, False),
        ([{"code": "MAPP", "active": False}], False, True),
        ([{"code": "WEAP", "active": True}, {"code": "MAPP", "active": False}], False, True),
        ([{"code": "MAPP"}], None, None),
        ([{"code": "WEAP"}], False, True),
        ([{"code": "MAPP"}, MAPP], True, False),
    ],
)
def test_one_record_must_fit_as_a_whole(
    records: list[dict[str, Any]] | None, has: bool | None, has_no: bool | None
) -> None:
    known = {} if records is None else {"registrations": records}
    assert truth("registrations has: {code: MAPP, active: true}", known) is has
    assert truth("registrations has no: {code: MAPP, active: true}", known) is has_no


RULE = """\
    when: {person.age: ">= 18"}
    any_of: [{person.sex: female}, {person.veteran: true, needs.accommodation: 4}]
    unless: [{custody.status: in_prison}, {person.deceased: true}]"""
WOMAN = {"person.age": 30, "person.sex": "female", "custody.status": "community", "person.deceased": False}


@pytest.mark.parametrize(
    ("change", "expected", "missing"),
    [
        ({}, True, ()),
        ({"person.age": None}, None, ("person.age",)),
        ({"person.age": 17}, False, ()),
        ({"person.sex": None}, None, ("needs.accommodation", "person.sex", "person.veteran")),
        ({"person.sex": None, "person.veteran": False}, None, ("person.sex",)),
        ({"person.sex": "male", "person.veteran": True}, None, ("needs.accommodation",)),
        ({"person.sex": "male", "person.veteran": False}, False, ()),
        ({"custody.status": None}, None, ("custody.status",)),
        ({"custody.status": None, "person.deceased": True}, False, ()),
        ({"custody.status": "in_prison"}, False, ()),
        ({"person.age": 17, "custody.status": None}, False, ()),
    ],
)
def test_a_rule_asks_only_for_what_could_still_change_it(
    change: dict[str, Any], expected: bool | None, missing: tuple[str, ...]
) -> None:
    known = {path: value for path, value in (WOMAN | change | DAY).items() if value is not None}
    rule = a_rule(RULE)
    assert rule_holds(rule, known) is expected
    assert missing_facts(rule, known) == missing


def test_an_explanation_answers_why_not() -> None:
    known = WOMAN | DAY | {"person.age": 17}
    explained = explain(a_rule(RULE), known)
    assert explained.truth is False
    assert explained.reasons() == ("person.age",)
    (age,) = explained.when
    assert (age.truth, age.actual, age.condition.expected, age.condition.where) == (
        False,
        17,
        ">= 18",
        "need.yaml:7:24",
    )
    assert [group[0].truth for group in explained.any_of] == [True, None]
