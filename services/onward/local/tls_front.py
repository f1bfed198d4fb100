"""
TLS in front of a PostgreSQL that was built without, as the one that comes with `pip install` is.

It answers the client's request for encryption as PostgreSQL does (protocol 3, SSLRequest), and passes on what follows:
what a balancer does that ends TLS.
"""

import contextlib
import selectors
import socket
import ssl
import struct
import threading
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from onward.local.ports import HOST

_SSL_REQUEST: Final = struct.pack("!ii", 8, 80877103)
_BYTES: Final = 65_536


class TlsFront:
    """
    Listens on *port* (0: a free one) until the block ends; *certificate* and its key are what it shows.

    *clients* is the authority of the certificates that clients must show, if they must.
    """

    def __init__(
        self, server_port: int, certificate: tuple[Path, Path], *, port: int = 0, clients: Path | None = None
    ) -> None:
        self._server_port = server_port
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.minimum_version = ssl.TLSVersion.TLSv1_2
        self._context.load_cert_chain(*certificate)
        if clients is not None:
            self._context.load_verify_locations(clients)
            self._context.verify_mode = ssl.CERT_REQUIRED
        self._listening = socket.create_server((HOST, port))
        self.port: int = self._listening.getsockname()[1]
        self._open: set[socket.socket] = set()
        self._threads = [threading.Thread(target=self._accept, daemon=True)]

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for each in (self._listening, *list(self._open)):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        self._listening.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # no longer listening
            while True:
                client, _ = self._listening.accept()
                self._open.add(client)
                thread = threading.Thread(target=self._serve, args=[client], daemon=True)
                thread.start()
                self._threads = [each for each in self._threads if each.is_alive()] + [thread]

    def _serve(self, client: socket.socket) -> None:
        with contextlib.ExitStack() as ours:
            ours.callback(self._open.discard, client)
            ours.enter_context(client)
            with contextlib.suppress(OSError):
                if client.recv(len(_SSL_REQUEST), socket.MSG_WAITALL) != _SSL_REQUEST:
                    return
                client.sendall(b"S")
                encrypted = ours.enter_context(self._context.wrap_socket(client, server_side=True))
                self._open.add(encrypted)
                ours.callback(self._open.discard, encrypted)
                server = ours.enter_context(socket.create_connection((HOST, self._server_port)))
                for each in (encrypted, server):
                    each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                _pass_on(encrypted, server)


def _pass_on(encrypted: ssl.SSLSocket, server: socket.socket) -> None:
    """Both ways, by one thread: two at once are not safe on one TLS connection."""
    with selectors.DefaultSelector() as ready:
        ready.register(encrypted, selectors.EVENT_READ)
        ready.register(server, selectors.EVENT_READ)
        while True:
            for key, _ in ready.select():
                source, target = (encrypted, server) if key.fileobj is encrypted else (server, encrypted)
                while (data := _received(source)) is not None:
                    if not data:
                        return
                    target.sendall(data)
                    if source is server or not encrypted.pending():
                        break


def _received(source: socket.socket) -> bytes | None:
    """What is there; empty at the end, None when it is only a part of what was encrypted together."""
    source.setblocking(False)
    try:
        return source.recv(_BYTES)
    except (ssl.SSLWantReadError, BlockingIOError):
        return None
    finally:
        source.setblocking(True)
