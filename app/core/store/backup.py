"""Rotating backups: five daily, one monthly, one before each migration. Every one is verified."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from app.core.store.connection import (
    DATABASE_ERRORS,
    is_sound,
    make_private_file,
    make_private_folder,
)
from app.core.store.files import sync_file
from engine.atomic_file import sync_folder

DAILY_KEPT = 5
MIGRATION_KEPT = 2
_MONTH = timedelta(days=30)
_PAGES_PER_STEP = 512
_ROOM_LEFT_BYTES = 16 * 1024 * 1024
_DAY = "%Y-%m-%d"


class BackupInterruptedError(Exception):
    """The user needs the store; the backup is made later."""


class BackupFailedError(Exception):
    """The backup could not be written or did not verify."""


def daily_is_due(folder: Path, now: float, database: Path) -> bool:
    """Tell whether today has no backup yet and the database changed since the newest one."""
    newest = _dated(folder, "daily")[-1:]
    if not newest:
        return True
    if newest[0].name == f"daily-{datetime.fromtimestamp(now):{_DAY}}.db":
        return False
    try:
        written = [path.stat() for path in _with_log(database) if path.exists()]
        # An empty log is made by opening alone.
        changed_at = max((stat.st_mtime for stat in written if stat.st_size), default=0.0)
        return changed_at > newest[0].stat().st_mtime
    except OSError:
        return True


def _with_log(database: Path) -> tuple[Path, Path]:
    return database, database.with_name(database.name + "-wal")


def make_daily(
    source: sqlite3.Connection,
    folder: Path,
    now: float,
    *,
    must_stop: Callable[[], bool] = lambda: False,
) -> Path:
    """Back up, then rotate.

    Raises:
        BackupInterruptedError: `must_stop` said so; nothing is left behind.
        BackupFailedError: it could not be written, or the copy is not sound.
    """
    today = datetime.fromtimestamp(now)
    path = _make(source, folder, f"daily-{today:{_DAY}}.db", must_stop)
    _rotate(folder, today)
    return path


def make_before_migration(
    source: sqlite3.Connection, folder: Path, now: float, version: int
) -> Path:
    """Back up a file of an older version. Raises BackupFailedError."""
    name = f"before-migration-{datetime.fromtimestamp(now):{_DAY}}-v{version}.db"
    path = _make(source, folder, name, lambda: False)
    for old in _dated(folder, "before-migration")[:-MIGRATION_KEPT]:
        old.unlink(missing_ok=True)
    return path


def newest_sound_backup(folder: Path) -> Path | None:
    """The newest backup that can be read, whatever its kind."""
    kinds = ("daily", "monthly", "before-migration")
    found = [path for kind in kinds for path in _dated(folder, kind)]
    for path in sorted(found, key=lambda path: path.stat().st_mtime, reverse=True):
        if _verifies(path):
            return path
    return None


def has_backups(folder: Path) -> bool:
    """Tell whether there is any backup, sound or not."""
    return folder.is_dir() and any(folder.glob("*.db"))


def _make(
    source: sqlite3.Connection, folder: Path, name: str, must_stop: Callable[[], bool]
) -> Path:
    part = folder / (name + ".part")

    def progress(status: int, remaining: int, total: int) -> None:
        if must_stop():
            raise BackupInterruptedError

    try:
        make_private_folder(folder)
        part.unlink(missing_ok=True)
        _leave_room(source, folder)
        make_private_file(part)
        with closing(sqlite3.connect(part)) as target:
            source.backup(target, pages=_PAGES_PER_STEP, progress=progress)
            # One file of its own: the copy must not need a log beside it.
            target.execute("PRAGMA journal_mode = DELETE")
        if not _verifies(part):
            raise BackupFailedError("the copy did not verify")
        sync_file(part)
        part.replace(folder / name)
        sync_folder(folder)
    except (BackupInterruptedError, BackupFailedError):
        _clear(part)
        raise
    except (OSError, sqlite3.Error) as error:
        _clear(part)
        raise BackupFailedError(str(error)) from error
    return folder / name


def _leave_room(source: sqlite3.Connection, folder: Path) -> None:
    """A backup may not take the space that today's chats need."""
    pages, page_bytes = (
        source.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size")
    )
    if shutil.disk_usage(folder).free < pages * page_bytes + _ROOM_LEFT_BYTES:
        raise BackupFailedError("the disk is almost full")


def _clear(part: Path) -> None:
    try:
        part.unlink(missing_ok=True)
    except OSError:
        return


def _verifies(path: Path) -> bool:
    try:
        uri = f"{path.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            return is_sound(connection)
    except DATABASE_ERRORS:
        return False


def _dated(folder: Path, kind: str) -> list[Path]:
    """Backups of one kind, oldest first: their names sort by date."""
    return sorted(folder.glob(f"{kind}-*.db")) if folder.is_dir() else []


def _rotate(folder: Path, today: datetime) -> None:
    try:
        dailies = _dated(folder, "daily")
        monthlies = _dated(folder, "monthly")
        if not monthlies or _date_of(monthlies[-1]) + _MONTH <= today:
            # The oldest daily: the monthly then reaches back further than the dailies do.
            monthly = folder / dailies[0].name.replace("daily", "monthly")
            part = monthly.with_suffix(".part")
            shutil.copy2(dailies[0], part)
            part.replace(monthly)
            for old in monthlies:
                old.unlink(missing_ok=True)
        for old in dailies[:-DAILY_KEPT]:
            old.unlink(missing_ok=True)
    except OSError as error:
        raise BackupFailedError(str(error)) from error


def _date_of(path: Path) -> datetime:
    try:
        return datetime.strptime(path.stem.removeprefix("monthly-"), _DAY)
    except ValueError:
        return datetime.min
