"""Keeps the search index up to date in small steps. It may always be made anew."""

from __future__ import annotations

import sqlite3

from app.core.store.connection import transaction
from app.core.store.schema import create_index, drop_index, has_index

_STEP_CHARACTERS = 16 * 1024
"""About 10 ms: the longest a call waits for a step, but for a single longer message."""
_STEP_MESSAGES = 50


def ensure_index(connection: sqlite3.Connection) -> None:
    """Make the index when it is missing.

    Raises:
        sqlite3.OperationalError: this SQLite cannot have one.
    """
    if not has_index(connection):
        with transaction(connection):
            create_index(connection)


def renew_index(connection: sqlite3.Connection) -> None:
    """Throw the index away and queue all messages for a new one."""
    drop_index(connection)
    ensure_index(connection)


def index_step(connection: sqlite3.Connection) -> bool:
    """Put the next few waiting messages into the index; False when none waits."""
    if not has_index(connection):
        return False
    ids: list[tuple[int]] = []
    characters = 0
    waiting = connection.execute(
        "SELECT m.id, length(m.text) FROM search_pending p JOIN message m ON m.id = p.message_id"
        " WHERE m.state NOT IN ('waiting', 'streaming') ORDER BY p.message_id LIMIT ?",
        (_STEP_MESSAGES,),
    ).fetchall()
    for message_id, length in waiting:
        if ids and characters + length > _STEP_CHARACTERS:
            break
        ids.append((message_id,))
        characters += length
    if not ids:
        return False
    with transaction(connection):
        connection.executemany(
            "INSERT INTO message_fts(rowid, text) SELECT id, text FROM message WHERE id = ?", ids
        )
        connection.executemany("DELETE FROM search_pending WHERE message_id = ?", ids)
    return True


def check_index(connection: sqlite3.Connection) -> None:
    """Compare the index with the texts. Raises sqlite3.DatabaseError when they differ."""
    if has_index(connection):
        connection.execute(
            "INSERT INTO message_fts(message_fts, rank) VALUES ('integrity-check', 1)"
        )


def compact_index(connection: sqlite3.Connection) -> None:
    """Merge the index into one piece, so that nothing of removed texts stays in it."""
    if has_index(connection):
        connection.execute("INSERT INTO message_fts(message_fts) VALUES ('optimize')")
