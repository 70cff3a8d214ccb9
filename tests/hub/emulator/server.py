"""A loopback emulator of Hugging Face and ModelScope with faults on demand, standard library only.

Two servers, because the real hub hands large files over to another origin, where no token may go:

    with Emulator() as emulator:
        emulator.add("OpenVINO/tiny", {"openvino_model.xml": b"...", "openvino_model.bin": b"..."})
        emulator.fault(FaultKind.DROP, path="openvino_model.bin", after=100_000, times=1)
"""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from tests.hub.emulator import huggingface_routes as hf
from tests.hub.emulator import modelscope_routes as ms
from tests.hub.emulator.exchange import Exchange, LoggedRequest
from tests.hub.emulator.faults import Fault, FaultKind, FaultList
from tests.hub.emulator.repository import HostedFile, Repository

_REPO = r"(?P<repo>[^/]+/[^/]+)"
_HUB_ROUTES: tuple[tuple[re.Pattern[str], Callable[..., None]], ...] = (
    (re.compile(r"/api/models/?"), hf.list_models),
    (re.compile(r"/api/whoami-v2"), hf.whoami),
    (re.compile(rf"/api/models/{_REPO}(?:/revision/(?P<rev>.+))?"), hf.info),
    (
        re.compile(rf"/api/resolve-cache/models/{_REPO}/(?P<rev>[^/]+)/(?P<file>.+)"),
        hf.resolve_cache,
    ),
    (re.compile(r"/openapi/v1/models/?"), ms.list_models),
    (re.compile(rf"/api/v1/models/{_REPO}/repo/files"), ms.files),
    (re.compile(rf"/api/v1/models/{_REPO}/repo"), ms.file),
    (re.compile(rf"/{_REPO}/resolve/(?P<rev>[^/]+)/(?P<file>.+)"), hf.resolve),
)
_CDN_ROUTES: tuple[tuple[re.Pattern[str], Callable[..., None]], ...] = (
    (re.compile(rf"/{_REPO}/(?P<file>.+)"), hf.cdn),
)
_HANDSHAKE_TIMEOUT_S = 5.0
_SEND_BUFFER_BYTES = 32 * 1024


class Emulator:
    """Both hubs at one address. Threads and sockets are gone when the `with` block ends."""

    def __init__(self, *, tls: ssl.SSLContext | None = None) -> None:
        self.repositories: dict[str, Repository] = {}
        self.log: list[LoggedRequest] = []
        self.tokens = {"hf_good": "alice", "hf_other": "bob"}
        self.page_size = 1000
        self.next_page_origin: str | None = None
        self.signature = "signed-once"
        self._faults = FaultList()
        self._stopping = threading.Event()
        self._hub = _Server(self, "hub", _HUB_ROUTES, tls)
        self._cdn = _Server(self, "cdn", _CDN_ROUTES, tls)
        scheme = "https" if tls else "http"
        self.url = f"{scheme}://127.0.0.1:{self._hub.server_port}"
        self.cdn_url = f"{scheme}://127.0.0.1:{self._cdn.server_port}"

    def __enter__(self) -> Self:
        self._hub.start()
        self._cdn.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopping.set()
        self._hub.stop()
        self._cdn.stop()

    @property
    def hub_port(self) -> int:
        return int(self._hub.server_port)

    @property
    def cdn_port(self) -> int:
        return int(self._cdn.server_port)

    def add(self, repository_id: str, files: dict[str, bytes]) -> Repository:
        """Host a repository; its fields may be changed afterwards."""
        hosted = {path: HostedFile(data) for path, data in files.items()}
        self.repositories[repository_id] = Repository(repository_id, hosted)
        return self.repositories[repository_id]

    def fault(self, kind: FaultKind, **details: Any) -> None:
        """Let something go wrong; see `Fault`."""
        self._faults.add(Fault(kind=kind, **details))

    def repair_faults(self) -> None:
        """Everything works again."""
        self._faults.clear()

    def sent(self, file: str | None = None) -> int:
        """Bytes of file content sent so far."""
        return sum(entry.sent for entry in list(self.log) if file in (None, entry.file))

    def requests(self, server: str | None = None) -> list[LoggedRequest]:
        """What was asked so far."""
        return [entry for entry in list(self.log) if server in (None, entry.server)]

    def begin(self, handler: BaseHTTPRequestHandler, server: str) -> Exchange:
        """Log a request."""
        exchange = Exchange.start(
            handler, server=server, faults=self._faults, stopping=self._stopping
        )
        self.log.append(exchange.log)
        return exchange


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True
    request_queue_size = 64

    def __init__(
        self,
        emulator: Emulator,
        name: str,
        routes: tuple[tuple[re.Pattern[str], Callable[..., None]], ...],
        tls: ssl.SSLContext | None,
    ) -> None:
        self._emulator = emulator
        self._name = name
        self._routes = routes
        self._tls = tls
        self._connections: set[socket.socket] = set()
        self._thread = threading.Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.05}, name=f"emulator-{name}"
        )
        super().__init__(("127.0.0.1", 0), _handler(self))

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self.shutdown()
        self._thread.join()
        for connection in list(self._connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.server_close()

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        exchange = self._emulator.begin(handler, self._name)
        try:
            for pattern, route in self._routes:
                match = pattern.fullmatch(exchange.log.path)
                if match:
                    route(self._emulator, exchange, **match.groupdict())
                    return
            exchange.json(404, {"error": "not found"})
        except OSError:  # the client went away, which many tests want
            handler.close_connection = True

    def process_request(self, request: Any, client_address: Any) -> None:
        request.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER_BYTES)
        self._connections.add(request)
        super().process_request(request, client_address)

    def finish_request(self, request: Any, client_address: Any) -> None:
        if self._tls is not None:
            request = self._tls.wrap_socket(
                request, server_side=True, do_handshake_on_connect=False
            )
            self._connections.add(request)
            if not _shakes_hands(request):
                self._connections.discard(request)
                request.close()
                return
        try:
            super().finish_request(request, client_address)
        finally:
            self._connections.discard(request)
            if self._tls is not None:
                request.close()

    def shutdown_request(self, request: Any) -> None:
        self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


def _shakes_hands(connection: ssl.SSLSocket) -> bool:
    """Not with a client that dislikes the certificate, nor with one that says nothing more."""
    connection.settimeout(_HANDSHAKE_TIMEOUT_S)
    try:
        connection.do_handshake()
    except (OSError, ValueError):
        return False
    connection.settimeout(None)
    return True


def _handler(server: _Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:
            return

        def do_GET(self) -> None:
            server.answer(self)

        def do_HEAD(self) -> None:
            server.answer(self)

    return Handler
