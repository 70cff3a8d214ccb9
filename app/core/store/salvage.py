"""Reads what is readable of a damaged database, row by row. Alters no row silently."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.core.store.connection import DATABASE_ERRORS, connect_reader

TABLES = ("folder", "chat", "message", "fragment", "generation", "store_fact")
_KEYS = {"generation": "message_id", "store_fact": "rowid"}
_MISSES_BEFORE_THE_END = 5000
"""How many ids in a row may be unreadable when the highest one is not known."""

Row = dict[str, Any]


@dataclass(slots=True)
class Salvaged:
    """What was found. `complete` tables were read to their end without an error."""

    altered: int = 0
    lost: dict[str, set[int]] = field(default_factory=dict)
    """Ids that could not be read; some may be in the backup."""
    complete: set[str] = field(default_factory=set)
    ids: dict[str, set[int]] = field(default_factory=dict)


def salvage(source: Path, target: sqlite3.Connection) -> Salvaged:
    """Add every readable row of `source` to `target`; a row of the same id is replaced.

    A text that does not fit its checksum is taken only when `target` has no such row.
    `target` has the newest schema, foreign keys off, and is in a transaction.
    """
    found = Salvaged()
    try:
        with closing(connect_reader(source)) as connection:
            # Bytes that are no text any more must not stop the reading of the rest.
            connection.text_factory = lambda raw: raw.decode(errors="replace")
            for table in TABLES:
                _salvage_table(connection, target, table, found)
    except DATABASE_ERRORS:
        return found
    return found


def _salvage_table(
    source: sqlite3.Connection, target: sqlite3.Connection, table: str, found: Salvaged
) -> None:
    found.ids[table] = set()
    columns = _common_columns(source, target, table)
    if not columns:
        return
    reader = _TableReader(source, table, columns)
    for key, row in reader.rows():
        found.ids[table].add(key)
        if not _keep(target, table, row, found):
            reader.lost.add(key)
    found.lost[table] = reader.lost
    if reader.complete:
        found.complete.add(table)


def _common_columns(
    source: sqlite3.Connection, target: sqlite3.Connection, table: str
) -> list[str]:
    def of(connection: sqlite3.Connection) -> list[str]:
        return [row[1] for row in connection.execute(f"PRAGMA table_info({table})").fetchall()]

    try:
        there = set(of(source))
    except (sqlite3.DatabaseError, MemoryError):
        # The list of tables itself is damaged: nothing can be addressed any more.
        return []
    return [name for name in of(target) if name in there]


class _TableReader:
    """Reads a table in order of its key; after an error, id by id past the damage."""

    def __init__(self, source: sqlite3.Connection, table: str, columns: list[str]) -> None:
        self._source = source
        self._table = table
        self._key = _KEYS.get(table, "id")
        self._columns = columns
        self._select = f"SELECT {self._key}, {', '.join(columns)} FROM {table} WHERE {self._key}"
        self.complete = False
        self.lost: set[int] = set()

    def rows(self) -> Iterator[tuple[int, Row]]:
        last = 0
        try:
            for raw in self._source.execute(f"{self._select} > ? ORDER BY {self._key}", (0,)):
                last = raw[0]
                yield self._named(raw)
            self.complete = True
        except (sqlite3.DatabaseError, MemoryError):
            yield from self._one_by_one(last + 1)

    def _one_by_one(self, first: int) -> Iterator[tuple[int, Row]]:
        highest = self._highest_id()
        key, last = first, first
        while key <= highest or (highest == 0 and key - last < _MISSES_BEFORE_THE_END):
            try:
                raw = self._source.execute(f"{self._select} = ?", (key,)).fetchone()
            except (sqlite3.DatabaseError, MemoryError):
                self.lost.add(key)
            else:
                if raw is not None:
                    last = key
                    yield self._named(raw)
            key += 1
        if highest == 0:
            # Beyond the last row found nothing needs to have been.
            self.lost = {lost for lost in self.lost if lost <= last}

    def _highest_id(self) -> int:
        highest = 0
        for query in (
            f"SELECT max({self._key}) FROM {self._table}",
            f"SELECT seq FROM sqlite_sequence WHERE name = '{self._table}'",
        ):
            try:
                row = self._source.execute(query).fetchone()
            except (sqlite3.DatabaseError, MemoryError):
                continue
            if row is not None and isinstance(row[0], int):
                highest = max(highest, row[0])
        return highest

    def _named(self, raw: tuple[Any, ...]) -> tuple[int, Row]:
        return raw[0], dict(zip(self._columns, raw[1:], strict=True))


def _keep(target: sqlite3.Connection, table: str, row: Row, found: Salvaged) -> bool:
    if not _is_true(row):
        found.altered += 1
        if table == "fragment" or _exists(target, table, row["id"]):
            return table != "fragment"
        row["text_crc"] = zlib.crc32(str(row["text"]).encode())
    names = ", ".join(row)
    updates = ", ".join(f"{name} = excluded.{name}" for name in row)
    key = {"generation": "message_id", "store_fact": "key"}.get(table, "id")
    try:
        target.execute(
            f"INSERT INTO {table}({names}) VALUES ({', '.join('?' * len(row))})"
            f" ON CONFLICT({key}) DO UPDATE SET {updates}",
            tuple(row.values()),
        )
    except sqlite3.IntegrityError:
        # Values that no sound row can have: the page was overwritten.
        return False
    return True


def _is_true(row: Row) -> bool:
    """Tell whether a text still fits the checksum that was written with it."""
    if "text_crc" not in row:
        return True
    text = row["text"]
    return isinstance(text, str) and zlib.crc32(text.encode()) == row["text_crc"]


def _exists(target: sqlite3.Connection, table: str, row_id: object) -> bool:
    found = target.execute(f"SELECT 1 FROM {table} WHERE id = ?", (row_id,)).fetchone()
    return found is not None
