"""A proxy that opens encrypted connections, as company networks have them: it answers CONNECT for
any host with a certificate of its own and passes the requests on to the emulator.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Mapping
from types import TracebackType
from typing import Self


class OpeningProxy:
    """Maps host names to ports of this machine. Everything is gone when the `with` block ends."""

    def __init__(self, context: ssl.SSLContext, ports: Mapping[str, int]) -> None:
        self._context = context
        self._ports = ports
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads: list[threading.Thread] = []
        self._sockets: list[socket.socket] = []
        self._stopping = False
        self.hosts: list[str] = []
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._spawn(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopping = True
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for opened in list(self._sockets):
            with contextlib.suppress(OSError):
                opened.shutdown(socket.SHUT_RDWR)
        for thread in list(self._threads):
            thread.join()
        for opened in self._sockets:
            opened.close()

    def _accept(self) -> None:
        while not self._stopping:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self._sockets.append(client)
            self._spawn(self._serve, client)

    def _serve(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError, KeyError, ValueError):
            head = b""
            while b"\r\n\r\n" not in head:
                head += client.recv(4096) or _closed()
            method, target, _ = head.split(b"\r\n")[0].decode().split(" ")
            host = target.partition(":")[0]
            self.hosts.append(f"{method} {host}")
            server = socket.create_connection(("127.0.0.1", self._ports[host]))
            self._sockets.append(server)
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            opened = self._context.wrap_socket(client, server_side=True)
            self._sockets.append(opened)
            self._spawn(_pump, server, opened)
            _pump(opened, server)

    def _spawn(self, target: object, *arguments: object) -> None:
        thread = threading.Thread(target=target, args=arguments, name="proxy")  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()


def _pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while block := source.recv(64 * 1024):
            target.sendall(block)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_RDWR)


def _closed() -> bytes:
    raise OSError("closed")
