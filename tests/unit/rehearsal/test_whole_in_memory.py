"""The whole in memory does what the services do: partners' messages in, referrals, questions and calls out."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from onward.chassis.processing.parking import unseal
from onward.chassis.security import contact_ids
from onward.chassis.security.cause import cause_of
from onward.contracts import paths, topics
from onward.contracts.services import SERVICES
from onward.rehearsal.settings import MENDING_KEY
from onward.rehearsal.whole import MemoryRecord, RecordEffects, WholeInMemory
from unit.rehearsal.scenarios import services

MONDAY_10AM = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


@pytest.fixture
def whole() -> WholeInMemory:
    return WholeInMemory(services())


def example(name: str) -> bytes:
    return (paths.schemas() / "examples" / name).read_bytes()


async def arrested(whole: WholeInMemory, *, at: datetime = MONDAY_10AM) -> RecordEffects:
    """Somebody homeless is arrested and agrees to be helped."""
    return await whole.send("in.custody", example("in.custody/homeless-and-agrees.json"), key=b"C/1", at=at)


def on(records: Sequence[MemoryRecord], family: str) -> list[dict[str, Any]]:
    """The documents on a topic, or on the topics of a family."""
    return [json.loads(each.value or b"null") for each in records if each.topic.partition(".")[0] == family]


async def say(whole: WholeInMemory, provider: str, referral: str, status: str, *, at: datetime) -> RecordEffects:
    """What a provider answers."""
    reply = {"reply_id": f"{status} {referral}", "referral_id": referral, "status": status, "replied_at": str(at)}
    return await whole.send(f"replies.{provider}", json.dumps(reply).encode(), key=referral.encode(), at=at)


def test_every_service_of_the_deployment_is_part_of_it() -> None:
    assert tuple(service.name for service in services()) == SERVICES


async def test_a_homeless_person_who_agrees_is_referred_and_the_provider_s_yes_comes_back(whole: WholeInMemory) -> None:
    first = await arrested(whole)
    (sent,) = [each for each in on(first.records, "referrals") if each["category"] == "ACCOMMODATION"]
    provider = next(each.topic for each in first.records if each.topic.startswith("referrals.")).partition(".")[2]
    assert [each["now"] for each in on(first.records, "referral-events")] == ["READY", "SENT"]
    later = await say(whole, provider, sent["referral_id"], "ACCEPTED", at=MONDAY_10AM + timedelta(days=1))
    (step,) = on(later.records, "referral-events")
    assert (step["was"], step["now"]) == ("SENT", "ACCEPTED")
    assert step["at"].startswith("2026-03-03T10:00:00")
    assert [each["status"] for each in on(later.records, "status")] == ["ACCEPTED"]


async def test_what_is_said_twice_is_done_once(whole: WholeInMemory) -> None:
    assert on((await arrested(whole)).records, "referrals")
    again = await arrested(whole, at=MONDAY_10AM + timedelta(minutes=5))
    assert {each.topic for each in again.records} == {"in.custody", "contacts"}
    assert [(each.service, each.ended) for each in again.outcomes] == [("intake", "published"), ("people", "ignored")]


async def test_two_rehearsals_of_one_set_of_services_know_nothing_of_each_other(whole: WholeInMemory) -> None:
    other = WholeInMemory(services())
    first, second = await arrested(whole), await arrested(other)
    assert [(each.topic, each.key) for each in first.records] == [(each.topic, each.key) for each in second.records]


async def test_what_cannot_be_read_is_parked_whole(whole: WholeInMemory) -> None:
    made = await whole.send("in.custody", b"{", key=b"C/1", headers=[("a", b"b")], at=MONDAY_10AM)
    record, parked, feedback = made.records
    assert (feedback.topic, json.loads(feedback.value or b"")["faults"][0]["reason"]) == (
        "feedback.custody",
        "not_json",
    )
    assert (parked.topic, dict(parked.headers)["reason"]) == ("parked.intake", b"not_json")
    headers = {name: value or b"" for name, value in parked.headers}
    original = unseal([MENDING_KEY], parked.topic, parked.value or b"", headers)
    assert (original.key, original.value, original.headers) == (record.key, record.value, (("a", b"b"),))
    assert [(each.service, each.ended, each.reason) for each in made.outcomes] == [("intake", "parked", "not_json")]


async def test_a_reply_to_a_referral_that_nobody_made_is_parked(whole: WholeInMemory) -> None:
    provider = await say(whole, "birmingham-housing", str(UUID(int=7)), "ACCEPTED", at=MONDAY_10AM)
    assert [(each.ended, each.reason) for each in provider.outcomes] == [("parked", "unknown_referral")]


async def test_a_partner_answers_by_the_id_that_it_was_asked_under(whole: WholeInMemory) -> None:
    asked = await whole.send("in.custody", example("in.custody/risk-assessed.json"), key=b"C/1", at=MONDAY_10AM)
    (question,) = on(asked.records, "questions")
    (contact,) = on(asked.records, "contacts")
    named = contact_ids.asked(whole.id_key, "custody", UUID(contact["contact_id"]))
    assert question["contact_id"] == str(named)
    answer = {
        "eventType": "facts.answered",
        "occurredAt": "2026-03-02T10:30:00Z",
        "inReplyTo": str(named),
        "facts": {"accommodation.status": "homeless"},
    }
    made = await whole.send("in.custody", json.dumps(answer).encode(), key=b"C/1", at=MONDAY_10AM)
    (decision,) = [each for each in on(made.records, "decisions") if each["contact_type"] == "facts.answered"]
    assert decision["facts"]["accommodation.status"] == "homeless"
    assert decision["in_reply_to"] == contact["contact_id"]


async def test_every_record_has_a_place_of_its_own_and_names_what_it_follows_from(whole: WholeInMemory) -> None:
    made = await arrested(whole)
    places = [(each.topic, each.partition, each.offset) for each in whole.records]
    assert len(set(places)) == len(places)
    assert Counter(whole.records) == Counter(made.records)
    for record in made.records[1:]:
        cause = cause_of(whole.id_key, dict(record.headers)["ce_id"] or b"")
        assert (cause.topic, cause.partition, cause.offset) in places


async def test_what_is_on_a_topic_of_ours_is_what_its_contract_says(whole: WholeInMemory) -> None:
    made = await arrested(whole)
    models = {(topic.name.partition(".{")[0], topic.event_type): topic.model for topic in topics.ALL}
    for record in made.records[1:]:
        event_type = (dict(record.headers)["ce_type"] or b"").decode()
        models[record.topic.partition(".")[0], event_type].model_validate_json(record.value or b"")
