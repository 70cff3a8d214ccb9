"""Makes a sound database out of a damaged one and the newest backup. The damaged one is kept."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from app.core.store import backup
from app.core.store.connection import (
    connect_writer,
    is_sound,
    make_private_file,
    transaction,
)
from app.core.store.files import StoreFiles
from app.core.store.indexing import ensure_index
from app.core.store.migrations import migrate
from app.core.store.salvage import Salvaged, salvage
from app.core.store.schema import drop_index

# Rows whose neighbours were lost get a place again. Parents always have smaller ids.
_MEND = (
    """INSERT INTO chat(id, created_at, updated_at)
        SELECT chat_id, min(created_at), max(created_at) FROM message
        WHERE chat_id NOT IN (SELECT id FROM chat) GROUP BY chat_id""",
    """UPDATE chat SET folder_id = NULL
        WHERE folder_id IS NOT NULL AND folder_id NOT IN (SELECT id FROM folder)""",
    """UPDATE message SET parent_id = (
            SELECT max(p.id) FROM message p
            WHERE p.chat_id = message.chat_id AND p.id < message.id)
        WHERE parent_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM message p WHERE p.id = message.parent_id
            AND p.chat_id = message.chat_id)""",
    "DELETE FROM fragment WHERE message_id NOT IN (SELECT id FROM message)",
    "DELETE FROM generation WHERE message_id NOT IN (SELECT id FROM message)",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """What a rebuild kept."""

    messages: int
    chats: int
    lost: int
    """Rows that could not be read and are in no backup."""
    altered: int
    """Texts that did not fit their checksum."""
    from_backup: int
    """Messages that came from the backup alone."""
    backup: str
    """Its file name, "" without one."""
    moved_to: str
    """Folder of the damaged files, "" when there were none."""


def rebuild(files: StoreFiles, now: float) -> Repair:
    """Replace a damaged or missing database; safe against a crash at any point.

    Raises:
        OSError, sqlite3.Error: the replacement could not be written; nothing was moved.
    """
    files.remove_unfinished()
    make_private_file(files.unfinished)
    source = backup.newest_sound_backup(files.backups)
    if source is not None:
        shutil.copyfile(source, files.unfinished)
    with closing(connect_writer(files.unfinished)) as target:
        repair = _fill(target, files.database, now, source)
        target.execute("PRAGMA journal_mode = DELETE")
    files.publish_rebuilt()
    moved_to = files.swap_in_rebuilt(now)
    return Repair(**repair, backup=source.name if source else "", moved_to=moved_to)


def _fill(
    target: sqlite3.Connection, damaged: Path, now: float, source: Path | None
) -> dict[str, int]:
    migrate(target, now)
    drop_index(target)
    target.execute("PRAGMA foreign_keys = OFF")
    from_backup = set() if source is None else _message_ids(target)
    with transaction(target):
        found = salvage(damaged, target) if damaged.exists() else Salvaged()
        _forget_removed(target, found)
        for statement in _MEND:
            target.execute(statement)
    ensure_index(target)
    if not is_sound(target):
        raise sqlite3.DatabaseError("the replacement is not sound")
    return {
        "messages": len(_message_ids(target)),
        "chats": int(target.execute("SELECT count(*) FROM chat").fetchone()[0]),
        "lost": _count_lost(target, found),
        "altered": found.altered,
        "from_backup": len((from_backup & _message_ids(target)) - found.ids.get("message", set())),
    }


def _count_lost(target: sqlite3.Connection, found: Salvaged) -> int:
    """Messages and stretches of answers that are nowhere."""
    fragments = len(found.lost.get("fragment", ()))
    return fragments + len(found.lost.get("message", set()) - _message_ids(target))


def _message_ids(connection: sqlite3.Connection) -> set[int]:
    return {row[0] for row in connection.execute("SELECT id FROM message").fetchall()}


def _forget_removed(target: sqlite3.Connection, found: Salvaged) -> None:
    """What the user deleted after the backup stays deleted, where that can be known."""
    for table in found.complete & {"folder", "chat", "message"}:
        target.execute("CREATE TEMP TABLE kept(id INTEGER PRIMARY KEY)")
        target.executemany("INSERT INTO kept VALUES (?)", [(key,) for key in found.ids[table]])
        target.execute(f"DELETE FROM {table} WHERE id NOT IN (SELECT id FROM kept)")
        target.execute("DROP TABLE kept")
    if "chat" in found.complete:
        target.execute("DELETE FROM message WHERE chat_id NOT IN (SELECT id FROM chat)")
