"""How the tables came to be: an ordered list of named steps, run in one transaction.

A step is never changed once released. Every step has a test of the same name.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.core.store import schema
from app.core.store.connection import transaction


@dataclass(frozen=True, slots=True)
class Migration:
    """One step; its position in the list is the `user_version` it leads to."""

    name: str
    apply: Callable[[sqlite3.Connection], None]


def create_chats_and_messages(connection: sqlite3.Connection) -> None:
    """Version 1: folders, chats, the message tree, reports and facts."""
    for statement in schema.CHATS_AND_MESSAGES:
        connection.execute(statement)


def queue_messages_for_search(connection: sqlite3.Connection) -> None:
    """Version 2: every message waits in a queue until it is in the search index."""
    for statement in schema.SEARCH_QUEUE:
        connection.execute(statement)


MIGRATIONS: tuple[Migration, ...] = (
    Migration("create_chats_and_messages", create_chats_and_messages),
    Migration("queue_messages_for_search", queue_messages_for_search),
)
LATEST_VERSION = len(MIGRATIONS)


def read_version(connection: sqlite3.Connection) -> int:
    """The schema version of a file; 0 for a new one."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def migrate(
    connection: sqlite3.Connection,
    now: float,
    *,
    migrations: Sequence[Migration] = MIGRATIONS,
) -> tuple[str, ...]:
    """Bring a file to the newest version, all or nothing; returns the names of the steps run."""
    version = read_version(connection)
    missing = migrations[version:]
    if not missing:
        return ()
    with transaction(connection):
        connection.execute(
            "CREATE TABLE IF NOT EXISTS applied_migration(name TEXT PRIMARY KEY, applied_at REAL)"
        )
        for step in missing:
            step.apply(connection)
            connection.execute("INSERT INTO applied_migration VALUES (?, ?)", (step.name, now))
        connection.execute(f"PRAGMA user_version = {len(migrations)}")
    return tuple(step.name for step in missing)
