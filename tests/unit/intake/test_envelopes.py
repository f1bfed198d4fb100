"""One event is one contact, however it is wrapped."""

import base64
import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from onward.contracts.contact import Contact
from onward.contracts.outcome import Ignored, Parked
from onward.intake.domain.reader import UnknownSourceError
from onward.intake.partners import read

RECEIVED = datetime(2026, 3, 3, 8, tzinfo=UTC)
ASKED = "6f6e7761-7264-8000-8000-00000000000a"
Headers = list[tuple[str, bytes | None]]


def a_release(**changes: Any) -> dict[str, Any]:
    return {
        "eventType": "prison-offender-events.prisoner.released",
        "version": 1,
        "occurredAt": "2026-03-02T09:15:00Z",
        "publishedAt": "2026-03-02T10:00:00Z",
        "additionalInformation": {"nomsNumber": "A1234AA", "reason": "RELEASED", "nomisMovementReasonCode": "CR"},
        **changes,
    }


def a_detention(**changes: Any) -> dict[str, Any]:
    return {
        "eventType": "custody.detention.authorised",
        "occurredAt": "2026-03-02T09:15:00Z",
        "custodyRecordNo": "BW/0001/26",
        **changes,
    }


def told(source: str, body: object, headers: Headers | None = None) -> object:
    return read(source, json.dumps(body).encode(), headers or [], received_at=RECEIVED)


def contact_id(source: str, body: object, headers: Headers | None = None) -> UUID:
    made = told(source, body, headers)
    assert isinstance(made, tuple | list), made
    (contact,) = made
    assert isinstance(contact, Contact)
    return contact.contact_id


def in_sns(body: object, **more: Any) -> dict[str, Any]:
    return {"Type": "Notification", "Message": json.dumps(body), **more}


def in_cloud_event(body: object, **more: Any) -> dict[str, Any]:
    return {"specversion": "1.0", "id": "1", "source": "/partner", "type": "example", "data": body, **more}


def test_one_hmpps_event_through_any_envelope_is_one_contact() -> None:
    event = a_release()
    wrapped = [
        event,
        a_release(publishedAt="2026-03-02T23:59:59Z"),
        dict(reversed(event.items())),
        in_sns(event, MessageId="one"),
        in_sns(event, MessageId="another"),
        in_sns(event),
        in_cloud_event(event),
        in_cloud_event(json.dumps(event)),
        in_cloud_event(in_sns(event), id="2"),
    ]
    assert len({contact_id("hmpps", body) for body in wrapped}) == 1
    headers: Headers = [("ce_specversion", b"1.0"), ("ce_id", b"3"), ("ce_source", b"/x"), ("ce_type", b"y")]
    assert contact_id("hmpps", event, headers) == contact_id("hmpps", event)


def test_two_people_who_share_a_message_id_are_two_contacts() -> None:
    other = a_release(additionalInformation={"nomsNumber": "A5678BB", "reason": "RELEASED"})
    assert contact_id("hmpps", in_sns(a_release(), MessageId="x")) != contact_id("hmpps", in_sns(other, MessageId="x"))


def test_a_partners_event_id_names_the_event_even_when_its_content_was_mended() -> None:
    assert contact_id("custody", a_detention(eventId="7")) == contact_id("custody", a_detention(eventId=7, force="20"))
    assert contact_id("custody", a_detention(eventId="7")) != contact_id("custody", a_detention(eventId="8"))


def test_a_cloud_event_id_names_the_event_of_one_cloud_events_source() -> None:
    first = contact_id("custody", in_cloud_event(a_detention()))
    assert first == contact_id("custody", in_cloud_event(a_detention(force="20")))
    assert first != contact_id("custody", in_cloud_event(a_detention(), source="/another"))
    assert first != contact_id("custody", in_cloud_event(a_detention(), id="2"))


def content(source: str, body: object, headers: Headers | None = None) -> str:
    made = told(source, body, headers)
    assert isinstance(made, tuple | list), made
    (contact,) = made
    assert isinstance(contact, Contact)
    return contact.content


def test_one_message_has_one_content_however_it_is_wrapped_and_whenever_it_is_sent() -> None:
    body = a_detention(eventId="7")
    wrapped = [
        body,
        dict(reversed(body.items())),
        {**body, "publishedAt": "2026-03-02T11:00:00Z"},
        in_sns(body),
        in_sns(body, MessageId="another"),
        in_cloud_event(body),
    ]
    assert len({content("custody", one) for one in wrapped}) == 1


def test_another_message_under_the_same_event_id_has_other_content() -> None:
    bodies = [
        a_detention(eventId="7"),
        a_detention(eventId="7", custodyRecordNo="BW/0002/26"),
        a_detention(eventId="7", occurredAt="2026-03-02T09:16:00Z"),
    ]
    assert len({content("custody", one) for one in bodies}) == 3
    bare = {key: value for key, value in a_detention(eventId="7").items() if key != "occurredAt"}
    times = [[("ce_time", time)] for time in (b"2026-03-02T09:15:00Z", b"2026-03-02T09:16:00Z")]
    assert len({content("custody", bare, list(headers)) for headers in times}) == 2


def test_a_message_that_is_named_by_its_content_needs_no_digest_of_it() -> None:
    assert content("hmpps", a_release()) == ""


def test_the_same_event_from_two_partners_is_two_contacts() -> None:
    body = {"eventType": "facts.answered", "eventId": "1", "inReplyTo": ASKED, "facts": {"person.area": "E08000025"}}
    assert contact_id("custody", body) != contact_id("liaison", body)


def test_a_base64_cloud_event_is_read() -> None:
    event = in_cloud_event(None, data_base64=base64.b64encode(json.dumps(a_detention()).encode()).decode())
    del event["data"]
    assert contact_id("custody", event) == contact_id("custody", in_cloud_event(a_detention()))


@pytest.mark.parametrize("control", ["SubscriptionConfirmation", "UnsubscribeConfirmation"])
def test_what_only_runs_a_subscription_is_ignored(control: str) -> None:
    assert told("hmpps", {"Type": control, "Message": "You have chosen"}) == Ignored("sns_control_message")


@pytest.mark.parametrize(
    ("body", "reason", "pointer"),
    [
        (in_sns(a_release(occurredAt="soon")), "schema", "/Message/occurredAt"),
        (in_cloud_event(a_release(occurredAt="soon")), "schema", "/data/occurredAt"),
        (in_cloud_event(in_sns(a_release(occurredAt=None))), "schema", "/data/Message/occurredAt"),
        ({"Type": "Notification", "Message": "not JSON"}, "not_json", "/Message"),
        ({"Type": "Notification", "Message": 7}, "schema", "/Message"),
        ({"Type": "Notification", "Message": "[]"}, "not_an_object", "/Message"),
        ({"Type": "Notification", "Message": '{"a": 1, "a": 2}'}, "duplicate_key", "/Message"),
        ({"specversion": "1.0", "type": "x"}, "no_data", "/data"),
        ({"specversion": "1.0", "type": "x", "data_base64": "?"}, "not_base64", "/data_base64"),
        ({"specversion": "1.0", "type": "x", "data_base64": "e30="}, "schema", "/data_base64/occurredAt"),
        ([], "not_an_object", ""),
        ("text", "not_an_object", ""),
        (None, "not_an_object", ""),
    ],
)
def test_a_pointer_leads_to_the_fault_in_the_document_as_it_arrived(body: object, reason: str, pointer: str) -> None:
    found = told("hmpps", body) if pointer != "/data_base64/occurredAt" else told("hmpps", {**body, "type": RELEASE})  # type: ignore[dict-item] # that case is an object
    assert isinstance(found, Parked)
    assert (found.reason, found.pointer) == (reason, pointer)


RELEASE = "prison-offender-events.prisoner.released"


def test_a_tombstone_is_parked_as_empty() -> None:
    assert read("hmpps", None, [], received_at=RECEIVED) == Parked("empty", "", "there is no content")


def test_what_a_message_says_of_its_source_is_not_believed() -> None:
    found = told("custody", {**a_release(), "source": "hmpps"})
    assert isinstance(found, Parked)
    assert found.reason == "unknown_event_type"


def test_no_value_of_a_message_is_in_what_is_said_of_a_fault() -> None:
    body = a_detention(person={"dateOfBirth": "SECRET", "age": "SECRET", "sex": "F"}, needs=[{"category": "SECRET"}])
    assert "SECRET" not in f"{told('custody', body)}"
    assert "SECRET" not in f"{told('custody', {**body, 'occurredAt': 'SECRET'})}"


def test_a_source_nobody_knows_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(UnknownSourceError, match=r"no source `nobody`; there are cautions, .*street-triage"):
        read("nobody", b"{}", [], received_at=RECEIVED)
