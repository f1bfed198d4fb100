"""A network between the services and a server, that fails as networks do."""

import asyncio
import contextlib
from typing import Literal

from onward.local import ports
from onward.local.ports import HOST

Failure = Literal["refused", "silent", "half-open"]


class _Link:
    """One connection through the proxy."""

    def __init__(self, *, dead: bool) -> None:
        self.dead = dead
        self.writers: list[asyncio.StreamWriter] = []

    def cut(self) -> None:
        for writer in self.writers:
            writer.transport.abort()


class Proxy:
    """
    Passes everything on to *server*, a port of this machine, until it is told to fail.

    * `refused`: connections are cut, new ones refused.
    * `silent`: connections are cut; new ones are accepted, and answered only once it is over.
    * `half-open`: nothing is passed on, and nobody is told: what was connected stays dead after it is over.
    """

    def __init__(self, server: int) -> None:
        self._server = server
        self.port = ports.free_port()
        self._listening: asyncio.Server | None = None
        self._links: set[_Link] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._open = asyncio.Event()
        self._failure: Failure | None = None

    async def start(self) -> None:
        """Pass on."""
        self._open.set()
        self._listening = await asyncio.start_server(self._accept, HOST, self.port)

    def fail(self, failure: Failure) -> None:
        """Fail like this, from now on."""
        self._failure = failure
        if failure == "refused":
            self._stop_listening()
        else:
            self._open.clear()
        for link in list(self._links):
            if failure == "half-open":
                link.dead = True
            else:
                link.cut()

    async def mend(self) -> None:
        """Pass on again; what was connected in a half-open network stays dead."""
        self._failure = None
        self._open.set()
        if self._listening is None:
            self._listening = await asyncio.start_server(self._accept, HOST, self.port)

    async def stop(self) -> None:
        """Close everything."""
        self._stop_listening()
        for link in self._links:
            link.cut()
        tasks = [*self._tasks]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)  # what was cut is closed in the next round of the loop

    def _stop_listening(self) -> None:
        listening, self._listening = self._listening, None
        if listening is not None:
            listening.close()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # Known from the moment in which it is accepted: one that comes as all ends is closed like the others.
        link = _Link(dead=self._failure == "half-open")
        link.writers.append(writer)
        self._links.add(link)
        task = asyncio.create_task(self._serve(link, reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, link: _Link, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.CancelledError):
            await self._pass_on(link, reader, writer)
        self._links.discard(link)
        link.cut()

    async def _pass_on(self, link: _Link, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._open.wait()
        if link.dead:
            await asyncio.Event().wait()
        there_reader, there = await asyncio.open_connection(HOST, self._server)
        link.writers.append(there)
        pumps = [
            asyncio.create_task(self._pump(link, reader, there)),
            asyncio.create_task(self._pump(link, there_reader, writer)),
        ]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)

    async def _pump(self, link: _Link, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                await self._open.wait()
                if link.dead:
                    await asyncio.Event().wait()
                writer.write(data)
                await writer.drain()
