"""
Positions move past what is no record: the marks that transactions leave in a log.

Retention removes the marks as well. A position that stayed before them, as it does after the last record of a quiet
topic, would look like one whose records were removed unread.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Any

from aiokafka.errors import KafkaError
from aiokafka.structs import TopicPartition

from onward.chassis.processing.ownership import Ownership
from onward.chassis.processing.partitions import OwnedPartition, Record

_IDLE_SECONDS = 3.0


def handed(flow: Ownership[Any], records: Sequence[Record]) -> None:
    """The client hands *records* over: until they are committed, its position is no proof of anything."""
    for record in records:
        if (owned := flow.owned.get(TopicPartition(record.topic, record.partition))) is not None:
            owned.handed_to = max(owned.handed_to, record.offset + 1)


class TransactionMarks:
    """Passes over the marks in the idle partitions of *flow*."""

    def __init__(self, flow: Ownership[Any]) -> None:
        self._flow = flow
        self._idle: dict[TopicPartition, int] = {}
        """Where each partition stood at the look before."""

    async def watch(self) -> None:
        """Pass over the marks of idle partitions again and again, until cancelled."""
        while True:
            await asyncio.sleep(_IDLE_SECONDS)
            # The client may be stopping, or not know: there is a next time.
            with contextlib.suppress(KafkaError, AssertionError, TimeoutError):
                await self.look()

    async def look(self) -> None:
        """Pass over what stands before the end of partitions that have not moved since the look before."""
        before, owned = self._idle, dict(self._flow.owned)
        self._idle = {partition: each.next_offset for partition, each in owned.items() if not each.claimed}
        for partition, offset in self._idle.items():
            if before.get(partition) == offset:
                await self._pass(owned[partition])

    async def _pass(self, owned: OwnedPartition) -> None:
        flow = self._flow
        async with owned.lock:
            if not self._is_idle(owned):
                return
            position = await flow.consumer.position(owned.partition)
            # The client's position proves something only if all that it handed over is committed.
            if not self._is_idle(owned) or not owned.handed_to <= owned.next_offset < position:
                return
            try:
                await flow.pass_over(owned, position)
            except BaseException as error:
                # Whatever it was, what was committed is unknown.
                flow.fail([owned], error)
                if not isinstance(error, Exception):
                    raise
            else:
                owned.next_offset = position

    def _is_idle(self, owned: OwnedPartition) -> bool:
        return not owned.abandoned and not owned.claimed and self._flow.owned.get(owned.partition) is owned
