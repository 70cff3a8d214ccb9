"""The one thread that touches the database: jobs in order, answers through futures.

No write is lost silently.
"""

from __future__ import annotations

import logging
import queue
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar

from app.core.store.connection import (
    DATABASE_ERRORS,
    Fault,
    classify,
    is_sound,
    transaction,
)
from app.core.store.files import StoreFiles
from app.core.store.ladder import Database, Ladder
from app.core.store.upkeep import Upkeep
from app.core.store.values import NoticeCode, StoreClosedError, StoreNotice, make_notice
from engine.errors import ErrorCode, StorageError

_log = logging.getLogger(__name__)

_Result = TypeVar("_Result")
_PAUSES = {
    Fault.DISK_FULL: NoticeCode.SAVING_PAUSED_DISK_FULL,
    Fault.NOT_WRITABLE: NoticeCode.SAVING_PAUSED_NOT_WRITABLE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreTiming:
    """How patient the store is, in seconds."""

    retry_s: float = 1.0
    """Between attempts to write what a full disk refused."""
    quiet_s: float = 20.0
    """Without any job before checks and backups start."""


@dataclass(slots=True, eq=False)
class _Job:
    run: Callable[[sqlite3.Connection], Any]
    future: Future[Any]
    writes: bool
    removes: bool = False

    def settle(self, outcome: object, error: BaseException | None = None) -> None:
        if not self.future.set_running_or_notify_cancel():
            return
        if error is None:
            self.future.set_result(outcome)
        else:
            self.future.set_exception(error)


class StoreWorker:
    """Guarantees: jobs run in the order they were submitted; every future is settled, at the latest
    by `stop`; a write that the disk refuses is kept and tried again before any later one."""

    def __init__(
        self,
        files: StoreFiles,
        *,
        clock: Callable[[], float],
        notify: Callable[[StoreNotice], None],
        timing: StoreTiming,
    ) -> None:
        self._notify = notify
        self._timing = timing
        self._files = files
        self._ladder = Ladder(files, clock=clock, notify=notify)
        self._queue: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._waiting: deque[_Job] = deque()
        self._retry_at = 0.0
        self._upkeep = Upkeep(
            files,
            clock=clock,
            notify=notify,
            quiet_s=timing.quiet_s,
            is_wanted=lambda: not self._queue.empty(),
        )
        self._opened: Future[Database] = Future()
        # A program that dies without `stop` must not hang; SQLite stands being cut off.
        self._thread = threading.Thread(target=self._run, name="conversation-store", daemon=True)
        self._closed = False
        self._lock = threading.Lock()

    def start(self) -> Future[Database]:
        """Open the database on the store's thread."""
        self._thread.start()
        return self._opened

    def submit(
        self,
        run: Callable[[sqlite3.Connection], _Result],
        *,
        writes: bool,
        removes: bool = False,
    ) -> Future[_Result]:
        """Queue a job. Raises StoreClosedError after `stop`."""
        job = _Job(run, Future(), writes, removes)
        with self._lock:
            if self._closed:
                raise StoreClosedError("the conversation store is closed")
            self._queue.put(job)
        return job.future

    def stop(self, timeout_s: float) -> bool:
        """Finish what is queued, checkpoint and close; tells whether that was done in time."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        if self._thread.ident is None:
            return True
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            self._database = self._ladder.open()
        except BaseException as error:  # noqa: BLE001 (border: a thread's loop)
            self._opened.set_exception(error)
            self._refuse_rest(StoreClosedError("the conversation store could not be opened"))
            return
        self._upkeep.note_open(self._database)
        self._opened.set_result(self._database)
        while (job := self._next_job()) is not None:
            self._serve(job)
        self._shut_down()

    def _next_job(self) -> _Job | None:
        while True:
            try:
                wait_s = self._wait_s()
                return self._queue.get(block=wait_s != 0.0, timeout=wait_s or None)
            except queue.Empty:
                self._use_idle_time()

    def _wait_s(self) -> float | None:
        if self._waiting:
            return max(0.0, self._retry_at - time.monotonic())
        return self._upkeep.due_in_s()

    def _use_idle_time(self) -> None:
        if self._waiting:
            self._try_waiting()
            return
        try:
            self._upkeep.step(self._database)
        except DATABASE_ERRORS as error:
            if classify(error) is Fault.DAMAGED:
                self._recover(error)
        except Exception:  # noqa: BLE001 (border: the loop must outlive its own housekeeping)
            _log.exception("upkeep of the conversation store failed")
            self._upkeep.give_up()

    def _serve(self, job: _Job) -> None:
        if job.writes and self._waiting:
            self._waiting.append(job)
            return
        if not self._attempt(job):
            self._waiting.append(job)
        self._upkeep.note_job(wrote=job.writes)

    def _attempt(self, job: _Job, *, after_recovery: bool = False) -> bool:
        """Run a job and settle it. False: the disk refused, the job must be kept."""
        try:
            outcome = self._run_job(job)
        except DATABASE_ERRORS as error:
            fault = classify(error, self._files.database.parent)
            if fault is Fault.DAMAGED and not after_recovery and self._recover(error):
                return self._attempt(job, after_recovery=True)
            if job.writes and fault in _PAUSES:
                self._pause(fault, error)
                return False
            job.settle(None, _as_storage_error(error, fault))
        except BaseException as error:  # noqa: BLE001 (border: the job's future carries it on)
            job.settle(None, error)
        else:
            if job.removes:
                self._upkeep.note_removal()
            job.settle(outcome)
        return True

    def _run_job(self, job: _Job) -> object:
        if not job.writes:
            return job.run(self._database.reader)
        writer = self._database.writer
        if writer is None:
            raise StorageError(
                "The chats were written by a newer version and are open for reading only.",
                code=ErrorCode.STORAGE_NEWER_SCHEMA,
            )
        with transaction(writer):
            return job.run(writer)

    def _pause(self, fault: Fault, error: Exception) -> None:
        self._retry_at = time.monotonic() + self._timing.retry_s
        if not self._waiting:
            self._notify(make_notice(_PAUSES[fault], waiting=1, reason=str(error)))

    def _try_waiting(self) -> None:
        saved = 0
        if self._database.writer is not None:
            # On a full disk the log itself may be what takes the space.
            self._checkpoint(self._database.writer)
        while self._waiting:
            if not self._attempt(self._waiting[0]):
                return
            self._waiting.popleft()
            saved += 1
        self._upkeep.note_job(wrote=True)
        self._notify(make_notice(NoticeCode.SAVING_RESUMED, saved=saved))

    def _recover(self, error: Exception) -> bool:
        """Mend the index, or rebuild the file when it is damaged beyond that."""
        database = self._database
        if database.writer is None or database.in_memory:
            return False
        try:
            if "fts" in str(error) or is_sound(database.writer):
                self._upkeep.mend_index(database.writer)
                return True
        except DATABASE_ERRORS as check:
            # Damage that does not even let itself be checked is rebuilt; a full disk is not damage.
            if classify(check) is not Fault.DAMAGED:
                return False
        database.close()
        try:
            self._database = self._ladder.open_repaired()
        except (OSError, *DATABASE_ERRORS):
            self._database = self._ladder.open()
        self._upkeep.note_open(self._database)
        return True

    def _shut_down(self) -> None:
        if self._waiting:
            self._try_waiting()
        if self._waiting:
            self._notify(make_notice(NoticeCode.UNSAVED_AT_CLOSE, lost=len(self._waiting)))
        refusal = StorageError("Not saved.", code=ErrorCode.STORAGE_NOT_WRITABLE)
        while self._waiting:
            self._waiting.popleft().settle(None, refusal)
        if self._database.writer is not None and not self._database.in_memory:
            # In this order: a backup newer than the file tells that nothing changed since.
            self._checkpoint(self._database.writer)
            self._upkeep.back_up(self._database)
        self._database.close()
        self._refuse_rest(StoreClosedError("the conversation store is closed"))

    def _checkpoint(self, writer: sqlite3.Connection) -> None:
        try:
            writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.Error:
            # The log holds everything; the next start reads it.
            return

    def _refuse_rest(self, error: Exception) -> None:
        while True:
            try:
                job = self._queue.get_nowait()
            except queue.Empty:
                return
            if job is not None:
                job.settle(None, error)


def _as_storage_error(error: Exception, fault: Fault) -> Exception:
    codes = {
        Fault.DISK_FULL: ErrorCode.DISK_FULL,
        Fault.NOT_WRITABLE: ErrorCode.STORAGE_NOT_WRITABLE,
        Fault.DAMAGED: ErrorCode.STORAGE_CORRUPT,
    }
    storage = StorageError(str(error), code=codes.get(fault, ErrorCode.INTERNAL))
    storage.__cause__ = error
    return storage
