"""
What a Kafka producer keeps for somebody who never comes.

When a producer is fenced, aiokafka puts the error into futures on which only some ways of using it ever wait: that of a
batch's turn, that of the transaction's end. asyncio complains of each that nobody looked at, with a traceback, at some
later moment. Here they are looked at as they are filled; whoever waits is still told. Written for aiokafka 0.14.
"""

import asyncio
import functools
from collections.abc import Callable
from typing import Any

from aiokafka.producer.message_accumulator import MessageBatch
from aiokafka.producer.transaction_manager import TransactionManager

_KEPT = (
    (MessageBatch, "failure", "_drain_waiter"),
    (TransactionManager, "error_transaction", "_transaction_waiter"),
    (TransactionManager, "fatal_error", "_transaction_waiter"),
)


def install() -> None:
    """Look at them for every producer; `reconnecting.install` checks the version. Safe to call again."""
    for owner, name, future in _KEPT:
        fail: Callable[..., None] = getattr(owner, name)
        if not hasattr(fail, "__wrapped__"):
            setattr(owner, name, _looking_at(future, fail))


def _looking_at(name: str, fail: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(fail)
    def failing(self: Any, *error: Any, **named: Any) -> None:
        fail(self, *error, **named)
        future: asyncio.Future[None] = getattr(self, name)
        if future.done() and not future.cancelled():
            future.exception()

    return failing
