"""Cuts markdown into pieces that never change again, while the text still grows. No Qt.
Blocks, single items of long lists and groups of table rows become pieces, so that no cost grows."""

from __future__ import annotations

import re
from dataclasses import replace
from enum import Enum, auto
from itertools import pairwise

from markdown_it.token import Token

from app.chat_view.outline import (
    LINE_END,
    LINES_PER_CODE_PIECE,
    LONGEST_BLOCK,
    ROWS_PER_PIECE,
    Cut,
    Lines,
    end_line,
    first_line,
    is_long_fence,
    is_row,
    longest,
    outline,
)
from app.chat_view.pieces import CodeContext, ListContext, Piece, PieceKind, TableContext

PORTION = 16_000
"""Characters taken at a time: each piece that is cut off moves what is behind it."""
WINDOW = 2 * LONGEST_BLOCK
"""Characters that are looked at together. Pieces do not depend on it."""

_FENCE_START = re.compile(r"(?: {0,3}\n)* {0,3}(?:`{3,}[^`\n]*|~{3,}[^\n]*)(?:\n|$)")


class _Mode(Enum):
    BLOCKS = auto()
    FENCE = auto()
    TABLE = auto()


def _complete_end(text: str) -> int:
    """End of the last line that cannot become another one (a final CR may still become CR LF)."""
    return max(text.rfind("\n"), text.rfind("\r", 0, len(text) - 1)) + 1


def _closes(markup: str, line: str) -> bool:
    """Whether `line` ends a fence that was opened by `markup`."""
    body = line.rstrip("\r\n").rstrip(" \t")
    marks = body.lstrip(" ")
    few_spaces = len(body) - len(marks) < 4
    return few_spaces and len(marks) >= len(markup) and set(marks) == {markup[0]}


class Splitter:
    """Feed it text in any portions; joined pieces are exactly that text.

    The pieces do not depend on how the text was portioned: decisions are taken on whole lines
    only, and markdown never changes a block once the next one has begun.
    """

    def __init__(self, offset: int = 0, *, thinking: bool = False) -> None:
        self._tail = ""
        self._offset = offset
        """Where the tail starts in the message; every position here counts from the message."""
        self._seen = offset
        """Where the whole lines end that have been looked at."""
        self._thinking = thinking
        self._mode = _Mode.BLOCKS
        self._fence = ""
        self._code: CodeContext | None = None
        self._list: ListContext | None = None
        self._table: TableContext | None = None
        self._rows = 0

    def feed(self, text: str) -> list[Piece]:
        """Take more text and return the pieces that are finished by it."""
        pieces: list[Piece] = []
        for start in range(0, len(text), PORTION):
            pieces += self._feed(text[start : start + PORTION])
        return pieces

    def _feed(self, text: str) -> list[Piece]:
        self._tail += text
        if "\n" not in text and "\r" not in self._tail[-len(text) - 1 :]:
            return []
        return self._advance(self._offset + _complete_end(self._tail))

    def finish(self) -> list[Piece]:
        """Return what is left. The splitter is of no use afterwards."""
        pieces = self._advance(self._offset + len(self._tail))
        if self._tail:
            self._emit(self._final_kind(), self._offset + len(self._tail), pieces)
        return pieces

    def tail(self) -> Piece | None:
        """The piece that still grows, None when there is no text in it."""
        if not self._tail.strip():
            return None
        kind = {_Mode.FENCE: PieceKind.CODE, _Mode.TABLE: PieceKind.TABLE}.get(self._mode)
        if kind is None:
            fenced = self._list is None and _FENCE_START.match(self._tail)
            kind = PieceKind.CODE if fenced else PieceKind.TEXT
        return replace(self._piece(kind, self._offset + len(self._tail)), is_open=True)

    def _advance(self, limit: int) -> list[Piece]:
        pieces: list[Piece] = []
        while self._seen < limit:
            match self._mode:
                case _Mode.BLOCKS:
                    self._cut_blocks(limit, pieces)
                case _Mode.FENCE:
                    self._cut_fence(limit, pieces)
                case _Mode.TABLE:
                    self._cut_table(limit, pieces)
        return pieces

    def _final_kind(self) -> PieceKind:
        match self._mode:
            case _Mode.FENCE:
                return PieceKind.CODE
            case _Mode.TABLE:
                return PieceKind.TABLE
        cuts = outline(Lines(self._tail, self._offset), self._list)
        return cuts[-1].kind if cuts else PieceKind.TEXT

    def _piece(self, kind: PieceKind, end: int) -> Piece:
        return Piece(
            kind=kind,
            source=self._tail[: end - self._offset],
            offset=self._offset,
            thinking=self._thinking,
            in_list=self._list if kind is PieceKind.TEXT else None,
            in_code=self._code if self._code is not None and self._code.part else None,
            in_table=self._table if kind is PieceKind.TABLE else None,
        )

    def _emit(self, kind: PieceKind, end: int, pieces: list[Piece]) -> None:
        pieces.append(self._piece(kind, end))
        self._tail = self._tail[end - self._offset :]
        self._offset = end

    def _leave(self, seen: int) -> None:
        """Go on with whatever begins at the start of the tail."""
        self._mode = _Mode.BLOCKS
        self._list = self._table = self._code = None
        self._seen = seen

    def _cut_blocks(self, limit: int, pieces: list[Piece]) -> None:
        """Every block but the last is finished; the last decides how to go on."""
        known, limit = limit, self._window_end(limit)
        self._seen = limit
        lines = Lines(self._tail[: limit - self._offset], self._offset)
        cuts = outline(lines, self._list)
        for cut, following in pairwise(cuts):
            self._list, self._table = cut.in_list, cut.in_table
            end = lines.offset(following.line)
            if is_long_fence(cut, lines):
                self._enter_fence(cut.token, lines)
                return
            if self._cut_long(cut, end, pieces, goes_on=False):
                return
            self._emit(cut.kind, end, pieces)
        if not cuts:
            return
        last = cuts[-1]
        self._list, self._table = last.in_list, last.in_table
        if self._cut_long(last, limit, pieces, goes_on=limit < known):
            return
        if last.kind is PieceKind.TABLE:
            self._enter_table(last.token, lines, limit, pieces)
        elif last.token.type == "fence":
            self._enter_fence(last.token, lines)

    def _window_end(self, limit: int) -> int:
        """The end of the line that ends the window, or `limit` before it."""
        if limit - self._offset <= WINDOW:
            return limit
        match = LINE_END.search(self._tail, WINDOW, limit - self._offset)
        return self._offset + match.end() if match else limit

    def _cut_long(self, cut: Cut, end: int, pieces: list[Piece], *, goes_on: bool) -> bool:
        """Cut a block that is too long at the first end of a line behind its limit.

        A line must follow within the block, or `goes_on` behind what is looked at: until then the
        last line may turn out to begin something else.
        """
        limit = longest(cut)
        if limit is None or end - self._offset < limit:
            return False
        match = LINE_END.search(self._tail, limit - 1, end - self._offset)
        if match is None or (self._offset + match.end() == end and not goes_on):
            return False
        self._emit(cut.kind, self._offset + match.end(), pieces)
        self._leave(self._offset)
        return True

    def _enter_fence(self, token: Token, lines: Lines) -> None:
        """Go on line by line behind the line that opens the fence."""
        first = first_line(token)
        self._mode, self._fence = _Mode.FENCE, token.markup
        self._seen = lines.offset(first + 1)
        head = lines.slice(first, first + 1)
        self._code = CodeContext(offset=self._offset, head=head, part=0)
        self._rows = 1

    def _cut_fence(self, limit: int, pieces: list[Piece]) -> None:
        """Inside a fence nothing but its end matters."""
        for line in self._unseen_lines(limit):
            closes = _closes(self._fence, line)
            is_full = self._rows >= LINES_PER_CODE_PIECE
            if not closes and (is_full or self._seen - self._offset >= LONGEST_BLOCK):
                self._emit_part(pieces)
            self._seen += len(line)
            self._rows += 1
            if closes:
                self._emit(PieceKind.CODE, self._seen, pieces)
                self._leave(self._offset)
                return

    def _emit_part(self, pieces: list[Piece]) -> None:
        assert self._code is not None
        self._emit(PieceKind.CODE, self._seen, pieces)
        self._code = replace(self._code, part=self._code.part + 1)
        self._rows = 0

    def _enter_table(self, token: Token, lines: Lines, limit: int, pieces: list[Piece]) -> None:
        assert self._table is not None
        self._mode = _Mode.TABLE
        self._rows = end_line(token) - first_line(token) - 2 - self._table.first_row
        end = lines.offset(end_line(token))
        if self._rows == ROWS_PER_PIECE:
            self._emit_rows(end, pieces)
        if end < limit:
            self._end_table(end, pieces)

    def _cut_table(self, limit: int, pieces: list[Piece]) -> None:
        """Inside a table each line is either one more row or its end."""
        assert self._table is not None
        for line in self._unseen_lines(limit):
            if not is_row(self._table.head, line):
                self._end_table(self._seen, pieces)
                return
            self._seen += len(line)
            self._rows += 1
            if self._rows == ROWS_PER_PIECE:
                self._emit_rows(self._seen, pieces)

    def _emit_rows(self, end: int, pieces: list[Piece]) -> None:
        assert self._table is not None
        self._emit(PieceKind.TABLE, end, pieces)
        self._table = replace(self._table, first_row=self._table.first_row + ROWS_PER_PIECE)
        self._rows = 0

    def _end_table(self, end: int, pieces: list[Piece]) -> None:
        if end > self._offset:
            self._emit(PieceKind.TABLE, end, pieces)
        self._leave(end)

    def _unseen_lines(self, limit: int) -> list[str]:
        text = self._tail[self._seen - self._offset : limit - self._offset]
        starts = [0, *(match.end() for match in LINE_END.finditer(text)), len(text)]
        return [text[a:b] for a, b in pairwise(starts) if b > a]
