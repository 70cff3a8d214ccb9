"""Search over titles and all messages: by the trigram index where it can, else by a plain scan.

The index finds nothing below three characters; shorter words (most Chinese ones) are scanned for.
"""

from __future__ import annotations

import re
import sqlite3
from typing import Any

from app.core.store.codec import clean_text
from app.core.store.schema import has_index
from app.core.store.values import SearchHit
from engine.messages import Role

_TRIGRAM = 3
_MAX_QUERY = 200
_BEFORE, _AFTER = 40, 120
_SHOWN = "m.deleted_at IS NULL AND c.deleted_at IS NULL"
_FIELDS = "c.id, c.title, m.id, m.role, m.created_at, m.text"


def search(connection: sqlite3.Connection, query: str, limit: int) -> tuple[SearchHit, ...]:
    """Find all words of a query, in any order and case; newest first, titles before texts.

    Any string is a valid query: nothing in it is an operator.
    """
    words = clean_text(query[:_MAX_QUERY]).replace("\0", " ").split()
    if not words or limit <= 0:
        return ()
    pattern = re.compile("|".join(map(re.escape, words)), re.IGNORECASE)
    hits = [_title_hit(row, pattern) for row in _find_titles(connection, words, limit)]
    seen: set[int] = set()
    for row in _find_messages(connection, words, limit - len(hits)):
        if row[2] not in seen:
            seen.add(row[2])
            hits.append(_text_hit(row, pattern))
    return tuple(hits[:limit])


def _find_titles(
    connection: sqlite3.Connection, words: list[str], limit: int
) -> list[tuple[Any, ...]]:
    condition, values = _scan_for(words, "title")
    return connection.execute(
        f"SELECT id, title, created_at FROM chat WHERE deleted_at IS NULL AND {condition}"
        " ORDER BY updated_at DESC LIMIT ?",
        (*values, limit),
    ).fetchall()


def _find_messages(
    connection: sqlite3.Connection, words: list[str], limit: int
) -> list[tuple[Any, ...]]:
    if limit <= 0:
        return []
    indexed = [word for word in words if len(word) >= _TRIGRAM]
    if not indexed or not has_index(connection):
        return _scan(connection, words, limit, source="message m")
    # What is not in the index yet is always the newest, and little.
    waiting = "search_pending p CROSS JOIN message m ON m.id = p.message_id"
    rows = _scan(connection, words, limit, source=waiting)
    return rows + _match(connection, words, indexed, limit - len(rows))


def _scan(
    connection: sqlite3.Connection, words: list[str], limit: int, *, source: str
) -> list[tuple[Any, ...]]:
    condition, values = _scan_for(words, "m.text")
    return connection.execute(
        f"SELECT {_FIELDS} FROM {source} CROSS JOIN chat c ON c.id = m.chat_id"
        f" WHERE {condition} AND {_SHOWN} ORDER BY m.id DESC LIMIT ?",
        (*values, limit),
    ).fetchall()


def _match(
    connection: sqlite3.Connection, words: list[str], indexed: list[str], limit: int
) -> list[tuple[Any, ...]]:
    if limit <= 0:
        return []
    phrase = " AND ".join('"' + word.replace('"', '""') + '"' for word in indexed)
    short = [word for word in words if len(word) < _TRIGRAM]
    condition, values = _scan_for(short, "m.text")
    return connection.execute(
        f"SELECT {_FIELDS} FROM message_fts f CROSS JOIN message m ON m.id = f.rowid"
        f" CROSS JOIN chat c ON c.id = m.chat_id WHERE message_fts MATCH ? AND {condition}"
        f" AND {_SHOWN} ORDER BY f.rowid DESC LIMIT ?",
        (phrase, *values, limit),
    ).fetchall()


def _scan_for(words: list[str], column: str) -> tuple[str, list[str]]:
    """A condition that every word occurs; LIKE folds only ASCII, so other cases are spelled out."""
    conditions, values = ["1"], list[str]()
    for word in words:
        forms = {word} if word.isascii() else {word, word.lower(), word.upper(), word.title()}
        one = " OR ".join([f"{column} LIKE ? ESCAPE '\\'"] * len(forms))
        conditions.append(f"({one})")
        values.extend("%" + re.sub(r"([\\%_])", r"\\\1", form) + "%" for form in sorted(forms))
    return " AND ".join(conditions), values


def _title_hit(row: tuple[Any, ...], pattern: re.Pattern[str]) -> SearchHit:
    chat_id, title, created_at = row
    spans = tuple((m.start(), m.end() - m.start()) for m in pattern.finditer(title))
    first = spans[0] if spans else (0, 0)
    return SearchHit(
        chat_id=chat_id,
        chat_title=title,
        message_id=None,
        role=None,
        created_at=created_at,
        snippet=title,
        matches=spans,
        offset=first[0],
        length=first[1],
    )


def _text_hit(row: tuple[Any, ...], pattern: re.Pattern[str]) -> SearchHit:
    chat_id, title, message_id, role, created_at, text = row
    found = pattern.search(text)
    # None where SQLite and Python disagree about a letter's case: the hit stands, unmarked.
    offset, length = (found.start(), found.end() - found.start()) if found else (0, 0)
    start = max(0, offset - _BEFORE)
    snippet = re.sub(r"[\r\n\t]", " ", text[start : offset + _AFTER])
    return SearchHit(
        chat_id=chat_id,
        chat_title=title,
        message_id=message_id,
        role=Role(role),
        created_at=created_at,
        snippet=snippet,
        matches=tuple((m.start(), m.end() - m.start()) for m in pattern.finditer(snippet)),
        offset=offset,
        length=length,
    )
