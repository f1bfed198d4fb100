"""The audit chains on their topics: put under a checkpoint, and written out as one log."""

import json
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import asdict, dataclass, field
from typing import Any, BinaryIO, Final

from aiokafka import AIOKafkaProducer
from aiokafka.structs import TopicPartition
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from onward.audit import chain, checkpoint
from onward.audit.chain import Head
from onward.audit.verifying import Chains, read_value
from onward.chassis import clock
from onward.chassis.kafka.connection import KafkaConnection
from onward.chassis.kafka.producers import ProducerSettings, let_go, publish
from onward.chassis.observability import audit_notes
from onward.chassis.record import EncodedRecord
from onward.cli import whole_topic
from onward.cli.acting import PEOPLE
from onward.contracts import topics
from onward.contracts.audit import AuditCheckpoint, AuditRecord
from onward.contracts.services import SERVICES
from onward.deployment.access import AUDIT_GROUP, CHECKPOINT_ID
from onward.releases.signing import TrustedKeys

_SECONDS: Final = 60.0


class NotTrustedError(Exception):
    """The newest checkpoint is none of ours: nothing can be built upon it."""


@dataclass(slots=True)
class ChainsOfTopics:
    """What stands on the chains since the last checkpoint."""

    last: AuditCheckpoint | None
    last_value: bytes
    chains: Chains
    positions: dict[str, int]
    """How far each topic was read."""
    passed_over: list[str] = field(default_factory=list[str])
    """Places of records that are none of their topic's chains, and of where some were deleted before they were read."""

    @property
    def is_whole(self) -> bool:
        """Whether every chain goes on where the last checkpoint left it."""
        return not self.chains.window.breaks and not self.passed_over


def chain_topics() -> tuple[str, ...]:
    """Every topic of chains, in the order in which a log has them."""
    return tuple(sorted([topics.AUDIT_ACTS.name, *(f"audit.{service}" for service in SERVICES)]))


def record_on(topic: str, value: bytes | None) -> AuditRecord | None:
    """The record with these bytes, where it belongs to a chain of *topic*: nobody writes another's."""
    read = read_value(value or b"")
    if not isinstance(read, AuditRecord):
        return None
    writes = PEOPLE if topic == topics.AUDIT_ACTS.name else f"{topic.partition('.')[2]}."
    theirs = read.writer == writes if topic == topics.AUDIT_ACTS.name else read.writer.startswith(writes)
    return read if theirs else None


async def sign_checkpoint(
    bootstrap: str, private: Ed25519PrivateKey, trusted: TrustedKeys, *, accepted_by: str | None
) -> tuple[ChainsOfTopics, AuditCheckpoint | None]:
    """
    Put everything that stands on the chains now under a new checkpoint.

    None, where something is broken and nobody accepts it. The alerts are told either way.

    Raises:
        NotTrustedError: The newest checkpoint is none of ours.
        KafkaError, TimeoutError: The broker is away, or lacks a topic.
    """
    producer = ProducerSettings(
        KafkaConnection.of_environment(bootstrap), "onward-audit", request_timeout_s=_SECONDS
    ).make(CHECKPOINT_ID)
    try:
        # First: whoever else signs in this moment is refused, so the checkpoints are one chain.
        await producer.start()
        found = await _read_on(bootstrap, trusted)
        number = found.last.number if found.last is not None else 0
        if not found.is_whole and accepted_by is None:
            note = audit_notes.AuditNote(_at(found.last), number, len(found.chains.window.breaks + found.passed_over))
            await _write(producer, [], _positions(found.last), note)
            return found, None
        value = checkpoint.sign(_statement(found, number + 1, accepted_by), private)
        made = AuditCheckpoint.model_validate_json(value)
        await _write(producer, [_record(made, value)], made.positions, audit_notes.AuditNote(_at(made), made.number, 0))
        return found, made
    finally:
        await let_go(producer)


async def _read_on(bootstrap: str, trusted: TrustedKeys) -> ChainsOfTopics:
    record = await whole_topic.newest(bootstrap, topics.AUDIT_CHECKPOINTS.name)
    value = b"" if record is None else record.value or b""
    last = None if record is None else read_value(value)
    if record is not None:
        if not isinstance(last, AuditCheckpoint):
            raise NotTrustedError("the newest record of `audit-checkpoints` is no checkpoint")
        checkpoint.check(last, trusted)
    assert last is None or isinstance(last, AuditCheckpoint)
    heads = {} if last is None else {name: Head(each.number, each.sha256) for name, each in last.heads.items()}
    found = ChainsOfTopics(last, value, Chains(heads), _positions(last))
    for topic in chain_topics():
        await _read_topic(bootstrap, topic, found)
    return found


async def _read_topic(bootstrap: str, topic: str, found: ChainsOfTopics) -> None:
    begin, end = await whole_topic.extent(bootstrap, topic)
    first = found.positions.get(topic, 0)
    if begin > first:
        found.passed_over.append(f"{topic}: {begin - first} offsets from {first} were deleted")
    async with aclosing(whole_topic.between(bootstrap, topic, max(begin, first), end)) as records:
        async for record in records:
            read = record_on(topic, record.value)
            if read is None:
                found.passed_over.append(f"{topic}: the record at {record.offset} is none of its chains")
            else:
                found.chains.take(record.value or b"", read)
    found.positions[topic] = max(end, first)


def _positions(last: AuditCheckpoint | None) -> dict[str, int]:
    return dict(last.positions) if last is not None else {}


def _at(last: AuditCheckpoint | None) -> float:
    return last.at.timestamp() if last is not None else 0.0


def _statement(found: ChainsOfTopics, number: int, accepted_by: str | None) -> Mapping[str, Any]:
    window = found.chains.window
    return {
        "number": number,
        "previous": chain.digest(found.last_value) if found.last is not None else "",
        "at": clock.now(),
        "records": window.records,
        "entries": window.tree.size,
        "root": window.root,
        "heads": {writer: asdict(head) for writer, head in found.chains.heads.items()},
        "positions": found.positions,
        "passed_over": len(found.passed_over),
        "accepted": [each.model_dump() for each in window.breaks],
        "accepted_by": None if found.is_whole else accepted_by,
    }


def _record(made: AuditCheckpoint, value: bytes) -> EncodedRecord:
    headers = [
        ("ce_specversion", b"1.0"),
        ("content-type", b"application/json"),
        ("ce_id", f"audit-checkpoint/{made.number}".encode()),
        ("ce_source", b"/onward/cli"),
        ("ce_type", topics.AUDIT_CHECKPOINTS.event_type.encode()),
    ]
    return EncodedRecord(topics.AUDIT_CHECKPOINTS.name, str(made.number).encode(), value, headers)


async def _write(
    producer: AIOKafkaProducer, records: list[EncodedRecord], positions: Mapping[str, int], note: audit_notes.AuditNote
) -> None:
    """The checkpoint, and how far every topic is under one, with what every process tells the alerts, in one."""
    text = json.dumps(asdict(note), separators=(",", ":"))
    places = {TopicPartition(topic, 0): (positions.get(topic, 0), text) for topic in chain_topics()}
    await producer.begin_transaction()
    await publish(producer, records)
    await producer.send_offsets_to_transaction(places, AUDIT_GROUP)
    await producer.commit_transaction()


@dataclass(slots=True)
class AuditExport:
    """What was written out."""

    records: int = 0
    checkpoints: int = 0
    newest: int = 0
    """The number of the last checkpoint."""
    digest: str = ""
    """Its digest: what to note elsewhere."""


async def export(bootstrap: str, out: BinaryIO, *, after: int) -> AuditExport:
    """
    Write the log to *out*: each record and each checkpoint as its bytes stand on the topic, on a line of its own.

    What no checkpoint covers yet is left out. With *after*, it begins with the checkpoint of that number.

    Raises:
        KafkaError, TimeoutError: The broker is away, or lacks a topic.
    """
    told, done = AuditExport(), dict.fromkeys(chain_topics(), 0)
    async with aclosing(whole_topic.records(bootstrap, topics.AUDIT_CHECKPOINTS.name)) as found:
        async for record in found:
            value = record.value or b""
            made = read_value(value)
            if not isinstance(made, AuditCheckpoint) or (after and made.number < after):
                continue
            if not after or made.number > after:
                for topic in chain_topics():
                    told.records += await _copy(bootstrap, out, topic, done[topic], made.positions.get(topic, 0))
            done |= made.positions
            out.write(value + b"\n")
            told.checkpoints, told.newest, told.digest = told.checkpoints + 1, made.number, chain.digest(value)
    return told


async def _copy(bootstrap: str, out: BinaryIO, topic: str, first: int, end: int) -> int:
    copied = 0
    async with aclosing(whole_topic.between(bootstrap, topic, first, end)) as records:
        async for record in records:
            if record_on(topic, record.value) is not None:
                out.write((record.value or b"") + b"\n")
                copied += 1
    return copied
