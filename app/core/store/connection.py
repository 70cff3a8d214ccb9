"""How the file is opened, and what an error of SQLite means. Readers never checkpoint."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, auto
from pathlib import Path

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700
_BUSY_TIMEOUT_S = 5.0
_LOG_PAGES = 256
"""1 MB: a log that has eaten the last space of a disk cannot be emptied into the database."""
_JOURNAL_LIMIT_BYTES = 16 * 1024 * 1024
_OF_A_BROKEN_INDEX = ("message_fts", "searchable", "SQL logic error")

DATABASE_ERRORS = (sqlite3.Error, MemoryError)
"""What a database may raise: a length read from a damaged page may be more than any memory."""
_HARDLY_ANY_BYTES = 1024 * 1024


class Fault(Enum):
    """What went wrong, as far as the store acts on it."""

    DISK_FULL = auto()
    NOT_WRITABLE = auto()
    """The medium refuses; may pass by itself."""
    DAMAGED = auto()
    """The file is not a sound database any more, or its search index is not."""
    INTERRUPTED = auto()
    REQUEST = auto()
    """The statement itself, e.g. a reference to something that does not exist."""


_FAULTS = {
    sqlite3.SQLITE_FULL: Fault.DISK_FULL,
    sqlite3.SQLITE_IOERR: Fault.NOT_WRITABLE,
    sqlite3.SQLITE_READONLY: Fault.NOT_WRITABLE,
    sqlite3.SQLITE_CANTOPEN: Fault.NOT_WRITABLE,
    sqlite3.SQLITE_BUSY: Fault.NOT_WRITABLE,
    sqlite3.SQLITE_PERM: Fault.NOT_WRITABLE,
    sqlite3.SQLITE_CORRUPT: Fault.DAMAGED,
    sqlite3.SQLITE_NOTADB: Fault.DAMAGED,
    sqlite3.SQLITE_TOOBIG: Fault.DAMAGED,
    sqlite3.SQLITE_INTERRUPT: Fault.INTERRUPTED,
}


def classify(error: Exception, folder: Path | None = None) -> Fault:
    """Say what an error means; with `folder`, an I/O error on a full disk is DISK_FULL."""
    if isinstance(error, MemoryError):
        return Fault.DAMAGED
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return Fault.REQUEST
    if code == sqlite3.SQLITE_ERROR and any(text in str(error) for text in _OF_A_BROKEN_INDEX):
        return Fault.DAMAGED
    fault = _FAULTS.get(code & 0xFF, Fault.REQUEST)
    if fault is Fault.NOT_WRITABLE and folder is not None and _is_full(folder):
        return Fault.DISK_FULL
    return fault


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < _HARDLY_ANY_BYTES
    except OSError:
        return False


def make_private_folder(folder: Path) -> None:
    """Make a folder that only this user may enter; an existing one is left as it is."""
    if not folder.is_dir():
        folder.mkdir(parents=True, mode=PRIVATE_FOLDER)
        folder.chmod(PRIVATE_FOLDER)


def make_private_file(path: Path) -> None:
    """Make sure a file exists and only this user may read it; its companions inherit that."""
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, PRIVATE_FILE))
    path.chmod(PRIVATE_FILE)


def connect_writer(path: Path | None) -> sqlite3.Connection:
    """The one connection that writes; None is a database in memory.

    WAL with FULL survives a power cut. No mmap: it turned a known bug into damage.
    """
    connection = sqlite3.connect(
        path or ":memory:", isolation_level=None, timeout=_BUSY_TIMEOUT_S, cached_statements=256
    )
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute(f"PRAGMA wal_autocheckpoint = {_LOG_PAGES}")
        connection.execute(f"PRAGMA journal_size_limit = {_JOURNAL_LIMIT_BYTES}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def connect_reader(path: Path) -> sqlite3.Connection:
    """A connection that can neither write nor checkpoint."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro",
        uri=True,
        isolation_level=None,
        timeout=_BUSY_TIMEOUT_S,
        cached_statements=256,
    )
    connection.execute("PRAGMA query_only = ON")
    connection.execute("PRAGMA wal_autocheckpoint = 0")
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Run a block in one transaction: committed at its end, taken back on any exception."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # SQLite has rolled back by itself when the disk was full.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def is_sound(connection: sqlite3.Connection) -> bool:
    """Run `quick_check`; False for any finding.

    Raises:
        sqlite3.DatabaseError: the file cannot be read at all.
    """
    rows = connection.execute("PRAGMA quick_check(1)").fetchall()
    return rows == [("ok",)]
