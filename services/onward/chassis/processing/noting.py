"""
Tells the broker, every few seconds, how far each partition is, where its commits do not.

The offsets of a stateful hop are in PostgreSQL: nobody else would see them.
"""

import asyncio
from typing import Any

import structlog

from onward.chassis.processing.ownership import Ownership

log = structlog.get_logger()

_EVERY_SECONDS = 2.5
_NOTE_SECONDS = 5.0


async def keep_noting(flow: Ownership[Any]) -> None:
    """Commit what *flow* has to note again and again, until cancelled."""
    while True:
        await asyncio.sleep(_EVERY_SECONDS)
        try:
            async with asyncio.timeout(_NOTE_SECONDS):
                await flow.note()
        except Exception as error:  # noqa: BLE001 - for information only: the next time will do
            log.debug("positions.not_noted", group=flow.group, error=type(error).__name__)
