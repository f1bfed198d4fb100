"""
Several people who share numbers, in every order: in the end nobody's words are anybody else's.

They share a telephone, an incident, one police number in a hearing, and whatever a partner mixes up and puts right
again: a prison number on the wrong probation case, two cases merged and parted, a booking under the wrong number.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onward.contracts.contact import Consent, Contact, Link
from unit.people.people_builders import File, a_contact, a_link, born, named, number, on_day, seen_last


@dataclass(frozen=True)
class Somebody:
    """A person, what is said of them, and the numbers that are theirs."""

    name: str
    born: str
    sex: str
    language: str
    noms: str
    crn: str
    second_crn: str
    pnc: str

    def said(self, day: int) -> dict[str, Any]:
        """What every meeting with them says."""
        return {
            "name": self.name,
            "date_of_birth": born(self.born),
            "phone": "01632 960001",
            "facts": {"person.sex": self.sex, "person.interpreter": self.language},
            "consents": (Consent(purpose="ACCOMMODATION", given=True, recipient=self.language, said_at=on_day(day)),),
        }


PEOPLE = (
    Somebody("Anne Alpha", "1990-05-01", "female", "pl", "A1111AA", "X111111", "X111119", "1999/0102900D"),
    Somebody("Bert Bravo", "1971-01-19", "male", "ur", "A2222BB", "X222222", "X222229", "2002/0073319Z"),
    Somebody("Carla Charlie", "1985-11-23", "female", "ar", "A3333CC", "X333333", "X333339", "1981/0000034U"),
)


@dataclass
class Told:
    """What partners tell, and of whom each contact truly is."""

    contacts: list[Contact] = field(default_factory=list)
    whose: dict[str, int] = field(default_factory=dict)

    def of(self, who: int, contact_of: Any) -> None:
        """A contact that is truly about a person."""
        event = f"contact {len(self.contacts)}"
        self.contacts.append(contact_of(event))
        self.whose[event] = who

    def nobody_knows_of_the_nameless(self) -> None:
        """Leave out of what is known whom contacts are about that name nobody."""
        nameless = {one.contact_id for one in self.contacts if one.identity.name is None}
        self.whose = {event: who for event, who in self.whose.items() if named(event) not in nameless}

    def word(self, kind: str, kept: str, other: str, day: int) -> None:
        """A partner's word on two records, which is about nobody."""
        self.contacts.append(a_link(f"word {len(self.contacts)}", kind, kept, other, day=day, source="hmpps"))


MISTAKES = ("link", "link that stays", "merge", "second case", "hearing", "booking", "both numbers")
UNNOTICED = ("link that stays", "both numbers")
"""What nobody puts right: whose a number is that stands on no name, nobody can say then."""


@st.composite
def mixed_up_people(draw: st.DrawFn) -> Told:
    """A few meetings with each, and a few mistakes, of which most are put right."""
    told = Told()
    for who, one in enumerate(PEOPLE):
        for _ in range(draw(st.integers(1, 2))):
            day = draw(st.integers(1, 20))
            source = draw(st.sampled_from(["custody", "liaison"]))
            known_by = draw(
                st.lists(st.sampled_from([f"NOMS {one.noms}", f"CRN {one.crn}", f"PNC {one.pnc}"]), unique=True)
            )
            reference = draw(st.sampled_from(["INCIDENT/1", "INCIDENT/1", f"{source}/{who}"]))
            said = one.said(day)
            told.of(
                who,
                lambda event, known_by=known_by, day=day, source=source, reference=reference, said=said: a_contact(
                    event, *known_by, day=day, source=source, type="custody.risk-assessed", reference=reference, **said
                ),
            )
    mistakes = draw(st.lists(st.sampled_from(MISTAKES), max_size=4))
    for mistake in mistakes:
        ours, theirs = draw(st.permutations(range(len(PEOPLE))))[:2]
        _mistake(told, mistake, ours, theirs, draw(st.integers(2, 15)))
    if not set(mistakes).isdisjoint(UNNOTICED):
        told.nobody_knows_of_the_nameless()
    return told


def _mistake(told: Told, mistake: str, ours: int, theirs: int, day: int) -> None:
    one, other = PEOPLE[ours], PEOPLE[theirs]
    match mistake:
        case "link":
            told.word("same", f"NOMS {one.noms}", f"CRN {other.crn}", day)
            told.word("same", f"NOMS {one.noms}", f"CRN {one.crn}", day + 1)
        case "link that stays":
            told.word("same", f"NOMS {one.noms}", f"CRN {other.crn}", day)
        case "both numbers":
            told.contacts.append(
                a_contact(
                    f"of both {len(told.contacts)}",
                    f"NOMS {one.noms}",
                    f"CRN {other.crn}",
                    day=day,
                    reference="INCIDENT/1",
                )
            )
        case "merge":
            told.word("merged", f"CRN {one.crn}", f"CRN {other.crn}", day)
            told.word("unmerged", f"CRN {one.crn}", f"CRN {other.crn}", day + 1)
        case "second case":
            told.word("merged", f"CRN {one.crn}", f"CRN {one.second_crn}", day)
            told.of(ours, lambda event: a_contact(event, f"CRN {one.second_crn}", day=day, **one.said(day)))
        case "hearing":
            for who, defendant in ((ours, one), (theirs, other)):
                said = defendant.said(day)
                told.of(
                    who,
                    lambda event, said=said: a_contact(
                        event, f"PNC {one.pnc}", day=day, source="courts", type="court.hearing", **said
                    ),
                )
        case _:
            facts = {"event.movement": "admitted", "custody.status": "in_prison"}
            told.of(
                theirs,
                lambda event: a_contact(
                    event, f"NOMS {one.noms}", day=day, source="hmpps", type="prison.movement", facts=facts
                ),
            )
            moved = Link(
                kind="moved", kept=number(f"NOMS {other.noms}"), other=number(f"NOMS {one.noms}"), since=on_day(day)
            )
            told.contacts.append(
                a_contact(
                    f"word {len(told.contacts)}",
                    f"NOMS {other.noms}",
                    day=day + 1,
                    source="hmpps",
                    type="prison.booking-moved",
                    links=(moved,),
                )
            )


def nobody_is_mixed_up(file: File, whose: dict[str, int]) -> None:
    truly = {named(event): who for event, who in whose.items()}
    for group, seen in seen_last(file).items():
        people = {truly[one] for one in group if one in truly}
        assert len(people) <= 1, [PEOPLE[who].name for who in people]
        languages = {seen["facts"].get("person.interpreter")} - {None}
        languages |= {consent.recipient for consent in seen["consents"]}
        assert languages <= {PEOPLE[who].language for who in people}
        assert {seen["identity"].name} <= {None, *(PEOPLE[who].name for who in people)}


# The same stories in every run; others, and very many of them, are tried at night.
@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.data())
def test_in_whatever_order_it_is_told_nobody_s_words_are_anybody_else_s(data: st.DataObject) -> None:
    in_whatever_order(data)


@pytest.mark.nightly
@settings(max_examples=5000, deadline=None)
@given(st.data())
def test_in_whatever_order_of_very_many_stories(data: st.DataObject) -> None:
    in_whatever_order(data)


def in_whatever_order(data: st.DataObject) -> None:
    told = data.draw(mixed_up_people())
    order: Sequence[Contact] = data.draw(st.permutations(told.contacts))
    file = File(*order)
    nobody_is_mixed_up(file, told.whose)
    assert file.together() == File(*told.contacts).together()


def a_second_case(*, name: bool) -> list[Contact]:
    """
    A prison number on a probation case of two records, and then on another.

    That one person has two records excuses two prison numbers, and not a third record.
    """
    anne, carla = (PEOPLE[who].said(1) if name else {} for who in (0, 2))
    return [
        a_link("merge", "merged", "CRN X111111", "CRN X111119", day=2),
        a_contact("anne", "CRN X111119", day=2, **anne),
        a_link("wrong", "same", "NOMS A3333CC", "CRN X111111", day=2, source="hmpps"),
        a_link("right", "same", "NOMS A3333CC", "CRN X333333", day=3, source="hmpps"),
        a_contact("carla", "NOMS A3333CC", **carla),
    ]


@pytest.mark.parametrize("name", [True, False], ids=["who are named", "of whom nobody says a name"])
def test_two_records_of_one_case_excuse_no_other_case(name: bool) -> None:
    for order in permutations(a_second_case(name=name)):
        file = File(*order)
        assert file.person("anne") != file.person("carla")


def between_two_people() -> list[list[Contact]]:
    """What may bring two people together who contradict each other: a link, somebody's slip, a merge."""
    anne, bert = PEOPLE[0].said(1), PEOPLE[1].said(1)
    known = [a_contact("anne", "CRN X111111", **anne), a_contact("bert", "NOMS A2222BB", **bert)]
    link = a_link("wrong", "same", "NOMS A2222BB", "CRN X111111", day=2, source="hmpps")
    both = a_contact("both", "NOMS A2222BB", "CRN X111111", day=3)
    slip = a_contact("slip", "NOMS A2222BB", "CRN X111111", day=3, **anne)
    merge = a_link("merge", "merged", "NOMS A2222BB", "NOMS A3333CC", day=4)
    far = a_link("far", "same", "NOMS A3333CC", "CRN X111111", day=3)
    return [
        [*known, link],
        [*known, both],
        [*known, slip],
        [*known, link, both],
        [*known, merge, far],
    ]


@pytest.mark.parametrize("told", between_two_people(), ids=["link", "both", "slip", "link, both", "merge"])
def test_nothing_brings_two_together_who_contradict_each_other(told: list[Contact]) -> None:
    for order in permutations(told):
        file = File()
        disputed = [file.situation(one).facts.get("event.identity_disputed") for one in order]
        assert file.person("anne") != file.person("bert")
        assert True in disputed, "a person is told"


def a_booking(event: str, of: int, under: int, *, day: int, until: int) -> list[Contact]:
    """A reception under somebody else's number, and the booking moved to whose it is."""
    number_of = [f"NOMS {one.noms}" for one in PEOPLE]
    facts = {"event.movement": "admitted", "custody.status": "in_prison"}
    moved = Link(kind="moved", kept=number(number_of[of]), other=number(number_of[under]), since=on_day(day))
    told: dict[str, Any] = {"source": "hmpps", "type": "prison.movement", "facts": facts}
    return [
        a_contact(event, number_of[under], day=day, **told),
        a_contact(
            f"{event} moved", number_of[of], day=until, source="hmpps", type="prison.booking-moved", links=(moved,)
        ),
    ]


@pytest.mark.parametrize("day", [2, 3], ids=["begun at once", "begun when the first was moved"])
def test_two_bookings_moved_from_one_number_are_two_people_s(day: int) -> None:
    bookings = [*a_booking("bert's", 1, 0, day=2, until=3), *a_booking("carla's", 2, 0, day=day, until=4)]
    bert, carla = (a_contact(one.name, f"NOMS {one.noms}", **one.said(5)) for one in PEOPLE[1:])
    for order in permutations(bookings):
        file = File(bert, *order, carla)
        assert file.person("bert's") not in {file.person("Carla Charlie"), file.person("carla's")}
        assert file.person("carla's") not in {file.person("Bert Bravo"), file.person("bert's")}
        if day == 3:
            assert file.person("carla's") == file.person("Carla Charlie")
            assert file.person("bert's") == file.person("Bert Bravo")


@pytest.mark.parametrize(
    ("second", "until"),
    [(2, 3), (2, 4), (3, 4), (3, 5)],
    ids=["at once", "begun at once", "begun when the first was moved", "begun when the first was moved, later"],
)
def test_two_bookings_moved_across_each_other_are_two_people_s(second: int, until: int) -> None:
    anne, bert = (a_contact(one.name, reference="INCIDENT/1", **one.said(1)) for one in PEOPLE[:2])
    bookings = [*a_booking("bert's", 1, 0, day=2, until=3), *a_booking("anne's", 0, 1, day=second, until=until)]
    numbered = [a_contact(f"{one.name} again", f"NOMS {one.noms}", **one.said(5)) for one in PEOPLE[:2]]
    for order in permutations(bookings):
        for known in ([], numbered):
            file = File(anne, bert, *order, *known)
            assert file.person("bert's") != file.person("anne's")
            assert file.person("Anne Alpha") != file.person("Bert Bravo")
            if known:
                assert file.person("bert's") != file.person("Anne Alpha again")
                assert file.person("anne's") != file.person("Bert Bravo again")


def test_a_booking_that_is_moved_back_is_whose_it_was_at_first() -> None:
    there = a_booking("anne's", 1, 0, day=2, until=3)
    _, back = a_booking("back", 0, 1, day=2, until=4)
    anne, bert = (a_contact(one.name, f"NOMS {one.noms}", **one.said(5)) for one in PEOPLE[:2])
    for order in permutations([*there, back]):
        file = File(anne, *order, bert)
        assert file.person("anne's") == file.person("Anne Alpha")


def test_who_makes_a_slip_in_a_number_is_who_they_say_they_are() -> None:
    for order in permutations(between_two_people()[2]):
        file = File(*order)
        assert file.person("slip") == file.person("anne")
