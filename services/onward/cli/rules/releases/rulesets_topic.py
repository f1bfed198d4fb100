"""The topic `rulesets` as a person at a terminal reads and writes it: by the same rules as routing does."""

import asyncio
import copy
from collections import Counter
from collections.abc import AsyncGenerator, Coroutine, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, TypeVar

from aiokafka.errors import KafkaError

from onward.chassis.kafka.connection import KafkaConnection
from onward.chassis.kafka.following import Contents, Following, Refused
from onward.chassis.record import Received
from onward.cli.errors import kafka_failed
from onward.cli.publishing import PATIENCE_SECONDS, Sender, sending
from onward.cli.whole_topic import partitions
from onward.contracts import topics
from onward.contracts.ruleset import Content, ContentKind, Release, Ruleset
from onward.releases.chain import Admitted, Releases
from onward.releases.contents import content_key, key_of
from onward.releases.signing import RefusedError, TrustedKeys, release_key

T = TypeVar("T")

_SECONDS = 600


class ReleaseHistory:
    """Every release of the topic that counted, in order, and what they add up to."""

    def __init__(self, trusted: TrustedKeys) -> None:
        self.releases = Releases(trusted)
        self.refusals: Counter[str] = Counter()

    @property
    def admitted(self) -> list[Admitted]:
        """Those that counted."""
        return list(self.releases.counted)

    def take(self, record: Received[Ruleset]) -> None:
        """See `onward.chassis.kafka.following.View`."""
        if record.body.content is not None and record.key != key_of(record.body.content):
            raise Refused("wrong_key")
        if record.body.release is not None:
            if record.key != release_key(record.body.release):
                raise Refused("wrong_key")
            try:
                self.releases.admit(record.body.release, at=record.appended_at)
            except RefusedError as why:
                raise Refused(why.reason, why.detail) from why

    def try_out(self, release: Release, *, at: datetime) -> None:
        """
        See whether *release* would count if it were sent now. Nothing is taken.

        Raises:
            RefusedError: It would not.
        """
        copy.deepcopy(self.releases).admit(release, at=at)

    async def settle(self, contents: Contents[Ruleset]) -> None:
        """See `TopicView`: contents are fetched when they are asked for."""

    def refused(self, reason: str) -> None:
        """See `TopicView`."""
        self.refusals[reason] += 1


class Rulesets:
    """The topic, read to its end."""

    def __init__(self, story: ReleaseHistory, following: Following[Ruleset]) -> None:
        self.story = story
        self._following = following

    async def content(self, kind: ContentKind, sha256: str) -> Content | None:
        """A content by its hash; None if it is not on the topic."""
        record = await self._following.latest(content_key(kind, sha256))
        found = record.body.content if record is not None else None
        return found if found is not None and (found.kind, found.sha256) == (kind, sha256) else None

    async def again(self) -> None:
        """Read on to what is the end by now."""
        await self._following.catch_up()


@asynccontextmanager
async def reading(bootstrap: str, trusted: TrustedKeys) -> AsyncGenerator[Rulesets]:
    """
    The topic as of now.

    Raises:
        KafkaError: the broker is away, or there is no such topic.
    """
    await partitions(bootstrap, topics.RULESETS.name)
    story = ReleaseHistory(trusted)
    following = Following(topics.RULESETS, story, quietly=True)
    following.open(KafkaConnection.of_environment(bootstrap), "onward-cli")
    try:
        await following.catch_up()
        yield Rulesets(story, following)
    finally:
        await following.close()


async def send(
    bootstrap: str, contents: Sequence[Content], release: Release | None, *, patience: float = PATIENCE_SECONDS
) -> None:
    """
    Publish *contents*, and once they are there *release*, which points at them, if there is one.

    Args:
        bootstrap: Address of the broker.
        contents: What is to be there before the release.
        release: What makes them count.
        patience: Seconds that the broker may take for each of them.

    Raises:
        KafkaError, TimeoutError: the broker is away or refused something; without its release no content counts.
    """
    async with sending(bootstrap, patience=patience) as sender:
        for content in contents:
            await _send(sender, key_of(content), Ruleset(content=content))
        if release is not None:
            await _send(sender, release_key(release), Ruleset(release=release))


async def _send(sender: Sender, key: str, body: Ruleset) -> None:
    value = body.model_dump_json(exclude_none=True).encode()
    await sender.send(topics.RULESETS.name, key, topics.RULESETS.event_type, value)


def done(bootstrap: str, work: Coroutine[Any, Any, T]) -> T:
    """What *work* gives; a broker that is away, or lacks the topics, ends the command with exit code 1."""
    try:
        return asyncio.run(_in_time(work))
    except (KafkaError, OSError) as error:
        kafka_failed(bootstrap, error, hint=". Are the topics there (`onward topics`)?")


async def _in_time(work: Coroutine[Any, Any, T]) -> T:
    async with asyncio.timeout(_SECONDS):
        return await work
