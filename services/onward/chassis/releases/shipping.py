"""
Puts the directory that an image came with on `rulesets`, where services of any other image find it.

Until something is published, routing decides by the directory of its own image. Another service may run another image,
now or when a delivery that waited for approval goes out weeks later: it needs that very directory. As contents are
named by their hash, it makes no difference who put one there, and it makes nothing live.
"""

from onward.chassis.kafka.connection import KafkaConnection
from onward.chassis.kafka.following import Contents, Following, Refused
from onward.chassis.kafka.producers import let_go
from onward.chassis.record import Received
from onward.contracts import topics
from onward.contracts.ids import content_id
from onward.contracts.ruleset import Content, Ruleset
from onward.releases.contents import Files, key_of, pack_directory

_CLIENT = "onward-installation"


class _Places:
    """A view of the topic: only what stands where it should has a place."""

    def take(self, record: Received[Ruleset]) -> None:
        """See `TopicView`."""
        if record.body.content is not None and record.key != key_of(record.body.content):
            raise Refused("wrong_key")

    async def settle(self, contents: Contents[Ruleset]) -> None:
        """See `TopicView`: the content is fetched when it is asked for."""

    def refused(self, reason: str) -> None:
        """See `TopicView`: whether it counts is for those to say who follow releases."""


async def put_directory(kafka: KafkaConnection, files: Files) -> bool:
    """
    Put the directory of these *files* on the topic, unless it is there as one that was shipped; whether it was put.

    Raises:
        TooLargeError: It does not fit into one record.
        KafkaError, OSError, TimeoutError: The broker is away, or lacks the topic, or the right to write there is.
    """
    content = pack_directory(files).model_copy(update={"shipped": True})
    if await _there(kafka, content) == content:
        return False
    value = Ruleset(content=content).model_dump_json(exclude_none=True).encode()
    headers = [
        ("ce_specversion", b"1.0"),
        ("content-type", b"application/json"),
        ("ce_id", content_id(value).encode()),
        ("ce_source", b"/onward/installation"),
        ("ce_type", topics.RULESETS.event_type.encode()),
    ]
    producer = kafka.producer(client_id=_CLIENT, acks="all", enable_idempotence=True)
    try:
        await producer.start()
        await producer.send_and_wait(topics.RULESETS.name, value, key=key_of(content).encode(), headers=headers)
    finally:
        await let_go(producer)
    return True


async def _there(kafka: KafkaConnection, content: Content) -> Content | None:
    following = Following(topics.RULESETS, _Places(), quietly=True)
    following.open(kafka, _CLIENT)
    try:
        await following.catch_up()
        record = await following.latest(key_of(content))
    finally:
        await following.close()
    return None if record is None else record.body.content
