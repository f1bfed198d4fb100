"""How somebody can be reached and met, at a contact: the newest word on each, and the contact's own speaker."""

from onward.contracts.arrangements import Arrangements, Location, Referrer, SafeContact
from onward.contracts.contact import Contact
from unit.people.people_builders import File, a_contact

NOMS = "NOMS A1234BC"


def said(event: str, day: int, arrangements: Arrangements | None) -> Contact:
    contact = a_contact(event, NOMS, day=day)
    return contact.model_copy(update={"identity": contact.identity.model_copy(update={"arrangements": arrangements})})


SAFE = SafeContact(phone="01632 960222")
FIRST = Arrangements(
    raised_by=Referrer(team="custody"), location=Location(postcode="B11 1AA"), safe_contact=SAFE, mobility="wheelchair"
)


def test_what_is_said_of_how_to_reach_somebody_stays_and_who_raised_it_is_of_the_contact_alone() -> None:
    file = File(said("custody", 1, FIRST))
    (draft,) = file.take(said("liaison", 2, Arrangements(worker_gender="female"))).drafts
    assert draft.identity.arrangements == Arrangements(safe_contact=SAFE, mobility="wheelchair", worker_gender="female")
    assert {"safe_contact", "mobility", "worker_gender"} <= set(draft.situation.identity_fields)
    assert "raised_by" not in draft.situation.identity_fields


def test_the_newest_word_on_a_safe_number_counts() -> None:
    newer = SafeContact(phone="01632 960333")
    file = File(said("custody", 1, FIRST))
    (draft,) = file.take(said("liaison", 2, Arrangements(safe_contact=newer))).drafts
    assert draft.identity.arrangements == Arrangements(safe_contact=newer, mobility="wheelchair")


def test_who_raised_a_contact_is_told_with_it() -> None:
    (draft,) = File().take(said("custody", 1, FIRST)).drafts
    assert draft.identity.arrangements == FIRST


def test_where_nobody_said_anything_nothing_is_known() -> None:
    (draft,) = File().take(said("custody", 1, None)).drafts
    assert draft.identity.arrangements is None


def test_none_of_it_is_in_a_situation_but_the_names_of_its_fields() -> None:
    (draft,) = File().take(said("custody", 1, FIRST)).drafts
    text = draft.situation.model_dump_json()
    assert "960222" not in text
    assert "B11" not in text
    assert "wheelchair" not in text
