"""
"Unable to bootstrap" does not say why: refused, not resolved, timed out, wrong certificate all look the same.

The reason is in the log, which a program cannot read.
"""

import asyncio
import socket
import sys

from aiokafka import client
from aiokafka.errors import KafkaConnectionError


async def main() -> str:
    """What is wrong, or "" if nothing is."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port: int = closed.getsockname()[1]
    kafka = client.AIOKafkaClient(bootstrap_servers=f"127.0.0.1:{port}")
    try:
        await kafka.bootstrap()
    except KafkaConnectionError as error:
        cause = error.__cause__
        while cause is not None and not isinstance(cause, ConnectionRefusedError):
            cause = cause.__cause__
        return "" if cause is not None else "defect: nothing says that the connection was refused"
    return "defect: somebody took over the port"


if __name__ == "__main__":
    sys.exit(asyncio.run(main()) or 0)
