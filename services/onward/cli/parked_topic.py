"""Reads what a service parked, from the beginning to the end of its topic as of now."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from aiokafka.errors import UnknownTopicOrPartitionError

from onward.chassis.clock import moment
from onward.chassis.parking import topic_of
from onward.cli.whole_topic import records

_SECONDS = 60


@dataclass(frozen=True, slots=True)
class ParkedRecord:
    """One parked record, still sealed."""

    number: str
    """Partition and offset on the parked topic, such as `0:17`."""
    parked_at: datetime
    value: bytes
    header_bytes: Mapping[str, bytes]

    @property
    def headers(self) -> dict[str, str]:
        """What may be read by anyone who may read the topic: never a value of the original."""
        return {name: value.decode(errors="replace") for name, value in self.header_bytes.items()}

    @property
    def origin(self) -> str:
        """Topic, partition and offset it came from."""
        return self.headers.get("origin", "?")

    @property
    def why(self) -> str:
        """The reason, with the JSON pointer to the fault if there is one."""
        return " at ".join(part for part in (self.headers.get("reason", "?"), self.headers.get("pointer", "")) if part)


async def read(bootstrap: str, service: str) -> list[ParkedRecord]:
    """
    Everything that *service* parked and that is still kept, each partition's oldest first; nothing without its topic.

    Raises:
        KafkaError, TimeoutError: the broker is away, refuses, or takes too long.
    """
    found: list[ParkedRecord] = []
    async with asyncio.timeout(_SECONDS):
        with suppress(UnknownTopicOrPartitionError):
            async for record in records(bootstrap, topic_of(service)):
                number = f"{record.partition}:{record.offset}"
                headers = {name: value or b"" for name, value in record.headers}
                found.append(ParkedRecord(number, moment(record.timestamp), record.value or b"", headers))
    return found
