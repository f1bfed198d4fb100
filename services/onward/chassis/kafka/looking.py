"""
What the broker says of every group: where each partition ends, and what the group has committed.

One connection, requests with a limit of time, and nothing kept but the connection: made anew after each failure.
Partitions without a leader, and groups whose coordinator is away or that we may not see, are left out of the answer.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError, StaleMetadata
from aiokafka.protocol.commit import OffsetCommitRequest, OffsetFetchRequest
from aiokafka.protocol.coordination import FindCoordinatorRequest
from aiokafka.protocol.offset import OffsetRequest
from aiokafka.structs import OffsetAndMetadata, TopicPartition

from onward.chassis import tasks
from onward.chassis.kafka.connection import KafkaConnection

Committed = Mapping[TopicPartition, OffsetAndMetadata]

_SECONDS = 6.0
_CLOSE_SECONDS = 3.0
_METADATA_SECONDS = 30
_READ_COMMITTED = 1
_END, _BEGINNING = -1, -2
_GROUP = 0
_NO_GENERATION, _NO_MEMBER, _DEFAULT_RETENTION = -1, "", -1


@dataclass(frozen=True)
class Look:
    """What was seen."""

    ends: Mapping[TopicPartition, int]
    """The offset that the next committed record would have; records of an open transaction are not counted."""
    committed: Mapping[str, Committed]
    """By group."""
    beginnings: Mapping[TopicPartition, int] = field(default_factory=dict[TopicPartition, int])
    """Of the partitions that have records after what is committed, or for which nothing is."""


class Looker:
    """Asks the broker."""

    def __init__(self, kafka: KafkaConnection, client_id: str) -> None:
        self._kafka = kafka
        self._client_id = client_id
        self._client: AIOKafkaClient | None = None
        self._coordinators: dict[str, int] = {}

    async def look(
        self,
        wanted: Callable[[str], bool],
        groups: Collection[str],
        *,
        notes: Collection[str] = (),
        expected: Collection[str] = (),
    ) -> Look:
        """
        The ends of the topics that are *wanted* and all that *groups* have committed, and those that only take *notes*.

        A topic that was made, or given partitions, is seen within half a minute; one that is *expected*, at once.

        Raises:
            KafkaError, OSError, TimeoutError: The broker is away.
        """
        try:
            async with asyncio.timeout(_SECONDS):
                client = await self._connected()
                if not client.cluster.topics().issuperset(expected):
                    await client.force_metadata_update()
                partitions = [
                    TopicPartition(topic, number)
                    for topic in client.cluster.topics()
                    if wanted(topic)
                    for number in client.cluster.partitions_for_topic(topic) or ()
                ]
                # Before the positions: what is read in between must not look as if it was still to do.
                ends = await self.offsets(dict.fromkeys(partitions, _END))
                answers = {group: await self._committed(group) for group in (*groups, *notes)}
                committed = {group: each for group, each in answers.items() if each is not None}
                reached = {place: noted.offset for group in groups for place, noted in committed.get(group, {}).items()}
                behind = [place for place, end in ends.items() if reached.get(place, -1) < end]
                beginnings = await self.offsets(dict.fromkeys(behind, _BEGINNING))
        except BaseException:
            await self.close()
            raise
        return Look(ends, committed, beginnings)

    async def offsets(self, wanted: Mapping[TopicPartition, int]) -> dict[TopicPartition, int]:
        """
        For each partition the offset of the first record appended at that time, in milliseconds since 1970, or later.

        Where there is none so late, the end. Partitions that cannot be asked now are left out.

        Raises:
            KafkaError, OSError, TimeoutError: The broker is away.
        """
        client = await self._connected()
        by_leader: dict[int, dict[str, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
        for place, moment in wanted.items():
            leader = client.cluster.leader_for_partition(place)
            if leader is not None and leader >= 0:
                by_leader[leader][place.topic].append((place.partition, moment))
        found: dict[TopicPartition, int] = {}
        for leader, asked in by_leader.items():
            answer: Any = await client.send(leader, OffsetRequest(-1, _READ_COMMITTED, list(asked.items())))
            for topic, partitions in answer.topics:
                for partition, error, _, offset in partitions:
                    if not error:
                        found[TopicPartition(topic, partition)] = offset
        late = [place for place, offset in found.items() if offset < 0]
        return found | (await self.offsets(dict.fromkeys(late, _END)) if late else {})

    async def _committed(self, group: str) -> dict[TopicPartition, OffsetAndMetadata] | None:
        client = await self._connected()
        answer: Any = await self._ask_coordinator(client, group, OffsetFetchRequest(group, None))
        if answer is None or answer.error_code:
            self._coordinators.pop(group, None)
            return None
        return {
            TopicPartition(topic, partition): OffsetAndMetadata(offset, metadata)
            for topic, partitions in answer.topics
            for partition, offset, metadata, error in partitions
            if not error and offset >= 0
        }

    async def commit(self, group: str, place: TopicPartition, metadata: str) -> None:
        """
        Note *metadata* under offset 0 of *place*, for a group that nobody is a member of.

        Raises:
            KafkaError, OSError, TimeoutError: It was not noted, or the broker did not say so.
        """
        async with asyncio.timeout(_SECONDS):
            client = await self._connected()
            wanted = [(place.topic, [(place.partition, 0, metadata)])]
            request = OffsetCommitRequest(group, _NO_GENERATION, _NO_MEMBER, _DEFAULT_RETENTION, wanted)
            answer: Any = await self._ask_coordinator(client, group, request)
        if answer is None or any(error for _, partitions in answer.topics for _, error in partitions):
            raise KafkaError(f"the coordinator of group {group} did not take the note")

    async def _ask_coordinator(self, client: AIOKafkaClient, group: str, request: Any) -> Any:
        if group not in self._coordinators:
            node = client.get_random_node()
            if node is None:
                raise StaleMetadata("no broker is known")
            found: Any = await client.send(node, FindCoordinatorRequest(group, _GROUP))
            if found.error_code:
                return None
            self._coordinators[group] = found.coordinator_id
        return await client.send(self._coordinators[group], request)

    async def _connected(self) -> AIOKafkaClient:
        if self._client is None:
            client = self._kafka.client(
                client_id=self._client_id,
                metadata_max_age_ms=_METADATA_SECONDS * 1000,
                request_timeout_ms=int(_SECONDS * 1000),
            )
            try:
                await client.bootstrap()
                there = await client.force_metadata_update()
            except BaseException:
                await client.close()
                raise
            if not there:
                await client.close()
                raise StaleMetadata("the broker does not say what topics it has")
            self._client = client
        return self._client

    async def close(self) -> None:
        """Close the connection; the next look opens another."""
        client, self._client = self._client, None
        self._coordinators.clear()
        if client is not None:
            await tasks.ended(client.close(), within=_CLOSE_SECONDS)
