"""Closes the connection of a request that was cancelled during its TLS handshake."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpcore2


class HandshakeGuard:
    """The trace of one request (https://httpx2.pydantic.dev/advanced/extensions/#trace).

    httpcore2 2.16 closes a connection whose handshake failed, but not one whose request was
    cancelled meanwhile: its socket stays open, and nobody has it any more.
    """

    def __init__(self) -> None:
        self._stream: httpcore2.AsyncNetworkStream | None = None

    async def __call__(self, event: str, info: Mapping[str, Any]) -> None:
        if event.endswith(".connect_tcp.complete"):
            self._stream = info["return_value"]
        elif event.endswith(".start_tls.failed") and self._stream is not None:
            await self._stream.aclose()
