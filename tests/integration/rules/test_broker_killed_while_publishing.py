"""A broker that is killed between the rules and the release that points at them."""

import asyncio
from collections.abc import Callable, Iterator, Sequence

import pytest

from integration.rules.stage import LISTED, older_than
from onward.chassis.kafka.admin import TopicSpec, create_topics
from onward.cli.rules.releases.releasing import release
from onward.cli.rules.releases.rulesets_topic import reading, send
from onward.cli.whole_topic import records
from onward.contracts import topics
from onward.contracts.ruleset import Content, Release, Ruleset
from onward.local.kafka import KafkaServer
from onward.local.stack import Stack
from unit.routing.bundle_builders import following, keys, of, signed

RULESETS = topics.RULESETS.name
FIRST = older_than(18, "first")
SECOND = older_than(21, "second")


class AndThenKilled(list[Content]):
    """Contents; when all have been sent, and before the release is, the broker is killed."""

    def __init__(self, contents: Sequence[Content], kafka: KafkaServer) -> None:
        super().__init__(contents)
        self._kafka = kafka
        self.killed = asyncio.Event()

    def __iter__(self) -> Iterator[Content]:
        yield from super().__iter__()
        self._kafka.kill()
        self.killed.set()


async def written(bootstrap: str) -> tuple[set[str], list[Release]]:
    """The hashes of the contents, and the releases, on the topic."""
    found = [
        Ruleset.model_validate_json(each.value) async for each in records(bootstrap, RULESETS) if each.value is not None
    ]
    contents = {each.content.sha256 for each in found if each.content is not None}
    return contents, [each.release for each in found if each.release is not None]


async def released(bootstrap: str, content: Content, made: Release) -> list[int]:
    """Publish as the command does; the numbers of all that counts then."""
    async with reading(bootstrap, keys()) as topic:
        await release(bootstrap, topic, [content, LISTED], made)
        return [each.statement.number for each in topic.story.admitted]


def test_a_release_counts_once_or_not_at_all_and_publishing_again_ends_it(private_stack: Callable[..., Stack]) -> None:
    stack = private_stack(kafka=True, postgres=False)
    kafka, bootstrap = stack.kafka, stack.kafka_bootstrap
    specs = topics.expand([], [])
    asyncio.run(
        create_topics(
            bootstrap,
            {
                name: TopicSpec(specs[name].partitions, specs[name].config())
                for name in (RULESETS, topics.AUDIT_ACTS.name)
            },
        )
    )

    # It stays away: the publisher gives up, and what it wrote counts for nothing.
    made = signed(of(FIRST, LISTED, 1))

    async def gives_up() -> None:
        with pytest.raises(TimeoutError):
            await send(bootstrap, AndThenKilled([FIRST, LISTED], kafka), made, patience=5)

    asyncio.run(gives_up())
    kafka.start()
    assert asyncio.run(written(bootstrap)) == ({FIRST.sha256, LISTED.sha256}, [])
    assert asyncio.run(released(bootstrap, FIRST, made)) == [1]

    # It comes back while the publisher still tries: the release is there once.
    after = signed(of(SECOND, LISTED, 2, previous=following(made)))

    async def endures() -> None:
        contents = AndThenKilled([SECOND, LISTED], kafka)
        sending = asyncio.create_task(send(bootstrap, contents, after))
        await contents.killed.wait()
        assert not sending.done(), "the broker was killed before the release was sent"
        await asyncio.to_thread(kafka.start)
        await sending

    asyncio.run(endures())
    assert asyncio.run(written(bootstrap)) == ({FIRST.sha256, SECOND.sha256, LISTED.sha256}, [made, after])
    assert asyncio.run(released(bootstrap, SECOND, after)) == [1, 2]
    assert asyncio.run(written(bootstrap))[1] == [made, after], "what counts already is not sent again"
