"""
Why no broker was reached.

The client library writes to its log why each connection failed, and then raises an error that does not say. Here the
last of those failures becomes the cause of that error, with the broker's place, so that `server_errors.explain` can
tell a host that is unknown from one that refuses and one that is silent. Proposal: docs/upstream/connection_causes.md.
"""

import asyncio
import contextlib
import functools
import ssl
from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from typing import Any, TypeVar

from aiokafka import client
from aiokafka.errors import KafkaConnectionError, NodeNotReadyError

from onward.chassis.observability.server_trouble import at, place


class _Attempt:
    """Why the last connection failed while something was asked; nothing later: tasks started go on in its context."""

    def __init__(self) -> None:
        self.failed: tuple[str, int, BaseException] | None = None
        self.over = False


_attempt: ContextVar[_Attempt | None] = ContextVar("what is being asked", default=None)

_TLS_SECONDS = 2.0

T = TypeVar("T")


class NotConnectedError(Exception):
    """A broker could not be connected to; the cause says why."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(f"no connection{at(place(host, port))}")
        self.where = place(host, port)


class TlsWantedError(Exception):
    """Whoever listens there speaks TLS, and we did not."""


class TlsBrokenOffError(Exception):
    """The connection was closed while it was being encrypted."""


async def _more_exactly(error: Exception, host: str, port: int, settings: Mapping[str, Any]) -> Exception:
    """A broker that wants TLS only closes what comes in plain: whether that was it is found out by asking."""
    plain = settings.get("security_protocol", "PLAINTEXT") in ("PLAINTEXT", "SASL_PLAINTEXT")
    if plain and isinstance(error, KafkaConnectionError) and await _speaks_tls(host, port):
        found: Exception = TlsWantedError()
    elif not plain and isinstance(error, ConnectionResetError):
        found = TlsBrokenOffError()
    else:
        return error
    found.__cause__ = error
    return found


async def _speaks_tls(host: str, port: int) -> bool:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # Nothing is said there: who it is does not matter.
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        async with asyncio.timeout(_TLS_SECONDS):
            _, writer = await asyncio.open_connection(host, port, ssl=context)
            writer.transport.abort()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
    except (OSError, TimeoutError):
        return False
    return True


def noting(connect: Callable[..., Awaitable[T]]) -> Callable[..., Awaitable[T]]:
    """*connect*, which tells what is being asked why it failed."""

    @functools.wraps(connect)
    async def connecting(host: str, port: int, **more: Any) -> T:
        try:
            return await connect(host, port, **more)
        except Exception as error:
            attempt = _attempt.get()
            if attempt is not None and not attempt.over:
                attempt.failed = (host, port, await _more_exactly(error, host, port, more))
            raise

    return connecting


def with_cause(ask: Callable[..., Awaitable[T]]) -> Callable[..., Awaitable[T]]:
    """*ask*, whose error that no broker was reached has as its cause why."""

    @functools.wraps(ask)
    async def asking(*arguments: Any, **more: Any) -> T:
        attempt = _Attempt()
        token = _attempt.set(attempt)
        try:
            return await ask(*arguments, **more)
        except (KafkaConnectionError, NodeNotReadyError) as error:
            if attempt.failed is not None and error.__cause__ is None:
                host, port, cause = attempt.failed
                reason = NotConnectedError(host, port)
                reason.__cause__ = cause
                error.__cause__ = reason
            raise
        finally:
            attempt.over, attempt.failed = True, None
            _attempt.reset(token)

    return asking


def apply() -> None:
    """Let errors of the client library carry their cause."""
    library: Any = client
    library.create_conn = noting(library.create_conn)
    library.AIOKafkaClient.bootstrap = with_cause(library.AIOKafkaClient.bootstrap)
    library.AIOKafkaClient.send = with_cause(library.AIOKafkaClient.send)
