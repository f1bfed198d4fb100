"""
TLS in front of a PostgreSQL that was built without: what a balancer does that ends TLS.

It answers the client's request for encryption as PostgreSQL does (protocol 3, SSLRequest), and passes on what follows.
"""

import contextlib
import socket
import ssl
import struct
import threading
from pathlib import Path
from types import TracebackType
from typing import Final, Self

_SSL_REQUEST: Final = struct.pack("!ii", 8, 80877103)
_BYTES: Final = 65536


class TlsFront:
    """Listens on a port of its own until the block ends; *certificate* and its key are what it shows."""

    def __init__(self, server_port: int, certificate: tuple[Path, Path], *, clients: Path | None = None) -> None:
        self._server_port = server_port
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(*certificate)
        if clients is not None:
            self._context.load_verify_locations(clients)
            self._context.verify_mode = ssl.CERT_REQUIRED
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._open: set[socket.socket] = set()
        self._threads = [threading.Thread(target=self._accept)]

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for each in (self._listening, *self._open):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        for each in (self._listening, *self._open):
            each.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # no longer listening
            while True:
                client, _ = self._listening.accept()
                self._start(self._serve, client)

    def _start(self, work: "object", *sockets: socket.socket) -> None:
        self._open.update(sockets)
        thread = threading.Thread(target=work, args=sockets)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _serve(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            if client.recv(len(_SSL_REQUEST), socket.MSG_WAITALL) != _SSL_REQUEST:
                client.shutdown(socket.SHUT_RDWR)
                return
            client.sendall(b"S")
            encrypted = self._context.wrap_socket(client, server_side=True)
            self._open.add(encrypted)
            server = socket.create_connection(("127.0.0.1", self._server_port))
            self._start(self._pass_on, server, encrypted)
            self._pass_on(encrypted, server)

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError):
            while data := source.recv(_BYTES):
                target.sendall(data)
        for each in (source, target):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
