"""Which chats hold something that came while nobody looked, as facts of the store."""

from __future__ import annotations

import sqlite3

_KEY = "unseen:"


def set_unseen(connection: sqlite3.Connection, chat_id: int, why: str) -> None:
    """Remember that something in a chat was not seen, and what; "" when it was."""
    key = f"{_KEY}{chat_id}"
    if why:
        connection.execute("INSERT OR REPLACE INTO store_fact VALUES (?, ?)", (key, why))
    else:
        connection.execute("DELETE FROM store_fact WHERE key = ?", (key,))


def list_unseen(connection: sqlite3.Connection) -> dict[int, str]:
    """What was not seen, by the id of its chat; those that are deleted are left out."""
    rows = connection.execute(
        "SELECT chat.id, value FROM chat JOIN store_fact ON key = ? || chat.id"
        " WHERE chat.deleted_at IS NULL",
        (_KEY,),
    )
    return dict(rows.fetchall())
