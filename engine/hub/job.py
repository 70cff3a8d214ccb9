"""One download from the first question to the installed model."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from engine.errors import ErrorCode, TransferError
from engine.hub.blocking import run_blocking
from engine.hub.disk import disk_error, disk_full, resolve_inside
from engine.hub.events import TransferPhase, WaitReason
from engine.hub.file_fetch import FileFetch, TransferContext
from engine.hub.job_folder import JobFolder
from engine.hub.progress import JobProgress
from engine.hub.publish import publish
from engine.hub.retries import Retries, asked_wait_s
from engine.hub.sources import HubSource, RemoteFile, RemoteModel
from engine.models.manifest import ModelFile, ModelManifest

CompleteManifest = Callable[[Path, ModelManifest], ModelManifest]
"""Looks at the complete folder and fills in what only the files tell; runs in a thread."""


class Job:
    """Fetches what a job folder wants. Cancelling keeps what has arrived; run it again to go on.

    Guarantees: one runner per folder over all processes; nothing is installed unless the digest
    of every file is right.
    """

    def __init__(
        self,
        folder: JobFolder,
        *,
        target: Path,
        source: HubSource,
        context: TransferContext,
        progress: JobProgress,
        complete: CompleteManifest | None = None,
    ) -> None:
        self._folder = folder
        self._target = target
        self._source = source
        self._context = context
        self._progress = progress
        self._complete = complete

    async def run(self) -> Path:
        """Do everything that is left to do; returns the installed folder.

        Raises:
            EngineError: whatever ended it; what has arrived is kept.
        """
        try:
            with self._folder.lock():
                return await self._run()
        except OSError as error:
            raise disk_error(error, folder=self._folder.path, disk=self._context.disk) from error

    async def _run(self) -> Path:
        record = await run_blocking(self._folder.read)
        remote = await self._ask(record.wanted)
        record = await run_blocking(self._folder.adopt, record, remote.files)
        kept = await run_blocking(self._folder.bytes_kept, record)
        await self._check_space(record.bytes_total - kept)
        self._progress.meter.start(bytes_total=remote.size_bytes)
        self._progress.meter.keep(kept)
        digests = await self._fetch_all(remote)
        self._progress.phase = TransferPhase.PUBLISHING
        await run_blocking(self._publish, _manifest(record.wanted, remote, digests))
        return self._target

    async def _ask(self, wanted: ModelManifest) -> RemoteModel:
        self._progress.phase = TransferPhase.ASKING
        repository = wanted.source.repository or ""
        retries = Retries(self._context.settings, self._context.rng)
        while True:
            try:
                remote = await self._source.describe(repository, revision=wanted.source.revision)
            except TransferError as error:
                if error.code is ErrorCode.OFFLINE:
                    raise  # it already took its time
                await self._wait(retries.wait_s(error), error)
                continue
            if remote.files:
                return remote
            raise TransferError(
                f"{repository} holds no model files.",
                code=ErrorCode.MODEL_UNSUPPORTED,
                repository=repository,
                reason="no_files",
            )

    async def _wait(self, seconds: float, error: TransferError) -> None:
        asked = asked_wait_s(error) is not None
        reason = WaitReason.SERVER_ASKED if asked else WaitReason.RETRY
        until_s = self._context.clock.monotonic_s() + seconds
        self._progress.wait("", reason, until_s=until_s)
        await self._context.clock.sleep(seconds)
        self._progress.go_on("")

    async def _check_space(self, coming: int) -> None:
        settings, disk = self._context.settings, self._context.disk
        margin = max(settings.disk_margin_bytes, int(coming * settings.disk_margin_ratio))
        free = await run_blocking(disk.free_bytes, self._folder.path)
        if coming and coming + margin > free:
            raise disk_full(self._folder.path, needed_bytes=coming + margin, disk=disk)

    async def _fetch_all(self, remote: RemoteModel) -> Mapping[str, str]:
        self._progress.phase = TransferPhase.DOWNLOADING
        # Small files first: a gate or a wrong token shows before gigabytes were sent.
        waiting = deque(sorted(remote.files, key=lambda file: file.size_bytes))
        digests: dict[str, str] = {}

        async def work() -> None:
            while waiting:
                file = waiting.popleft()
                digests[file.path] = await self._fetch(file, remote)

        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(self._context.settings.files_at_once):
                    group.create_task(work())
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from failures
        return digests

    async def _fetch(self, file: RemoteFile, remote: RemoteModel) -> str:
        path = await run_blocking(resolve_inside, self._folder.path, file.path)
        fetch = FileFetch(
            file,
            path,
            repository=remote.summary.repository,
            source=self._source,
            context=self._context,
            progress=self._progress,
        )
        return await fetch.run()

    def _publish(self, manifest: ModelManifest) -> None:
        if self._complete is not None:
            manifest = self._complete(self._folder.path, manifest)
        publish(self._folder.path, self._target, manifest)


def _manifest(
    wanted: ModelManifest, remote: RemoteModel, digests: Mapping[str, str]
) -> ModelManifest:
    files = tuple(
        ModelFile(path=file.path, size_bytes=file.size_bytes, sha256=digests[file.path])
        for file in remote.files
    )
    source = remote.source
    return replace(wanted, files=files, source=source, license=wanted.license or remote.license)
