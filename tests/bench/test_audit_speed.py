"""What the audit chain costs the hop that pays for it, beside the same hop without it, in the same run."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from aiokafka.structs import TopicPartition

from bench import made_up, measuring
from installation_keys import ID_KEY, OF_EVERY_SERVICE, PARKING
from onward.audit.chain import BEGINNING
from onward.chassis.processing import auditing
from onward.chassis.processing.batch import RecordProcessor
from onward.chassis.processing.hop import StatelessHop
from onward.chassis.record import EncodedRecord
from onward.chassis.releases.settings import ReleaseSettings
from onward.contracts import topics
from onward.routing.app import build

pytestmark = [pytest.mark.bench, pytest.mark.timeout(600)]

RECORDS, ROUNDS = 2_000, 15
PARTITION = TopicPartition("situations", 0)
SETTINGS = {"kafka_bootstrap": "localhost:1", **OF_EVERY_SERVICE}


@dataclass(frozen=True)
class Record:
    """A situation as the client library gives it."""

    value: bytes
    offset: int
    key: bytes = b"0f" * 16
    headers: tuple[tuple[str, bytes | None], ...] = (
        ("content-type", b"application/json"),
        ("ce_type", topics.SITUATIONS.event_type.encode()),
    )
    topic: str = "situations"
    partition: int = 0
    timestamp: int = 1_772_442_900_000


def _hop_of_routing() -> StatelessHop:
    (hop,) = build(ReleaseSettings.model_validate(SETTINGS)).hops
    assert isinstance(hop, StatelessHop)
    return hop


async def _handle(hop: StatelessHop, records: Sequence[Record], each: int) -> tuple[list[int], list[EncodedRecord]]:
    """CPU ns of every batch of so many, and what the last one wrote."""
    processor, head = RecordProcessor("routing", ID_KEY, PARKING, failure_limit=10), BEGINNING
    spent: list[int] = []
    written: list[EncodedRecord] = []
    for first in range(0, len(records), each):
        began = time.process_time_ns()
        batch = await processor.handle(hop, records[first : first + each])
        processor.bind(PARTITION, head, batch)
        spent.append(time.process_time_ns() - began)
        head, written = batch.chain, batch.outputs
    return spent, written


def _least(rounds: Sequence[Sequence[int]]) -> float:
    """CPU µs for each record, of every batch the round in which others disturbed it least."""
    least: list[int] = [min(batch) for batch in zip(*rounds, strict=True)]
    return sum(least) / RECORDS / 1_000


def test_audit_beside_the_same_hop_without(monkeypatch: pytest.MonkeyPatch) -> None:
    hop = _hop_of_routing()
    records = [Record(measuring.text(each), number) for number, each in enumerate(made_up.situations(RECORDS))]
    rows: list[tuple[str, str, str, str]] = []
    for each in (500, 1):
        found: dict[bool, list[list[int]]] = {True: [], False: []}
        size = 0
        for number in range(2 * ROUNDS):
            audited = number % 2 == 0
            with monkeypatch.context() as patch:
                if not audited:
                    patch.setattr(auditing, "_audited", lambda _: (None, False))
                spent, written = asyncio.run(_handle(hop, records, each))
            found[audited].append(spent)
            decisions = [one for one in written if one.topic == "decisions"]
            assert any(one.topic == "audit.routing" for one in written) is audited
            size = sum(len(one.value) for one in decisions) // len(decisions)
        least = {audited: _least(rounds) for audited, rounds in found.items()}
        name = f"batches of {each}, decisions of {size} bytes"
        rows.append((name, f"{least[False]:.1f}", f"{least[True]:.1f}", f"{least[True] - least[False]:.1f}"))
    title = (
        f"Audit chain at the routing hop, {RECORDS} situations, of each batch the least of {ROUNDS} rounds: process CPU"
    )
    measuring.table(title, rows, ("", "without, µs/event", "with", "audit (aim: under 10)"))
