"""The one HTTP client of the hubs: no cookies kept, redirections by hand, secrets for the first
origin only, every wait limited. Nothing here knows what a model is.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING

import httpx2

from engine.hub.handshake import HandshakeGuard
from engine.hub.hub_errors import network_error, silent, unexpected_answer
from engine.hub.redirects import MAX_REDIRECTS, origin, redirect_target, refused
from engine.version import __version__

if TYPE_CHECKING:
    from engine.hub.settings import NetworkTimeouts

ANSWER_LIMIT_BYTES = 32 * 1024 * 1024
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A small answer, read to its end."""

    status: int
    headers: httpx2.Headers
    body: bytes
    url: str
    """The URL that answered in the end."""


def open_client(timeouts: NetworkTimeouts) -> httpx2.AsyncClient:
    """A client with the proxies and certificates of this machine. Close it on the same loop."""
    # At INFO and below these log URLs, signed ones too, and headers.
    for name in ("httpx2", "httpcore2", "huggingface_hub"):
        logging.getLogger(name).setLevel(logging.WARNING)
    return httpx2.AsyncClient(
        follow_redirects=False,
        timeout=httpx2.Timeout(timeouts.read_s, connect=timeouts.connect_s),
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        headers={"User-Agent": f"slipstream/{__version__}"},
    )


async def send(
    client: httpx2.AsyncClient,
    url: str,
    *,
    headers: Mapping[str, str],
    secret_headers: Mapping[str, str],
) -> httpx2.Response:
    """GET a URL and follow its redirections; the caller closes the response.

    `secret_headers` go to the origin of `url`, and no longer once a redirection has left it.

    Raises:
        TransferError: UNSAFE_REDIRECT, or OFFLINE before an answer came.
    """
    first = current = url
    trusted = True
    for _ in range(MAX_REDIRECTS + 1):
        trusted = trusted and origin(current) == origin(first)
        sent = {**headers, **secret_headers} if trusted else dict(headers)
        try:
            request = client.build_request(
                "GET", current, headers=sent, extensions={"trace": HandshakeGuard()}
            )
            response = await client.send(request, stream=True)
        except (httpx2.TransportError, httpx2.InvalidURL) as error:
            raise network_error(error, current) from error
        if response.status_code not in _REDIRECTS or "location" not in response.headers:
            return response
        await response.aclose()
        current = redirect_target(first, current, response.headers["location"])
    raise refused("loop", current)


async def ask(
    client: httpx2.AsyncClient,
    url: str,
    *,
    limit_s: float,
    headers: Mapping[str, str] | None = None,
    secret_headers: Mapping[str, str] | None = None,
    limit_bytes: int = ANSWER_LIMIT_BYTES,
) -> Answer:
    """GET a small answer within `limit_s` seconds in all, redirections and body included.

    Raises:
        TransferError: as `send`; OFFLINE with reason `silent` when the time is over; SERVER when
            the answer is larger than `limit_bytes`.
    """
    try:
        async with asyncio.timeout(limit_s):
            response = await send(
                client, url, headers=headers or {}, secret_headers=secret_headers or {}
            )
            try:
                body = await _read(response, limit_bytes)
            finally:
                await response.aclose()
    except TimeoutError as error:
        raise silent(url) from error
    except httpx2.TransportError as error:
        raise network_error(error, url) from error
    except httpx2.DecodingError as error:
        raise unexpected_answer("encoding") from error
    return Answer(
        status=response.status_code, headers=response.headers, body=body, url=str(response.url)
    )


async def _read(response: httpx2.Response, limit_bytes: int) -> bytes:
    body = bytearray()
    async for block in response.aiter_bytes():
        body += block
        if len(body) > limit_bytes:
            raise unexpected_answer("too_large")
    return bytes(body)
