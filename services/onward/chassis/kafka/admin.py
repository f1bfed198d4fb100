"""The topics of a deployment: which there are, as `schemas/topics/` says, and making those that a cluster lacks."""

import asyncio
import contextlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import cast

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import (
    CommitFailedError,
    GroupCoordinatorNotAvailableError,
    IllegalGenerationError,
    TopicAlreadyExistsError,
    UnknownMemberIdError,
    for_code,
)

from onward.chassis.errors import TopicCreationError, TopicMismatchError
from onward.chassis.kafka.connection import KafkaConnection
from onward.contracts.services import SERVICES
from onward.contracts.topics import TopicFile, expand, group_of

_LEADER_SECONDS = 30
_POLL = 0.02


@dataclass(frozen=True)
class TopicSpec:
    """How a topic is made."""

    partitions: int
    config: Mapping[str, str] = field(default_factory=dict[str, str])
    """Topic settings by Kafka's own names, such as `cleanup.policy`."""
    replication_factor: int = 1
    read_by: tuple[str, ...] = ()
    """The consumer groups that read it."""


def topic_specs(providers: Iterable[str], *, replication_factor: int = 1) -> dict[str, TopicSpec]:
    """
    Every topic of a deployment by name, as `schemas/topics/` says.

    Args:
        providers: Ids of every provider in the directory: each has its own topics.
        replication_factor: 1 on one broker; 3 where losing a broker must lose nothing.

    Raises:
        TopicFileError: a topic file cannot be used.
    """
    return {
        name: TopicSpec(file.partitions, file.config(), replication_factor, read_by=_groups(file))
        for name, file in expand(providers, SERVICES).items()
    }


def _groups(file: TopicFile) -> tuple[str, ...]:
    """Those whose offsets count. A compacted topic is followed by every process, without a group."""
    ours = () if file.compacted else tuple(reader for reader in file.consumers if reader in SERVICES)
    return tuple(group_of(reader, file.name) for reader in ours)


def _connected(kafka: str | KafkaConnection) -> KafkaConnection:
    return KafkaConnection.of_environment(kafka) if isinstance(kafka, str) else kafka


async def create_topics(kafka: str | KafkaConnection, topics: Mapping[str, TopicSpec]) -> frozenset[str]:
    """
    Make every topic that does not exist yet, and return when all can be written to; the names of those made.

    Of a topic that is made, its groups' offsets are committed: 0. From then on a group without an offset has lost it,
    and its service refuses to begin again from the beginning. A topic that exists keeps its configuration, and its
    groups what they have or lack.

    Args:
        kafka: Host and port of a broker, reached as the environment says; or how it is reached.
        topics: What to make, by name.

    Raises:
        TopicCreationError: the broker refused one.
        TopicMismatchError: one exists with fewer partitions.
        TimeoutError: one had no leader in time.
    """
    if not topics:
        return frozenset()
    kafka = _connected(kafka)
    admin = kafka.admin()
    await admin.start()
    try:
        response = await admin.create_topics([_new_topic(name, spec) for name, spec in topics.items()])
        # (name, error code, reason): the response's class is made at run time, so its fields have no types
        answers = cast("list[tuple[str, int, str]]", getattr(response, "topic_errors"))  # noqa: B009
        for name, code, *reason in answers:
            _raise_for(name, code, " ".join(part for part in reason if part))
        async with asyncio.timeout(_LEADER_SECONDS):
            while not _all_led(await admin.describe_topics([*topics]), topics):  # noqa: ASYNC110 - see below
                await asyncio.sleep(_POLL)  # the broker tells nobody when a leader is there
        made = frozenset(name for name, code, *_ in answers if code == 0)
        places = _beginnings({name: topics[name] for name in made})
        async with asyncio.timeout(_LEADER_SECONDS):
            for group in places:
                await _coordinated(admin, group)
    finally:
        await admin.close()
    await asyncio.gather(*(commit_beginning(kafka, group, partitions) for group, partitions in places.items()))
    return made


def _beginnings(made: Mapping[str, TopicSpec]) -> dict[str, list[TopicPartition]]:
    """The partitions that each group is to begin, by group."""
    places: dict[str, list[TopicPartition]] = {}
    for name, spec in made.items():
        for group in spec.read_by:
            places.setdefault(group, []).extend(TopicPartition(name, number) for number in range(spec.partitions))
    return places


async def _coordinated(admin: AIOKafkaAdminClient, group: str) -> None:
    """Wait until *group* has a coordinator: a new cluster makes the topic of offsets when somebody first asks."""
    while True:
        with contextlib.suppress(GroupCoordinatorNotAvailableError):
            await admin.find_coordinator(group)
            return
        await asyncio.sleep(_POLL)


async def commit_beginning(kafka: str | KafkaConnection, group: str, partitions: Collection[TopicPartition]) -> None:
    """
    Note that *group* begins at the beginning of *partitions*, which were made just now.

    A group with members is left alone: they note it themselves, and may be further by now.

    Raises:
        KafkaError: the broker is away, or refused.
    """
    consumer = _connected(kafka).consumer(group_id=group, enable_auto_commit=False)
    try:
        await consumer.start()
        consumer.assign(partitions)
        with contextlib.suppress(CommitFailedError, UnknownMemberIdError, IllegalGenerationError):
            await consumer.commit(dict.fromkeys(partitions, 0))
    finally:
        await consumer.stop()


def _new_topic(name: str, spec: TopicSpec) -> NewTopic:
    return NewTopic(name, spec.partitions, spec.replication_factor, topic_configs=dict(spec.config))


def _raise_for(name: str, code: int, reason: str) -> None:
    if code in (0, TopicAlreadyExistsError.errno):
        return
    raise TopicCreationError(name, reason or for_code(code).__name__)


def _all_led(found: list[dict[str, object]], topics: Mapping[str, TopicSpec]) -> bool:
    """Whether every topic is there with a leader for each partition."""
    ready = 0
    for description in found:
        name, partitions = str(description["topic"]), description["partitions"]
        if description["error_code"] != 0 or not isinstance(partitions, list):
            return False
        wanted = topics[name].partitions
        # More are no harm: they are read, and nobody's key is there.
        if partitions and len(partitions) < wanted:
            raise TopicMismatchError(name, wanted=wanted, found=len(partitions))
        ready += bool(partitions) and all(partition["error_code"] == 0 for partition in partitions)
    return ready == len(topics)
