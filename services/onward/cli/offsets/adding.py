"""Adds partitions to topics whose files say more than the broker has, when that harms nobody's order."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions

from onward.chassis.kafka.admin import TopicSpec, commit_beginning
from onward.chassis.kafka.connection import KafkaConnection
from onward.cli.offsets.looking import standings
from onward.cli.offsets.shapes import HopTopics

_LEADER_SECONDS = 30
_POLL = 0.05
_MEMBERS = 5  # (error, group, state, protocol type, protocol, members, …)


class TopicNotQuietError(Exception):
    """A person's records would change their order; says who must stop or finish first."""


async def add_partitions(
    bootstrap: str, specs: Mapping[str, TopicSpec], shapes: Sequence[HopTopics], *, database_url: str | None
) -> list[str]:
    """
    Bring every topic that exists to the number of partitions that *specs* says, and note where its readers begin there.

    With more partitions a key has another. So what a service of ours writes must have been read to its end, and that
    service must be stopped: else a person's next record could be handled before the one that waits. Partners' own
    topics take more at any time.

    Returns:
        The topics that got more.

    Raises:
        NotQuietError: Nothing was added to that topic.
        KafkaError, psycopg.Error: A server is away.
    """
    admin = KafkaConnection.of_environment(bootstrap).admin()
    await admin.start()
    added: list[str] = []
    try:
        for topic, found in sorted((await _counts(admin, specs)).items()):
            if 0 < found < specs[topic].partitions:
                await _see_quiet(admin, bootstrap, topic, shapes, database_url)
                await _add(admin, bootstrap, topic, found, specs[topic])
                added.append(topic)
    finally:
        await admin.close()
    return added


async def _counts(admin: AIOKafkaAdminClient, topics: Mapping[str, TopicSpec]) -> dict[str, int]:
    return {str(each["topic"]): len(each["partitions"]) for each in await admin.describe_topics([*topics])}


async def _see_quiet(
    admin: AIOKafkaAdminClient, bootstrap: str, topic: str, shapes: Sequence[HopTopics], database_url: str | None
) -> None:
    writers = [shape for shape in shapes if topic in (*shape.outputs, shape.parked)]
    for shape in writers:
        for group in sorted({shape.group(name) for name in shape.inputs}):
            if await _has_members(admin, group):
                raise TopicNotQuietError(
                    f"{shape.service} writes to {topic} and is running (group {group}): stop it first"
                )
    for shape in [each for each in shapes if writers and topic in each.inputs]:
        if shape.keeps_state and database_url is None:
            raise TopicNotQuietError(f"how far {shape.service} is in {topic} is in PostgreSQL: set ONWARD_DATABASE_URL")
        only = replace(shape, inputs=(topic,))
        for each in await standings(bootstrap, only, database_url=database_url, id_key=None):
            if each.behind != 0:
                raise TopicNotQuietError(
                    f"{shape.service} has not read {each.place} to its end: let it run until "
                    f"`onward offsets show {shape.service}` says that it is 0 behind"
                )


async def _has_members(admin: AIOKafkaAdminClient, group: str) -> bool:
    responses: list[Any] = list(await admin.describe_consumer_groups([group]))
    return any(described[_MEMBERS] for response in responses for described in response.groups)


async def _add(admin: AIOKafkaAdminClient, bootstrap: str, topic: str, found: int, spec: TopicSpec) -> None:
    await admin.create_partitions({topic: NewPartitions(total_count=spec.partitions)})
    async with asyncio.timeout(_LEADER_SECONDS):
        while (await _counts(admin, {topic: spec}))[topic] < spec.partitions:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(_POLL)
    new = [TopicPartition(topic, number) for number in range(found, spec.partitions)]
    for group in spec.read_by:
        await commit_beginning(bootstrap, group, new)
