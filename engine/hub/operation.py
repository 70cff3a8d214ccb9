"""One download as the queue sees it: its state, its run, and the events both give."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from engine.errors import EngineError, ErrorCode, ErrorInfo
from engine.hub.events import (
    TransferEvent,
    TransferFailed,
    TransferFinished,
    TransferProgressed,
    TransferState,
    TransferStateChanged,
)
from engine.hub.file_fetch import TransferContext
from engine.hub.hub_access import HubAccess
from engine.hub.job import CompleteManifest, Job
from engine.hub.job_folder import JobFolder, UnfinishedJob
from engine.hub.progress import JobProgress
from engine.hub.publish import target_folder
from engine.models.manifest import MANIFEST_NAME, ModelManifest


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueEntry:
    """One download as it stands now."""

    operation_id: str
    wanted: ModelManifest | None
    """None when the record on the disk is damaged: it can only be cancelled."""
    state: TransferState
    bytes_done: int
    bytes_total: int
    """0 until a hub was asked."""
    age_days: float = 0.0
    """Since the last byte of an earlier run; for offering to delete what is old."""
    error: ErrorInfo | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueContext:
    """What all downloads of a queue share."""

    models_folder: Path
    hubs: HubAccess
    transfer: TransferContext
    complete: CompleteManifest | None
    on_event: Callable[[TransferEvent], None]
    on_end: Callable[[Operation], None]
    """A run ended; the state is the new one."""


class Operation:
    """A download that may be started and stopped any number of times.

    Guarantees: each run ends in exactly one of FINISHED, FAILED, PAUSED.
    """

    def __init__(
        self, folder: JobFolder, wanted: ModelManifest | None, context: QueueContext
    ) -> None:
        self.folder = folder
        self.wanted = wanted
        self.state = TransferState.PAUSED
        self._context = context
        self._error: ErrorInfo | None = None
        self._age_days = 0.0
        self._progress = self._new_progress()
        self._last_event: TransferProgressed | None = None
        self._task: asyncio.Task[Path] | None = None
        self._ended = asyncio.Event()

    @classmethod
    def found(cls, job: UnfinishedJob, context: QueueContext) -> Operation:
        """One of an earlier run of the program."""
        folder = JobFolder(context.models_folder, job.operation_id)
        operation = cls(folder, job.record.wanted if job.record else None, context)
        operation._age_days = job.age_days
        if job.record is not None:
            operation._progress.meter.start(bytes_total=job.record.bytes_total)
            operation._progress.meter.keep(job.bytes_done)
        if job.problem is not None:
            operation._error, operation.state = job.problem, TransferState.FAILED
        return operation

    @property
    def id(self) -> str:
        """Stays the same over restarts of the program."""
        return self.folder.operation_id

    @property
    def entry(self) -> QueueEntry:
        """This download as it stands now."""
        return QueueEntry(
            operation_id=self.id,
            wanted=self.wanted,
            state=self.state,
            bytes_done=self._progress.meter.bytes_done,
            bytes_total=self._progress.meter.bytes_total,
            age_days=self._age_days,
            error=self._error,
        )

    def set_state(self, state: TransferState) -> None:
        """Change the state and tell it."""
        self.state = state
        if state is TransferState.QUEUED:
            self._error = None
        self._context.on_event(
            TransferStateChanged(operation_id=self.id, model_id=self._model_id, state=state)
        )

    def start(self) -> None:
        """Begin a run."""
        before, self._progress = self._progress.meter, self._new_progress()
        self._progress.meter.start(bytes_total=before.bytes_total)
        self._progress.meter.keep(before.bytes_done)
        self._ended.clear()
        self.set_state(TransferState.ACTIVE)
        self._task = asyncio.create_task(self._run())
        self._task.add_done_callback(self._end)

    async def stop(self) -> None:
        """End a run, if there is one, and wait for its end. What has arrived is kept."""
        if self._task is not None:
            self._task.cancel()
            await self._ended.wait()

    async def wait_ended(self) -> None:
        """Return when the run that goes on now has ended."""
        await self._ended.wait()

    async def _run(self) -> Path:
        assert self.wanted is not None
        job = Job(
            self.folder,
            target=self._target,
            source=self._context.hubs.source_of(self.wanted.source),
            context=self._context.transfer,
            progress=self._progress,
            complete=self._context.complete,
        )
        ticker = asyncio.create_task(self._tick())
        try:
            return await job.run()
        finally:
            ticker.cancel()
            await asyncio.wait([ticker])
            self._tell_progress()

    async def _tick(self) -> None:
        transfer = self._context.transfer
        while True:
            self._tell_progress()
            await transfer.clock.sleep(transfer.settings.progress_s)

    def _tell_progress(self) -> None:
        event = self._progress.event(operation_id=self.id, model_id=self._model_id)
        if event != self._last_event:
            self._last_event = event
            self._context.on_event(event)

    def _end(self, task: asyncio.Task[Path]) -> None:
        """The one place where a run ends."""
        self._task = None
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self._fail(error)
        elif not task.cancelled() or self._is_installed():  # or cancelled in the last moment
            self._finish()
        else:
            self.set_state(TransferState.PAUSED)
        self._ended.set()
        self._context.on_end(self)

    def _finish(self) -> None:
        self.set_state(TransferState.FINISHED)
        self._context.on_event(
            TransferFinished(operation_id=self.id, model_id=self._model_id, path=self._target)
        )

    def _fail(self, error: BaseException) -> None:
        if isinstance(error, EngineError):
            self._error = error.to_info()
        else:  # a defect: told like any other, and reported where defects are reported
            self._error = ErrorInfo(code=ErrorCode.INTERNAL, message=repr(error))
            report = {"message": "a download failed unexpectedly", "exception": error}
            asyncio.get_running_loop().call_exception_handler(report)
        self.set_state(TransferState.FAILED)
        self._context.on_event(
            TransferFailed(operation_id=self.id, model_id=self._model_id, error=self._error)
        )

    @property
    def _model_id(self) -> str:
        return self.wanted.id if self.wanted else ""

    @property
    def _target(self) -> Path:
        return target_folder(self._context.models_folder, self._model_id)

    def _is_installed(self) -> bool:
        return not self.folder.path.exists() and (self._target / MANIFEST_NAME).is_file()

    def _new_progress(self) -> JobProgress:
        transfer = self._context.transfer
        return JobProgress(transfer.clock, stalled_s=transfer.settings.stalled_s)
