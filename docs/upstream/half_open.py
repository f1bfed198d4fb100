"""
One request to a broker has timed out, and its other connections are kept although they are as dead.

Each group of requests (records, coordinator) has a connection of its own, and waits out its own time-out on it.
"""

import asyncio
import contextlib
import sys
from typing import Any

from aiokafka import client, conn
from aiokafka.client import ConnectionGroup
from aiokafka.errors import RequestTimedOutError
from aiokafka.protocol.metadata import MetadataRequest_v1, MetadataResponse_v1

OPEN: set["Connection"] = set()


class Connection:
    """Stands in for the library's: on a network that has begun to swallow everything."""

    def __init__(self, *_: Any, **__: Any) -> None:
        OPEN.add(self)

    async def connect(self) -> None:
        """Connect, as it was still possible."""

    async def send(self, _: Any, **__: Any) -> None:
        """Find that nobody answers."""
        raise TimeoutError

    def connected(self) -> bool:
        """Whether it was closed."""
        return self in OPEN

    def close(self, **_: Any) -> None:
        """Close."""
        OPEN.discard(self)


async def main() -> str:
    """What is wrong, or "" if nothing is."""
    library: Any = conn
    library.AIOKafkaConnection = Connection
    kafka = client.AIOKafkaClient(bootstrap_servers="127.0.0.1:9092")
    kafka.cluster.update_metadata(MetadataResponse_v1([(0, "127.0.0.1", 9092, None)], 0, []))
    await kafka.ready(0, group=ConnectionGroup.COORDINATION)
    with contextlib.suppress(RequestTimedOutError):
        await kafka.send(0, MetadataRequest_v1([]))
    return f"defect: {len(OPEN)} connection to a broker that is silent is kept" if OPEN else ""


if __name__ == "__main__":
    sys.exit(asyncio.run(main()) or 0)
