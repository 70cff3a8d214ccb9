"""Chats and folders as functions over one connection. Transactions belong to the caller."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

from app.core.store.codec import clean_text
from app.core.store.unseen import set_unseen
from app.core.store.values import (
    ChatPage,
    NoSuchItemError,
    StoredChat,
    StoredFolder,
    TitleSource,
)

_COLUMNS = "id, title, title_source, created_at, updated_at, folder_id, pinned"


def insert_chat(
    connection: sqlite3.Connection,
    chat_id: int,
    *,
    title: str,
    title_source: TitleSource,
    folder_id: int | None,
    system_prompt: str,
    settings: Mapping[str, Any],
    now: float,
) -> None:
    """Add an empty chat."""
    connection.execute(
        "INSERT INTO chat(id, title, title_source, created_at, updated_at, folder_id,"
        " system_prompt, settings) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            chat_id,
            clean_text(title),
            title_source,
            now,
            now,
            folder_id,
            clean_text(system_prompt),
            dump_settings(settings),
        ),
    )


def update_chat(connection: sqlite3.Connection, chat_id: int, **values: Any) -> None:
    """Set columns of one chat. Raises NoSuchItemError."""
    assignments = ", ".join(f"{name} = ?" for name in values)
    cursor = connection.execute(
        f"UPDATE chat SET {assignments} WHERE id = ?", (*values.values(), chat_id)
    )
    if cursor.rowcount == 0:
        raise NoSuchItemError(f"chat {chat_id}")


def set_auto_title(connection: sqlite3.Connection, chat_id: int, title: str) -> bool:
    """Name a chat unless the user named it; tells whether it took the name."""
    cursor = connection.execute(
        "UPDATE chat SET title = ? WHERE id = ? AND title_source = 'auto'",
        (clean_text(title), chat_id),
    )
    return cursor.rowcount > 0


def list_chats(
    connection: sqlite3.Connection, *, after: StoredChat | None, limit: int, folder_id: int | None
) -> ChatPage:
    """One page of chats, pinned first, then newest first; `after`: the last of the page before."""
    where, values = ["deleted_at IS NULL"], []
    if folder_id is not None:
        where.append("folder_id = ?")
        values.append(folder_id)
    total = connection.execute(
        f"SELECT count(*) FROM chat WHERE {' AND '.join(where)}", values
    ).fetchone()[0]
    position: list[float] = []
    if after is not None:
        where.append("(pinned, updated_at, id) < (?, ?, ?)")
        position = [after.pinned, after.updated_at, after.id]
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM chat WHERE {' AND '.join(where)}"
        " ORDER BY pinned DESC, updated_at DESC, id DESC LIMIT ?",
        (*values, *position, limit),
    )
    return ChatPage(chats=tuple(map(_to_chat, rows.fetchall())), total=total)


def read_chat(
    connection: sqlite3.Connection, chat_id: int
) -> tuple[StoredChat, str, Mapping[str, Any], str]:
    """A chat with its system prompt, settings and draft. Raises NoSuchItemError."""
    row = connection.execute(
        f"SELECT {_COLUMNS}, system_prompt, settings, draft FROM chat"
        " WHERE id = ? AND deleted_at IS NULL",
        (chat_id,),
    ).fetchone()
    if row is None:
        raise NoSuchItemError(f"chat {chat_id}")
    return _to_chat(row[:7]), row[7], load_settings(row[8]), row[9]


def _to_chat(row: tuple[Any, ...]) -> StoredChat:
    return StoredChat(
        id=row[0],
        title=row[1],
        title_source=TitleSource(row[2]),
        created_at=row[3],
        updated_at=row[4],
        folder_id=row[5],
        pinned=bool(row[6]),
    )


def dump_settings(settings: Mapping[str, Any]) -> str:
    """Settings of a chat as JSON. Raises ValueError or TypeError for what JSON cannot hold."""
    return clean_text(json.dumps(dict(settings), ensure_ascii=False, allow_nan=False))


def load_settings(text: str) -> Mapping[str, Any]:
    """Settings of a chat; damaged ones count as none, they must not keep a chat from opening."""
    try:
        settings = json.loads(text)
    except ValueError:
        return {}
    return settings if isinstance(settings, dict) else {}


def mark_chats_deleted(
    connection: sqlite3.Connection, chat_ids: Iterable[int], now: float | None
) -> tuple[int, ...]:
    """Hide chats (or show them again with now=None); returns the ids that changed."""
    changed = []
    condition = "IS NULL" if now is not None else "IS NOT NULL"
    for chat_id in chat_ids:
        cursor = connection.execute(
            f"UPDATE chat SET deleted_at = ? WHERE id = ? AND deleted_at {condition}",
            (now, chat_id),
        )
        if cursor.rowcount:
            changed.append(chat_id)
    return tuple(changed)


def purge_chats(connection: sqlite3.Connection, before: float) -> int:
    """Remove chats for good that were hidden before a time; returns how many."""
    ids = connection.execute(
        "SELECT id FROM chat WHERE deleted_at IS NOT NULL AND deleted_at <= ?", (before,)
    ).fetchall()
    for (chat_id,) in ids:
        # Cascades would recurse into a long chat; one statement per table does not.
        connection.execute("DELETE FROM message WHERE chat_id = ?", (chat_id,))
        set_unseen(connection, chat_id, "")
        connection.execute("DELETE FROM chat WHERE id = ?", (chat_id,))
    return len(ids)


def insert_folder(connection: sqlite3.Connection, folder_id: int, name: str, now: float) -> None:
    """Add a folder."""
    connection.execute("INSERT INTO folder VALUES (?, ?, ?)", (folder_id, clean_text(name), now))


def rename_folder(connection: sqlite3.Connection, folder_id: int, name: str) -> None:
    """Raises NoSuchItemError."""
    cursor = connection.execute(
        "UPDATE folder SET name = ? WHERE id = ?", (clean_text(name), folder_id)
    )
    if cursor.rowcount == 0:
        raise NoSuchItemError(f"folder {folder_id}")


def delete_folder(connection: sqlite3.Connection, folder_id: int) -> None:
    """Remove a folder; its chats stay, outside of any folder."""
    connection.execute("DELETE FROM folder WHERE id = ?", (folder_id,))


def list_folders(connection: sqlite3.Connection) -> tuple[StoredFolder, ...]:
    """All folders by name, with the number of chats in each."""
    rows = connection.execute(
        "SELECT f.id, f.name, count(c.id) FROM folder f"
        " LEFT JOIN chat c ON c.folder_id = f.id AND c.deleted_at IS NULL"
        " GROUP BY f.id ORDER BY f.name COLLATE NOCASE, f.id"
    )
    return tuple(StoredFolder(id=row[0], name=row[1], chat_count=row[2]) for row in rows.fetchall())
