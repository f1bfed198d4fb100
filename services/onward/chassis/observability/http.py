"""The process's own HTTP endpoints: `/live`, `/ready`, `/metrics`. Nothing about a person is served here."""

import contextlib
import json
import socket
from collections.abc import Awaitable, Callable, Generator, MutableMapping
from typing import Any, TypeAlias

import uvicorn

from onward.chassis.errors import ConfigurationError

Body: TypeAlias = tuple[int, bytes, bytes]
"""Status, content type, content."""
Endpoint: TypeAlias = Callable[[], Awaitable[Body]]
_Event: TypeAlias = MutableMapping[str, Any]


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
        status, content_type, content = await route() if route else answer(404, {"paths": sorted(self._routes)})
        headers = [(b"content-type", content_type), (b"content-length", str(len(content)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else content})


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
        server_header=False,
        timeout_graceful_shutdown=2,
    )
    return _Server(config)
