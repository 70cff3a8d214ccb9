"""The downloads of this program: their order, one model at a time, and what the user does to them.
Survives the program: what is unfinished at the start is listed as paused.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from pathlib import Path

from engine.hub.blocking import run_blocking
from engine.hub.clock import Clock, SystemClock
from engine.hub.disk import DiskAccess, disk_error
from engine.hub.events import TransferEvent, TransferState
from engine.hub.file_fetch import TransferContext
from engine.hub.hub_access import HubAccess
from engine.hub.job import CompleteManifest
from engine.hub.job_folder import JobFolder, UnfinishedJob, list_unfinished
from engine.hub.operation import Operation, QueueContext, QueueEntry
from engine.hub.publish import finish_interrupted
from engine.hub.queue_order import read_order, write_order
from engine.hub.settings import TransferSettings
from engine.hub.speed import SpeedLimit
from engine.models.manifest import ModelManifest


class DownloadQueue:
    """Downloads, first come first served, one model at a time with several files at once.

    Guarantees: events come on the event loop's thread; each run of a download ends in exactly one
    of FINISHED, FAILED, PAUSED; nothing that arrived is lost unless `cancel` says so. What is
    asked of a download that has just finished, or of none, does nothing.
    Hazard: one event loop; `on_event` must not raise.
    """

    def __init__(
        self,
        models_folder: Path,
        *,
        hubs: HubAccess,
        on_event: Callable[[TransferEvent], None],
        complete: CompleteManifest | None = None,
        settings: TransferSettings | None = None,
        clock: Clock | None = None,
        disk: DiskAccess | None = None,
        rng: random.Random | None = None,
    ) -> None:
        clock = clock or SystemClock()
        self._models_folder = models_folder
        self._limit = SpeedLimit(clock)
        self._context = QueueContext(
            models_folder=models_folder,
            hubs=hubs,
            complete=complete,
            on_event=on_event,
            on_end=self._on_end,
            transfer=TransferContext(
                settings=settings or TransferSettings(),
                clock=clock,
                limit=self._limit,
                disk=disk or DiskAccess(),
                rng=rng or random.Random(),
            ),
        )
        self._operations: list[Operation] = []
        self._adding = asyncio.Lock()
        self._closed = False

    @property
    def entries(self) -> tuple[QueueEntry, ...]:
        """Everything that is neither finished nor cancelled, in order."""
        return tuple(operation.entry for operation in self._operations)

    @property
    def speed_limit_bytes_per_s(self) -> float | None:
        """The limit over all downloads, or None."""
        return self._limit.bytes_per_s

    def set_speed_limit(self, bytes_per_s: float | None) -> None:
        """Change the limit at once; None means none."""
        self._limit.set(bytes_per_s)

    async def start(self) -> tuple[QueueEntry, ...]:
        """Publish what was complete when the program was killed; list the rest as paused."""
        await run_blocking(finish_interrupted, self._models_folder)
        found = {job.operation_id: job for job in await run_blocking(self._list)}
        order = await run_blocking(read_order, self._models_folder)
        names = [name for name in order if name in found]
        names += [name for name in found if name not in names]
        for name in names:
            if self._find(name) is None:
                self._operations.append(Operation.found(found[name], self._context))
        return self.entries

    async def add(self, wanted: ModelManifest) -> str:
        """Queue a model; returns its operation id. What an earlier run left of it is used.

        Args:
            wanted: the manifest to write, without files; `source` names hub and repository, and
                a revision when exactly that one is wanted.

        Raises:
            TransferError: UNSAFE_NAME, STORAGE_NOT_WRITABLE, DISK_FULL, or ALREADY_RUNNING when
                another process downloads it.
            StorageError: the record cannot be written.
        """
        folder = JobFolder.for_model(self._models_folder, wanted.id)
        async with self._adding:  # twice in a row it is one download
            return await self._add(folder, wanted)

    async def _add(self, folder: JobFolder, wanted: ModelManifest) -> str:
        operation = self._find(folder.operation_id)
        if operation is not None and operation.state is TransferState.ACTIVE:
            return operation.id
        try:
            await run_blocking(_create, folder, wanted)
        except OSError as error:
            disk = self._context.transfer.disk
            raise disk_error(error, folder=self._models_folder, disk=disk) from error
        if operation is None:
            operation = Operation(folder, wanted, self._context)
            self._operations.append(operation)
        operation.wanted = wanted
        await self._save_order()
        self.resume(operation.id)
        return operation.id

    def resume(self, operation_id: str) -> None:
        """Queue a paused or failed download again; it goes on where it was."""
        operation = self._find(operation_id)
        if operation is None or operation.wanted is None:
            return
        if operation.state in (TransferState.PAUSED, TransferState.FAILED):
            operation.set_state(TransferState.QUEUED)
            self._start_next()

    async def pause(self, operation_id: str) -> None:
        """Stop a download and keep what has arrived."""
        operation = self._find(operation_id)
        if operation is None:
            return
        if operation.state is TransferState.QUEUED:
            operation.set_state(TransferState.PAUSED)
        await operation.stop()

    async def cancel(self, operation_id: str) -> None:
        """Stop a download and delete everything that has arrived."""
        await self.pause(operation_id)
        operation = self._find(operation_id)
        if operation is None:  # it was installed in the last moment
            return
        self._operations.remove(operation)
        await run_blocking(_delete, operation.folder)
        await self._save_order()
        operation.set_state(TransferState.REMOVED)

    async def move(self, operation_id: str, position: int) -> None:
        """Put a download at a place of the list; what runs already goes on running."""
        operation = self._find(operation_id)
        if operation is None:
            return
        self._operations.remove(operation)
        self._operations.insert(max(0, position), operation)
        await self._save_order()

    async def wait_idle(self) -> None:
        """Return when nothing is active or queued."""
        while running := [op for op in self._operations if op.state is TransferState.ACTIVE]:
            await running[0].wait_ended()
            await asyncio.sleep(0)

    async def close(self) -> None:
        """Stop everything and keep what has arrived; for quitting."""
        self._closed = True
        for operation in list(self._operations):
            await operation.stop()

    def _start_next(self) -> None:
        states = [operation.state for operation in self._operations]
        if self._closed or TransferState.ACTIVE in states or TransferState.QUEUED not in states:
            return
        self._operations[states.index(TransferState.QUEUED)].start()

    def _on_end(self, operation: Operation) -> None:
        if operation.state is TransferState.FINISHED:
            self._operations.remove(operation)
            if not self._operations:
                write_order(self._models_folder, ())
        self._start_next()

    def _find(self, operation_id: str) -> Operation | None:
        return next((op for op in self._operations if op.id == operation_id), None)

    def _list(self) -> tuple[UnfinishedJob, ...]:
        return tuple(job for job in list_unfinished(self._models_folder) if not job.running)

    async def _save_order(self) -> None:
        names = [operation.id for operation in self._operations]
        await run_blocking(write_order, self._models_folder, names)


def _create(folder: JobFolder, wanted: ModelManifest) -> None:
    with folder.lock():
        folder.create(wanted)


def _delete(folder: JobFolder) -> None:
    with folder.lock():
        folder.delete()
