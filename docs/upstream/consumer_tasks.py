"""
A consumer whose task that fetches records has ended gives nothing for ever, as if there were no records.

Nothing public says so: `getmany` looks at the task of its group, and never at the one that fetches.
"""

import asyncio
import sys
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition, conn
from aiokafka.protocol.metadata import MetadataResponse_v1


class Connection:
    """Stands in for the library's: to the one broker, which says nothing but who leads what."""

    def __init__(self, *_: Any, **__: Any) -> None:
        self.open = True

    async def connect(self) -> None:
        """Connect."""

    async def send(self, _: Any, **__: Any) -> Any:
        """Tell who leads what."""
        return MetadataResponse_v1([(0, "127.0.0.1", 9092, None)], 0, [(0, "topic", False, [(0, 0, 0, [0], [0])])])

    def connected(self) -> bool:
        """Whether it was closed."""
        return self.open

    def close(self, **_: Any) -> asyncio.Future[None]:
        """Close."""
        self.open = False
        closed = asyncio.get_running_loop().create_future()
        closed.set_result(None)
        return closed


async def main(kind: Any = AIOKafkaConsumer) -> str:
    """What is wrong, or "" if nothing is; *kind* of consumer may have `broken`, which says that one has ended."""
    library: Any = conn
    library.AIOKafkaConnection = Connection
    consumer = kind(bootstrap_servers="127.0.0.1:9092")
    await consumer.start()
    consumer.assign([TopicPartition("topic", 0)])
    consumer.seek(TopicPartition("topic", 0), 0)
    # In place of any error that the routine does not expect.
    fetching: Any = consumer._fetcher._fetch_task
    fetching.cancel()
    await asyncio.wait([fetching])
    found = await asyncio.gather(consumer.getmany(timeout_ms=100), return_exceptions=True)
    said = isinstance(found[0], BaseException) or (hasattr(consumer, "broken") and consumer.broken())
    await consumer.stop()
    return "" if said else f"defect: the task that fetches has ended, and getmany gives {found[0]}"


if __name__ == "__main__":
    sys.exit(asyncio.run(main()) or 0)
