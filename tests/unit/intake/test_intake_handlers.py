"""The shell around reading: keys, sources, and the table of adapters."""

import json
from datetime import UTC, datetime
from functools import partial
from types import ModuleType
from uuid import UUID

import pytest

from onward.chassis.record import RawRecord
from onward.chassis.security import contact_ids
from onward.contracts import topics
from onward.contracts.contact import Contact
from onward.contracts.ids import contact_id
from onward.contracts.outcome import Parked, Published
from onward.intake.handlers import handle_partner_message
from onward.intake.partners import SourceFileError, adapter_of, adapters, reader

ID_KEY = b"p" * 32
TAKE = partial(handle_partner_message, reader=reader(), id_key=ID_KEY)


def a_record(topic: str, body: object) -> RawRecord:
    value = json.dumps(body).encode()
    return RawRecord(topic, 0, 1, b"partner-key", value, (), datetime(2026, 3, 3, 8, tzinfo=UTC))


def a_hearing(*names: str) -> object:
    people = [{"id": name, "personDefendant": {"personDetails": {"lastName": name}}} for name in names]
    return {"hearing": {"id": "H1", "prosecutionCases": [{"defendants": people}]}}


def a_triage(reference: str, **person: object) -> dict[str, object]:
    return {
        "eventType": "street-triage.contact.recorded",
        "occurredAt": "2026-03-02T09:15:00Z",
        "incidentNo": reference,
        "outcome": "advice",
        "person": person,
    }


def published(topic: str, body: object) -> list[tuple[str, Contact]]:
    outcome = TAKE(a_record(topic, body))
    assert isinstance(outcome, Published)
    assert {message.topic for message in outcome.messages} == {"contacts"}
    return [(message.key, message.body) for message in outcome.messages if isinstance(message.body, Contact)]


def test_every_person_of_a_message_is_a_contact_of_their_own() -> None:
    made = published("in.courts", a_hearing("Person-0001", "Person-0002"))
    assert [contact.identity.name for _, contact in made] == ["Person-0001", "Person-0002"]
    assert len({key for key, _ in made}) == 2


def test_one_person_has_one_key_whichever_partner_tells_of_them_and_it_says_nothing() -> None:
    triage = published("in.street-triage", a_triage("1", nomsNumber="A1234AA", pncId="81/34U"))
    other = published("in.street-triage", a_triage("2", nomsNumber="a1234aa"))
    assert triage[0][0] == other[0][0]
    assert "A1234AA" not in triage[0][0]
    assert published("in.street-triage", a_triage("1"))[0][0] != triage[0][0]


def test_without_an_identifier_the_partners_reference_keeps_the_order() -> None:
    assert published("in.street-triage", a_triage("1"))[0][0] == published("in.street-triage", a_triage("1"))[0][0]


def answered(told: UUID, source: str = "liaison", **more: object) -> list[tuple[str, Contact]]:
    body = {"eventType": "facts.answered", "inReplyTo": str(told), "facts": {"person.sex": "female"}, **more}
    return published(f"in.{source}", body)


def test_a_contact_has_an_id_that_nobody_can_compute_who_has_not_the_pepper() -> None:
    record = a_record("in.street-triage", {**a_triage("1"), "eventId": "1"})
    (own,) = (contact for _, contact in published("in.street-triage", {**a_triage("1"), "eventId": "1"}))
    other = handle_partner_message(record, reader=reader(), id_key=b"q" * 32)
    assert isinstance(other, Published)
    (message,) = other.messages
    assert own.contact_id == TAKE(record).messages[0].body.contact_id  # type: ignore[union-attr]  # it is published
    assert len({own.contact_id, message.body.model_dump()["contact_id"], contact_id("street-triage", "1")}) == 3


def test_an_answer_is_about_the_contact_that_its_own_partner_was_asked_about() -> None:
    contact = contact_ids.kept(ID_KEY, contact_id("liaison", "1"))
    told = contact_ids.asked(ID_KEY, "liaison", contact)
    assert answered(told)[0][1].in_reply_to == contact
    assert answered(told, "custody")[0][1].in_reply_to != contact


def test_answers_that_name_nobody_are_in_order_by_what_they_answer() -> None:
    one, other = contact_id("liaison", "1"), contact_id("liaison", "2")
    assert answered(one)[0][0] == answered(one, occurredAt="2026-03-02T09:15:00Z")[0][0] != answered(other)[0][0]


def test_the_source_comes_from_the_topic() -> None:
    assert published("in.street-triage", a_triage("1"))[0][1].source == "street-triage"
    found = TAKE(a_record("in.custody", a_triage("1")))
    assert isinstance(found, Parked)
    assert (found.reason, found.pointer) == ("unknown_event_type", "/eventType")


def test_what_cannot_be_read_is_parked() -> None:
    record = a_record("in.custody", {})
    assert TAKE(record) == Parked("schema", "/eventType", "expected the type of the event as text")


def test_every_topic_of_a_partner_has_an_adapter_and_every_adapter_a_topic() -> None:
    assert set(adapters()) == set(topics.sources())


def test_a_file_that_is_no_adapter_is_named_with_what_it_lacks() -> None:
    module = ModuleType("somewhere")
    module.__dict__["SOURCE"] = "somewhere"
    with pytest.raises(
        SourceFileError, match=r"somewhere: declares no MAKES, CATALOGUE, read; see docs/guides/add-a-partner\.md"
    ):
        adapter_of(module)


def test_every_shape_of_ours_has_a_schema_that_lists_its_codes() -> None:
    shapes = {
        name: model.model_json_schema() for one in adapters().values() for name, model in one.catalogue.models.items()
    }
    assert shapes["street-triage.contact.recorded"]["properties"]["outcome"]["anyOf"][0]["examples"] == [
        "advice", "conveyed", "crime", "no_action", "s136", "voluntary",
    ]  # fmt: skip
    assert {name.partition(".")[0] for name in shapes} >= {"custody", "liaison-diversion", "probation", "mha"}
    assert all({"eventType", "occurredAt"} <= set(shape["required"]) for shape in shapes.values())
