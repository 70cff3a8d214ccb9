"""Ids handed out before anything is written, so that callers need not wait for the disk."""

from __future__ import annotations

import sqlite3
import threading


class IdSource:
    """Rising ids per table, never used twice. May be asked from any thread."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        rows = connection.execute("SELECT name, seq FROM sqlite_sequence").fetchall()
        self._last: dict[str, int] = {name: int(last) for name, last in rows}
        self._lock = threading.Lock()

    def take(self, table: str) -> int:
        """One new id."""
        return self.take_many(table, 1)[0]

    def take_many(self, table: str, count: int) -> list[int]:
        """New ids, rising."""
        with self._lock:
            first = self._last.get(table, 0) + 1
            self._last[table] = first + count - 1
        return list(range(first, first + count))
