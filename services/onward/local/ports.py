"""Ports on the loopback address: free ones found, wanted ones checked."""

import random
import socket
from collections.abc import Callable

from onward.local.errors import LocalStackError, PortTakenError, ServerDiedError

HOST = "127.0.0.1"

# Below the range from which Linux and macOS take the ports of outgoing connections. A client that keeps calling a dead
# broker on a port inside that range can be given this very port as its own, connect to itself, and keep the broker out.
_LOWEST, _HIGHEST = 20_000, 32_000
_TRIES = 500
_STARTS = 3


def is_free(port: int) -> bool:
    """Whether a server could listen on *port* now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def is_open(port: int) -> bool:
    """Whether somebody answers on *port*."""
    try:
        socket.create_connection((HOST, port), timeout=0.2).close()
    except OSError:
        return False
    return True


def free_port() -> int:
    """
    A port on which nobody listens now, outside the range of outgoing connections.

    Raises:
        LocalStackError: none was found.
    """
    for port in random.SystemRandom().choices(range(_LOWEST, _HIGHEST), k=_TRIES):
        if is_free(port):
            return port
    raise LocalStackError(f"no free port between {_LOWEST} and {_HIGHEST}: stop some of the programs that listen there")


def take(wanted: int | None, *, wanted_by: str) -> int:
    """
    The port that was asked for, or a free one.

    Raises:
        PortTakenError: *wanted* is in use.
    """
    if wanted is None:
        return free_port()
    if not is_free(wanted):
        raise PortTakenError(wanted, wanted_by)
    return wanted


def start_on(
    port: int, *, again: Callable[[], int] | None, start: Callable[[int], None], lost: str, server: str
) -> int:
    """
    Start a server on a port, and on another one when somebody took it between our look and the server's.

    Args:
        port: The port to try first.
        again: Gives another port; None when it has to be this one.
        start: Starts the server on a port.
        lost: What the server's log says when the port is in use.
        server: What messages call it.

    Returns:
        The port it was started on.

    Raises:
        PortTakenError: *port* is in use, and it had to be this one.
        ServerDiedError: the server ended for another reason, or three ports were lost.
    """
    if again is None and not is_free(port):
        raise PortTakenError(port, server)
    for left in reversed(range(_STARTS)):
        try:
            start(port)
        except ServerDiedError as error:
            if again is None or lost not in str(error) or left == 0:
                raise
            port = again()
        else:
            break
    return port
