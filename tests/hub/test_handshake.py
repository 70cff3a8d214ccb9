"""A request that ends during its TLS handshake leaves no connection behind."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

import pytest

from engine.errors import TransferError
from engine.hub.http import ask, open_client, send
from engine.hub.settings import NetworkTimeouts

_PATIENT = NetworkTimeouts(connect_s=60.0, read_s=60.0, metadata_s=60.0)
_CONNECT = b"HTTP/1.1 200 Connection established\r\n\r\n"


class _SilentServer:
    """Takes one connection and never answers the client's hello."""

    def __init__(self, listener: socket.socket, *, as_proxy: bool) -> None:
        self.address = f"127.0.0.1:{listener.getsockname()[1]}"
        self._listener = listener
        self._as_proxy = as_proxy
        self._client: socket.socket | None = None

    async def greeted(self) -> None:
        """Returns within the handshake."""
        loop = asyncio.get_running_loop()
        self._client, _ = await loop.sock_accept(self._listener)
        self._client.setblocking(False)
        if self._as_proxy:
            assert (await loop.sock_recv(self._client, 65536)).startswith(b"CONNECT ")
            await loop.sock_sendall(self._client, _CONNECT)
        assert await loop.sock_recv(self._client, 65536)

    async def left(self) -> None:
        """Returns when the client has closed its connection."""
        assert self._client is not None
        with contextlib.suppress(ConnectionResetError):
            assert await asyncio.get_running_loop().sock_recv(self._client, 65536) == b""

    def close(self) -> None:
        if self._client is not None:
            self._client.close()


@contextlib.asynccontextmanager
async def _silent_server(*, as_proxy: bool = False) -> AsyncIterator[_SilentServer]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        server = _SilentServer(listener, as_proxy=as_proxy)
        try:
            yield server
        finally:
            server.close()


@pytest.mark.parametrize("as_proxy", [False, True], ids=["direct", "proxy"])
def test_a_cancelled_request_closes_its_connection(
    *, as_proxy: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run() -> None:
        async with _silent_server(as_proxy=as_proxy) as server:
            host = "hub.invalid" if as_proxy else server.address
            if as_proxy:
                monkeypatch.setenv("HTTPS_PROXY", f"http://{server.address}")
            async with open_client(_PATIENT) as client:
                url = f"https://{host}/x"
                request = asyncio.ensure_future(send(client, url, headers={}, secret_headers={}))
                await server.greeted()
                request.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await request
                await asyncio.wait_for(server.left(), 20)

    asyncio.run(run())


def test_a_question_whose_time_is_over_closes_its_connection() -> None:
    async def run() -> None:
        async with _silent_server() as server, open_client(_PATIENT) as client:
            question = asyncio.ensure_future(
                ask(client, f"https://{server.address}/x", limit_s=0.3)
            )
            await server.greeted()
            with pytest.raises(TransferError):
                await question
            await asyncio.wait_for(server.left(), 20)

    asyncio.run(run())
