"""Each partner knows a contact by an id of its own, and only by that of a question can it answer."""

from uuid import RFC_4122, UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from onward.chassis.security import contact_ids
from onward.contracts.ids import derived_id

ID_KEY, OTHER = b"p" * 32, b"q" * 32
NAMED = st.builds(derived_id, st.just("contact"), st.text())


@given(NAMED)
def test_who_was_asked_finds_the_contact_again_and_nobody_else_does(named: UUID) -> None:
    contact = contact_ids.kept(ID_KEY, named)
    told = contact_ids.asked(ID_KEY, "custody", contact)
    assert contact_ids.answered(ID_KEY, "custody", told) == contact
    assert contact_ids.answered(ID_KEY, "liaison", told) != contact
    assert contact_ids.answered(OTHER, "custody", told) != contact
    assert contact_ids.answered(ID_KEY, "custody", contact_ids.status(ID_KEY, "custody", contact)) != contact
    assert contact_ids.answered(ID_KEY, "custody", contact) != contact


@given(NAMED)
def test_every_id_is_a_uuid_of_version_eight_and_the_same_each_time(named: UUID) -> None:
    contact = contact_ids.kept(ID_KEY, named)
    made = (contact, contact_ids.asked(ID_KEY, "custody", contact), contact_ids.status(ID_KEY, "custody", contact))
    assert {(one.version, one.variant) for one in made} == {(8, RFC_4122)}
    assert made == (
        contact_ids.kept(ID_KEY, named),
        contact_ids.asked(ID_KEY, "custody", contact),
        contact_ids.status(ID_KEY, "custody", contact),
    )


def test_no_two_partners_have_one_id_for_a_contact() -> None:
    contact = contact_ids.kept(ID_KEY, derived_id("contact", "custody", "1", ""))
    sources = [f"source-{number}" for number in range(200)]
    told = {make(ID_KEY, source, contact) for source in sources for make in (contact_ids.asked, contact_ids.status)}
    assert len(told | {contact}) == 2 * len(sources) + 1


def test_an_id_cannot_be_computed_from_what_a_partner_wrote() -> None:
    """As it could when the contact's id was a UUIDv5 in a name space that anybody can read."""
    named = derived_id("contact", "custody", "CUST-000042", "")
    assert named == uuid5(UUID("6f6e7761-7264-5000-8000-000000000001"), "contact|7:custody|11:CUST-000042|0:")
    assert contact_ids.kept(ID_KEY, named) != contact_ids.kept(OTHER, named) != named


@given(st.uuids())
def test_whatever_is_told_opens_to_something(told: UUID) -> None:
    assert contact_ids.answered(ID_KEY, "custody", told).version == 8
