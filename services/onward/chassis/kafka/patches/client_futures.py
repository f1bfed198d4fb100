"""
What a Kafka producer keeps for somebody who never comes.

When a producer is fenced, aiokafka puts the error into futures on which only some ways of using it ever wait: that of a
batch's turn, that of the transaction's end. asyncio complains of each that nobody looked at, with a traceback, at some
later moment. Here they are looked at as they are filled; whoever waits is still told. Proposal:
docs/upstream/client_futures.md.
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


def apply() -> None:
    """Look at the errors of these futures in every producer, as they are filled."""
    for owner, name, future in _KEPT:
        setattr(owner, name, _looking_at(future, getattr(owner, name)))


def _looking_at(name: str, fail: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(fail)
    def failing(self: Any, *error: Any, **named: Any) -> None:
        fail(self, *error, **named)
        future: asyncio.Future[None] = getattr(self, name)
        if future.done() and not future.cancelled():
            future.exception()

    return failing
