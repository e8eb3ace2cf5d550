"""A Unix socket in front of the stand-in, which itself needs TCP to tell its peers apart."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from product_import.errors import UserError


@contextmanager
def relayed(address: str, path: str) -> Iterator[None]:
    """Listen on the path, and pass on each connection to the address, which is a host and a port.

    Raises:
        UserError: the path is too long for a socket.
    """
    host, _, port = address.rpartition(":")
    try:
        server = _Server(path, (host, int(port)))
    except OSError as error:
        raise UserError(f"cannot listen on {path}: {error}. Set TMPDIR to a folder with a shorter path.") from None
    with server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield
        finally:
            server.shutdown()


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True

    def __init__(self, path: str, target: tuple[str, int]) -> None:
        self.target = target
        super().__init__(path, _Connection)


class _Connection(socketserver.BaseRequestHandler):
    server: _Server
    request: Any

    def handle(self) -> None:
        with socket.create_connection(self.server.target) as target:
            answers = threading.Thread(target=_copy, args=(target, self.request), daemon=True)
            answers.start()
            _copy(self.request, target)
            answers.join()


def _copy(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(1 << 16):
            sink.sendall(data)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
