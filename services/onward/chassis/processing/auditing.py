"""
What a batch did that belongs on the audit chain, bound to what its input partition did before.

The head of a partition's chain travels with its position, as its counts do: committed in the transaction in which the
acts become durable. So a chain has no gap and no fork, and costs one more record for a batch.
"""

import hashlib
import re
from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from aiokafka.structs import TopicPartition

from onward.audit import chain
from onward.audit.chain import Head
from onward.chassis import clock
from onward.chassis.record import ConsumedRecord, EncodedRecord
from onward.contracts import topics
from onward.contracts.outcome import Outgoing
from onward.contracts.topics import Audited

_MOST: Final = 1000
"""Acts in one record: some 200 kB."""
_TELLS_NOTHING: Final = re.compile(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""An id of ours. Anybody may have written anything as the key of what they send."""


class Auditor:
    """Puts what one service did on its chains."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._topic = topics.AUDIT.name.replace("{service}", service)

    def told(self, messages: Sequence[Outgoing[Any]], written: Sequence[EncodedRecord]) -> list[dict[str, str]]:
        """The acts that *messages* are, each of which was *written* as a record."""
        found: list[dict[str, str]] = []
        for message, record in zip(messages, written, strict=True):
            audited, several = _audited(message.topic)
            if audited is None or audited.id is None:
                continue
            act = {
                "act": audited.act,
                "id": str(getattr(message.body, audited.id)),
                "topic": message.topic,
                "sha256": hashlib.sha256(record.value).hexdigest(),
            }
            if several:
                act["code"] = message.event_type
            found.append(act)
        return found

    def taken(self, record: ConsumedRecord, code: str) -> list[dict[str, str]]:
        """The act of a person that *record* is, with the *code* of what came of it; none of any other record."""
        audited, _ = _audited(record.topic)
        if audited is None or audited.id is not None:
            return []
        key = record.key or b""
        act = {"act": audited.act, "topic": record.topic, "sha256": chain.digest(record.value or b""), "code": code}
        return [{**act, "id": key.decode()} if _TELLS_NOTHING.fullmatch(key) else act]

    def bound(
        self, partition: TopicPartition, head: Head, acts: Sequence[dict[str, str]]
    ) -> tuple[list[EncodedRecord], Head]:
        """The records of *acts* behind *head*, the newest of the input *partition*; and the newest then."""
        records: list[EncodedRecord] = []
        for first in range(0, len(acts), _MOST):
            writer = f"{self._service}.{partition.topic}.{partition.partition}"
            at = clock.now().isoformat(timespec="milliseconds")
            value, head = chain.follow(head, writer=writer, at=at, entries=acts[first : first + _MOST])
            records.append(record_of(self._topic, writer, head, value, source=f"/onward/{self._service}"))
        return records, head


def record_of(topic: str, writer: str, head: Head, value: bytes, *, source: str) -> EncodedRecord:
    """A record of a chain for its topic."""
    headers = [
        ("ce_specversion", b"1.0"),
        ("content-type", b"application/json"),
        ("ce_id", f"{writer}/{head.number}".encode()),
        ("ce_source", source.encode()),
        ("ce_type", topics.AUDIT.event_type.encode()),
    ]
    return EncodedRecord(topic, writer.encode(), value, headers)


@cache
def _audited(topic: str) -> tuple[Audited | None, bool]:
    """How the records of a topic are acts, and whether several types of them are on it."""
    file = topics.file_of(topic)
    return (None, False) if file is None else (file.audited, bool(file.further_messages))
