"""The identity and the age of a person: the newest word, as of the event, and never a guess."""

from datetime import UTC, date, datetime

import pytest

from onward.contracts.contact import Contact, Identity
from onward.people.domain.age import age_from_statement
from onward.people.domain.situations import Draft
from unit.people.people_builders import File, a_contact, a_link, a_release, a_screening, born, number, on_day

NOMS = "NOMS A1234BC"


def last(*contacts: Contact, file: File | None = None) -> Draft:
    """The situation of the last of these contacts."""
    file = file or File()
    return [file.take(contact) for contact in contacts][-1].drafts[0]


def test_the_newest_name_counts_and_what_was_not_said_again_stays() -> None:
    draft = last(
        a_contact("arrest", NOMS, day=1, name="Test Person-0001", phone="01632 960001"),
        a_contact("release", NOMS, day=2, name="Test Person-0002"),
    )
    assert draft.identity == Identity(name="Test Person-0002", phone="01632 960001", identifiers=(number(NOMS),))


def test_an_older_name_that_arrives_later_overrides_nothing() -> None:
    file = File(
        a_contact("new", NOMS, day=2, name="Test Person-0002"), a_contact("old", NOMS, day=1, name="Test Person-0001")
    )
    assert last(a_release("release", NOMS, day=3), file=file).identity.name == "Test Person-0002"


def test_a_new_address_does_not_keep_the_old_postcode() -> None:
    draft = last(
        a_contact("arrest", NOMS, day=1, address="1 Test Street", postcode="ZZ1 1ZZ"),
        a_contact("release", NOMS, day=2, address="2 Test Road"),
    )
    assert (draft.identity.address, draft.identity.postcode) == ("2 Test Road", None)


def test_every_number_is_kept_strongest_first() -> None:
    draft = last(
        a_contact("arrest", "PNC 2002/0073319Z", "NHS 9434765919", day=1),
        a_contact("reception", "PNC 2002/0073319Z", NOMS, day=2),
    )
    assert [identifier.type for identifier in draft.identity.identifiers] == ["NOMS", "PNC", "NHS"]


def test_the_situation_names_what_is_known_and_holds_none_of_it() -> None:
    draft = last(
        a_contact("arrest", NOMS, name="Test Person-0001", date_of_birth=born("1990-05-17"), postcode="ZZ1 1ZZ")
    )
    assert draft.situation.identity_fields == ("name", "date_of_birth", "postcode", "identifiers.NOMS")
    text = draft.situation.model_dump_json()
    assert not any(value in text for value in ("Test Person-0001", "1990-05-17", "ZZ1 1ZZ", "A1234BC"))


def test_after_parting_neither_carries_the_other_s_number_or_name() -> None:
    file = File(
        a_contact("one", "CRN X111111", day=1, name="Test Person-0001"),
        a_contact("other", "CRN X222222", day=2, name="Test Person-0002"),
        a_link("merge", "merged", "CRN X111111", "CRN X222222", day=3),
        a_link("unmerge", "unmerged", "CRN X111111", "CRN X222222", day=4),
    )
    identity = last(a_contact("visit", "CRN X111111", day=5), file=file).identity
    assert identity == Identity(name="Test Person-0001", identifiers=(number("CRN X111111"),))


@pytest.mark.parametrize(
    ("birth", "moment", "age"),
    [
        ("1990-05-17", datetime(2026, 5, 16, 12, tzinfo=UTC), 35),
        ("1990-05-17", datetime(2026, 5, 17, 12, tzinfo=UTC), 36),
        # In British Summer Time the London day begins at 23:00 UTC.
        ("1990-05-17", datetime(2026, 5, 16, 23, 30, tzinfo=UTC), 36),
        ("1990-01-17", datetime(2026, 1, 16, 23, 30, tzinfo=UTC), 35),
        ("2008-02-29", datetime(2026, 2, 28, 12, tzinfo=UTC), 17),
        ("2008-02-29", datetime(2026, 3, 1, 12, tzinfo=UTC), 18),
        ("2008-02-29", datetime(2028, 2, 29, 12, tzinfo=UTC), 20),
        ("2026-05-17", datetime(2026, 5, 17, 12, tzinfo=UTC), 0),
        ("1906-05-17", datetime(2026, 5, 17, 12, tzinfo=UTC), 120),
    ],
)
def test_age_is_counted_in_completed_years_on_the_london_day_of_the_event(
    birth: str, moment: datetime, age: int
) -> None:
    draft = last(a_contact("arrest", NOMS, at=moment, date_of_birth=born(birth)))
    assert draft.situation.facts["person.age"] == age
    assert "person.age" not in draft.situation.observed


@pytest.mark.parametrize("birth", ["2026-03-03", "1899-12-31", "0001-01-01"])
def test_a_date_of_birth_that_cannot_be_right_gives_no_age(birth: str) -> None:
    assert "person.age" not in last(a_contact("arrest", NOMS, date_of_birth=born(birth))).situation.facts


def test_a_date_of_birth_outweighs_a_stated_age() -> None:
    contact = a_contact("arrest", NOMS, facts={"person.age": 40}, date_of_birth=born("1990-01-01"))
    assert last(contact).situation.facts["person.age"] == 36


def test_a_date_of_birth_that_cannot_be_right_leaves_the_stated_age() -> None:
    contact = a_contact("arrest", NOMS, facts={"person.age": 40}, date_of_birth=born("1790-01-01"))
    assert last(contact).situation.facts["person.age"] == 40


def test_a_date_of_birth_told_once_gives_the_age_of_every_later_day() -> None:
    file = File(a_contact("arrest", NOMS, date_of_birth=born("2008-03-20")))
    assert last(a_release("release", NOMS, day=18), file=file).situation.facts["person.age"] == 17
    assert last(a_release("second release", NOMS, day=19), file=file).situation.facts["person.age"] == 18


def test_a_stated_age_is_carried_with_the_day_it_was_true() -> None:
    file = File(a_contact("arrest", NOMS, facts={"person.age": 34}))
    situation = last(a_release("release", NOMS, day=9), file=file).situation
    assert situation.facts["person.age"] == 34
    assert situation.observed["person.age"] == date(2026, 3, 2)


def test_a_stated_age_that_may_since_have_become_an_adult_s_is_not_known_any_more() -> None:
    file = File(a_contact("arrest", NOMS, facts={"person.age": 17}))
    same_day = last(a_screening("screening", NOMS, at=on_day(1, hour=15)), file=file).situation
    assert same_day.facts["person.age"] == 17
    later = last(a_release("release", NOMS, day=2), file=file).situation
    assert "person.age" not in later.facts
    assert "person.age" not in later.observed


@pytest.mark.parametrize(
    ("stated", "years", "age"), [(16, 0, 16), (16, 1, None), (17, 1, 18), (30, 2, 32), (119, 1, 120), (120, 1, None)]
)
def test_a_stated_age_grows_by_the_whole_years_that_passed(stated: int, years: int, age: int | None) -> None:
    said_on = date(2026, 3, 2)
    assert age_from_statement(stated, said_on, date(2026 + years, 3, 3)) == age


@pytest.mark.parametrize("somebody_else", [(), (a_contact("somebody else", "CRN X222222"),)])
def test_a_contact_that_contradicts_a_declared_link_stays_apart_whoever_else_is_known(
    somebody_else: tuple[Contact, ...],
) -> None:
    file = File(*somebody_else, a_link("link", "merged", "CRN X111111", NOMS))
    file.take(a_contact("arrest", "NOMS A9999ZZ", "CRN X111111", day=2))
    assert file.person("arrest") != file.person("link")
