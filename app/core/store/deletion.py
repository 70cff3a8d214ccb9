"""Deleting messages so that it can be undone, and removing for good what was not undone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from app.core.store.tree import sibling_ids
from app.core.store.values import Deletion, NoSuchItemError

_BELOW = """
WITH RECURSIVE below(id) AS (
    VALUES (?)
    UNION ALL
    SELECT m.id FROM below JOIN message m ON m.parent_id = below.id)
SELECT m.id FROM below JOIN message m ON m.id = below.id WHERE m.deleted_at IS NULL"""


def delete_messages(
    connection: sqlite3.Connection,
    message_ids: Iterable[int],
    *,
    and_following: bool,
    now: float,
) -> Deletion:
    """Hide messages.

    A message with other versions goes with everything below it, and the nearest other version is
    shown. One without goes alone (what follows stays) unless `and_following`.

    Raises:
        NoSuchItemError: one of them does not exist.
    """
    hidden: list[int] = []
    pointers: list[tuple[str, int, int | None]] = []
    for message_id in message_ids:
        siblings = sibling_ids(connection, message_id)
        if message_id not in siblings:
            continue
        others = [other for other in siblings if other != message_id]
        gone = _ids_below(connection, message_id) if others or and_following else [message_id]
        # Alone, the hidden message stays the chosen child: what follows hangs on it.
        chosen = _nearest(others, message_id) if others else message_id
        pointers.append(_choose(connection, message_id, chosen))
        connection.executemany(
            "UPDATE message SET deleted_at = ? WHERE id = ?", [(now, one) for one in gone]
        )
        hidden.extend(gone)
    return Deletion(message_ids=tuple(hidden), pointers=tuple(pointers))


def _ids_below(connection: sqlite3.Connection, message_id: int) -> list[int]:
    return [row[0] for row in connection.execute(_BELOW, (message_id,)).fetchall()]


def _nearest(others: list[int], message_id: int) -> int:
    before = [other for other in others if other < message_id]
    return before[-1] if before else others[0]


def _choose(
    connection: sqlite3.Connection, message_id: int, chosen: int
) -> tuple[str, int, int | None]:
    """Show `chosen` where `message_id` hangs; returns the pointer as it was."""
    parent_id, chat_id = connection.execute(
        "SELECT parent_id, chat_id FROM message WHERE id = ?", (message_id,)
    ).fetchone()
    table, key = ("chat", chat_id) if parent_id is None else ("message", parent_id)
    before = connection.execute(
        f"SELECT active_child_id FROM {table} WHERE id = ?", (key,)
    ).fetchone()[0]
    connection.execute(f"UPDATE {table} SET active_child_id = ? WHERE id = ?", (chosen, key))
    return table, key, before


def undo_deletion(connection: sqlite3.Connection, deletion: Deletion) -> None:
    """Show again what one call hid.

    Raises:
        NoSuchItemError: some of it was removed for good meanwhile; nothing is changed then.
    """
    for table, ids in (("message", deletion.message_ids), ("chat", deletion.chat_ids)):
        for item in ids:
            cursor = connection.execute(
                f"UPDATE {table} SET deleted_at = NULL WHERE id = ?", (item,)
            )
            if cursor.rowcount == 0:
                raise NoSuchItemError(f"{table} {item}")
    for table, key, child in reversed(deletion.pointers):
        connection.execute(f"UPDATE {table} SET active_child_id = ? WHERE id = ?", (child, key))


def purge_messages(connection: sqlite3.Connection, before: float) -> int:
    """Remove messages for good that were hidden before a time; what follows them moves up."""
    ids = connection.execute(
        "SELECT id FROM message WHERE deleted_at IS NOT NULL AND deleted_at <= ? ORDER BY id DESC",
        (before,),
    ).fetchall()
    for (message_id,) in ids:
        _splice_out(connection, message_id)
    return len(ids)


def _splice_out(connection: sqlite3.Connection, message_id: int) -> None:
    parent_id, chat_id, child_id = connection.execute(
        "SELECT parent_id, chat_id, active_child_id FROM message WHERE id = ?", (message_id,)
    ).fetchone()
    connection.execute(
        "UPDATE message SET parent_id = ? WHERE parent_id = ?", (parent_id, message_id)
    )
    table, key = ("chat", chat_id) if parent_id is None else ("message", parent_id)
    connection.execute(
        f"UPDATE {table} SET active_child_id = ? WHERE id = ? AND active_child_id = ?",
        (child_id, key, message_id),
    )
    connection.execute("DELETE FROM message WHERE id = ?", (message_id,))
