"""
A producer that is fenced keeps its error in futures on which nobody waits, and asyncio complains of each.

`MessageBatch.failure` fills `_drain_waiter`, on which only a retry waits; `TransactionManager.error_transaction` and
`fatal_error` fill `_transaction_waiter`, on which only a commit or an abort that is under way waits.
"""

import asyncio
import gc
import sys
from typing import Any

from aiokafka.errors import ProducerFenced, TopicAuthorizationFailedError
from aiokafka.producer.message_accumulator import BatchBuilder, MessageBatch
from aiokafka.producer.transaction_manager import TransactionManager
from aiokafka.structs import TopicPartition


def a_batch_fails() -> None:
    """As the batches of a producer do that is fenced: whoever sent the record is told."""
    builder = BatchBuilder(1_000, 0)
    batch = MessageBatch(TopicPartition("topic", 0), builder, 1.0, 0.0)
    sent: Any = batch.append(b"key", b"value", None)
    batch.failure(ProducerFenced())
    sent.exception()


def a_transaction_fails() -> None:
    """As that of a producer does that is fenced in the midst of one."""
    transaction = begun()
    transaction.fatal_error(ProducerFenced())


def a_transaction_must_be_aborted() -> None:
    """As that of a producer must that may not write to a topic."""
    transaction = begun()
    transaction.error_transaction(TopicAuthorizationFailedError())


def begun() -> TransactionManager:
    """A transaction that has begun."""
    transaction = TransactionManager("id", 60_000)
    transaction.set_pid_and_epoch(1, 1)
    transaction.begin_transaction()
    return transaction


async def main() -> str:
    """What is wrong, or "" if nothing is."""
    complaints: list[str] = []

    def complain(_: Any, context: dict[str, Any]) -> None:
        complaints.append(context["message"])

    asyncio.get_running_loop().set_exception_handler(complain)
    a_batch_fails()
    a_transaction_fails()
    a_transaction_must_be_aborted()
    gc.collect()
    await asyncio.sleep(0)
    return f"defect: {len(complaints)} times: {complaints[0]}" if complaints else ""


if __name__ == "__main__":
    sys.exit(asyncio.run(main()) or 0)
