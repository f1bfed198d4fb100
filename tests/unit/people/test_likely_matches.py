"""Who says of themselves what somebody said before, or nearly, is asked about, and joined by nobody but a person."""

from datetime import date
from itertools import permutations
from typing import Any

import pytest

from onward.contracts.contact import Contact
from onward.contracts.matches import MatchQuestion
from onward.people.domain.likeness import TOO_MANY_FROM
from unit.people.people_builders import a_contact, a_link, born, named
from unit.people.test_matches import ANNE, People, answer

HER: dict[str, Any] = {"name": "Anne Testerson", "date_of_birth": born("1990-05-14")}


def met(event: str, *known_by: str, day: int = 1, sex: str = "", **who: Any) -> Contact:
    facts = {"person.sex": sex} if sex else {}
    told: dict[str, Any] = {**HER, **who}
    return a_contact(event, *known_by, day=day, source=event, reference=f"{event}/{day}", facts=facts, **told)


async def asked(*told: Contact) -> list[MatchQuestion]:
    return (await People(*told).all()).questions


async def test_one_name_and_birthday_without_a_telephone_is_a_question_and_joins_nobody() -> None:
    for order in permutations([met("cell"), met("clinic")]):
        people = await People(*order).all()
        (question,) = people.questions
        assert people.person("cell") != people.person("clinic")
        assert {one.contact_id for one in question.people} == {named("cell"), named("clinic")}
        assert (question.agree, question.differ, question.alike, question.shared) == (
            ("name", "date_of_birth"),
            (),
            (),
            (),
        )
        assert not any(value in question.model_dump_json() for value in ("Anne", "Testerson", "1990"))


@pytest.mark.parametrize(
    ("who", "alike"),
    [
        ({"name": "Anne Testreson"}, ("name",)),
        ({"name": "Anne Testersonn"}, ("name",)),
        ({"name": "A Testerson"}, ("name",)),
        ({"name": "TESTERSON, Anne"}, ()),
        ({"name": "Anne Marie Testerson"}, ("name",)),
        ({"date_of_birth": born("1990-05-15")}, ("date_of_birth",)),
        ({"date_of_birth": born("1980-05-14")}, ("date_of_birth",)),
        ({"date_of_birth": born("1990-06-14")}, ("date_of_birth",)),
    ],
    ids=["two letters swapped", "a letter twice", "an initial", "order", "a second name", "day", "year", "month"],
)
async def test_what_is_written_otherwise_is_a_question_that_says_so(
    who: dict[str, Any], alike: tuple[str, ...]
) -> None:
    (question,) = await asked(met("cell"), met("clinic", **who))
    assert question.alike == alike
    assert set(question.alike) <= set(question.agree)


async def test_day_and_month_that_are_swapped_are_a_question() -> None:
    told = [met("cell", date_of_birth=born("1990-05-04")), met("clinic", date_of_birth=born("1990-04-05"))]
    assert len(await asked(*told)) == 1


@pytest.mark.parametrize(("short", "full"), [("Bill", "William"), ("Liz", "Elizabeth"), ("Mo", "Mohammed")])
async def test_a_familiar_form_of_a_name_is_a_question(short: str, full: str) -> None:
    assert len(await asked(met("cell", name=f"{short} Testerson"), met("clinic", name=f"{full} Testerson"))) == 1


async def test_a_name_and_a_telephone_are_a_question_where_nobody_gave_a_date_of_birth() -> None:
    told = [met("cell", phone="01632 960001"), met("clinic", phone="+44 1632 960001", date_of_birth=None)]
    assert len(await asked(*told)) == 1


async def test_another_surname_is_a_question_where_birthday_and_telephone_agree() -> None:
    told = [met("cell", phone="01632 960001"), met("clinic", phone="01632 960001", name="Anne Married")]
    assert len(await asked(*told)) == 1


@pytest.mark.parametrize(
    "who",
    [
        {"name": "Carla Testerson"},
        {"name": "Anne"},
        {"name": "Anne Married"},
        {"date_of_birth": born("1971-01-19")},
        {"date_of_birth": None},
        {"name": "Anne Testreson", "date_of_birth": born("1990-05-15")},
    ],
    ids=["a sister", "one name", "half a name", "another birthday", "a name alone", "both written otherwise"],
)
async def test_who_agrees_in_less_is_no_question(who: dict[str, Any]) -> None:
    assert await asked(met("cell"), met("clinic", **who)) == []


async def test_what_contradicts_is_no_question() -> None:
    assert await asked(met("cell", sex="male"), met("clinic", sex="female")) == []
    assert await asked(met("cell", "NHS 9434765919"), met("clinic", "NHS 9434765870")) == []


async def test_a_police_number_of_which_an_alias_may_bring_a_second_is_a_question() -> None:
    assert len(await asked(met("cell", "PNC 2002/0073319Z"), met("clinic", "PNC 2003/0073318Y"))) == 1


async def test_of_several_who_may_be_one_another_one_is_asked_about() -> None:
    told = [met(event, day=day) for day, event in enumerate(("cell", "clinic", "call", "court"), 1)]
    for order in permutations(told):
        people = await People(*order).all()
        assert len(people.questions) == 3
        for question in people.questions:
            one, other = (each.source for each in question.people)
            await people.take(answer(one, other, "same", day=9))
        assert len({people.person(one) for one in ("cell", "clinic", "call", "court")}) == 1


async def test_of_two_who_were_told_apart_both_are_asked_about() -> None:
    people = await People(met("cell"), met("clinic"), answer("cell", "clinic", "different", day=2)).all()
    await people.take(met("call", day=3))
    assert len(people.questions) == 3


async def test_who_says_the_same_again_is_not_asked_about_again() -> None:
    told = [met("cell", "PNC 2002/0073319Z"), met("clinic"), *(_again(day) for day in range(2, 8))]
    assert len(await asked(*told)) == 1


def _again(day: int) -> Contact:
    return a_contact(f"again {day}", "PNC 2002/0073319Z", day=day, source="cell", reference=f"cell/{day}", **HER)


async def test_who_was_told_to_be_different_is_not_asked_about_again_when_one_says_more() -> None:
    people = await People(met("cell"), met("clinic", day=2), answer("cell", "clinic", "different", day=3)).all()
    await people.take(
        a_contact("more", day=4, source="clinic", reference="clinic/2", **{**HER, "name": "Anne Marie Testerson"})
    )
    assert len(people.questions) == 1


async def test_who_was_met_longer_ago_than_anything_decides_is_no_question() -> None:
    assert await asked(met("cell"), met("clinic", day=185)) == []
    assert len(await asked(met("cell"), met("clinic", day=183))) == 1


async def test_what_too_many_share_leads_to_nobody() -> None:
    """A hostel's telephone: nobody is asked about all who ever lived there."""
    told = [
        met(f"guest {day}", name=f"{'abcdefghijklmnopqrstuvwxyz'[day]}x Other{day}", phone="01632 960001")
        for day in range(TOO_MANY_FROM)
    ]
    hers: dict[str, Any] = {"phone": "01632 960001", "date_of_birth": None}
    assert await asked(met("cell", phone="01632 960001", day=2), *told, met("clinic", day=3, **hers)) == []


async def test_a_parting_by_a_partner_is_no_question() -> None:
    told = [
        met("one", "CRN X111111"),
        a_link("merge", "merged", "CRN X111111", "CRN X222222", day=2),
        a_link("unmerge", "unmerged", "CRN X111111", "CRN X222222", day=3),
        met("other", "CRN X222222", day=4),
    ]
    assert await asked(*told) == []


async def test_the_order_of_arrival_changes_nobody_and_joins_nobody() -> None:
    told = [met("cell"), met("clinic", name="A Testerson"), met("call", date_of_birth=date(1990, 5, 15)), _anne()]
    for order in permutations(told):
        people = await People(*order).all()
        assert len({people.person(one) for one in ("cell", "clinic", "call", "anne")}) == 4


def _anne() -> Contact:
    return a_contact("anne", source="anne", reference="anne/1", **ANNE)
