"""Ends an answer at a stop string, in the text. The runtime could do this itself, but then it holds
tokens back, which blurs the run lengths, and its NPU path with a draft does not look at all.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import NamedTuple


class Piece(NamedTuple):
    """Text with the run it belongs to. A tuple: some are made while the runtime waits."""

    text: str
    step: int
    accepted: bool


class StopStrings:
    """Passes pieces of text on, and holds back what may be the beginning of a stop string.

    Guarantee: no character of the stop string that ends the answer, and none after it, is passed.
    """

    def __init__(self, strings: Sequence[str]) -> None:
        self._strings = tuple(strings)
        self._held: deque[Piece] = deque()
        self._tail = ""
        self.found = False

    def add(self, pieces: Sequence[Piece]) -> list[Piece]:
        """Take pieces in order and return those that may be shown now."""
        if not self._strings:
            return list(pieces)
        if self.found:
            return []
        self._held.extend(pieces)
        self._tail += "".join(piece.text for piece in pieces)
        hits = [at for at in map(self._tail.find, self._strings) if at >= 0]
        if hits:
            self.found = True
            shown = self._take(min(hits))
            self._held.clear()
            return shown
        return self._take(len(self._tail) - self._undecided())

    def flush(self) -> list[Piece]:
        """Return what was held back: the answer ends here."""
        return self._take(len(self._tail))

    def _undecided(self) -> int:
        """Length of the longest end of the text that begins a stop string."""
        longest = max(map(len, self._strings)) - 1
        for length in range(min(longest, len(self._tail)), 0, -1):
            end = self._tail[-length:]
            if any(string.startswith(end) for string in self._strings):
                return length
        return 0

    def _take(self, length: int) -> list[Piece]:
        """Remove the first `length` characters from what is held."""
        self._tail = self._tail[length:]
        taken: list[Piece] = []
        while length > 0:
            piece = self._held.popleft()
            if len(piece.text) > length:
                self._held.appendleft(Piece(piece.text[length:], piece.step, piece.accepted))
                piece = Piece(piece.text[:length], piece.step, piece.accepted)
            length -= len(piece.text)
            taken.append(piece)
        return taken
