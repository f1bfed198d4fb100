"""Ports on the loopback address: free ones found, wanted ones checked."""

import os
import random
import socket
from collections.abc import Callable

from onward.local.errors import LocalStackError, PortTakenError, ServerDiedError

HOST = "127.0.0.1"

# Below the range from which Linux and macOS take the ports of outgoing connections. A client that keeps calling a dead
# broker on a port inside that range can be given this very port as its own, connect to itself, and keep the broker out.
_RANGE = range(20_000, 32_000)
RANGE_VARIABLE = "ONWARD_LOCAL_PORTS"
"""Another range, such as `21000-21999`: for machines on which several stacks start at the same time."""
_TRIES = 500
_HIGHEST_PORT = 65_535
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


_given: set[int] = set()
"""Given away by this process: whoever has one may not listen on it yet."""


def free_port() -> int:
    """
    A port on which nobody listens now, outside the range of outgoing connections; another one each time.

    Raises:
        LocalStackError: none was found, or the range that is asked for is none.
    """
    wanted = _range()
    for port in random.SystemRandom().choices(wanted, k=_TRIES):
        if port not in _given and is_free(port):
            _given.add(port)
            return port
    raise LocalStackError(
        f"no free port between {wanted[0]} and {wanted[-1]}: stop some of the programs that listen there"
    )


def _range() -> range:
    text = os.environ.get(RANGE_VARIABLE)
    if not text:
        return _RANGE
    lowest, _, highest = text.partition("-")
    try:
        found = range(int(lowest), int(highest) + 1)
    except ValueError:
        found = range(0)
    if not found or found[0] < 1024 or found[-1] > _HIGHEST_PORT:
        raise LocalStackError(f"{RANGE_VARIABLE} is `{text}`: write two ports, such as 21000-21999")
    return found


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
