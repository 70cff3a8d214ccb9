"""Fetches one file: resumes it, watches every answer, tries again, believes the digest only."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import ErrorCode, TransferError
from engine.hub.blocking import run_blocking
from engine.hub.clock import Clock
from engine.hub.disk import DiskAccess, disk_error
from engine.hub.events import WaitReason
from engine.hub.partial_file import PartialFile, bytes_on_disk
from engine.hub.progress import JobProgress
from engine.hub.retries import Retries, asked_wait_s
from engine.hub.settings import TransferSettings
from engine.hub.sources import HubSource, RemoteFile
from engine.hub.speed import SpeedLimit

if TYPE_CHECKING:
    import httpx2

_CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")
_SLOW_BLOCK_S = 0.2
"""On a slow network blocks are written before they are full."""
_CHANCES = 2
"""Complete arrivals with a wrong digest end the download."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferContext:
    """What all files of all downloads share."""

    settings: TransferSettings
    clock: Clock
    limit: SpeedLimit
    disk: DiskAccess
    rng: random.Random


class FileFetch:
    """One file on its way into a job folder. Cancelling keeps what has arrived."""

    def __init__(
        self,
        file: RemoteFile,
        path: Path,
        *,
        repository: str,
        source: HubSource,
        context: TransferContext,
        progress: JobProgress,
    ) -> None:
        self._file = file
        self._repository = repository
        self._source = source
        self._context = context
        self._progress = progress
        self._retries = Retries(context.settings, context.rng)
        self._part = PartialFile(
            path, size_bytes=file.size_bytes, algorithm=file.algorithm, disk=context.disk
        )

    async def run(self) -> str:
        """Fetch what is missing and give the file its name; returns its SHA-256.

        Raises:
            TransferError: CHECKSUM when it arrived damaged twice, DISK_FULL, STORAGE_NOT_WRITABLE,
                GATED and whatever ended the last try.
        """
        self._progress.begin(self._file.path)
        try:
            await self._fetch()
            await run_blocking(self._part.finish)
        except OSError as error:
            folder = self._part.path.parent
            raise disk_error(error, folder=folder, disk=self._context.disk) from error
        finally:
            await run_blocking(self._part.close)
            self._progress.end(self._file.path)
        return self._part.sha256

    async def _fetch(self) -> None:
        kept = await self._hash_what_is_there()
        # What an earlier run left may have suffered from a power loss: that is no fault of the hub.
        chances = _CHANCES + (1 if kept else 0)
        for _ in range(chances):
            await self._fill()
            if self._part.digest == self._file.digest:
                return
            await self._restart()
        raise TransferError(
            f"{self._file.path} arrived damaged.", code=ErrorCode.CHECKSUM, file=self._file.path
        )

    async def _hash_what_is_there(self) -> int:
        """Hash the bytes an earlier run left. The meter has counted them already."""
        counted = await run_blocking(bytes_on_disk, self._part.path, self._file.size_bytes)
        found = await run_blocking(self._part.open)
        self._progress.check(self._file.path)
        while self._part.length < found:
            if not await run_blocking(self._part.hash_next):
                break  # cut by someone else meanwhile
        self._progress.go_on(self._file.path)
        self._progress.meter.keep(self._part.length - counted)
        return self._part.length

    async def _fill(self) -> None:
        while self._part.length < self._file.size_bytes:
            try:
                await self._request()
            except TransferError as error:
                seconds = self._retries.wait_s(error, reached=self._part.length)
                await self._wait(seconds, error)

    async def _wait(self, seconds: float, error: TransferError) -> None:
        asked = asked_wait_s(error) is not None
        reason = WaitReason.SERVER_ASKED if asked else WaitReason.RETRY
        until_s = self._context.clock.monotonic_s() + seconds
        self._progress.wait(self._file.path, reason, until_s=until_s)
        await self._context.clock.sleep(seconds)
        self._progress.go_on(self._file.path)

    async def _request(self) -> None:
        from engine.hub.http import send

        headers = {"Accept-Encoding": "identity"}
        if self._part.length:
            headers["Range"] = f"bytes={self._part.length}-"
        secrets = await self._source.secret_headers()
        response = await send(
            self._source.client, self._file.url, headers=headers, secret_headers=secrets
        )
        try:
            await self._check(response, had_token=bool(secrets))
            await self._receive(response)
        finally:
            await response.aclose()

    async def _receive(self, response: httpx2.Response) -> None:
        import httpx2

        from engine.hub.hub_errors import network_error, unexpected_answer

        buffer = bytearray()
        try:
            async for received in response.aiter_raw():
                buffer += received
                if self._part.length + len(buffer) > self._file.size_bytes:
                    await self._restart()
                    raise unexpected_answer("too_long")
                if self._is_due(buffer):
                    await self._append(buffer)
        except httpx2.TransportError as error:
            await self._append(buffer)  # a broken connection costs nothing that came through it
            raise network_error(error, str(response.url)) from error
        await self._append(buffer)
        if self._part.length < self._file.size_bytes:
            raise unexpected_answer("too_short")

    async def _check(self, response: httpx2.Response, *, had_token: bool) -> None:
        """Look at the head of an answer; on return its body belongs at the end of the file."""
        from engine.hub.hub_errors import is_html, server_error, sign_in_page, unexpected_answer

        status = response.status_code
        if status == 416:
            await self._restart()
            raise unexpected_answer("range")
        if status >= 400:
            raise self._refusal(response, had_token=had_token)
        if status not in (200, 206):
            raise server_error(status)
        if is_html(response.headers):
            raise sign_in_page(str(response.url))
        if status == 206:
            await self._check_range(response.headers.get("content-range", ""))
            return
        if self._part.length:  # the server ignored the range: this is the file from its start
            await self._restart()
        if response.headers.get("content-length", "").isdigit():
            self._check_length(int(response.headers["content-length"]))

    async def _check_range(self, content_range: str) -> None:
        from engine.hub.hub_errors import unexpected_answer

        match = _CONTENT_RANGE.fullmatch(content_range.strip())
        sizes = ("*", str(self._file.size_bytes))
        if not match or int(match[1]) != self._part.length or match[3] not in sizes:
            await self._restart()
            raise unexpected_answer("range")

    def _check_length(self, length: int) -> None:
        from engine.hub.hub_errors import unexpected_answer

        if length != self._file.size_bytes:
            raise unexpected_answer("length")

    def _refusal(self, response: httpx2.Response, *, had_token: bool) -> TransferError:
        from engine.hub.hub_errors import server_error, status_error
        from engine.hub.redirects import origin

        status, at_hub = response.status_code, origin(str(response.url)) == origin(self._file.url)
        if not at_hub and status < 500 and status != 429:
            # A signed link that ran out: asking the hub again gives a new one.
            return server_error(status, reason="link_expired")
        return status_error(
            status,
            response.headers,
            repository=self._repository,
            page_url=self._source.page_url(self._repository),
            had_token=had_token,
        )

    def _is_due(self, buffer: bytearray) -> bool:
        slow = self._progress.meter.idle_s >= _SLOW_BLOCK_S
        return slow or len(buffer) >= self._context.settings.block_bytes

    async def _append(self, buffer: bytearray) -> None:
        block = bytes(buffer)
        buffer.clear()
        await run_blocking(self._write, block)
        self._progress.meter.add(len(block))
        await self._context.limit.take(len(block))

    def _write(self, block: bytes) -> None:
        self._part.append(block, sync_bytes=self._context.settings.sync_bytes)

    async def _restart(self) -> None:
        self._progress.meter.keep(-self._part.length)
        await run_blocking(self._part.restart)
