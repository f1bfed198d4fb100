"""An answer that says in any place that it is about somebody else joins nobody, from the message to the person."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from onward.contracts.contact import Contact
from onward.contracts.outcome import Parked
from onward.intake.partners import read
from onward.people.domain.join import KnownContacts
from unit.people.people_builders import Joined, join

PEPPER = b"p" * 32
ARRIVED = datetime(2026, 3, 3, 8, tzinfo=UTC)
ARREST = {
    "eventType": "custody.detention.risk-assessed",
    "eventId": "one",
    "occurredAt": "2026-03-02T10:00:00+00:00",
    "custodyRecordNo": "CUSTODY-1",
    "person": {"name": "Test Person-0001", "dateOfBirth": "1990-05-01", "sex": "female", "pncId": "1999/0000001G"},
}
OTHER = {"name": "Test Person-0999", "dateOfBirth": "1933-03-03", "sex": "M"}


def contact(body: dict[str, Any]) -> Contact:
    told = read("custody", json.dumps(body).encode(), [], received_at=ARRIVED)
    assert isinstance(told, tuple | list), told
    (made,) = told
    assert isinstance(made, Contact)
    return made


def answered(**more: Any) -> Joined | Parked:
    """What becomes of an answer to what custody was asked about the person of `ARREST`."""
    asked = contact(ARREST)
    first = join(asked, KnownContacts(()), pepper=PEPPER)
    assert isinstance(first, Joined)
    body = {
        "eventType": "facts.answered",
        "eventId": "two",
        "inReplyTo": str(asked.contact_id),
        "reference": "CUSTODY-1",
        "facts": {"accommodation.status": "homeless"},
        **more,
    }
    told = read("custody", json.dumps(body).encode(), [], received_at=ARRIVED)
    if isinstance(told, Parked):
        return told
    assert isinstance(told, tuple | list), told
    made = told[0].model_copy(update={"in_reply_to": asked.contact_id})
    outcome = join(made, KnownContacts((first.said,)), pepper=PEPPER)
    assert isinstance(outcome, Joined | Parked), outcome
    return outcome


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"person": OTHER}, "identifier_conflict"),
        ({"person": {"pncId": "1999/0000002H"}}, "identifier_conflict"),
        ({"person": {"identifiers": [{"type": "PNC", "value": "1999/0000002H"}]}}, "identifier_conflict"),
        ({"personReference": {"identifiers": [{"type": "PNC", "value": "1999/0000002H"}]}}, "identifier_conflict"),
        ({"reference": "CUSTODY-2"}, "identifier_conflict"),
        ({"reference": None, "custodyRecordNo": "CUSTODY-2"}, "schema"),
        ({"custodyRecordNo": "CUSTODY-2"}, "schema"),
        ({"accommodation": {"status": "homeless"}}, "schema"),
        (
            {
                "person": {"dateOfBirth": "1990-05-01"},
                "facts": {"person.date_of_birth": "1991-06-02"},
            },
            "identifier_conflict",
        ),
    ],
)
def test_it_is_parked(more: dict[str, Any], reason: str) -> None:
    outcome = answered(**more)
    assert isinstance(outcome, Parked), outcome
    assert outcome.reason == reason


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"person": {"name": "Test Person-0001", "dateOfBirth": "1990-05-01", "sex": "F"}},
        {"person": ARREST["person"]},
        {"person": {"pncId": "1999/0000001G"}, "custodyRecordNo": None},
    ],
)
def test_one_that_is_about_the_person_who_was_asked_about_counts(more: dict[str, Any]) -> None:
    outcome = answered(**more)
    assert isinstance(outcome, Joined), outcome
    assert outcome.result == "known_person"
