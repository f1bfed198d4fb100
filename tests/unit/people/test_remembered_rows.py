"""What was remembered is read back as it was, also what an earlier release wrote."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from onward.contracts.contact import Contact, Link, StandingEntry
from onward.people import rows
from onward.people.domain.remembered import RememberedContact, remember
from onward.people.unit_of_work import Envelopes
from unit.people.people_builders import PEPPER, a_contact, number, on_day

EVERYTHING = (
    a_contact(
        "met", "NOMS A1234BC", reference="CR/1", force="20", name="Anne Test-One", facts={"person.sex": "female"}
    ),
    a_contact("by number", "NOMS A1234BC", reference="A1234BC"),
    a_contact("registered", "CRN X111111").model_copy(
        update={
            "entries": (StandingEntry(kind="registration", code="MAPP", named="1001", stage="made"),),
            "withdrawn": ("custody.status",),
        }
    ),
    a_contact(
        "moved",
        "NOMS A9999ZZ",
        links=(Link(kind="moved", kept=number("NOMS A9999ZZ"), other=number("NOMS A1234BC"), since=on_day(1)),),
    ),
    a_contact(
        "merged", "CRN X111111", links=(Link(kind="merged", kept=number("CRN X111111"), other=number("CRN X222222")),)
    ),
)


def written(contact: RememberedContact, envelopes: Envelopes) -> dict[str, Any]:
    (row,) = json.loads(rows.added([contact], clusters={contact.contact_id: contact.contact_id}, envelopes=envelopes))
    assert isinstance(row, dict)
    return row


def read_back(row: dict[str, Any], keys: dict[str, bytes]) -> RememberedContact:
    times = {name: datetime.fromisoformat(row[name]) for name in ("occurred_at", "received_at")}
    ids = {name: UUID(row[name]) for name in ("contact_id", "cluster")}
    stored = rows.PeopleRow(**{**row, **times, **ids})
    ((contact,),) = rows.read([stored], Envelopes(keys)).values()
    return contact


def remembered(contact: Contact) -> RememberedContact:
    return replace(remember(contact, recorded=7, pepper=PEPPER), person="somebody", gave_key="somebody")


def test_a_contact_is_read_back_as_it_was_remembered() -> None:
    for contact in map(remembered, EVERYTHING):
        envelopes = Envelopes({})
        row = written(contact, envelopes)
        assert read_back(row, envelopes.keys) == contact


def test_a_row_of_an_earlier_release_says_nothing_of_what_it_did_not_know() -> None:
    contact = remembered(EVERYTHING[4])
    envelopes = Envelopes({})
    row = written(contact, envelopes)
    assert row["said"].keys() <= {"source", "type", "facts", "numbers", "reference", "gave", "declared"}
    assert all(len(link) == 3 for link in row["said"]["declared"])
    again = read_back(row, envelopes.keys)
    assert (again.entries, again.withdrawn, again.force) == ((), (), "")
