"""Of a record that was deleted at its source nothing is left by which what it said could be found."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from installation_keys import ID_KEY
from onward.chassis.record import Received
from onward.contracts.contact import Contact
from onward.people.domain.remembered import MATCH, kind_of
from onward.people.handlers import handle_contact
from onward.rehearsal.memory_people import MemoryPeople
from unit.people.people_builders import PEPPER, a_contact, born, named

CRN = "CRN X123456"
SAID: dict[str, Any] = {"name": "Test Person-0001", "date_of_birth": born("1990-05-17"), "phone": "07700900123"}
ASSESSED = a_contact("assessed", CRN, day=1, source="probation", type="probation.needs-assessed", **SAID)
ARRESTED = a_contact("arrested", CRN, day=2, **SAID)
DELETED = a_contact("deleted", CRN, day=3, source="hmpps", type="person.erased")


async def kept(*contacts: Contact, at_once: int) -> MemoryPeople:
    people = MemoryPeople(pepper=PEPPER)
    for start in range(0, len(contacts), at_once):
        batch = [
            Received(each, "contacts", "k", datetime(2026, 3, 20, tzinfo=UTC), offset, 0)
            for offset, each in enumerate(contacts[start : start + at_once])
        ]
        unit = await people.load(None, batch)
        for record in batch:
            handle_contact(record, unit, id_key=ID_KEY)
        await people.save(None, unit)
    return people


@pytest.mark.parametrize("at_once", [1, 9])
@pytest.mark.parametrize("told", [(ASSESSED, DELETED), (DELETED, ASSESSED)], ids=["in order", "late"])
async def test_nobody_is_found_by_what_it_said(told: Sequence[Contact], at_once: int) -> None:
    people = await kept(*told, at_once=at_once)
    assert people.found_by_likeness == set()
    assert [number for number in people.numbers if kind_of(number) == MATCH] == []


@pytest.mark.parametrize("at_once", [1, 9])
@pytest.mark.parametrize(
    "told",
    [(ASSESSED, ARRESTED, DELETED), (ARRESTED, ASSESSED, DELETED), (DELETED, ASSESSED, ARRESTED)],
)
async def test_who_said_the_same_to_another_partner_is_still_found_by_it(told: Sequence[Contact], at_once: int) -> None:
    people = await kept(*told, at_once=at_once)
    assert people.found_by_likeness == {named("arrested")}
    assert [kind_of(number) for number in people.numbers].count(MATCH) == 1
