"""The downloads as the window shows them: the queue's events become rows. Never blocks."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.controllers.model_hubs import ModelHubs
from app.controllers.model_tasks import ModelTasks
from app.viewmodels.download_rows import DownloadRow, row_after
from engine.hub.events import TransferEvent, TransferFinished, TransferState, TransferStateChanged
from engine.models.catalog import load_catalog
from engine.models.manifest import ModelManifest
from engine.models.orders import complete_order

if TYPE_CHECKING:
    from engine.hub.download_queue import DownloadQueue


class ModelDownloads(QObject):
    """All downloads of this session, and the unfinished ones of earlier ones.

    Signals: `rows_changed(tuple[DownloadRow, ...])` when rows come, go or change place;
    `row_changed(DownloadRow)` with every other news; `installed(str)` with a model id;
    `failed(ErrorInfo)` for what belongs to no row.
    """

    rows_changed = Signal(object)
    row_changed = Signal(object)
    installed = Signal(str)
    failed = Signal(object)

    def __init__(
        self, folder: Path, hubs: ModelHubs, tasks: ModelTasks, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._folder = folder
        self._hubs = hubs
        self._tasks = tasks
        self._queue: DownloadQueue | None = None
        self._opening = asyncio.Lock()
        self._rows: dict[str, DownloadRow] = {}
        hubs.settings_changed.connect(self._set_limit)

    @property
    def rows(self) -> tuple[DownloadRow, ...]:
        """Unfinished ones in the order of the queue, then what was installed in this session."""
        return tuple(self._rows.values())

    def is_wanted(self, model_id: str) -> bool:
        """Whether a download of this model is under way, paused or failed."""
        return any(row.model_id == model_id and row.is_unfinished for row in self.rows)

    def open(self) -> None:
        """List what earlier runs left unfinished."""
        self._tasks.start(self._get(()), on_error=self.failed.emit)

    def get(self, orders: Iterable[ModelManifest]) -> None:
        """Download these models, one after the other."""
        self._tasks.start(self._get(tuple(orders)), on_error=self.failed.emit)

    def resume(self, operation_id: str) -> None:
        """Go on with a paused or failed download."""
        if self._queue is not None:
            self._queue.resume(operation_id)

    def pause(self, operation_id: str) -> None:
        """Stop a download and keep what has arrived."""
        if self._queue is not None:
            self._tasks.start(self._queue.pause(operation_id), on_error=self.failed.emit)

    def cancel(self, operation_id: str) -> None:
        """Give a download up and delete what has arrived; a finished one only leaves the list."""
        row = self._rows.get(operation_id)
        if row is not None and row.state is TransferState.FINISHED:
            del self._rows[operation_id]
            self.rows_changed.emit(self.rows)
        elif self._queue is not None:
            self._tasks.start(self._queue.cancel(operation_id), on_error=self.failed.emit)

    def move_up(self, operation_id: str) -> None:
        """Put a download one place earlier in the queue."""
        self._tasks.start(self._move_up(operation_id), on_error=self.failed.emit)

    async def close(self) -> None:
        """Stop everything and keep what has arrived."""
        queue, self._queue = self._queue, None
        if queue is not None:
            await queue.close()

    async def change_folder(self, folder: Path) -> None:
        """Go on in another models folder; nothing may be active."""
        await self.close()
        self._folder = folder
        self._rows.clear()
        self.rows_changed.emit(self.rows)

    @property
    def is_active(self) -> bool:
        """Whether any download runs or waits in the queue."""
        return any(row.state in (TransferState.ACTIVE, TransferState.QUEUED) for row in self.rows)

    async def _open(self) -> DownloadQueue:
        async with self._opening:
            if self._queue is None:
                self._queue = await self._started()
                self._set_limit()
                self._list()
            return self._queue

    async def _started(self) -> DownloadQueue:
        from engine.hub.download_queue import DownloadQueue

        queue = DownloadQueue(
            self._folder,
            hubs=self._hubs.access,
            on_event=self._on_event,
            complete=partial(complete_order, catalog=load_catalog()),
        )
        await queue.start()
        return queue

    async def _get(self, orders: tuple[ModelManifest, ...]) -> None:
        queue = await self._open()
        for order in orders:
            await queue.add(order)
        self._list()

    async def _move_up(self, operation_id: str) -> None:
        queue = await self._open()
        ids = [entry.operation_id for entry in queue.entries]
        if operation_id in ids:
            await queue.move(operation_id, ids.index(operation_id) - 1)
        self._list()

    def _list(self) -> None:
        """Take the rows anew from the queue; what is known of them beyond that is kept."""
        queue = self._queue
        old, self._rows = self._rows, {}
        for entry in queue.entries if queue is not None else ():
            self._rows[entry.operation_id] = DownloadRow.of(entry, old.get(entry.operation_id))
        for operation_id, row in old.items():
            if row.state is TransferState.FINISHED:
                self._rows.setdefault(operation_id, row)
        self.rows_changed.emit(self.rows)

    def _on_event(self, event: TransferEvent) -> None:
        row = self._rows.get(event.operation_id)
        if isinstance(event, TransferStateChanged) and (
            row is None or event.state is TransferState.REMOVED
        ):
            self._rows.pop(event.operation_id, None)
            self._list()
            return
        if row is None:
            return
        changed = row_after(row, event)
        self._rows[event.operation_id] = changed
        if isinstance(event, TransferFinished):
            self._list()
            self.installed.emit(event.model_id)
        elif changed.state is not row.state:
            self.rows_changed.emit(self.rows)
        else:
            self.row_changed.emit(changed)

    def _set_limit(self) -> None:
        if self._queue is not None:
            self._queue.set_speed_limit(self._hubs.settings.speed_limit_bytes_per_s)
