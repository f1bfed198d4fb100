"""
One name, date of birth and telephone number, told to three services in a night: one person, unless anything differs.

Two of the three are nobody's proof: families share telephones, and twins a birthday.
"""

from itertools import permutations
from typing import Any

import pytest

from onward.contracts.contact import Contact
from unit.people.people_builders import File, a_contact, a_link, born, named

ANNE: dict[str, Any] = {"name": "Anne Test-One", "date_of_birth": born("1990-05-01"), "phone": "01632 960001"}


def met(event: str, source: str, *known_by: str, sex: str = "", **who: Any) -> Contact:
    facts = {"person.sex": sex} if sex else {}
    return a_contact(event, *known_by, source=source, reference=f"{source}/1", facts=facts, **{**ANNE, **who})


def a_night(**third: Any) -> list[Contact]:
    return [
        met("in a cell", "custody"),
        met("in the street", "street-triage", name="TEST-ONE, Anne", phone="+44 (0)1632 960001"),
        met("screened", "liaison", **third),
    ]


def test_three_services_meet_one_person() -> None:
    for order in permutations(a_night()):
        assert len(File(*order).together()) == 1


@pytest.mark.parametrize(
    "third",
    [
        {"name": "Anne"},
        {"name": "Ann Test-One"},
        {"name": "Carla Test-One"},
        {"name": None},
        {"date_of_birth": born("1990-05-02")},
        {"date_of_birth": None},
        {"phone": "01632 960002"},
        {"phone": "960001"},
        {"phone": None},
    ],
)
def test_where_one_of_the_three_is_missing_or_otherwise_nobody_is_joined(third: dict[str, Any]) -> None:
    for order in permutations(a_night(**third)):
        assert File(*order).together() == {
            frozenset({named("in a cell"), named("in the street")}),
            frozenset({named("screened")}),
        }


def test_where_anything_else_differs_nobody_is_joined_and_a_person_is_told() -> None:
    for one, other in (("male", "female"), ("female", "male")):
        file = File(met("in a cell", "custody", sex=one))
        situation = file.situation(met("screened", "liaison", sex=other))
        assert len(file.together()) == 2
        assert situation.facts["event.identity_disputed"] is True


@pytest.mark.parametrize("numbers", [("NOMS A1234BC", "NOMS A9999ZZ"), ("NHS 9434765919", "NHS 9434765870")])
def test_two_numbers_of_one_kind_are_two_people(numbers: tuple[str, str]) -> None:
    told = [met("in a cell", "custody", numbers[0]), met("screened", "liaison", numbers[1])]
    for order in permutations(told):
        assert len(File(*order).together()) == 2


def test_two_numbers_of_two_kinds_may_be_one_person_s() -> None:
    told = [met("in a cell", "custody", "PNC 2002/0073319Z"), met("screened", "liaison", "NOMS A1234BC")]
    assert len(File(*told).together()) == 1


def test_who_was_parted_stays_parted() -> None:
    told = [
        met("one", "custody", "CRN X111111"),
        met("other", "liaison", "CRN X222222"),
        a_link("merge", "merged", "CRN X111111", "CRN X222222", day=2),
        a_link("unmerge", "unmerged", "CRN X111111", "CRN X222222", day=3),
    ]
    for order in permutations(told):
        file = File(*order)
        assert file.person("one") != file.person("other")


def test_two_who_are_joined_with_contradicting_others_are_not_joined_through_them() -> None:
    told = [
        met("in a cell", "custody", "NOMS A1234BC"),
        met("screened", "liaison", "NOMS A9999ZZ"),
        met("in the street", "street-triage"),
    ]
    for order in permutations(told):
        assert len(File(*order).together()) == 3
