"""One request to the emulator and everything that can be answered to it."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import struct
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, unquote, urlsplit

from tests.hub.emulator.faults import Fault, FaultKind, FaultList
from tests.hub.emulator.repository import HostedFile

_CUTS = (FaultKind.DROP, FaultKind.TRUNCATE, FaultKind.STALL)
_STEP_BYTES = 32 * 1024
SIGN_IN_PAGE = b"<html><body>Please sign in to FreeWiFi</body></html>"


@dataclass(slots=True)
class LoggedRequest:
    """What was asked and what came of it."""

    server: str
    """hub or cdn."""
    method: str
    path: str
    query: str
    range: str | None
    authorization: str | None
    cookie: str | None
    user_agent: str
    file: str | None = None
    status: int | None = None
    sent: int = 0
    """Bytes of file content."""
    fault: FaultKind | None = None


@dataclass(slots=True)
class Exchange:
    """The request of a handler, its log record, and ways to answer."""

    handler: BaseHTTPRequestHandler
    log: LoggedRequest
    faults: FaultList
    stopping: threading.Event
    query: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def start(
        cls,
        handler: BaseHTTPRequestHandler,
        *,
        server: str,
        faults: FaultList,
        stopping: threading.Event,
    ) -> Exchange:
        """Read the request of a handler."""
        url = urlsplit(handler.path)
        log = LoggedRequest(
            server=server,
            method=handler.command,
            path=unquote(url.path),
            query=url.query,
            range=handler.headers.get("Range"),
            authorization=handler.headers.get("Authorization"),
            cookie=handler.headers.get("Cookie"),
            user_agent=handler.headers.get("User-Agent", ""),
        )
        return cls(handler, log, faults, stopping, parse_qs(url.query))

    def first(self, name: str, default: str = "") -> str:
        """A query argument."""
        return self.query.get(name, [default])[0]

    @property
    def token(self) -> str:
        """From either hub's way of sending it."""
        if self.log.authorization:
            return self.log.authorization.removeprefix("Bearer ")
        match = re.search(r"m_session_id=([^;]+)", self.log.cookie or "")
        return match[1] if match else ""

    def spoil(self, repository: str, path: str, where: str) -> tuple[bool, Fault | None]:
        """Apply a fault that replaces the whole answer.

        Returns whether it was answered, and the fault when it is one of the body.
        """
        fault = self.faults.take(repository, path, where)
        if fault is None:
            return False, None
        self.log.fault = fault.kind
        if fault.kind is FaultKind.STATUS:
            self.json(fault.code, {"error": "injected"}, fault.headers)
        elif fault.kind is FaultKind.BODY:
            self.raw(200, fault.body, {"Content-Type": "application/json"})
        elif fault.kind is FaultKind.HTML:
            self.raw(200, SIGN_IN_PAGE, {"Content-Type": "text/html; charset=utf-8"})
        elif fault.kind is FaultKind.REDIRECT:
            self.raw(302, b"", {"Location": fault.location})
        elif fault.kind is FaultKind.RESET:
            self._reset()
        elif fault.kind is FaultKind.BLACKHOLE:
            self.stopping.wait(fault.seconds)
            self._reset()
        else:
            if fault.kind is FaultKind.DELAY:
                self.stopping.wait(fault.seconds)
            return False, fault
        return True, None

    def json(self, status: int, value: object, headers: dict[str, str] | None = None) -> None:
        """Answer with JSON."""
        body = json.dumps(value).encode()
        self.raw(status, body, {"Content-Type": "application/json", **(headers or {})})

    def raw(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        """Answer with bytes that are no file."""
        self._head(status, {**headers, "Content-Length": str(len(body))})
        if self.log.method != "HEAD":
            self.handler.wfile.write(body)

    def file(self, file: HostedFile, fault: Fault | None, headers: dict[str, str]) -> None:
        """Answer with a file or a range of it, spoilt by `fault`."""
        data = _spoilt_content(file.data, fault)
        start, status = 0, 200
        match = re.fullmatch(r"bytes=(\d+)-(\d*)", self.log.range or "")
        if match and not (fault and fault.kind is FaultKind.NO_RANGE):
            start = int(match[1])
            if fault and fault.kind is FaultKind.WRONG_RANGE:
                start = max(0, start - 10)
            if start >= len(data):
                self.raw(416, b"", {"Content-Range": f"bytes */{len(data)}"})
                return
            end = min(int(match[2] or len(data)), len(data) - 1)
            headers["Content-Range"] = f"bytes {start}-{end}/{len(data)}"
            data, status = data[start : end + 1], 206
            if fault and fault.kind is FaultKind.BAD_RANGE:
                data = bytes(len(data))
        length = len(data) + (1000 if fault and fault.kind is FaultKind.LONG_LENGTH else 0)
        headers |= {"Content-Type": "application/octet-stream", "Content-Length": str(length)}
        self._head(status, headers)
        if self.log.method != "HEAD":
            self._body(data, start, fault)

    def _body(self, data: bytes, start: int, fault: Fault | None) -> None:
        cut = _cut_position(fault, start)
        speed = fault.bytes_per_s if fault and fault.kind is FaultKind.SLOW else 0.0
        step = max(1024, min(_STEP_BYTES, int(speed / 20))) if speed else _STEP_BYTES
        offset = 0
        while offset < len(data) and not self.stopping.is_set():
            if fault and cut is not None and offset >= cut:
                if self._cut(fault):
                    return
                cut = None
            end = min(len(data), offset + step, len(data) if cut is None else max(cut, offset + 1))
            self.handler.wfile.write(data[offset:end])
            self.log.sent += end - offset
            if speed:
                time.sleep((end - offset) / speed)
            offset = end
        if fault and cut is not None and cut >= len(data) and fault.kind is FaultKind.TRUNCATE:
            return
        if fault and fault.kind is FaultKind.LONG_LENGTH:
            self._close()

    def _cut(self, fault: Fault) -> bool:
        """Do what happens in the middle; True when nothing more may be sent."""
        if fault.kind is FaultKind.DROP:
            self._reset()
        elif fault.kind is FaultKind.TRUNCATE:
            self._close()
        else:
            self.stopping.wait(fault.seconds)
            return False
        return True

    def _head(self, status: int, headers: dict[str, str]) -> None:
        self.log.status = status
        self.handler.send_response(status)
        for name, value in headers.items():
            self.handler.send_header(name, value)
        self.handler.end_headers()

    def _reset(self) -> None:
        linger = struct.pack("hh" if socket.SO_LINGER == 0x80 else "ii", 1, 0)
        with contextlib.suppress(OSError):
            self.handler.wfile.flush()
            self.handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.handler.close_connection = True
        self.handler.connection.close()

    def _close(self) -> None:
        self.handler.wfile.flush()
        self.handler.close_connection = True
        self.handler.connection.shutdown(socket.SHUT_RDWR)


def _spoilt_content(data: bytes, fault: Fault | None) -> bytes:
    if fault and fault.kind is FaultKind.CORRUPT:
        middle = len(data) // 2
        return data[:middle] + bytes([data[middle] ^ 0xFF]) + data[middle + 1 :]
    if fault and fault.kind is FaultKind.SHORT_LENGTH:
        return data[: max(1, len(data) // 2)]
    return data


def _cut_position(fault: Fault | None, start: int) -> int | None:
    if fault is None or fault.kind not in _CUTS:
        return None
    if fault.every:
        return fault.after
    return fault.after - start if fault.after >= start else None
