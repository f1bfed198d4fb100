"""Ports on the loopback address: free ones found, wanted ones checked."""

import random
import socket

from onward.local.errors import LocalStackError, PortTakenError

HOST = "127.0.0.1"

# Below the range from which Linux and macOS take the ports of outgoing connections. A client that keeps calling a dead
# broker on a port inside that range can be given this very port as its own, connect to itself, and keep the broker out.
_LOWEST, _HIGHEST = 20_000, 32_000
_TRIES = 500


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
