"""
What a person does is on the audit chain of people before it is done or shown.

The chain is one: whoever acts takes it over, reads its newest record and writes the next. Two who act in the same
moment follow each other.
"""

import asyncio
import hashlib
from typing import TYPE_CHECKING, Final

from onward.cli.errors import failed, staff_name

if TYPE_CHECKING:
    from onward.contracts.audit import Act, AuditEntry

PEOPLE: Final = "people"
"""The writer of the chain."""
_SECONDS: Final = 30.0
_TRANSACTION_SECONDS: Final = 10.0
_TRIES: Final = 20


def act_of(
    act: "Act",
    code: str,
    *,
    by: str,
    id_: str = "",
    role: str | None = None,
    reason: str | None = None,
    topic: str = "",
) -> "AuditEntry":
    """
    An act of the person *by*, in a *role* if in one.

    *code* says which command did it, *id_* to what. Of the *reason*, which can say anything, the chain has the digest.
    """
    from onward.contracts.audit import AuditEntry

    staff_name("the user name that is recorded", by)
    said = "" if reason is None else hashlib.sha256(f"{id_}\n{reason}".encode()).hexdigest()
    return AuditEntry(act=act, code=code, id=id_, by=by, role=role, said=said, topic=topic)


def put_on_record(bootstrap: str, entry: "AuditEntry") -> None:
    """Put *entry* on the chain; ends the command with exit code 1 if that cannot be done: then nothing may be shown."""
    from aiokafka.errors import KafkaError

    from onward.chassis.observability.server_errors import told

    try:
        asyncio.run(on_record(bootstrap, entry))
    except (KafkaError, OSError, TimeoutError) as error:
        failed(
            "nothing was shown or done, since it could not be put on record: "
            f"Kafka at {bootstrap} did not do it: {told(error, server='Kafka')}. "
            "Is the topic audit-acts there (`onward topics`)?"
        )


async def on_record(bootstrap: str, entry: "AuditEntry") -> None:
    """
    Put *entry* on the chain, and return when every in-sync copy has it.

    Raises:
        KafkaError, TimeoutError: The broker is away, refused it, or lacks the topic: nothing may be shown or done.
    """
    from onward.chassis.kafka.producers import is_overtaken

    for attempt in range(_TRIES):
        try:
            async with asyncio.timeout(_SECONDS):
                return await _follow(bootstrap, entry)
        except Exception as error:
            # Somebody else has acted since: what we read is not the newest any more, and nothing of ours was written.
            if not is_overtaken(error) or attempt == _TRIES - 1:
                raise
    return None


async def _follow(bootstrap: str, entry: "AuditEntry") -> None:
    from onward.audit import chain
    from onward.chassis import clock
    from onward.chassis.kafka.connection import KafkaConnection
    from onward.chassis.kafka.producers import ProducerSettings, let_go, publish
    from onward.chassis.processing.auditing import record_of
    from onward.cli import whole_topic
    from onward.contracts import topics
    from onward.deployment.access import ACTS_ID

    topic = topics.AUDIT_ACTS.name
    await whole_topic.partitions(bootstrap, topic)
    producer = ProducerSettings(
        KafkaConnection.of_environment(bootstrap),
        "onward-audit",
        request_timeout_s=_SECONDS,
        transaction_timeout_s=_TRANSACTION_SECONDS,
    ).make(ACTS_ID)
    try:
        # First: from here on nobody else who has begun can write, so what is read then is the newest.
        await producer.start()
        before = await whole_topic.newest(bootstrap, topic)
        value, head = chain.follow(
            chain.head_of(before.value if before is not None else None),
            writer=PEOPLE,
            at=clock.now().isoformat(timespec="milliseconds"),
            entries=[chain.written(entry)],
        )
        await producer.begin_transaction()
        await publish(producer, [record_of(topic, PEOPLE, head, value, source="/onward/cli")])
        await producer.commit_transaction()
    finally:
        await let_go(producer)
