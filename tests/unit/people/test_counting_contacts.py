"""How often a person came to notice in ninety days, exactly, whatever the order in which it became known."""

from random import Random

import pytest

from onward.contracts.contact import Contact
from onward.people.domain.join import known_from_facts
from unit.people.people_builders import PEPPER, File, Joined, a_contact, a_link, join, named, on_day

NOMS, CRN = "NOMS A1234BC", "CRN X111111"
COUNT = "person.contacts_90_days"


def count(file: File, contact: Contact) -> int:
    found = file.situation(contact).facts[COUNT]
    assert isinstance(found, int)
    return found


def test_a_first_contact_counts_itself() -> None:
    assert count(File(), a_contact("first", NOMS)) == 1


@pytest.mark.parametrize(("day", "counted"), [(-100, 1), (0, 1), (1, 1), (2, 2), (90, 2), (91, 2)])
def test_the_ninety_days_end_with_the_day_of_the_contact(day: int, counted: int) -> None:
    file = File(a_contact("earlier", NOMS, day=day))
    assert count(file, a_contact("now", NOMS, day=91)) == counted


def test_one_arrest_that_is_told_of_thrice_in_a_day_is_one_day() -> None:
    file = File(a_contact("detained", NOMS, day=1), a_contact("assessed", NOMS, day=1), a_contact("again", NOMS, day=2))
    now = file.situation(a_contact("now", NOMS, day=2)).facts
    assert (now[COUNT], now["person.days_met_90_days"]) == (4, 2)


def test_days_are_london_days() -> None:
    # 29 March 2026 is the day the clocks go forward: in April 23:30 UTC is half past midnight of the next day.
    now = on_day(120, hour=23).replace(minute=30)
    just_in, just_out = on_day(31, hour=23), on_day(31, hour=22)
    assert count(File(a_contact("in", NOMS, at=just_in)), a_contact("now", NOMS, at=now)) == 2
    assert count(File(a_contact("out", NOMS, at=just_out)), a_contact("now", NOMS, at=now)) == 1


def test_what_happened_later_is_not_counted_even_if_it_was_known_before() -> None:
    file = File(a_contact("later", NOMS, day=3))
    assert count(file, a_contact("earlier", NOMS, day=2)) == 1


def test_a_contact_that_arrives_late_sends_the_latest_round_with_the_right_count() -> None:
    file = File(a_contact("first", NOMS, day=1), a_contact("latest", NOMS, day=9))
    late, again = file.take(a_contact("late", NOMS, day=5)).drafts
    assert (late.situation.contact_id, late.situation.facts[COUNT]) == (named("late"), 2)
    assert (again.situation.contact_id, again.situation.revision) == (named("latest"), 2)
    assert again.situation.facts[COUNT] == 3


def test_another_person_s_contacts_are_not_counted_until_the_records_are_one() -> None:
    file = File(a_contact("prison", NOMS, day=1), a_contact("probation", CRN, day=2))
    assert count(file, a_contact("visit", CRN, day=3)) == 2
    again = {
        one.situation.contact_id: one.situation for one in file.take(a_link("one", "same", NOMS, CRN, day=4)).drafts
    }
    assert again[named("visit")].facts[COUNT] == 3
    assert again[named("one")].facts[COUNT] == 3, "a word on records is no meeting"


def test_an_answer_to_a_question_is_no_meeting() -> None:
    file = File(a_contact("arrest", NOMS, day=1))
    answer = a_contact("answer", NOMS, day=2, in_reply_to=named("arrest"))
    assert count(file, answer) == 1
    assert count(file, a_contact("second arrest", NOMS, day=3)) == 2


def test_what_a_partner_says_of_it_counts_for_nothing() -> None:
    assert count(File(), a_contact("first", NOMS, facts={COUNT: 40})) == 1


def test_facts_given_for_a_trial_are_no_meeting() -> None:
    contact = a_contact("tried", NOMS, day=3)
    known = known_from_facts(contact, {"needs.accommodation": 3}, at=on_day(2), pepper=PEPPER, id_key=PEPPER)
    joined = join(contact, known, pepper=PEPPER)
    assert isinstance(joined, Joined)
    assert joined.drafts[0].situation.facts[COUNT] == 1


def test_the_last_word_on_every_latest_contact_is_exact_in_any_order_of_arrival() -> None:
    random = Random(3)
    for _ in range(60):
        days = [random.randint(1, 200) for _ in range(8)]
        contacts = [a_contact(f"contact {n}", NOMS, day=day) for n, day in enumerate(days)]
        random.shuffle(contacts)
        file = File()
        said: dict[object, object] = {}
        for contact in contacts:
            for draft in file.take(contact).drafts:
                said[draft.situation.contact_id] = draft.situation.facts[COUNT]
        latest = max(contacts, key=lambda one: (one.occurred_at, one.contact_id))
        last = max(days)
        assert said[latest.contact_id] == sum(last - 90 < day <= last for day in days)


def test_a_contact_taken_again_is_counted_once() -> None:
    file = File(a_contact("first", NOMS, day=1))
    file.join(a_contact("first", NOMS, day=1))
    assert count(file, a_contact("second", NOMS, day=2)) == 2
