"""
A client whose brokers have all changed their addresses never asks the bootstrap addresses again (KIP-899).

All that it can do is to go on asking addresses where nobody is any more.
"""

import asyncio
import sys
from typing import Any

from aiokafka import client, conn
from aiokafka.errors import KafkaConnectionError
from aiokafka.protocol.metadata import MetadataResponse_v1

BOOTSTRAP, BEFORE, AFTER = 9092, 9093, 9094
broker_at = BEFORE


class Connection:
    """Stands in for the library's: the bootstrap address knows where the one broker is now."""

    def __init__(self, host: str, port: int, **_: Any) -> None:
        self.host, self.port = host, port

    async def connect(self) -> None:
        """Connect, where somebody is."""
        if self.port not in (BOOTSTRAP, broker_at):
            raise KafkaConnectionError("nobody is there")

    async def send(self, _: Any) -> Any:
        """Tell who the brokers are."""
        if self.port not in (BOOTSTRAP, broker_at):
            raise KafkaConnectionError("nobody is there any more")
        return MetadataResponse_v1([(0, "127.0.0.1", broker_at, None)], 0, [])

    def connected(self) -> bool:
        """Whether somebody is still there."""
        return self.port in (BOOTSTRAP, broker_at)

    def close(self, **_: Any) -> asyncio.Future[None]:
        """Close."""
        closed = asyncio.get_running_loop().create_future()
        closed.set_result(None)
        return closed


async def main() -> str:
    """What is wrong, or "" if nothing is."""
    global broker_at
    library: Any = conn
    library.AIOKafkaConnection = Connection
    kafka = client.AIOKafkaClient(bootstrap_servers=f"127.0.0.1:{BOOTSTRAP}")
    await kafka.bootstrap()
    await kafka.force_metadata_update()
    broker_at = AFTER
    found = await kafka.force_metadata_update()
    await kafka.close()
    return "" if found else "defect: the brokers have moved, and the bootstrap address is not asked where to"


if __name__ == "__main__":
    sys.exit(asyncio.run(main()) or 0)
