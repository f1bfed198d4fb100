"""A placeholder where an id should stand names nobody and nothing, at every place where one can stand."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onward.contracts.contact import Contact
from onward.contracts.placeholders import names_nothing
from onward.intake.partners import read

RECEIVED = datetime(2026, 3, 3, 12, tzinfo=UTC)
NIL = "00000000-0000-0000-0000-000000000000"
PLACEHOLDERS = [
    "unknown", "N/A", "n.a.", "none", "NULL", "", "  ", "-", "TBC", NIL, "FFFFFFFF-ffff-ffff-ffff-ffffffffffff",
    "0", "0000000", "XXXX", "999999", "undefined", "[no reference]", "string", "UNK", "nk", "Don't know", "to follow",
    "no trace", "as above", "none given", "unavailable", "anon", "ditto",
]  # fmt: skip


def contacts(source: str, body: object, **headers: str) -> list[Contact]:
    told = read(source, json.dumps(body).encode(), [(n, v.encode()) for n, v in headers.items()], received_at=RECEIVED)
    assert isinstance(told, tuple | list), told
    return list(told)


def screened(case: str, noms: str, **more: Any) -> dict[str, Any]:
    return {
        "eventType": "liaison-diversion.screened",
        "occurredAt": "2026-03-03T09:00:00Z",
        "caseNo": case,
        "person": {"nomsNumber": noms},
        "riskAssessment": {"selfHarm": 4},
        **more,
    }


@pytest.mark.parametrize("nothing", PLACEHOLDERS)
def test_two_people_under_one_placeholder_are_two_contacts_and_each_sent_again_is_a_repeat(nothing: str) -> None:
    one, other = screened("LD-1", "A1234BC", eventId=nothing), screened("LD-2", "B1234BC", eventId=nothing)
    ids = [contacts("liaison", body)[0].contact_id for body in (one, other, dict(reversed(one.items())))]
    assert ids[0] == ids[2] != ids[1]


@pytest.mark.parametrize("nothing", PLACEHOLDERS)
def test_an_id_of_the_envelope_that_is_a_placeholder_names_nothing_either(nothing: str) -> None:
    envelope = {"ce_specversion": "1.0", "ce_source": "/suite", "ce_id": nothing, "ce_type": "x"}
    people = [screened("LD-1", "A1234BC"), screened("LD-2", "B1234BC")]
    assert len({contacts("liaison", body, **envelope)[0].contact_id for body in people}) == 2


def test_what_only_the_envelope_says_tells_apart_two_events_without_an_id() -> None:
    body = {key: value for key, value in screened("LD-1", "A1234BC").items() if key != "eventType"}
    envelope = {"ce_specversion": "1.0", "ce_source": "/suite", "ce_id": NIL}
    kinds = ["liaison-diversion.screened", "liaison-diversion.assessed"]
    assert len({contacts("liaison", body, **envelope, ce_type=kind)[0].contact_id for kind in kinds}) == 2


@pytest.mark.parametrize("nothing", PLACEHOLDERS)
@pytest.mark.parametrize("field", ["reference", "caseNo"])
def test_a_reference_that_is_a_placeholder_is_nobodys(field: str, nothing: str) -> None:
    body = {**screened("", "A1234BC"), field: nothing}
    assert contacts("liaison", body)[0].reference == "A1234BC"


@pytest.mark.parametrize("nothing", [NIL, "unknown", "N/A"])
def test_two_defendants_under_one_placeholder_are_two_people(nothing: str) -> None:
    people = [
        {"masterDefendantId": nothing, "id": nothing, "personDefendant": {"personDetails": {"lastName": name}}}
        for name in ("Person-0001", "Person-0002")
    ]
    made = contacts("courts", {"hearing": {"id": nothing, "prosecutionCases": [{"defendants": people}]}})
    assert [contact.identity.name for contact in made] == ["Person-0001", "Person-0002"]
    assert len({contact.reference for contact in made}) == 2


def test_an_identifier_that_was_filled_up_is_none() -> None:
    person = {"nomsNumber": "A0000AA", "crn": "X000000", "nhsNumber": "0000000000", "pncId": "2000/0000000Z"}
    body = {**screened("LD-1", ""), "person": person}
    assert contacts("liaison", body)[0].identifiers == ()


@given(st.from_regex(r"[A-Z]{2}-[1-9][0-9]{0,8}/2[0-9]", fullmatch=True) | st.uuids(version=4).map(str))
def test_a_real_reference_is_none_of_them(text: str) -> None:
    assert not names_nothing(text)


@pytest.mark.parametrize("text", ["-" * 300, " " * 300, "-" * 100 + "unknown"])
def test_what_is_written_around_nothing_names_nothing_however_long(text: str) -> None:
    assert names_nothing(text)
    assert not names_nothing("a-b" * 100)
