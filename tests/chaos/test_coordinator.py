"""The group coordinator of a broker that is killed again and again knows every offset that it ever acknowledged."""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError, for_code
from aiokafka.protocol.commit import OffsetFetchRequest
from aiokafka.structs import OffsetAndMetadata

from onward.chassis.kafka.admin import TopicSpec, create_topics
from onward.local.kafka import KafkaServer
from onward.local.stack import Stack

_TOPIC = "committed-for"
_PARTITIONS = [TopicPartition(_TOPIC, number) for number in range(20)]
_GROUPS = 8
_NODE = 1  # the one broker, see server.properties
_WITHIN = 60.0  # seconds for the broker to know its groups again; on a busy machine its start takes a few of them


@dataclass
class Committer:
    """Commits 1, 2, 3, … for all partitions of the topic, for ever; what was acknowledged is on record."""

    group: str
    tried: int = 0
    acknowledged: int = 0
    _consumer: AIOKafkaConsumer | None = field(default=None, repr=False)

    @asynccontextmanager
    async def running(self, bootstrap: str) -> AsyncGenerator[None]:
        self._consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, group_id=self.group, enable_auto_commit=False)
        await self._consumer.start()
        self._consumer.assign(_PARTITIONS)
        task = asyncio.create_task(self._commit_for_ever(self._consumer))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await self._consumer.stop()

    async def _commit_for_ever(self, consumer: AIOKafkaConsumer) -> None:
        while True:
            self.tried = self.acknowledged + 1
            try:
                await consumer.commit({each: OffsetAndMetadata(self.tried, "so far") for each in _PARTITIONS})
            except KafkaError:
                await asyncio.sleep(0.05)  # the broker is away: the same offset again
            else:
                self.acknowledged = self.tried


async def _known_to_broker(client: AIOKafkaClient, group: str) -> dict[TopicPartition, int]:
    """Every offset of the group, asked of the broker itself: the client library's own answer hides errors."""
    answer = await client.send(_NODE, OffsetFetchRequest(group, None))
    if answer.error_code:
        raise for_code(answer.error_code)
    return {
        TopicPartition(topic, number): offset
        for topic, partitions in answer.topics
        for number, offset, _metadata, _error in partitions
    }


async def _first_answer(kafka: KafkaServer, group: str) -> dict[TopicPartition, int]:
    """What the broker first says of a group, once it says anything but "not yet"."""
    client = AIOKafkaClient(bootstrap_servers=kafka.bootstrap)
    said: KafkaError | None = None
    try:
        async with asyncio.timeout(_WITHIN):
            while True:
                try:
                    await client.bootstrap()
                    return await _known_to_broker(client, group)
                except KafkaError as error:
                    said = error
                    await asyncio.sleep(0.02)
    except TimeoutError:
        pytest.fail(f"no answer for {group} within {_WITHIN:g} s, last {said!r}; the broker says:\n{kafka.log_tail()}")
    finally:
        await client.close()


async def _until(condition: Callable[[], bool], what: str) -> None:
    try:
        async with asyncio.timeout(_WITHIN):
            while not condition():  # noqa: ASYNC110 - what is waited for happens in Kafka
                await asyncio.sleep(0.01)
    except TimeoutError:
        pytest.fail(f"not within {_WITHIN:g} s: {what}")


async def _kill_and_look(kafka: KafkaServer, committers: list[Committer]) -> None:
    """One crash under commits: afterwards each offset is the last acknowledged one, or the one that was under way."""
    await _until(lambda: any(each.tried > each.acknowledged for each in committers), "a commit is under way")
    await asyncio.to_thread(kafka.kill)
    at_least = {each.group: each.acknowledged for each in committers}
    assert any(each.tried > each.acknowledged for each in committers), "nothing was under way when it was killed"
    mark = kafka.log.stat().st_size
    await asyncio.to_thread(kafka.start)

    for each in committers:
        found = await _first_answer(kafka, each.group)
        assert {*found} == {*_PARTITIONS}, f"{each.group}: the broker forgot offsets, and said so without an error"
        assert all(at_least[each.group] <= offset <= each.tried for offset in found.values()), each
    await _until(lambda: all(each.acknowledged > at_least[each.group] + 1 for each in committers), "all commit again")
    said = kafka.log.read_bytes()[mark:].decode(errors="replace")
    assert "out of sync" not in said
    # The cause, and not only its rare effect: two loads of one partition after one start.
    loads = Counter(re.findall(r"Scheduling loading of metadata from (__consumer_offsets-\d+)", said))
    assert loads, "the broker no longer says what it loads: this test would see nothing"
    assert set(loads.values()) == {1}, loads


async def _kill_again_and_again(stack: Stack, times: int) -> None:
    kafka = stack.kafka
    await create_topics(kafka.bootstrap, {_TOPIC: TopicSpec(partitions=len(_PARTITIONS))})
    committers = [Committer(f"group-{number}") for number in range(_GROUPS)]
    async with AsyncExitStack() as running:
        for each in committers:
            await running.enter_async_context(each.running(kafka.bootstrap))
        await _until(lambda: all(each.acknowledged for each in committers), "all have committed once")
        for _ in range(times):
            await _kill_and_look(kafka, committers)
    print(f"{times} kills, {sum(each.acknowledged for each in committers):,} commits acknowledged, none forgotten")  # noqa: T201 - the figure


async def test_a_killed_broker_knows_every_offset_that_it_acknowledged(private_stack: Callable[..., Stack]) -> None:
    await _kill_again_and_again(private_stack(postgres=False), times=3)


@pytest.mark.nightly
@pytest.mark.timeout(7200)  # four seconds each, and many times as long on a busy machine
async def test_a_broker_killed_two_hundred_times_knows_every_offset_that_it_acknowledged(
    private_stack: Callable[..., Stack],
) -> None:
    await _kill_again_and_again(private_stack(postgres=False), times=200)
