"""The tables of the store as SQL, and the search index that can be thrown away and made anew.

Invariants: a message's parent has a smaller id (no cycles); a message is in the index exactly
when it is not in `search_pending`; text of an unfinished answer lies in `fragment`.
"""

from __future__ import annotations

import sqlite3

CHATS_AND_MESSAGES = (
    """CREATE TABLE folder(
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL,
        created_at REAL NOT NULL)""",
    """CREATE TABLE chat(
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        title TEXT NOT NULL DEFAULT '',
        title_source TEXT NOT NULL DEFAULT 'auto' CHECK(title_source IN ('auto', 'user')),
        created_at REAL NOT NULL,
        updated_at REAL NOT NULL,
        folder_id INTEGER REFERENCES folder(id) ON DELETE SET NULL,
        pinned INTEGER NOT NULL DEFAULT 0 CHECK(pinned IN (0, 1)),
        system_prompt TEXT NOT NULL DEFAULT '',
        settings TEXT NOT NULL DEFAULT '{}',
        draft TEXT NOT NULL DEFAULT '',
        active_child_id INTEGER,
        deleted_at REAL)""",
    """CREATE INDEX chat_order ON chat(pinned DESC, updated_at DESC, id DESC)
        WHERE deleted_at IS NULL""",
    "CREATE INDEX chat_folder ON chat(folder_id) WHERE folder_id IS NOT NULL",
    # The text comes last: a walk through the tree then never reads its overflow pages.
    """CREATE TABLE message(
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        chat_id INTEGER NOT NULL REFERENCES chat(id) ON DELETE CASCADE,
        parent_id INTEGER REFERENCES message(id) DEFERRABLE INITIALLY DEFERRED,
        role TEXT NOT NULL CHECK(role IN ('system', 'user', 'assistant')),
        state TEXT NOT NULL
            CHECK(state IN ('waiting', 'streaming', 'done', 'stopped', 'interrupted', 'error')),
        created_at REAL NOT NULL,
        deleted_at REAL,
        active_child_id INTEGER,
        text_crc INTEGER NOT NULL,
        text TEXT NOT NULL,
        CHECK(parent_id IS NULL OR parent_id < id))""",
    "CREATE INDEX message_children ON message(parent_id, chat_id, deleted_at)",
    "CREATE INDEX message_tree ON message(chat_id, parent_id, deleted_at)",
    "CREATE INDEX message_unfinished ON message(id) WHERE state IN ('waiting', 'streaming')",
    """CREATE TABLE fragment(
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        message_id INTEGER NOT NULL REFERENCES message(id) ON DELETE CASCADE,
        text_crc INTEGER NOT NULL,
        spans BLOB,
        text TEXT NOT NULL)""",
    "CREATE INDEX fragment_message ON fragment(message_id)",
    """CREATE TABLE generation(
        message_id INTEGER PRIMARY KEY REFERENCES message(id) ON DELETE CASCADE,
        spans BLOB,
        report TEXT)""",
    "CREATE TABLE store_fact(key TEXT PRIMARY KEY, value TEXT NOT NULL)",
)

SEARCH_QUEUE = (
    "CREATE TABLE search_pending(message_id INTEGER PRIMARY KEY)",
    "INSERT INTO search_pending(message_id) SELECT id FROM message",
    """CREATE TRIGGER message_added AFTER INSERT ON message BEGIN
        INSERT OR IGNORE INTO search_pending(message_id) VALUES (new.id);
    END""",
    """CREATE TRIGGER message_removed AFTER DELETE ON message BEGIN
        DELETE FROM search_pending WHERE message_id = old.id;
    END""",
)

_INDEX = (
    """CREATE VIEW searchable AS
        SELECT id, text FROM message WHERE id NOT IN (SELECT message_id FROM search_pending)""",
    """CREATE VIRTUAL TABLE message_fts USING fts5(
        text, content='searchable', content_rowid='id', tokenize='trigram', columnsize=0)""",
    """CREATE TRIGGER index_text_removed BEFORE DELETE ON message
    WHEN NOT EXISTS (SELECT 1 FROM search_pending WHERE message_id = old.id) BEGIN
        INSERT INTO message_fts(message_fts, rowid, text) VALUES ('delete', old.id, old.text);
    END""",
    """CREATE TRIGGER index_text_changed AFTER UPDATE OF text ON message
    WHEN NOT EXISTS (SELECT 1 FROM search_pending WHERE message_id = old.id) BEGIN
        INSERT INTO message_fts(message_fts, rowid, text) VALUES ('delete', old.id, old.text);
        INSERT INTO search_pending(message_id) VALUES (new.id);
    END""",
)
_SHADOWS = ("data", "idx", "content", "docsize", "config")


def has_index(connection: sqlite3.Connection) -> bool:
    """Tell whether the search index exists."""
    found = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'message_fts'")
    return bool(found.fetchone()[0])


def create_index(connection: sqlite3.Connection) -> None:
    """Make an empty search index and queue every message for it.

    Raises:
        sqlite3.OperationalError: this SQLite has no FTS5 or no trigram tokenizer.
    """
    for statement in _INDEX:
        connection.execute(statement)
    connection.execute("INSERT OR IGNORE INTO search_pending(message_id) SELECT id FROM message")
    if sqlite3.sqlite_version_info >= (3, 42):
        connection.execute("INSERT INTO message_fts(message_fts, rank) VALUES ('secure-delete', 1)")


def drop_index(connection: sqlite3.Connection) -> None:
    """Take the search index away, however damaged it is. Must run outside a transaction."""
    for trigger in ("index_text_removed", "index_text_changed"):
        connection.execute(f"DROP TRIGGER IF EXISTS {trigger}")
    try:
        connection.execute("DROP TABLE IF EXISTS message_fts")
    except (sqlite3.DatabaseError, MemoryError):
        _tear_out_index(connection)
    connection.execute("DROP VIEW IF EXISTS searchable")


def _tear_out_index(connection: sqlite3.Connection) -> None:
    # A virtual table whose own tables are broken cannot be dropped by name: its entry goes first.
    connection.execute("PRAGMA writable_schema = ON")
    try:
        connection.execute("DELETE FROM sqlite_master WHERE name = 'message_fts'")
    finally:
        connection.execute("PRAGMA writable_schema = RESET")
    for shadow in _SHADOWS:
        connection.execute(f"DROP TABLE IF EXISTS message_fts_{shadow}")
