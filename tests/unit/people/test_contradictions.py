"""When what is said of two people says that they are two: never by what nobody said, nor by a slip of the pen."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from onward.people.domain.contradiction import Particulars, contradict, nothing_differs, particulars_of
from onward.people.domain.remembered import remember
from unit.people.people_builders import PEPPER, a_contact, born

Person = Mapping[str, Any]


def told(name: str = "", day: str = "", sex: str = "") -> Particulars:
    contact = a_contact(
        "x", name=name or None, date_of_birth=born(day) if day else None, facts={"person.sex": sex} if sex else {}
    )
    return particulars_of([remember(contact, recorded=1, pepper=PEPPER)])


JOHN = ("John Test", "1970-03-12", "male")


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (JOHN, ("Jane Proof", "1988-11-02", "female"), "all three differ"),
        (JOHN, ("Peter Proof", "1988-11-02", "male"), "name and day differ"),
        (JOHN, ("Jane Proof", "1970-03-12", "female"), "twins, or a wife under her husband's number"),
        (JOHN, ("Jim Test", "2001-07-24", "male"), "a family name alone does not agree, and the day differs"),
        (JOHN, ("", "1988-11-02", ""), "the day differs and nothing agrees"),
        (("John Test", "", "male"), ("Jane Test", "", "female"), "the sex differs and nothing agrees"),
        (("John Test", "", ""), ("Peter Proof", "", ""), "the name differs and nothing agrees"),
        (("Li Wu", "1990-01-01", ""), ("Bo Xi", "1975-06-15", ""), "short names are not misspelt"),
    ],
)
def test_two_people(one: tuple[str, str, str], other: tuple[str, str, str], why: str) -> None:
    assert contradict(told(*one), told(*other)), why
    assert contradict(told(*other), told(*one)), why


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (JOHN, JOHN, "the same"),
        (JOHN, ("", "", ""), "nobody said anything"),
        (JOHN, ("TEST, John", "1970-03-12", "male"), "written in another order"),
        (JOHN, ("John Edward Test", "1970-03-12", "male"), "with a middle name"),
        (JOHN, ("J. Test", "1970-03-12", "male"), "with an initial"),
        (("José O'Tést", "", ""), ("JOSE OTEST", "", ""), "with and without accents"),
        (("Katherine Proof", "", ""), ("Catherine Proof", "", ""), "one letter differs"),
        (JOHN, ("John Test", "1970-03-13", "male"), "a day off"),
        (JOHN, ("John Test", "1970-12-03", "male"), "day and month changed places"),
        (JOHN, ("John Test", "1970-03-21", "male"), "two digits changed places"),
        (JOHN, ("John Test", "1907-03-12", "male"), "two digits of the year changed places"),
        (JOHN, ("John Test", "1980-03-12", "male"), "one digit differs"),
        (JOHN, ("John Test", "1988-11-02", "male"), "an alias has another birthday, and the name agrees"),
        (JOHN, ("John Test", "1970-03-12", "female"), "a slip in the sex, and the rest agrees"),
        (JOHN, ("Peter Proof", "1970-03-12", "male"), "another name, and the birthday agrees"),
    ],
)
def test_maybe_one_person(one: tuple[str, str, str], other: tuple[str, str, str], why: str) -> None:
    assert not contradict(told(*one), told(*other)), why
    assert not contradict(told(*other), told(*one)), why


def test_of_several_names_and_days_one_that_agrees_is_enough() -> None:
    both = Particulars(
        told("Jane Proof").names | told("Jane Married").names,
        told(day="1970-03-12").born | told(day="1988-11-02").born,
        frozenset({"female"}),
    )
    assert not contradict(both, told("Jane Married", "1988-11-02", "male"))
    assert contradict(both, told("Peter Other", "1955-05-05", ""))


def parts(name: str) -> tuple[str, ...]:
    return next(iter(told(name).names), ())


WORDS = st.sampled_from(["Anne", "Ann", "Bert", "Test", "One", "Katherine", "Catherine", "O'Neil", "de", ""])
GIVEN_FACTS = st.builds(
    Particulars,
    names=st.frozensets(st.lists(WORDS, min_size=1, max_size=3).map(lambda words: parts(" ".join(words))), max_size=2),
    born=st.frozensets(st.dates(min_value=born("0001-01-01")), max_size=2),
    sexes=st.frozensets(st.sampled_from(["female", "male"])),
)


@given(GIVEN_FACTS, GIVEN_FACTS)
@example(
    Particulars(names=frozenset({("anne", "katherine")})), Particulars(names=frozenset({("katherine", "catherine")}))
)
def test_it_makes_no_difference_who_is_asked_about_first(one: Particulars, other: Particulars) -> None:
    assert contradict(one, other) == contradict(other, one)
    assert not contradict(one, one)
    assert not contradict(one, Particulars())


@given(GIVEN_FACTS, GIVEN_FACTS)
def test_where_nothing_differs_no_part_contradicts_another(one: Particulars, other: Particulars) -> None:
    both = Particulars(one.names | other.names, one.born | other.born, one.sexes | other.sexes)
    if nothing_differs(both):
        assert not contradict(one, other)
