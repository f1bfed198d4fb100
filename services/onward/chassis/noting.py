"""
Tells the broker, every few seconds, how far each partition is, where no record of its own led there.

After the last record of a batch come the marks of the transaction that wrote it. They are handled by reading past
them, but no commit says so, and whoever compares a group's offset with the partition's end would see a lag that never
ends. A stateful hop's offsets, which are in PostgreSQL, would not be seen at all.
"""

import asyncio
from typing import Any, TypeAlias

import structlog
from aiokafka.structs import TopicPartition

from onward.chassis.ownership import Held, Ownership

log = structlog.get_logger()

_EVERY_SECONDS = 2.5
_NOTE_SECONDS = 5.0

_Standing: TypeAlias = tuple[Held, int, int]


class Noting:
    """Notes the positions of one flow."""

    def __init__(self, flow: Ownership[Any]) -> None:
        self._flow = flow
        self._before: dict[TopicPartition, _Standing] = {}

    async def run(self) -> None:
        """Note for ever."""
        while True:
            await asyncio.sleep(_EVERY_SECONDS)
            try:
                async with asyncio.timeout(_NOTE_SECONDS):
                    await self._flow.note(await self._settled())
            except Exception as error:  # noqa: BLE001 - for information only: the next time will do
                log.debug("positions.not_noted", group=self._flow.group, error=type(error).__name__)

    async def _settled(self) -> dict[Held, int]:
        """
        Where the consumer has stood still since the last time, with nothing in hand.

        It moves on as it hands records over, just before they are claimed: one look alone could pass over those.
        """
        now: dict[TopicPartition, _Standing] = {}
        for partition, held in list(self._flow.held.items()):
            if not held.claimed and partition in self._flow.consumer.assignment():
                now[partition] = (held, held.next_offset, await self._flow.consumer.position(partition))
        before, self._before = self._before, now
        return {
            held: position
            for partition, (held, reached, position) in now.items()
            if before.get(partition) == (held, reached, position) and position > reached and not held.claimed
        }
