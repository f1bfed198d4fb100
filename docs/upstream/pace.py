"""
A client tries to connect to a broker that is away as often as it is asked, without any pause.

Kafka's Java clients have `reconnect.backoff.ms` and `reconnect.backoff.max.ms`.
"""

import asyncio
import sys
import time

from aiokafka.client import AIOKafkaClient
from aiokafka.protocol.metadata import MetadataResponse_v1

ALLOWED = 20
"""Attempts in one second; with the pauses of the Java client (50 ms, doubled up to 1 s) it would be five."""


async def main() -> str:
    """What is wrong, or "" if nothing is."""
    attempts = 0

    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal attempts
        attempts += 1
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    port: int = server.sockets[0].getsockname()[1]
    kafka = AIOKafkaClient(bootstrap_servers=f"127.0.0.1:{port}")
    kafka.cluster.update_metadata(MetadataResponse_v1([(0, "127.0.0.1", port, None)], 0, []))
    end = time.monotonic() + 1
    while time.monotonic() < end:
        await kafka.ready(0)
    server.close()
    await kafka.close()
    return f"defect: {attempts} attempts in one second" if attempts > ALLOWED else ""


if __name__ == "__main__":
    sys.exit(asyncio.run(main()) or 0)
