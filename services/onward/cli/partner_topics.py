"""The records that stand on partners' topics, for commands that look at each of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from onward.cli.errors import kafka_failed

if TYPE_CHECKING:
    from aiokafka import ConsumerRecord

    Look: TypeAlias = Callable[[str, "ConsumerRecord[bytes | None, bytes | None]"], None]


@dataclass(slots=True)
class TopicRead:
    """How much of a partner's topic was read."""

    records: int = 0
    cut: bool = False
    """Whether there is more on the topic than was read."""

    def __str__(self) -> str:
        """In words, for the last line about a partner."""
        return f"of {'the first ' if self.cut else ''}{self.records} records that stand on the topic"


def read_topics(bootstrap: str, sources: Iterable[str], look: "Look", *, most: int) -> dict[str, TopicRead]:
    """
    Have *look* see each record of these partners' topics, with its partner, and at most so many of each topic.

    Ends the command, in words, where Kafka does not answer.
    """
    import asyncio

    from aiokafka.errors import KafkaError

    async def read_all() -> dict[str, TopicRead]:
        return {source: await _read(bootstrap, source, look, most=most) for source in sources}

    try:
        return asyncio.run(read_all())
    except (KafkaError, TimeoutError) as error:
        kafka_failed(bootstrap, error, hint=". Are the topics there (`onward topics`)?")


async def _read(bootstrap: str, source: str, look: "Look", *, most: int) -> TopicRead:
    from contextlib import aclosing

    from onward.cli.whole_topic import records

    so_far = TopicRead()
    async with aclosing(records(bootstrap, f"in.{source}")) as found:
        async for record in found:
            if so_far.records >= most:
                so_far.cut = True
                break
            so_far.records += 1
            look(source, record)
    return so_far
