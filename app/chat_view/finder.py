"""Searches the text of all messages of a chat. No Qt widgets: only what was found and where."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Hit:
    """Characters `start` to `end` of a message."""

    row: int
    start: int
    end: int


def find_all(texts: Sequence[str], wanted: str, *, match_case: bool) -> list[Hit]:
    """Every place where `wanted` stands in the texts, in order, without overlaps."""
    if not wanted:
        return []
    pattern = re.compile(re.escape(wanted), 0 if match_case else re.IGNORECASE)
    return [
        Hit(row, match.start(), match.end())
        for row, text in enumerate(texts)
        for match in pattern.finditer(text)
    ]


class Hits:
    """What was found, and at which hit the reader stands."""

    def __init__(self) -> None:
        self._hits: list[Hit] = []
        self._index = -1

    def __len__(self) -> int:
        return len(self._hits)

    @property
    def number(self) -> int:
        """Of the current hit, from 1; 0 without one."""
        return self._index + 1

    @property
    def current(self) -> Hit | None:
        """The current hit."""
        return self._hits[self._index] if self._index >= 0 else None

    def replace(self, hits: Sequence[Hit], *, near: Hit | None) -> None:
        """Take other hits and stand at the first one at or behind `near`."""
        self._hits = list(hits)
        index = bisect_left(self._hits, near) if near is not None else 0
        self._index = index % len(self._hits) if self._hits else -1

    def step(self, direction: int) -> None:
        """Go to the next hit (1) or the one before (-1), around the ends."""
        if self._hits:
            self._index = (self._index + direction) % len(self._hits)

    def by_row(self) -> dict[int, list[Hit]]:
        """Hits of each message."""
        rows: dict[int, list[Hit]] = {}
        for hit in self._hits:
            rows.setdefault(hit.row, []).append(hit)
        return rows
