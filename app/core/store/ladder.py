"""The steps of opening the store, from the plain case down to a session in memory only."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

from app.core.store import backup
from app.core.store.connection import (
    DATABASE_ERRORS,
    Fault,
    classify,
    connect_reader,
    connect_writer,
    is_sound,
    make_private_file,
    make_private_folder,
    transaction,
)
from app.core.store.files import StoreFiles
from app.core.store.indexing import ensure_index, renew_index
from app.core.store.messages import interrupt_unfinished
from app.core.store.migrations import LATEST_VERSION, migrate, read_version
from app.core.store.rebuild import Repair, rebuild
from app.core.store.values import NoticeCode, StoreNotice, make_notice

_CHECK_EVERY_S = 7 * 86400.0
_CHECKED_AT = "checked_at"

Notify = Callable[[StoreNotice], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """Open connections. Without a writer the file is for reading only."""

    reader: sqlite3.Connection
    writer: sqlite3.Connection | None
    in_memory: bool = False
    index_to_check: bool = False
    """The last stop was unclean, or the index was not checked for a week."""

    def close(self) -> None:
        """Close both connections."""
        self.reader.close()
        if self.writer is not None and self.writer is not self.reader:
            self.writer.close()


class DamagedError(sqlite3.DatabaseError):
    """A check found the file unsound."""

    sqlite_errorcode = sqlite3.SQLITE_CORRUPT


class Ladder:
    """Opens one store."""

    def __init__(self, files: StoreFiles, *, clock: Callable[[], float], notify: Notify) -> None:
        self._files = files
        self._clock = clock
        self._notify = notify

    def open(self) -> Database:
        """Open the store somehow; what had to be done about it is told by notices."""
        if self._files.memory_only:
            return self._open_in_memory()
        try:
            return self._open_on_disk()
        except (OSError, *DATABASE_ERRORS) as error:
            self._notify(make_notice(NoticeCode.NOT_SAVING, reason=str(error)))
            return self._open_in_memory()

    def _open_on_disk(self) -> Database:
        files = self._files
        make_private_folder(files.database.parent)
        if files.rebuilt.exists():
            # A crash came between making a replacement and putting it in its place.
            files.swap_in_rebuilt(self._clock())
        files.remove_unfinished()
        if files.is_missing_or_empty() and backup.has_backups(files.backups):
            self.repair()
        try:
            return self._open_file()
        except DATABASE_ERRORS as error:
            if classify(error) is not Fault.DAMAGED:
                raise
        self.repair()
        return self._open_file()

    def repair(self) -> None:
        """Rebuild the file and tell what was kept. No connection may be open."""
        repair = rebuild(self._files, self._clock())
        self._notify(_repair_notice(repair))

    def open_repaired(self) -> Database:
        """Repair a file whose damage showed while it was open, and open it again.

        Raises:
            OSError, sqlite3.Error: it could not be repaired; `open` gives a way on.
        """
        self.repair()
        return self._open_file()

    def _open_file(self) -> Database:
        unclean = self._files.stopped_uncleanly()
        found = self._look_at_version()
        if found > LATEST_VERSION:
            self._notify(make_notice(NoticeCode.NEWER_SCHEMA, found=found, known=LATEST_VERSION))
            return Database(reader=connect_reader(self._files.database), writer=None)
        make_private_file(self._files.database)
        writer = connect_writer(self._files.database)
        try:
            self._warn_about_journal(writer)
            due = self._check(writer, found, unclean=unclean)
            self._migrate(writer, found)
            self._prepare_index(writer)
            self._close_unfinished(writer)
            return Database(
                reader=connect_reader(self._files.database), writer=writer, index_to_check=due
            )
        except BaseException:
            writer.close()
            raise

    def _look_at_version(self) -> int:
        """The schema version, read without writing: a file of a newer version stays as it is."""
        if self._files.is_missing_or_empty():
            return 0
        with closing(connect_reader(self._files.database)) as reader:
            return read_version(reader)

    def _warn_about_journal(self, writer: sqlite3.Connection) -> None:
        journal = writer.execute("PRAGMA journal_mode").fetchone()[0]
        if journal != "wal":
            self._notify(make_notice(NoticeCode.JOURNAL_UNSUPPORTED, journal=journal))

    def _check(self, writer: sqlite3.Connection, version: int, *, unclean: bool) -> bool:
        """Check after an unclean stop and once a week; tells whether it was due."""
        if version == 0:
            return False
        if not unclean and self._is_cut_short(writer):
            raise DamagedError("the file is shorter than it says")
        row = writer.execute("SELECT value FROM store_fact WHERE key = ?", (_CHECKED_AT,))
        checked_at = float((row.fetchone() or (0.0,))[0])
        if not unclean and 0 <= self._clock() - checked_at < _CHECK_EVERY_S:
            return False
        if not is_sound(writer):
            raise DamagedError("quick_check found damage")
        self._note_check(writer)
        return True

    def _is_cut_short(self, writer: sqlite3.Connection) -> bool:
        pages, page_bytes = (
            writer.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size")
        )
        return bool(self._files.database.stat().st_size < pages * page_bytes)

    def _note_check(self, writer: sqlite3.Connection) -> None:
        writer.execute(
            "INSERT INTO store_fact VALUES (?, ?)"
            " ON CONFLICT(key) DO UPDATE SET value = excluded.value",
            (_CHECKED_AT, repr(self._clock())),
        )

    def _migrate(self, writer: sqlite3.Connection, found: int) -> None:
        if 0 < found < LATEST_VERSION:
            try:
                backup.make_before_migration(writer, self._files.backups, self._clock(), found)
            except backup.BackupFailedError as error:
                self._notify(backup_notice(error, self._files))
        try:
            migrate(writer, self._clock())
        except sqlite3.OperationalError as error:
            # Tables that contradict the version number: the header is damaged.
            if classify(error) is Fault.REQUEST:
                raise DamagedError(str(error)) from error
            raise
        if found == 0:
            self._note_check(writer)

    def _prepare_index(self, writer: sqlite3.Connection) -> None:
        try:
            ensure_index(writer)
        except sqlite3.OperationalError as error:
            if classify(error) is not Fault.REQUEST:
                raise
            self._notify(make_notice(NoticeCode.SEARCH_INDEX_UNAVAILABLE, reason=str(error)))

    def _close_unfinished(self, writer: sqlite3.Connection) -> None:
        try:
            count = self._interrupt(writer)
        except DATABASE_ERRORS as error:
            if classify(error) is not Fault.DAMAGED:
                raise
            # Perhaps only the index; the second try tells.
            renew_index(writer)
            self._notify(make_notice(NoticeCode.SEARCH_INDEX_REBUILT))
            count = self._interrupt(writer)
        if count:
            self._notify(make_notice(NoticeCode.ANSWERS_INTERRUPTED, count=count))

    def _interrupt(self, writer: sqlite3.Connection) -> int:
        unfinished = writer.execute(
            "SELECT 1 FROM message WHERE state IN ('waiting', 'streaming') LIMIT 1"
        ).fetchone()
        if unfinished is None:
            return 0
        with transaction(writer):
            return interrupt_unfinished(writer)

    def _open_in_memory(self) -> Database:
        writer = connect_writer(None)
        migrate(writer, self._clock())
        self._prepare_index(writer)
        return Database(reader=writer, writer=writer, in_memory=True)


def backup_notice(error: Exception, files: StoreFiles) -> StoreNotice:
    """The notice for a backup that could not be made."""
    return make_notice(NoticeCode.BACKUP_FAILED, reason=str(error), folder=str(files.backups))


def _repair_notice(repair: Repair) -> StoreNotice:
    return make_notice(
        NoticeCode.DAMAGE_REPAIRED,
        messages=repair.messages,
        chats=repair.chats,
        lost=repair.lost,
        altered=repair.altered,
        from_backup=repair.from_backup,
        backup=repair.backup,
        moved_to=repair.moved_to,
    )
