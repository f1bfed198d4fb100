"""
Every task that a Kafka producer starts, so that one which cannot reach its broker can be ended all the same.

aiokafka's `stop` waits for tasks that wait for the broker; given up, it leaves them behind, and they try to connect for
ever. Its tasks are therefore noted as they are made, and cancelled. Proposal: docs/upstream/client_tasks.md.
"""

import asyncio
from collections.abc import Coroutine, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from aiokafka import client
from aiokafka.producer import producer, sender
from aiokafka.util import create_task

from onward.chassis import tasks

T = TypeVar("T")

_ROUNDS = 5
"""A task may have started others before its end; the library nests two deep."""

_noting: ContextVar[set[asyncio.Task[Any]] | None] = ContextVar("tasks of a Kafka client", default=None)


def _create_task(work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
    task: asyncio.Task[T] = create_task(work)
    noted = _noting.get()
    if noted is not None:
        noted.add(task)
        task.add_done_callback(noted.discard)
    return task


@contextmanager
def noted_in(group: set[asyncio.Task[Any]]) -> Generator[None]:
    """What a client starts in the block, and whatever that starts later, is in *group* for as long as it runs."""
    before = _noting.set(group)
    try:
        yield
    finally:
        _noting.reset(before)


async def end(group: set[asyncio.Task[Any]], *, within: float) -> bool:
    """Cancel all in *group*, again until none is left: whether that went within so many seconds each time."""
    for _ in range(_ROUNDS):
        if not group:
            break
        await tasks.cancel(list(group), within=within / _ROUNDS)
    return not group


def apply() -> None:
    """Note the tasks of every producer of this process from here on."""
    for module in (client, sender, producer):
        module.create_task = _create_task  # type: ignore[attr-defined]  # the library has no other place for it
