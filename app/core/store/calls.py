"""What all calls of the store share: opening, closing, reading and writing through the worker."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from app.core.store.chats import purge_chats
from app.core.store.deletion import purge_messages
from app.core.store.files import StoreFiles
from app.core.store.ids import IdSource
from app.core.store.ladder import Database
from app.core.store.values import StoreClosedError, StoreNotice, Written
from app.core.store.worker import StoreTiming, StoreWorker

_Result = TypeVar("_Result")
_DEFAULT_TIMING = StoreTiming()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreStatus:
    """How the store came up; notices say why."""

    read_only: bool
    in_memory: bool


class StoreCalls:
    """Opening and closing."""

    def __init__(
        self,
        path: Path,
        *,
        clock: Callable[[], float] = time.time,
        on_notice: Callable[[StoreNotice], None] = lambda notice: None,
        timing: StoreTiming = _DEFAULT_TIMING,
        memory_only: bool = False,
    ) -> None:
        """Args:
        path: the database file; backups and damaged files are kept beside it.
        clock: seconds since the epoch.
        on_notice: called on the store's thread; must return at once.
        timing: how patient to be; tests shorten it.
        memory_only: write nothing at all; `path` is not touched, everything ends with `close`.
        """
        self._clock = clock
        files = StoreFiles(path, memory_only=memory_only)
        self._worker = StoreWorker(files, clock=clock, notify=on_notice, timing=timing)
        self._ids: IdSource | None = None

    def open(self) -> Future[StoreStatus]:
        """Start the store's thread and open the file, mending what needs mending.

        Nothing else may be called before the future resolves. It fails only when not even a
        database in memory can be had.
        """
        opened = self._worker.start()
        future = self._worker.submit(lambda reader: self._take_over(reader, opened), writes=False)
        return future

    def _take_over(self, reader: sqlite3.Connection, opened: Future[Database]) -> StoreStatus:
        database = opened.result()
        self._ids = IdSource(reader)
        status = StoreStatus(read_only=database.writer is None, in_memory=database.in_memory)
        if not status.read_only:
            # Undoing does not outlive the program.
            self.purge_deleted()
        return status

    def close(self, timeout_s: float = 10.0) -> bool:
        """Finish everything, back up when due, close. Tells whether that was done in time."""
        return self._worker.stop(timeout_s)

    def purge_deleted(self) -> Future[int]:
        """Remove for good what is deleted; resolves with the number of chats and messages."""

        def purge(connection: sqlite3.Connection) -> int:
            now = self._clock()
            return purge_chats(connection, now) + purge_messages(connection, now)

        return self._worker.submit(purge, writes=True, removes=True)

    def _take_id(self, table: str) -> int:
        return self._id_source().take(table)

    def _id_source(self) -> IdSource:
        if self._ids is None:
            raise StoreClosedError("the conversation store is not open yet")
        return self._ids

    def _read(self, run: Callable[[sqlite3.Connection], _Result]) -> Future[_Result]:
        return self._worker.submit(run, writes=False)

    def _write(self, run: Callable[[sqlite3.Connection], _Result]) -> Future[_Result]:
        return self._worker.submit(run, writes=True)

    def _add(self, new_id: int, run: Callable[[sqlite3.Connection], None]) -> Written:
        return Written(new_id, self._worker.submit(run, writes=True))
