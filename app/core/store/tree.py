"""The tree of versions: which branch is shown, siblings, switching."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from app.core.conversation import Message, MessageState
from app.core.store.codec import report_from_plain, unpack_spans
from app.core.store.messages import UNFINISHED, read_fragments
from app.core.store.values import NoSuchItemError, StoredMessage
from engine.events import TextSpan
from engine.messages import Role
from engine.metrics.report import GenerationReport

# The chosen child, or else the newest one that is not deleted. A deleted message may be the
# chosen one: the walk passes through it to what follows.
_NEXT = """COALESCE(
    (SELECT c.id FROM message c
        WHERE c.id = {pointer} AND c.parent_id {parent} AND c.chat_id = {chat}),
    (SELECT max(c.id) FROM message c
        WHERE c.parent_id {parent} AND c.chat_id = {chat} AND c.deleted_at IS NULL))"""
_STEP = _NEXT.format(pointer="m.active_child_id", parent="= m.id", chat="m.chat_id")
_WALK = f"""
WITH RECURSIVE shown(id, depth) AS (
    VALUES (:first, 0)
    UNION ALL
    SELECT {_STEP}, depth + 1 FROM shown JOIN message m ON m.id = shown.id)
SELECT m.id, m.parent_id, m.role, m.state, m.created_at, m.text
FROM shown CROSS JOIN message m ON m.id = shown.id
WHERE m.deleted_at IS NULL ORDER BY depth"""
_FIRST = (
    f"SELECT {_NEXT.format(pointer='chat.active_child_id', parent='IS NULL', chat='chat.id')}"
    " FROM chat WHERE id = ?"
)

Details = tuple[tuple[TextSpan, ...], GenerationReport | None]


def read_shown_branch(
    connection: sqlite3.Connection, chat_id: int, *, detailed_tail: int
) -> tuple[StoredMessage, ...]:
    """The shown messages of a chat; spans and reports only for the last `detailed_tail`."""
    first = connection.execute(_FIRST, (chat_id,)).fetchone()
    if first is None or first[0] is None:
        return ()
    return read_branch_from(connection, first[0], detailed_tail=detailed_tail)


def read_branch_from(
    connection: sqlite3.Connection, message_id: int, *, detailed_tail: int
) -> tuple[StoredMessage, ...]:
    """The shown branch from one message down; empty when there is no such message."""
    rows = connection.execute(_WALK, {"first": message_id}).fetchall()
    if not rows:
        return ()
    chat_id = connection.execute(
        "SELECT chat_id FROM message WHERE id = ?", (rows[0][0],)
    ).fetchone()[0]
    versions = _versions(connection, chat_id)
    loaded = {row[0] for row in rows[max(0, len(rows) - detailed_tail) :]}
    details = read_details(connection, loaded)
    return tuple(
        _to_message(connection, row, versions.get(row[0], (1, 1)), details.get(row[0]))
        for row in rows
    )


def read_messages(
    connection: sqlite3.Connection, message_ids: Iterable[int]
) -> tuple[StoredMessage, ...]:
    """Messages with all details, in the order asked for; ids that are gone are left out."""
    wanted = tuple(message_ids)
    details = read_details(connection, wanted)
    found = []
    for message_id in wanted:
        row = connection.execute(
            "SELECT id, parent_id, role, state, created_at, text, chat_id FROM message"
            " WHERE id = ? AND deleted_at IS NULL",
            (message_id,),
        ).fetchone()
        if row is not None:
            version = read_siblings(connection, message_id)
            found.append(_to_message(connection, row, version, details[message_id]))
    return tuple(found)


def _to_message(
    connection: sqlite3.Connection,
    row: tuple[Any, ...],
    version: tuple[int, int],
    details: Details | None,
) -> StoredMessage:
    state, text = MessageState(row[3]), row[5]
    spans, report = details or ((), None)
    if state in UNFINISHED:
        more, spans = read_fragments(connection, row[0])
        text += more
    return StoredMessage(
        id=row[0],
        parent_id=row[1],
        message=Message(role=Role(row[2]), text=text, state=state, spans=spans, report=report),
        created_at=row[4],
        version=version[0],
        version_count=version[1],
        details_loaded=details is not None,
    )


def _versions(connection: sqlite3.Connection, chat_id: int) -> dict[int, tuple[int, int]]:
    """(index, count) of every message that has more than one version."""
    groups: defaultdict[int | None, list[int]] = defaultdict(list)
    for parent_id, message_id in connection.execute(
        "SELECT parent_id, id FROM message WHERE chat_id = ? AND deleted_at IS NULL", (chat_id,)
    ).fetchall():
        groups[parent_id].append(message_id)
    return {
        message_id: (index, len(ids))
        for ids in groups.values()
        if len(ids) > 1
        for index, message_id in enumerate(sorted(ids), 1)
    }


def read_siblings(connection: sqlite3.Connection, message_id: int) -> tuple[int, int]:
    """(index from 1, count) of a message among its versions. Raises NoSuchItemError."""
    ids = sibling_ids(connection, message_id)
    return (ids.index(message_id) + 1 if message_id in ids else 1), max(1, len(ids))


def sibling_ids(connection: sqlite3.Connection, message_id: int) -> list[int]:
    """The versions of a message that are not deleted, oldest first, itself among them."""
    row = connection.execute(
        "SELECT parent_id, chat_id FROM message WHERE id = ?", (message_id,)
    ).fetchone()
    if row is None:
        raise NoSuchItemError(f"message {message_id}")
    rows = connection.execute(
        "SELECT id FROM message WHERE parent_id IS ? AND chat_id = ? AND deleted_at IS NULL"
        " ORDER BY id",
        row,
    )
    return [sibling for (sibling,) in rows.fetchall()]


def read_details(connection: sqlite3.Connection, message_ids: Iterable[int]) -> dict[int, Details]:
    """Spans and reports; damaged ones count as none, they must not keep a chat from opening."""
    found: dict[int, Details] = {}
    for message_id in message_ids:
        row = connection.execute(
            "SELECT spans, report FROM generation WHERE message_id = ?", (message_id,)
        ).fetchone()
        found[message_id] = ((), None) if row is None else (_spans(row[0]), _report(row[1]))
    return found


def _spans(packed: bytes | None) -> tuple[TextSpan, ...]:
    try:
        return unpack_spans(packed)
    except ValueError:
        return ()


def _report(plain: str | None) -> GenerationReport | None:
    try:
        return None if plain is None else report_from_plain(json.loads(plain))
    except ValueError:
        return None


def show_message(connection: sqlite3.Connection, message_id: int) -> None:
    """Choose this message and everything above it, so that the shown branch leads through it."""
    for table, key, child in _path_up(connection, message_id):
        connection.execute(
            f"UPDATE {table} SET active_child_id = ? WHERE id = ? AND active_child_id IS NOT ?",
            (child, key, child),
        )


def _path_up(connection: sqlite3.Connection, message_id: int) -> Iterator[tuple[str, int, int]]:
    child: int | None = message_id
    while child is not None:
        row = connection.execute(
            "SELECT parent_id, chat_id FROM message WHERE id = ?", (child,)
        ).fetchone()
        if row is None:
            raise NoSuchItemError(f"message {child}")
        yield ("chat", row[1], child) if row[0] is None else ("message", row[0], child)
        child = row[0]
