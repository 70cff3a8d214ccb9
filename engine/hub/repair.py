"""Fetches single files of an installed model again. The model must not be loaded meanwhile."""

from __future__ import annotations

import random
from collections.abc import Collection
from pathlib import Path

from engine.atomic_file import sync_folder
from engine.errors import ErrorCode, TransferError
from engine.hub.blocking import run_blocking
from engine.hub.clock import Clock, SystemClock
from engine.hub.disk import DiskAccess, disk_error, disk_full, resolve_inside
from engine.hub.file_fetch import FileFetch, TransferContext
from engine.hub.hub_access import HubAccess
from engine.hub.job_folder import JobFolder
from engine.hub.names import job_folder_name
from engine.hub.partial_file import bytes_on_disk
from engine.hub.progress import JobProgress
from engine.hub.settings import TransferSettings
from engine.hub.sources import HubSource, RemoteModel
from engine.hub.speed import SpeedLimit
from engine.models.manifest import ModelFile, ModelSource, SourceType, read_manifest

_SUFFIX = ".repair"


class Repair:
    """Replaces files of one installed model by what its manifest says they are.

    Each file is fetched beside the model, compared with the manifest and moved over the bad one;
    what fails or is cancelled leaves the model as it was, and the next run goes on there.
    """

    def __init__(
        self,
        folder: Path,
        *,
        models_folder: Path,
        hubs: HubAccess,
        settings: TransferSettings | None = None,
        clock: Clock | None = None,
        disk: DiskAccess | None = None,
    ) -> None:
        clock = clock or SystemClock()
        self._folder = folder
        self._models_folder = models_folder
        self._hubs = hubs
        self._context = TransferContext(
            settings=settings or TransferSettings(),
            clock=clock,
            limit=SpeedLimit(clock),
            disk=disk or DiskAccess(),
            rng=random.Random(),
        )
        self.progress = JobProgress(clock, stalled_s=self._context.settings.stalled_s)
        """For whoever shows it; see `JobProgress.event`."""

    async def run(self, paths: Collection[str]) -> None:
        """Repair the files of these paths, as the manifest spells them.

        Raises:
            ModelError: the manifest cannot be read.
            TransferError: REPOSITORY_NOT_FOUND with reason `no_hub` when the model did not come
                from a hub, `file` when the hub has the file no more; CHECKSUM with reason
                `changed` when the hub has another content now; all a download can end with.
        """
        manifest = await run_blocking(read_manifest, self._folder)
        source = self._hubs.source_of(manifest.source)
        files = [file for file in manifest.files if file.path in frozenset(paths)]
        staging = JobFolder(self._models_folder, "." + job_folder_name(manifest.id) + _SUFFIX)
        try:
            with staging.lock():
                staging.path.mkdir(parents=True, exist_ok=True)
                await self._check_space(files, staging.path)
                remote = await _describe(source, manifest.source)
                for file in files:
                    await self._replace(file, remote, staging.path, source)
                await run_blocking(staging.delete)
        except OSError as error:
            raise disk_error(error, folder=self._folder, disk=self._context.disk) from error

    async def _replace(
        self, file: ModelFile, remote: RemoteModel, staging: Path, source: HubSource
    ) -> None:
        offered = next((other for other in remote.files if other.path == file.path), None)
        if offered is None:
            raise TransferError(
                f"The hub has no {file.path} any more.",
                code=ErrorCode.REPOSITORY_NOT_FOUND,
                repository=remote.summary.repository,
                reason="file",
            )
        arrived = await run_blocking(resolve_inside, staging, file.path)
        fetch = FileFetch(
            offered,
            arrived,
            repository=remote.summary.repository,
            source=source,
            context=self._context,
            progress=self.progress,
        )
        if await fetch.run() != file.sha256:
            raise TransferError(
                f"The hub has another {file.path} now.",
                code=ErrorCode.CHECKSUM,
                file=file.path,
                reason="changed",
            )
        await run_blocking(_move, arrived, resolve_inside(self._folder, file.path))

    async def _check_space(self, files: Collection[ModelFile], staging: Path) -> None:
        disk, settings = self._context.disk, self._context.settings
        coming = sum(file.size_bytes for file in files)
        needed = coming + max(settings.disk_margin_bytes, int(coming * settings.disk_margin_ratio))
        if needed > await run_blocking(disk.free_bytes, staging):
            raise disk_full(staging, needed_bytes=needed, disk=disk)
        self.progress.meter.start(bytes_total=coming)
        self.progress.meter.keep(
            sum(bytes_on_disk(staging / file.path, file.size_bytes) for file in files)
        )


async def _describe(source: HubSource, of: ModelSource) -> RemoteModel:
    # The revision of ModelScope names one file's commit; its branch is asked, digests decide.
    revision = None if of.type is SourceType.MODELSCOPE else of.revision
    return await source.describe(of.repository or "", revision=revision)


def _move(arrived: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    arrived.replace(target)
    sync_folder(target.parent)
