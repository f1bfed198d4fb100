"""The tasks of a process: none ends unobserved. The only place of the product's services that makes any."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeAlias

import structlog

log = structlog.get_logger()

Died: TypeAlias = Callable[[str, BaseException], None]
"""Is told of a task that ended with an error: its name, and the error."""


class Tasks:
    """
    Tasks that belong together.

    *died* is called for each one that raises: nothing that a service does beside its records may stop in silence.
    """

    def __init__(self, died: Died) -> None:
        self._died = died
        self._running: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._running)

    def start(self, work: Coroutine[Any, Any, None], *, name: str) -> asyncio.Task[None]:
        """Run *work* beside everything else."""
        task = asyncio.create_task(work, name=name)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if task.cancelled():
            return
        error = task.exception()
        if error is not None:
            log.error("task.died", task=task.get_name(), exc_info=error)
            self._died(task.get_name(), error)

    async def ended(self) -> None:
        """Wait until none runs any more."""
        if self._running:
            await asyncio.wait(self._running)

    async def stop(self, *, within: float) -> None:
        """Cancel them all and wait, but no longer than *within* seconds: a dead connection may hold one up."""
        await cancel(list(self._running), within=within)


async def cancel(tasks: list[asyncio.Task[None]], *, within: float) -> None:
    """Cancel *tasks*, but never the one that asks, and wait no longer than *within* seconds for their end."""
    theirs = [task for task in tasks if task is not asyncio.current_task()]
    for task in theirs:
        task.cancel()
    if theirs:
        await asyncio.wait(theirs, timeout=within)


async def ended(work: Awaitable[object], *, within: float) -> bool:
    """
    Do *work*, and leave it behind after *within* seconds: whether it came to its end, well or not.

    For closing what may never answer: unlike a time-out around it, this one does not wait for the cancellation either.
    """
    task = asyncio.ensure_future(work)
    done, _ = await asyncio.wait({task}, timeout=within)
    if done:
        with contextlib.suppress(asyncio.CancelledError, Exception):
            task.result()
        return True
    task.cancel()
    task.add_done_callback(_observe)
    return False


def _observe(task: "asyncio.Future[object]") -> None:
    if not task.cancelled():
        task.exception()
