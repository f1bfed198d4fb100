"""An error of a server in words for whoever runs it: which server, what is wrong, what to do."""

import errno
import socket
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from onward.chassis.errors import ChassisError
from onward.chassis.kafka import kafka_errors
from onward.chassis.kafka.patches.connection_causes import NotConnectedError
from onward.chassis.observability import tls_trouble
from onward.chassis.observability.server_trouble import Kind, Server, ServerTrouble, at
from onward.chassis.postgres import postgres_errors

__all__ = ["Server", "ServerTrouble", "explain", "told"]

_DEEPEST: Final = 10
_VAGUE: Final[tuple[Kind, ...]] = ("unreachable", "lost")
"""The vaguer first: what caused such an error may say more."""
_REFUSED: Final = frozenset({errno.ECONNREFUSED})
_LOST: Final = frozenset({errno.ECONNRESET, errno.EPIPE, errno.ECONNABORTED})
_SILENT: Final = frozenset({errno.ETIMEDOUT})


def explain(error: BaseException, *, server: Server = "a server") -> ServerTrouble | None:
    """
    What *error* means, and what to do; None if it is no error of a server, or one of ours, which says so itself.

    Nothing in the answer is a password or comes from a record.

    Args:
        error: As it was raised; what caused it is looked at too.
        server: Which one was asked, for errors that do not say: a time that ran out, a broken connection.
    """
    found: ServerTrouble | None = None
    where = ""
    for each in _chain(error):
        if isinstance(each, ChassisError):
            break
        if isinstance(each, NotConnectedError):
            where = at(each.where)
        trouble = postgres_errors.recognise(each) or kafka_errors.recognise(each)
        trouble = trouble or tls_trouble.recognise(each, server) or _of_the_network(each, server)
        if trouble is not None:
            found = trouble if found is None else _more_exactly(found, trouble)
    return replace(found, why=found.why + where) if found is not None else None


def told(error: BaseException, *, server: Server = "a server") -> str:
    """*error* in one line that may be logged: what `explain` says, or our own words, or only what it is called."""
    if isinstance(error, ChassisError):
        return str(error)
    trouble = explain(error, server=server)
    return type(error).__name__ if trouble is None else str(trouble)


def _more_exactly(found: ServerTrouble, cause: ServerTrouble) -> ServerTrouble:
    """*found*, with what its *cause* adds: the client library says only that no broker was reached."""
    server = cause.server if found.server == "a server" else found.server
    if _vagueness(cause.kind) < _vagueness(found.kind):
        return replace(found, server=server, kind=cause.kind, why=cause.why, remedy=cause.remedy)
    return replace(found, server=server)


def _vagueness(kind: Kind) -> int:
    return len(_VAGUE) - _VAGUE.index(kind) if kind in _VAGUE else 0


def _chain(error: BaseException) -> Iterator[BaseException]:
    """*error*, and what it was raised from or in the course of handling."""
    one: BaseException | None = error
    for _ in range(_DEEPEST):
        if one is None:
            return
        yield one
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)


def _of_the_network(error: BaseException, server: Server) -> ServerTrouble | None:
    if isinstance(error, TimeoutError):
        return ServerTrouble(server, "silent", "does not answer in time")
    if isinstance(error, socket.gaierror):
        return ServerTrouble(server, "unknown_host", "cannot be found by name")
    if isinstance(error, EOFError):
        return ServerTrouble(server, "lost", "closed the connection")
    if not isinstance(error, OSError):
        return None
    if error.errno in _REFUSED or isinstance(error, ConnectionRefusedError):
        return ServerTrouble(server, "refused", "refuses the connection")
    if error.errno in _LOST or isinstance(error, ConnectionResetError | BrokenPipeError):
        return ServerTrouble(server, "lost", "closed the connection")
    if error.errno in _SILENT:
        return ServerTrouble(server, "silent", "does not answer in time")
    return ServerTrouble(server, "unreachable", "cannot be reached")
