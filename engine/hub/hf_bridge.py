"""Runs calls of the huggingface_hub client in a thread while every byte they exchange goes through
our own client on the event loop: limited in time and size, cancellable, token for one origin only.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextvars
import functools
import os
import threading
from collections.abc import Callable
from typing import TypeVar

import httpx2

from engine.hub.http import Answer, ask
from engine.hub.hub_errors import is_html, sign_in_page, silent, status_error
from engine.hub.redirects import origin
from engine.hub.retries import is_temporary

T = TypeVar("T")
_current: contextvars.ContextVar[HubCall] = contextvars.ContextVar("hub_call")


class HubCall:
    """One question to a hub through huggingface_hub, all its requests together.

    Guarantees: ends within `limit_s`; no request of it is left under way afterwards; what the
    library would wait for and retry on its own (network errors, temporary refusals) is raised at
    once as TransferError.
    """

    def __init__(self, client: httpx2.AsyncClient, *, endpoint: str, limit_s: float) -> None:
        self._client = client
        self._endpoint = endpoint
        self._limit_s = limit_s
        self._loop = asyncio.get_running_loop()
        self._request: concurrent.futures.Future[Answer] | None = None
        self._ended = threading.Event()

    async def run(self, function: Callable[[], T]) -> T:
        """Call `function`, which uses huggingface_hub, in a thread.

        Raises:
            TransferError: what the network or the hub's temporary refusal means.
            Exception: whatever huggingface_hub makes of the hub's other answers.
        """
        _current.set(self)  # for this task only; the thread gets a copy
        thread = asyncio.ensure_future(asyncio.to_thread(function))
        try:
            async with asyncio.timeout(self._limit_s):
                return await asyncio.shield(thread)
        except TimeoutError as error:
            raise silent(self._endpoint) from error
        finally:
            await self._end(thread)

    def exchange(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request of the library; runs in its thread and waits for the event loop."""
        if self._ended.is_set():
            raise CallEndedError
        self._request = asyncio.run_coroutine_threadsafe(self._ask(request), self._loop)
        if self._ended.is_set():  # set between the two lines above
            self._request.cancel()
        try:
            answer = self._request.result()
        except concurrent.futures.CancelledError as error:
            raise CallEndedError from error
        headers = answer.headers.copy()
        for name in ("content-encoding", "content-length", "transfer-encoding"):
            headers.pop(name, None)
        return httpx2.Response(answer.status, headers=headers, content=answer.body, request=request)

    async def _ask(self, request: httpx2.Request) -> Answer:
        url = str(request.url)
        secrets = {}
        # The next page of a listing is named by the hub: its token does not follow it elsewhere.
        if "authorization" in request.headers and origin(url) == origin(self._endpoint):
            secrets["authorization"] = request.headers["authorization"]
        answer = await ask(self._client, url, limit_s=self._limit_s, secret_headers=secrets)
        if answer.status < 400 and is_html(answer.headers):
            raise sign_in_page(url)
        if is_temporary(answer.status):
            raise status_error(
                answer.status, answer.headers, repository="", page_url="", had_token=bool(secrets)
            )
        return answer

    async def _end(self, thread: asyncio.Future[T]) -> None:
        self._ended.set()
        if self._request is not None:
            self._request.cancel()
        if not thread.done():
            await asyncio.wait([thread])
        if not thread.cancelled():
            thread.exception()  # seen: the caller has its own reason


class CallEndedError(Exception):
    """Raised inside the library's thread when nobody waits for the answer any more."""


class _LoopTransport(httpx2.BaseTransport):
    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        return _current.get().exchange(request)


async def prepare_library() -> None:
    """Import huggingface_hub, in a thread; must come before any `HubCall`."""
    await asyncio.to_thread(_install_transport)


@functools.cache
def _install_transport() -> None:
    """Make huggingface_hub use our transport. Its client is one per process, and so is this."""
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("HF_HUB_DISABLE_XET", "1")
    from huggingface_hub import set_client_factory

    def open_session() -> httpx2.Client:
        return httpx2.Client(transport=_LoopTransport(), trust_env=False, timeout=None)

    set_client_factory(open_session)
