"""Messages being written: adding, streaming, finishing. Transactions belong to the caller."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from app.core.conversation import Message, MessageState
from app.core.store.codec import (
    clean_text,
    pack_spans,
    report_to_plain,
    text_checksum,
    unpack_spans,
)
from app.core.store.values import NoSuchItemError
from engine.events import TextSpan
from engine.metrics.report import GenerationReport

UNFINISHED = (MessageState.WAITING, MessageState.STREAMING)


def insert_message(
    connection: sqlite3.Connection,
    message_id: int,
    *,
    chat_id: int,
    parent_id: int | None,
    message: Message,
    now: float,
) -> None:
    """Add a message below its parent; it is the version shown from now on.

    Raises:
        NoSuchItemError: there is no such chat, or the parent is in another one.
    """
    if parent_id is not None and chat_of(connection, parent_id) != chat_id:
        raise NoSuchItemError(f"message {parent_id} in chat {chat_id}")
    cursor = connection.execute("UPDATE chat SET updated_at = ? WHERE id = ?", (now, chat_id))
    if cursor.rowcount == 0:
        raise NoSuchItemError(f"chat {chat_id}")
    write_message(
        connection, message_id, chat_id=chat_id, parent_id=parent_id, message=message, now=now
    )
    show_newest_child(connection, chat_id, parent_id)


def write_message(
    connection: sqlite3.Connection,
    message_id: int,
    *,
    chat_id: int,
    parent_id: int | None,
    message: Message,
    now: float,
) -> None:
    """Write a message that was made at `now`, seconds since the epoch; shows and checks nothing."""
    text = clean_text(message.text)
    connection.execute(
        "INSERT INTO message(id, chat_id, parent_id, role, state, created_at, text_crc, text)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            message_id,
            chat_id,
            parent_id,
            message.role,
            message.state,
            now,
            text_checksum(text),
            text,
        ),
    )
    write_details(connection, message_id, message.spans, message.report)


def show_newest_child(connection: sqlite3.Connection, chat_id: int, parent_id: int | None) -> None:
    """Forget which child was chosen: without a choice the newest is shown."""
    table, key = ("chat", chat_id) if parent_id is None else ("message", parent_id)
    # The condition spares rewriting a parent with a long text.
    connection.execute(
        f"UPDATE {table} SET active_child_id = NULL WHERE id = ? AND active_child_id IS NOT NULL",
        (key,),
    )


def chat_of(connection: sqlite3.Connection, message_id: int) -> int:
    """The chat a message belongs to. Raises NoSuchItemError."""
    row = connection.execute("SELECT chat_id FROM message WHERE id = ?", (message_id,)).fetchone()
    if row is None:
        raise NoSuchItemError(f"message {message_id}")
    return int(row[0])


def write_details(
    connection: sqlite3.Connection,
    message_id: int,
    spans: Sequence[TextSpan],
    report: GenerationReport | None,
) -> None:
    """Keep spans and report of an answer; nothing is kept when there is neither."""
    if not spans and report is None:
        connection.execute("DELETE FROM generation WHERE message_id = ?", (message_id,))
        return
    plain = None if report is None else clean_text(json.dumps(report_to_plain(report)))
    connection.execute(
        "INSERT INTO generation(message_id, spans, report) VALUES (?, ?, ?)"
        " ON CONFLICT(message_id) DO UPDATE SET spans = excluded.spans, report = excluded.report",
        (message_id, pack_spans(spans), plain),
    )


def append_fragment(
    connection: sqlite3.Connection, message_id: int, text: str, spans: Sequence[TextSpan]
) -> None:
    """Keep a stretch of a streaming answer; costs the same however long the answer already is.

    Raises:
        NoSuchItemError: the message is not (or no longer) streaming.
    """
    row = connection.execute(
        "SELECT 1 FROM message WHERE id = ? AND state IN ('waiting', 'streaming')", (message_id,)
    ).fetchone()
    if row is None:
        raise NoSuchItemError(f"streaming message {message_id}")
    text = clean_text(text)
    connection.execute(
        "INSERT INTO fragment(message_id, text_crc, spans, text) VALUES (?, ?, ?, ?)",
        (message_id, text_checksum(text), pack_spans(spans), text),
    )


def read_fragments(
    connection: sqlite3.Connection, message_id: int
) -> tuple[str, tuple[TextSpan, ...]]:
    """The text of a streaming answer so far. Damaged spans are left out, the text is kept."""
    rows = connection.execute(
        "SELECT text, spans FROM fragment WHERE message_id = ? ORDER BY id", (message_id,)
    ).fetchall()
    spans: list[TextSpan] = []
    try:
        for _, packed in rows:
            spans.extend(unpack_spans(packed))
    except ValueError:
        spans.clear()
    return "".join(text for text, _ in rows), tuple(spans)


def finish_message(
    connection: sqlite3.Connection, message_id: int, message: Message, now: float
) -> None:
    """Give an answer its final text, state, spans and report. Raises NoSuchItemError."""
    text = clean_text(message.text)
    cursor = connection.execute(
        "UPDATE message SET text = ?, text_crc = ?, state = ?, role = ? WHERE id = ?",
        (text, text_checksum(text), message.state, message.role, message_id),
    )
    if cursor.rowcount == 0:
        raise NoSuchItemError(f"message {message_id}")
    write_details(connection, message_id, message.spans, message.report)
    connection.execute("DELETE FROM fragment WHERE message_id = ?", (message_id,))
    connection.execute(
        "UPDATE chat SET updated_at = ? WHERE id = ?", (now, chat_of(connection, message_id))
    )


def resume_message(connection: sqlite3.Connection, message_id: int) -> None:
    """Let a finished answer stream on: its text becomes the first fragment."""
    row = connection.execute(
        "SELECT m.text, g.spans FROM message m LEFT JOIN generation g ON g.message_id = m.id"
        " WHERE m.id = ? AND m.state NOT IN ('waiting', 'streaming')",
        (message_id,),
    ).fetchone()
    if row is None:
        raise NoSuchItemError(f"finished message {message_id}")
    connection.execute(
        "UPDATE message SET text = '', text_crc = ?, state = ? WHERE id = ?",
        (text_checksum(""), MessageState.STREAMING, message_id),
    )
    connection.execute(
        "INSERT INTO fragment(message_id, text_crc, spans, text) VALUES (?, ?, ?, ?)",
        (message_id, text_checksum(row[0]), row[1], row[0]),
    )


def interrupt_unfinished(connection: sqlite3.Connection) -> int:
    """Close what a crash left open: text so far stays, state `interrupted`; returns how many."""
    rows = connection.execute(
        "SELECT id, text FROM message WHERE state IN ('waiting', 'streaming')"
    ).fetchall()
    for message_id, text in rows:
        more, spans = read_fragments(connection, message_id)
        whole = text + more
        connection.execute(
            "UPDATE message SET text = ?, text_crc = ?, state = ? WHERE id = ?",
            (whole, text_checksum(whole), MessageState.INTERRUPTED, message_id),
        )
        write_details(connection, message_id, spans if not text else (), None)
        connection.execute("DELETE FROM fragment WHERE message_id = ?", (message_id,))
    return len(rows)
