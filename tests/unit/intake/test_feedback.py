"""A partner hears once of each message of its own that was not read whole, and never a word from a person's record."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.whole.canaries import Canary, canary, event, forms, spoilt
from onward.chassis.observability.metrics import PARKED_REASONS
from onward.chassis.processing.hop import Hop
from onward.chassis.processing.redriving import Mark, mark_headers
from onward.contracts import paths, topics
from onward.contracts.feedback import SENTENCES, Feedback, fault
from onward.contracts.left_out import LeftOutReason
from onward.contracts.outcome import Published
from onward.intake import reasons as of_intake
from onward.people import reasons as of_people
from onward.rehearsal.settings import MENDING_KEY
from onward.rehearsal.whole import MemoryRecord, RecordEffects, WholeInMemory
from unit.rehearsal.scenarios import services

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
EVENT = {
    "eventType": "custody.detention.risk-assessed",
    "eventId": "6a1f2f4e-0c61-4b0e-9f51-6f0c0b6d1a01",
    "occurredAt": "2026-03-02T09:15:00Z",
    "custodyRecordNo": "BW/1/26",
    "riskAssessment": {"selfHarm": "high"},
    "person": {"name": "Test Person-0001", "phone": "07700 900123"},
}
UNKNOWN_NEED = {"needs": [{"category": "shoplifting", "severity": 3}]}


@pytest.fixture
def whole() -> WholeInMemory:
    return WholeInMemory(services())


async def sent(whole: WholeInMemory, source: str, body: object, *, mark: bool = False) -> RecordEffects:
    value = body if isinstance(body, bytes) else json.dumps(body).encode()
    place = ("in.custody", 0 if source == "custody" else 1)
    headers = mark_headers(MENDING_KEY, Mark("parked.intake/0/1/2", 1), *place) if mark else []
    made = await whole.send(f"in.{source}", value, key=b"5" if source == "custody" else b"k", headers=headers, at=AT)
    assert not mark or (made.records[0].topic, made.records[0].partition) == place, "the mark is of another place"
    return made


def hop_of_intake() -> Hop:
    (intake,) = [service for service in services() if service.name == "intake"]
    (hop,) = intake.hops
    return hop


def heard(made: RecordEffects) -> list[Feedback]:
    return [Feedback.model_validate_json(each.value or b"") for each in told(made.records)]


def told(records: Sequence[MemoryRecord]) -> list[MemoryRecord]:
    return [each for each in records if each.topic.startswith("feedback.")]


def codes(feedback: Feedback) -> list[tuple[str, str]]:
    return [(each.pointer, each.reason) for each in feedback.faults]


@pytest.mark.parametrize(
    ("written", "pointer"),
    [
        (b'{"person": {"name": "a", "name": "b"}}', "/person"),
        (b'{"person": {"JohnSmith": {"a": 1, "a": 2}}}', "/person/*"),
        (b'{"John_Smith": {"dateOfBirth": 1e999}}', "/*/dateOfBirth"),
        (b'{"people": {"smith": "\\u0000"}}', "/*/*"),
        (b'{"Type": "Notification", "Message": "{\\"Anne\\": {\\"a\\": 1, \\"a\\": 2}}"}', "/Message/*"),
    ],
)
async def test_the_place_of_a_fault_shows_no_key_that_could_be_a_name(
    whole: WholeInMemory, written: bytes, pointer: str
) -> None:
    made = await sent(whole, "custody", written)
    (told,) = heard(made)
    assert [each.pointer for each in told.faults] == [pointer]
    shown = str([each.headers for each in made.records])
    assert "mith" not in shown
    assert "Anne" not in shown


async def test_of_a_message_that_was_read_whole_nothing_is_heard(whole: WholeInMemory) -> None:
    made = await sent(whole, "custody", EVENT)
    assert [each.ended for each in made.outcomes if each.service == "intake"] == ["published"]
    assert heard(made) == []


async def test_of_one_that_was_read_in_part_its_sender_hears_what_was_left_out(whole: WholeInMemory) -> None:
    made = await sent(whole, "custody", {**EVENT, **UNKNOWN_NEED})
    (record,) = told(made.records)
    (feedback,) = heard(made)
    assert (record.topic, record.key) == ("feedback.custody", b"BW/1/26")
    assert (feedback.outcome, feedback.event_id, feedback.reference) == ("read_in_part", EVENT["eventId"], "BW/1/26")
    assert codes(feedback) == [("/needs/0/category", "unknown_code")]
    assert feedback.faults[0].page == "docs/partners/feedback.md#unknown_code"
    sent_as = made.records[0]
    assert feedback.record == f"in.custody/{sent_as.partition}/{sent_as.offset}"


async def test_a_misspelt_field_is_heard_of_with_what_was_meant(whole: WholeInMemory) -> None:
    person = {"name": "Test Person-0001", "dateOfBrith": "1990-05-01"}
    (feedback,) = heard(await sent(whole, "custody", {**EVENT, "person": person}))
    assert (feedback.outcome, codes(feedback)) == ("read_in_part", [("/person/dateOfBrith", "unread_field")])
    assert "person.dateOfBirth" in feedback.faults[0].says


def a_movement(kind: str, **said: str) -> dict[str, Any]:
    event = f"prison-offender-events.prisoner.{kind}"
    return {"eventType": event, "occurredAt": "2026-03-02T09:15:00Z", "additionalInformation": {**NOMS, **said}}


NOMS = {"nomsNumber": "A1234BC", "prisonId": "MDI"}
OUT = {"reason": "RELEASED", "currentLocation": "OUTSIDE_PRISON"}


@pytest.mark.parametrize(
    ("body", "field", "says"),
    [
        (a_movement("released", **OUT, nomisMovementReasonCode="FR3"), "nomisMovementReasonCode", "`FR3`"),
        (a_movement("released", **OUT, details="Movement reason code ersd"), "details", "`ERSD`"),
        (a_movement("released", **OUT, nomisMovementReasonCode="29", details="INACTIVE OUT:REL-29"), "", "`29`"),
        (a_movement("received", reason="MATERIALISED"), "reason", "`MATERIALISED`"),
        (a_movement("released", reason="EVAPORATED", nomisMovementReasonCode="CR"), "reason", "`EVAPORATED`"),
        (a_movement("released", **OUT, nomisMovementReasonCode="A1234BC"), "nomisMovementReasonCode", ""),
        (a_movement("released", **OUT, nomisMovementReasonCode="19840512"), "nomisMovementReasonCode", ""),
        (a_movement("released", **OUT, nomisMovementReasonCode="Test Person"), "nomisMovementReasonCode", ""),
    ],
)
async def test_a_movement_code_that_nobody_knows_is_named_to_its_sender(
    whole: WholeInMemory, body: dict[str, Any], field: str, says: str
) -> None:
    (feedback,) = heard(await sent(whole, "hmpps", body))
    (only,) = feedback.faults
    assert (feedback.outcome, only.reason) == ("read_in_part", "unknown_code")
    assert only.pointer == f"/additionalInformation/{field or 'nomisMovementReasonCode'}"
    assert only.says == SENTENCES["unknown_code"] + (f" ({says})" if says else "")


@pytest.mark.parametrize(
    "body",
    [
        a_movement("released", **OUT, nomisMovementReasonCode="CR"),
        a_movement("released", reason="TRANSFERRED", nomisMovementReasonCode="OVCROW"),
        a_movement("received", reason="ADMISSION", nomisMovementReasonCode="ETB"),
        a_movement("released", **OUT, currentPrisonStatus="UNDER_PRISON_CARE", nomisMovementReasonCode="CR"),
        a_movement("released", **OUT),
    ],
)
async def test_of_a_movement_without_a_code_that_nobody_knows_nothing_is_heard(
    whole: WholeInMemory, body: dict[str, Any]
) -> None:
    assert heard(await sent(whole, "hmpps", body)) == []


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"{", "not_json"),
        (b"\xff", "not_utf8"),
        (b"[]", "not_an_object"),
        ({**EVENT, "eventType": "custody.detention.risk-asessed"}, "unknown_event_type"),
        ({key: value for key, value in EVENT.items() if key != "occurredAt"}, "schema"),
        (b" " * 300_000 + b"{}", "too_large"),
    ],
)
async def test_of_one_that_was_parked_its_sender_hears_why(whole: WholeInMemory, body: object, reason: str) -> None:
    (feedback,) = heard(await sent(whole, "custody", body))
    assert (feedback.outcome, [each.reason for each in feedback.faults]) == ("parked", [reason])
    named = isinstance(body, dict)
    assert (feedback.event_id, feedback.reference) == ((EVENT["eventId"], "BW/1/26") if named else (None, None))
    assert feedback.faults[0].says.startswith(SENTENCES[reason])


async def test_a_type_that_nobody_knows_on_another_s_bus_is_heard_of(whole: WholeInMemory) -> None:
    body = {"eventType": "prison-offender-events.prisoner.relased", "occurredAt": "2026-03-02T09:15:00Z"}
    (feedback,) = heard(await sent(whole, "hmpps", body))
    assert (feedback.outcome, codes(feedback)) == ("type_not_known", [("", "unknown_event_type")])
    assert "prison-offender-events.prisoner.released" in feedback.faults[0].says
    assert heard(await sent(whole, "hmpps", {"Type": "SubscriptionConfirmation", "Message": ""})) == []


async def test_an_answer_that_is_parked_later_is_heard_of_by_its_place(whole: WholeInMemory) -> None:
    answer = {
        "eventType": "facts.answered",
        "inReplyTo": "6f6e7761-7264-8000-8000-00000000000a",
        "reference": "BW/1/26",
        "facts": {"accommodation.status": "homeless"},
    }
    made = await sent(whole, "custody", answer)
    (feedback,) = heard(made)
    asked = made.records[0]
    assert (feedback.outcome, codes(feedback), feedback.reference) == ("parked", [("", "unknown_question")], "BW/1/26")
    assert feedback.record == f"in.custody/{asked.partition}/{asked.offset}"


async def test_what_was_parked_and_is_now_read_is_heard_of_as_mended_under_the_same_names(whole: WholeInMemory) -> None:
    (parked,) = heard(await sent(whole, "custody", {**EVENT, "occurredAt": "soon"}))
    (mended,) = heard(await sent(whole, "custody", {**EVENT, **UNKNOWN_NEED}, mark=True))
    assert (parked.outcome, mended.outcome) == ("parked", "mended")
    assert (mended.event_id, mended.reference) == (parked.event_id, parked.reference)
    assert codes(mended) == [("/needs/0/category", "unknown_code")]
    assert heard(await sent(whole, "custody", {**EVENT, "occurredAt": "soon"}, mark=True)) == [], "it was told before"


async def test_a_fault_of_ours_is_heard_of_under_the_partner_s_own_names(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> Published:
        raise RuntimeError

    monkeypatch.setattr(hop_of_intake(), "decide", fails)
    whole = WholeInMemory(services())
    (feedback,) = heard(await sent(whole, "custody", EVENT))
    assert (feedback.outcome, codes(feedback)) == ("parked", [("", "handler_error")])
    assert (feedback.event_id, feedback.reference) == (EVENT["eventId"], "BW/1/26")
    monkeypatch.setattr("onward.intake.domain.feedback.unwrap", fails)
    (feedback,) = heard(await sent(whole, "custody", EVENT))
    assert (codes(feedback), feedback.event_id) == ([("", "handler_error")], None), "by its place"


async def test_what_cannot_be_said_holds_nothing_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> Published:
        raise RuntimeError

    monkeypatch.setattr(hop_of_intake(), "feedback", fails)
    whole = WholeInMemory(services())
    made = await sent(whole, "custody", {**EVENT, **UNKNOWN_NEED})
    assert heard(made) == []
    assert [each.ended for each in made.outcomes if each.service == "intake"] == ["published"]


@pytest.mark.parametrize(
    "name",
    [
        "Zyxwvuson",
        "Zyxwvuson-17",
        "07700900123",
        "C-07700-900123",
        "A1234BC",
        "test@example.org",
        "9434765919",
        "Test Person",
        "unknown",
    ],
)
async def test_an_id_that_could_name_a_person_is_not_repeated(whole: WholeInMemory, name: str) -> None:
    person = {"name": "Test Zyxwvuson", "phone": "07700 900123"}
    body = {**EVENT, "eventId": name, "custodyRecordNo": name, "person": person, "occurredAt": "soon"}
    (feedback,) = heard(await sent(whole, "custody", body))
    assert (feedback.event_id, feedback.reference) == (None, None)


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("ng-17", {"name": "Zi Ng"}),
        ("zing17", {"name": "Zi-Ng"}),
        ("Zoe-17", {"name": "Zoë Test"}),
        ("12051984-1", {"dateOfBirth": "1984-05-12"}),
        ("05121984", {"dateOfBirth": "1984-05-12"}),
        ("07700900123", {"phone": "+44 7700 900123"}),
        ("447700900123", {"phone": "07700 900123"}),
        ("ref-M11AA", {"postcode": "M1 1AA"}),
        ("m1-1aa", {"postcode": "M11AA"}),
    ],
)
async def test_nor_where_it_is_written_otherwise(whole: WholeInMemory, name: str, person: dict[str, str]) -> None:
    body = {**EVENT, "eventId": name, "custodyRecordNo": name, "person": person, "occurredAt": "soon"}
    (feedback,) = heard(await sent(whole, "custody", body))
    assert (feedback.event_id, feedback.reference) == (None, None)


@pytest.mark.parametrize(
    ("source", "who"),
    [
        ("custody", {"custodyRecordNo": "Test Person-0001"}),
        ("custody", {"reference": "test.person@example.org", "person": {"email": "test.person@example.org"}}),
        ("custody", {"custodyRecordNo": None, "person": {"nhsNumber": "9434765919"}}),
        ("custody", {"custodyRecordNo": "07700900123"}),
    ],
)
async def test_nor_is_a_reference_that_names_the_person_of_a_message_that_was_read(
    whole: WholeInMemory, source: str, who: dict[str, Any]
) -> None:
    made = await sent(whole, source, {**EVENT, **UNKNOWN_NEED, **who})
    (feedback,) = heard(made)
    (record,) = told(made.records)
    assert (feedback.outcome, feedback.reference) == ("read_in_part", None)
    assert record.key == feedback.record.encode()


async def test_nor_one_of_an_answer_that_is_parked_later(whole: WholeInMemory) -> None:
    answer = {
        "eventType": "facts.answered",
        "inReplyTo": "6f6e7761-7264-8000-8000-00000000000a",
        "reference": "Test Person-0001",
        "person": {"name": "Test Person-0001"},
        "facts": {"accommodation.status": "homeless"},
    }
    (feedback,) = heard(await sent(whole, "custody", answer))
    assert (feedback.outcome, feedback.reference) == ("parked", None)


async def test_a_case_number_whose_digits_stand_in_a_name_is_still_the_partner_s_own(whole: WholeInMemory) -> None:
    body = {**EVENT, "custodyRecordNo": "CASE-000001", "person": {"name": "Test Person-000001"}, "occurredAt": "soon"}
    (feedback,) = heard(await sent(whole, "custody", body))
    assert feedback.reference == "CASE-000001"


def test_every_code_that_a_partner_can_hear_says_something_and_is_explained() -> None:
    every = {*get_args(LeftOutReason), *PARKED_REASONS, *of_intake.REASONS.parked, *of_people.REASONS.parked}
    every -= {"bad_signature", "untrusted_key", "unknown_match"}  # of a practitioner's answer, which is no partner's
    assert {*every, "unread_field"} == SENTENCES.keys()
    page = (paths.schemas().parent / "docs" / "partners" / "feedback.md").read_text()
    assert {reason for reason in SENTENCES if f"\n## {reason}\n" not in page} == set()
    assert fault("of_a_newer_release").says == "of_a_newer_release"


PEOPLE = [canary(source) for source in topics.sources()]


def holds(text: bytes, of: Canary) -> set[str]:
    return {name for name, word in of.fields.items() if any(form in text for form in forms(word))}


def leaks(records: Sequence[MemoryRecord], of: Canary) -> set[str]:
    """Which of the person's particulars their partner is told, beside the reference by which it knows them."""
    allowed = {"reference"}
    found: set[str] = set()
    for record in told(records):
        document = json.loads(record.value or b"")
        bare = json.dumps({**document, "reference": None}).encode()
        headers = b"\n".join(part for name, value in record.headers for part in (name.encode(), value or b""))
        found |= holds(bare, of) | (holds((record.value or b"") + (record.key or b""), of) - allowed)
        found |= holds(headers, of)
    return found


@pytest.mark.parametrize("of", PEOPLE, ids=lambda of: of.source)
async def test_nothing_that_is_said_of_a_person_is_in_what_a_partner_hears(whole: WholeInMemory, of: Canary) -> None:
    records: list[MemoryRecord] = []
    for sending in spoilt(of):
        made = await whole.send(
            sending.topic, sending.value or b"", key=sending.key or b"", headers=list(sending.headers), at=AT
        )
        records += made.records
    assert len(told(records)) > 5
    assert leaks(records, of) == set()


def places(value: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield at
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in items:
        yield from places(each, (*at, key))


def put(value: Any, at: tuple[str | int, ...], what: object) -> Any:
    if not at:
        return what
    if isinstance(value, dict):
        return {key: put(each, at[1:], what) if key == at[0] else each for key, each in value.items()}
    return [put(each, at[1:], what) if number == at[0] else each for number, each in enumerate(value)]


@given(st.data())
async def test_wherever_a_word_about_a_person_stands_no_partner_hears_it(data: st.DataObject) -> None:
    of = data.draw(st.sampled_from(PEOPLE))
    word = st.sampled_from([value for name, value in of.fields.items() if name != "reference"])
    body: Any = {**event(of), "eventId": "1", "custodyRecordNo": "2", "facts": {"a": 1}, "inReplyTo": "x"}
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.sampled_from(sorted(places(body), key=str)[1:] or [()]))
        what = data.draw(st.one_of(word, st.dictionaries(word, word, max_size=2), st.lists(word, max_size=2)))
        body = put(body, at, what)
    headers = [(name, data.draw(word).encode()) for name in data.draw(st.sets(st.sampled_from(["ce_id", "ce_type"])))]
    whole = WholeInMemory(services())
    made = await whole.send(f"in.{of.source}", json.dumps(body).encode(), key=b"k", headers=headers, at=AT)
    found = leaks(made.records, of)
    # A name in the place of the reference is one only where something else in the message says so.
    told_as = {each.reference for each in heard(made)}
    assert {name for name in found if of.fields[name] not in told_as} == set()
