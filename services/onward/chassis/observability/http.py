"""
The process's own HTTP endpoints: `/live`, `/ready`, `/metrics`. Nothing about a person is served here.

Whoever reaches the port can hold nothing up: a connection serves one request and has a few seconds for it, and where
too many are open the oldest makes room, so that a probe is answered while others half-send requests.
"""

import asyncio
import contextlib
import json
import socket
from collections.abc import Awaitable, Callable, Generator, MutableMapping
from typing import Any, TypeAlias

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from onward.chassis.errors import ConfigurationError

Body: TypeAlias = tuple[int, bytes, bytes]
"""Status, content type, content."""
Endpoint: TypeAlias = Callable[[], Awaitable[Body]]
_Event: TypeAlias = MutableMapping[str, Any]

_CONNECTION_SECONDS = 10.0
"""From its beginning to its end: the slowest answer waits a second for the broker."""
_MOST_CONNECTIONS = 32
_MOST_HEADER_BYTES = 8192
_BODY_HEADERS = frozenset({b"transfer-encoding", b"content-length"})


def answer(status: int, value: object) -> Body:
    """*value* as JSON."""
    return status, b"application/json", json.dumps(value).encode()


class Endpoints:
    """A small ASGI application: exact paths, GET and HEAD."""

    def __init__(self, routes: dict[str, Endpoint]) -> None:
        self._routes = routes

    async def __call__(
        self, scope: _Event, _receive: Callable[[], Awaitable[_Event]], send: Callable[[_Event], Awaitable[None]]
    ) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        route = self._routes.get(scope["path"]) if scope["method"] in {"GET", "HEAD"} else None
        if any(name in _BODY_HEADERS and value != b"0" for name, value in scope["headers"]):
            status, content_type, content = answer(413, {"why": "no request has a body here"})
        else:
            status, content_type, content = await route() if route else answer(404, {"paths": sorted(self._routes)})
        headers = [(b"content-type", content_type), (b"content-length", str(len(content)).encode())]
        headers.append((b"connection", b"close"))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else content})


class _BriefConnection(H11Protocol):
    """Ends after its time, and before it where too many others come after it."""

    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to count its time."""
        super().connection_made(transport)
        self._timer = self.loop.call_later(_CONNECTION_SECONDS, transport.abort)
        brief = [each for each in self.connections if isinstance(each, _BriefConnection)]
        for oldest in sorted(brief, key=_BriefConnection.ends_at)[:-_MOST_CONNECTIONS]:
            oldest.transport.abort()

    def ends_at(self) -> float:
        """When its time is over, by the event loop's clock."""
        return self._timer.when() if self._timer else 0.0

    def connection_lost(self, exc: Exception | None) -> None:
        """Count no longer."""
        if self._timer is not None:
            self._timer.cancel()
        super().connection_lost(exc)


class _Server(uvicorn.Server):
    """Leaves signals alone: the service's own stop is the orderly one."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


def listen(host: str, port: int) -> socket.socket:
    """
    A listening socket; *port* 0 takes a free one.

    Raises:
        ConfigurationError: The port is taken, or the host is not ours.
    """
    try:
        return socket.create_server((host, port))
    except OSError as error:
        raise ConfigurationError(
            f"cannot listen on {host} port {port}: {error.strerror}; set ONWARD_HTTP_HOST and ONWARD_HTTP_PORT"
        ) from None


def server(routes: dict[str, Endpoint]) -> uvicorn.Server:
    """A server for *routes*; run it with `serve(sockets=[...])`, stop it with `should_exit`."""
    config = uvicorn.Config(
        Endpoints(routes),
        log_config=None,
        access_log=False,
        lifespan="off",
        http=_BriefConnection,
        ws="none",
        proxy_headers=False,
        h11_max_incomplete_event_size=_MOST_HEADER_BYTES,
        server_header=False,
        timeout_graceful_shutdown=2,
    )
    return _Server(config)
