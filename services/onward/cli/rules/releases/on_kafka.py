"""Work on a broker for a command: done, or the command ends with exit code 1 and says why."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from aiokafka.errors import KafkaError

from onward.cli.errors import kafka_failed

T = TypeVar("T")

_SECONDS = 600


def done(bootstrap: str, work: Coroutine[Any, Any, T]) -> T:
    """What *work* gives; a broker that is away, or lacks the topics, ends the command with exit code 1."""
    try:
        return asyncio.run(_in_time(work))
    except (KafkaError, OSError) as error:
        kafka_failed(bootstrap, error, hint=". Are the topics there (`onward topics`)?")


async def _in_time(work: Coroutine[Any, Any, T]) -> T:
    async with asyncio.timeout(_SECONDS):
        return await work
