"""What services do that the law asks about is on the audit chain, in the transaction in which it becomes durable."""

import json
from dataclasses import dataclass
from typing import Any

import pytest
from aiokafka.structs import TopicPartition

from installation_keys import ID_KEY, PARKING
from onward.audit import chain
from onward.audit.verifying import Chains
from onward.chassis.processing import auditing
from onward.chassis.processing.accounting import BatchOutcomes
from onward.chassis.processing.batch import ProcessedBatch, RecordProcessor
from onward.chassis.processing.counts import begun, read
from onward.contracts import paths, topics
from onward.contracts.audit import AuditRecord
from onward.contracts.outcome import Ignored, Outcome, Outgoing, Published
from onward.contracts.services import SERVICES

EXAMPLES = paths.schemas() / "examples"
CONTACTS = TopicPartition("situations", 0)


@dataclass
class Record:
    """A record as the client library gives it."""

    value: bytes | None = b"{}"
    key: bytes | None = b"Jordan Ames"
    headers: tuple[tuple[str, bytes | None], ...] = ()
    topic: str = "situations"
    partition: int = 0
    offset: int = 41
    timestamp: int = 1_760_000_000_123


def example(topic: topics.Topic[Any], *, of: str = "") -> Outgoing[Any]:
    path = min((EXAMPLES / topic.event_type).glob("*.json"))
    return topic.message(topic.model.model_validate_json(path.read_text()), key="a key", of=of)


def concluded(service: str, outcome: Outcome, record: Record | None = None) -> tuple[RecordProcessor, ProcessedBatch]:
    processor, batch = (
        RecordProcessor(service, ID_KEY, PARKING, failure_limit=10),
        ProcessedBatch(BatchOutcomes("situations")),
    )
    processor.conclude(record or Record(), outcome, batch)
    return processor, batch


def test_a_decision_is_on_the_chain_with_the_digest_of_what_was_published() -> None:
    processor, batch = concluded("routing", Published((example(topics.DECISIONS),)))
    (decision,) = batch.outputs
    processor.bind(CONTACTS, begun(0).chain, batch)
    record = AuditRecord.model_validate_json(batch.outputs[1].value)
    assert batch.outputs[1].topic == "audit.routing"
    assert (record.writer, record.number, record.previous) == ("routing.situations.0", 1, "")
    (entry,) = record.entries
    assert (entry.act, entry.topic, entry.sha256) == ("decision", "decisions", chain.digest(decision.value))
    assert entry.id == json.loads(decision.value)["decision_id"]


def test_what_goes_to_a_provider_and_to_a_partner_is_a_disclosure_and_a_withdrawal_is_told_from_a_referral() -> None:
    messages = (
        example(topics.REFERRALS, of="provider-a"),
        example(topics.PROVIDER_WITHDRAWALS, of="provider-a"),
        example(topics.STATUS, of="custody"),
    )
    _, batch = concluded("tracking", Published(messages))
    assert [(each["act"], each["topic"], each.get("code")) for each in batch.acts] == [
        ("disclosure", "referrals.provider-a", "onward.referral.v1"),
        ("disclosure", "referrals.provider-a", "onward.provider-withdrawal.v1"),
        ("disclosure", "status.custody", None),
    ]


def test_what_a_person_said_is_on_the_chain_of_the_service_that_took_it_with_what_came_of_it() -> None:
    referral = b"6f0c9a52-5c0d-5f0e-9a53-9a1f1f6f2a11"
    _, batch = concluded("tracking", Ignored("repeat"), Record(topic="approvals", key=referral, value=b"yes"))
    assert batch.acts == [
        {
            "act": "approval", "topic": "approvals", "sha256": chain.digest(b"yes"),
            "code": "ignored/repeat", "id": referral.decode(),
        }
    ]  # fmt: skip


def test_a_key_that_could_say_anything_is_not_on_the_chain() -> None:
    _, batch = concluded("tracking", Ignored("repeat"), Record(topic="approvals", key=b"Jordan Ames"))
    assert "Jordan" not in json.dumps(batch.acts)


def test_a_batch_in_which_nothing_of_the_kind_happened_writes_no_record() -> None:
    processor, batch = concluded("people", Published((example(topics.SITUATIONS),)))
    processor.bind(CONTACTS, begun(0).chain, batch)
    assert [each.topic for each in batch.outputs] == ["situations"]
    assert batch.chain == begun(0).chain


def test_a_chain_goes_on_from_the_head_that_was_committed_with_the_position() -> None:
    chains, counts = Chains(), begun(0)
    for _ in range(3):
        processor, batch = concluded("routing", Published((example(topics.DECISIONS),)))
        processor.bind(CONTACTS, counts.chain, batch)
        kept = read(counts.chained(batch.chain).text())
        assert kept is not None
        counts = kept
        value = batch.outputs[-1].value
        assert chains.take(value, AuditRecord.model_validate_json(value)) is None
    assert counts.audited == 3


def test_a_long_batch_is_several_records_that_each_fit_on_the_topic(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auditing, "_MOST", 2)
    processor, batch = concluded("routing", Published(tuple(example(topics.DECISIONS) for _ in range(5))))
    processor.bind(CONTACTS, begun(0).chain, batch)
    chains = Chains()
    records = [(each.value, AuditRecord.model_validate_json(each.value)) for each in batch.outputs[5:]]
    assert [len(record.entries) for _, record in records] == [2, 2, 1]
    assert [chains.take(value, record) for value, record in records] == [None] * 3


def test_every_topic_of_acts_says_how_an_act_on_it_is_found_again() -> None:
    models = {topic.name: topic.model for topic in topics.ALL}
    audited = {name: file for name, file in topics.files().items() if file.audited is not None}
    assert audited.keys() >= {"decisions", "referrals.{provider}", "status.{source}", "approvals", "erased-persons"}
    for name, file in audited.items():
        assert file.audited is not None
        if {*file.producers} & {*SERVICES, "service"}:
            assert file.audited.id in models[name].model_fields, name
        else:
            assert file.audited.id is None, name
            assert {*file.consumers} & {*SERVICES}, f"{name}: nobody puts it on a chain"


def test_whatever_names_somebody_to_a_partner_or_a_provider_is_a_disclosure() -> None:
    told = {name: file for name, file in topics.files().items() if {*file.consumers} & {"partner", "provider"}}
    assert {name for name, file in told.items() if file.audited is None} == set()
