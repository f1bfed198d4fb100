"""
`AIOKafkaProducer.stop()` waits for a broker that is gone; given up, it leaves tasks behind that never end.

There is no other way to end a producer: it has neither `stop(timeout=…)` nor an `abort`.
"""

import asyncio
import contextlib
import sys
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from aiokafka import AIOKafkaProducer, conn
from aiokafka.errors import KafkaConnectionError
from aiokafka.protocol.metadata import MetadataResponse_v1

gone = False


class Connection:
    """Stands in for the library's: to the one broker, which leads partition 0 of `topic`, until it is gone."""

    def __init__(self, *_: Any, **__: Any) -> None:
        pass

    async def connect(self) -> None:
        """Connect, while it is there."""
        if gone:
            raise KafkaConnectionError("nobody is there")

    async def send(self, _: Any, **__: Any) -> Any:
        """Tell who leads what, while it is there."""
        if gone:
            raise KafkaConnectionError("nobody is there any more")
        return MetadataResponse_v1([(0, "127.0.0.1", 9092, None)], 0, [(0, "topic", False, [(0, 0, 0, [0], [0])])])

    def connected(self) -> bool:
        """Whether it is there."""
        return not gone

    def close(self, **_: Any) -> asyncio.Future[None]:
        """Close."""
        closed = asyncio.get_running_loop().create_future()
        closed.set_result(None)
        return closed


async def main(
    around: AbstractContextManager[None] | None = None, afterwards: Callable[[], Awaitable[object]] | None = None
) -> str:
    """What is wrong, or "" if nothing is; a way around it stands around the producer's life and comes afterwards."""
    global gone
    library: Any = conn
    library.AIOKafkaConnection = Connection
    with around or nullcontext():
        producer = AIOKafkaProducer(bootstrap_servers="127.0.0.1:9092")
        await producer.start()
        await producer.partitions_for("topic")
        gone = True
        sending = await producer.send("topic", b"value", partition=0)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(producer.stop(), 0.5)
    sending.cancel()
    if afterwards is not None:
        await afterwards()
    left = asyncio.all_tasks() - {asyncio.current_task()}
    return f"defect: {len(left)} tasks of a producer that was given up go on" if left else ""


if __name__ == "__main__":
    sys.exit(asyncio.run(main()) or 0)
