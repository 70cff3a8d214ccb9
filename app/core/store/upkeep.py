"""What the store does when nobody asks anything of it: index, check, compact, back up."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from math import isinf

from app.core.store import backup
from app.core.store.connection import DATABASE_ERRORS, Fault, classify
from app.core.store.files import StoreFiles
from app.core.store.indexing import check_index, compact_index, index_step, renew_index
from app.core.store.ladder import Database, backup_notice
from app.core.store.schema import drop_index, has_index
from app.core.store.values import NoticeCode, StoreNotice, make_notice

_BACKUP_LOOK_EVERY_S = 3600.0
_MAX_RENEWALS = 2
"""An index that breaks again and again is given up for this session."""
_OPCODES_BETWEEN_LOOKS = 20_000
_INDEX_FAULTS = (Fault.DAMAGED, Fault.REQUEST)
"""A statement about the index that does not even run tells of a broken one, too."""


class Upkeep:
    """Small steps of work for idle times. Indexing goes on at once; the rest waits for quiet
    and is broken off when a job arrives."""

    def __init__(
        self,
        files: StoreFiles,
        *,
        clock: Callable[[], float],
        notify: Callable[[StoreNotice], None],
        quiet_s: float,
        is_wanted: Callable[[], bool],
    ) -> None:
        self._files = files
        self._clock = clock
        self._notify = notify
        self._quiet_s = quiet_s
        self._is_wanted = is_wanted
        self._last_job_at = time.monotonic()
        self._next_backup_look = self._last_job_at
        self._index_waits = True
        self._check_due = False
        self._compact_due = False
        self._renewals = 0

    def note_open(self, database: Database) -> None:
        """Take over what opening found."""
        self._check_due = database.index_to_check
        self._index_waits = True

    def note_job(self, *, wrote: bool) -> None:
        """A job was done: quiet starts anew; a write may have left something to index."""
        self._last_job_at = time.monotonic()
        self._index_waits = self._index_waits or wrote

    def note_removal(self) -> None:
        """Something was removed for good: the index still holds traces of it."""
        self._compact_due = True

    def due_in_s(self) -> float | None:
        """Seconds until there is something to do; None: nothing ever will be."""
        if self._index_waits:
            return 0.0
        quiet = self._last_job_at + self._quiet_s
        if not (self._check_due or self._compact_due):
            quiet = max(quiet, self._next_backup_look)
        return None if isinf(quiet) else max(0.0, quiet - time.monotonic())

    def step(self, database: Database) -> None:
        """Do one piece of work. Raises sqlite3.Error only for damage outside the index."""
        writer = database.writer
        if writer is None:
            self._index_waits = self._check_due = self._compact_due = False
            self._next_backup_look = time.monotonic() + _BACKUP_LOOK_EVERY_S
        elif self._index_waits:
            self._index(writer)
        elif self._check_due or self._compact_due:
            self._tend_index(writer)
        elif time.monotonic() >= self._next_backup_look:
            self._next_backup_look = time.monotonic() + _BACKUP_LOOK_EVERY_S
            if not database.in_memory:
                self.back_up(database, must_stop=self._is_wanted)

    def back_up(self, database: Database, *, must_stop: Callable[[], bool] = lambda: False) -> None:
        """Make today's backup when it is due."""
        now = self._clock()
        if not backup.daily_is_due(self._files.backups, now, self._files.database):
            return
        try:
            backup.make_daily(database.reader, self._files.backups, now, must_stop=must_stop)
        except backup.BackupInterruptedError:
            self._next_backup_look = time.monotonic()
        except backup.BackupFailedError as error:
            self._notify(backup_notice(error, self._files))

    def _index(self, writer: sqlite3.Connection) -> None:
        try:
            self._index_waits = index_step(writer)
        except DATABASE_ERRORS as error:
            self._index_waits = False
            # A full disk stops the indexing, not the chat: the next write starts it again.
            if classify(error) in _INDEX_FAULTS:
                self.mend_index(writer)

    def _tend_index(self, writer: sqlite3.Connection) -> None:
        writer.set_progress_handler(self._is_wanted, _OPCODES_BETWEEN_LOOKS)
        try:
            if self._check_due:
                check_index(writer)
                self._check_due = False
            elif self._compact_due:
                compact_index(writer)
                self._compact_due = False
        except DATABASE_ERRORS as error:
            fault = classify(error)
            if fault in _INDEX_FAULTS:
                writer.set_progress_handler(None, 0)
                self.mend_index(writer)
            elif fault is not Fault.INTERRUPTED:
                self._check_due = self._compact_due = False
        finally:
            writer.set_progress_handler(None, 0)

    def give_up(self) -> None:
        """Do nothing more by itself in this session."""
        self._index_waits = self._check_due = self._compact_due = False
        self._quiet_s = self._next_backup_look = float("inf")

    def mend_index(self, writer: sqlite3.Connection) -> None:
        """Make the index anew, in small steps; twice at most in one session."""
        self._check_due = self._compact_due = False
        self._renewals += 1
        if self._renewals > _MAX_RENEWALS:
            if has_index(writer):
                drop_index(writer)
                self._notify(
                    make_notice(NoticeCode.SEARCH_INDEX_UNAVAILABLE, reason="breaks repeatedly")
                )
            return
        renew_index(writer)
        self._index_waits = True
        self._notify(make_notice(NoticeCode.SEARCH_INDEX_REBUILT))
