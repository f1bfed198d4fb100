"""
A client that is cancelled while it bootstraps forgets the connection that it was waiting on.

Its socket stays open until the garbage collector finds it, with `Unclosed AIOKafkaConnection` in the log.
"""

import asyncio
import contextlib
import sys
from typing import Any

from aiokafka import client, conn

MADE: list["Connection"] = []


class Connection:
    """Stands in for the library's: to a broker that takes connections and never answers."""

    def __init__(self, *_: Any, **__: Any) -> None:
        self.closed = False
        MADE.append(self)

    async def connect(self) -> None:
        """Connect."""

    async def send(self, _: Any) -> None:
        """Wait for an answer."""
        await asyncio.sleep(60)

    def close(self, **_: Any) -> None:
        """Close."""
        self.closed = True


async def main() -> str:
    """What is wrong, or "" if nothing is."""
    library: Any = conn
    library.AIOKafkaConnection = Connection
    kafka = client.AIOKafkaClient(bootstrap_servers="127.0.0.1:9092")
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(kafka.bootstrap(), 0.1)
    return "" if all(each.closed for each in MADE) else "defect: the connection of a cancelled bootstrap stays open"


if __name__ == "__main__":
    sys.exit(asyncio.run(main()) or 0)
