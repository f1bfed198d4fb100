"""An event type that nobody knows is never passed over in silence."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onward.chassis.record import RawRecord
from onward.contracts.contact import Contact
from onward.contracts.outcome import Ignored, Noted, Parked
from onward.intake.domain.event_types import countable, meant, vocabulary
from onward.intake.domain.reader import UNKNOWN_TYPES
from onward.intake.handlers import handle_partner_message
from onward.intake.partners import adapters, near_type, read, reader, understand, unknown_type

RECEIVED = datetime(2026, 3, 3, 8, tzinfo=UTC)
RISK = "custody.detention.risk-assessed"
OURS = sorted(source for source, adapter in adapters().items() if adapter.catalogue.ours)
Headers = list[tuple[str, bytes | None]]


def told(source: str, event_type: str, headers: Headers | None = None, **more: Any) -> object:
    body = {"eventType": event_type, "occurredAt": "2026-03-02T09:15:00Z", "reference": "1", **more}
    return read(source, json.dumps(body).encode(), headers or [], received_at=RECEIVED)


@pytest.mark.parametrize(
    "event_type",
    [
        "custody.detention.risk-asessed",
        "custody.detention.risk-assessed.v2",
        "custody.detention.risk-assessed/v2",
        "uk.gov.police.custody.detention.risk-assessed",
        "uk.gov.police.custody.detention.risk-assessed.v2",
        "uk.gov.police.custody.detention.risk-asessed",
        "detention.risk-assessed",
        "risk-assessed",
        "custody_detention_riskassessed",
    ],
)
def test_a_type_that_is_nearly_one_of_ours_is_parked_with_the_one_that_was_meant(event_type: str) -> None:
    found = told("custody", event_type, riskAssessment={"selfHarm": 4})
    assert isinstance(found, Parked)
    assert (found.reason, found.pointer) == ("unknown_event_type", "/eventType")
    assert f"did you mean `{RISK}`?" in found.detail
    assert "onward types --source custody" in found.detail


@pytest.mark.parametrize("event_type", ["street-triage.contact.recorded", "detention", "x", "🙂", "a" * 5000])
def test_a_type_that_is_nothing_like_ours_is_parked_without_a_guess(event_type: str) -> None:
    found = told("custody", event_type)
    assert isinstance(found, Parked)
    assert found.reason == "unknown_event_type"
    assert "did you mean" not in found.detail
    assert event_type not in found.detail.split()


@pytest.mark.parametrize("source", OURS)
def test_every_type_in_the_list_is_known_however_it_is_spelled(source: str) -> None:
    known = adapters()[source].catalogue
    for name in (*known.read, *known.left_aside):
        for spelling in (name, name.upper(), name.replace(".", "_"), f" {name.replace('-', ' ')} "):
            found = told(source, spelling)
            assert not isinstance(found, Parked) or found.reason != "unknown_event_type", spelling


@pytest.mark.parametrize("source", OURS)
def test_what_is_known_and_says_nothing_for_us_is_ignored_and_not_parked(source: str) -> None:
    for name in adapters()[source].catalogue.left_aside:
        assert told(source, name) == Ignored("irrelevant_event_type")


def test_the_pointer_leads_to_the_type_wherever_it_stands() -> None:
    body: dict[str, Any] = {"occurredAt": "2026-03-02T09:15:00Z", "reference": "1"}
    event = {"specversion": "1.0", "id": "1", "source": "/x", "type": f"{RISK}.v2", "data": body}
    in_sns = {"Type": "Notification", "Message": json.dumps({**body, "eventType": f"{RISK}.v2"})}
    for document, headers, pointer in (
        (event, [], "/type"),
        ({"Type": "Notification", "Message": json.dumps(event)}, [], "/Message/type"),
        (in_sns, [], "/Message/eventType"),
        (body, [("ce_type", f"{RISK}.v2".encode())], ""),
    ):
        found = read("custody", json.dumps(document).encode(), headers, received_at=RECEIVED)
        assert isinstance(found, Parked)
        assert (found.reason, found.pointer) == ("unknown_event_type", pointer)


def test_on_a_bus_whose_list_is_not_ours_it_is_ignored() -> None:
    assert told("hmpps", "prison-offender-events.prisoner.levitated") == Ignored("unknown_event_type")
    assert told("courts", "court.list.published") == Ignored("unknown_event_type")
    assert told("hmpps", "intervention.referral.sent") == Ignored("irrelevant_event_type")
    assert near_type("hmpps", "prison-offender-events.prisoner.relased") == "prison-offender-events.prisoner.released"


@pytest.mark.parametrize(
    ("source", "event_type", "counted"),
    [
        ("hmpps", "prison-offender-events.prisoner.levitated", "prison-offender-events.prisoner.*"),
        ("hmpps", "Prison-Offender-Events.Prisoner.Released.V2", "prison-offender-events.prisoner.released.v2"),
        ("custody", "custody.detention.risk-asessed", "custody.detention.risk-*"),
        ("custody", "uk.gov.police.custody.detention.risk-assessed", "*.custody.detention.risk-assessed"),
        ("courts", "court.list.published", "court.*.published"),
    ],
)
def test_an_unknown_type_is_counted_by_partner_and_type(source: str, event_type: str, counted: str) -> None:
    value = json.dumps({"eventType": event_type, "occurredAt": "2026-03-02T09:15:00Z"}).encode()
    record = RawRecord(f"in.{source}", 0, 1, b"k", value, (), RECEIVED)
    outcome = handle_partner_message(record, reader=reader(), id_key=b"p" * 32)
    assert outcome.noted == (Noted(UNKNOWN_TYPES, (source, counted)),)
    assert unknown_type(source, value, [], received_at=RECEIVED) == event_type


@pytest.mark.parametrize(
    "event_type", ["custody.test-canary-0001.detained", "Test Canary-0001", "0001.01/05/1990", "07700 900001", "=" * 9]
)
def test_what_is_counted_or_said_of_an_unknown_type_repeats_nothing_that_could_be_a_person(event_type: str) -> None:
    value = json.dumps({"eventType": event_type}).encode()
    found = understand("custody", value, [], received_at=RECEIVED)
    assert isinstance(found.read, Parked)
    for part in ("test", "canary", "0001", "1990", "07700", "900001"):
        assert part not in f"{found.noted}".lower()
        assert part not in found.read.detail.lower()


@given(st.text(max_size=300), st.sampled_from(sorted(adapters())))
def test_the_counted_name_has_only_our_own_words(event_type: str, source: str) -> None:
    words = vocabulary(name for adapter in adapters().values() for name in adapter.catalogue.read)
    name = countable(event_type, words)
    assert len(name) <= 400
    assert set(name.replace("-", ".").replace("_", ".").split(".")) <= words | {"*"} | {f"v{n}" for n in range(100)} | {
        f"v0{n}" for n in range(10)
    }
    known = adapters()[source].catalogue
    assert meant(event_type, known.read) in {*known.read, "facts.answered", ""}


def test_what_is_known_is_counted_as_nothing_unknown() -> None:
    body = {"eventType": RISK, "occurredAt": "2026-03-02T09:15:00Z", "reference": "1"}
    value = json.dumps(body).encode()
    (contact,) = read("custody", value, [], received_at=RECEIVED)  # type: ignore[misc] # it is a contact
    assert isinstance(contact, Contact)
    assert understand("custody", value, [], received_at=RECEIVED).noted == ()
    assert unknown_type("custody", value, [], received_at=RECEIVED) is None
