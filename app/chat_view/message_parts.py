"""A message as a growing list of pieces: thinking apart from the answer, and the link definitions
of the whole. No Qt."""

from __future__ import annotations

import re
from dataclasses import replace
from enum import Enum, auto

from app.chat_view.markdown import References, link_references
from app.chat_view.outline import LONGEST_BLOCK
from app.chat_view.pieces import Piece, PieceKind
from app.chat_view.splitter import Splitter
from app.chat_view.thinking import may_become_marks, partial_end
from engine.thinking import Scanned, ThinkingMarks, UnopenedEnd, marks_at

LONGEST_LINE = 20_000
"""Characters of a line of markdown beyond which it is shown without markup, in parts."""
PLAIN_LINES = 40
PLAIN_CHARACTERS = 4000

_PLAIN_LINE = re.compile(rf"[^\n]{{1,{PLAIN_CHARACTERS}}}\n?|\n")


class Thinking(Enum):
    """What is known about thinking in a message."""

    UNKNOWN = auto()
    """Too little text to tell."""
    NONE = auto()
    OPEN = auto()
    CLOSED = auto()


class MessageParts:
    """Pieces of one answer.

    `feed` and `finish` return the index of the first piece that is new or changed. Pieces before
    it stay as they are, except when `references` grows: then pieces with brackets read anew.
    """

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self.references: References = {}
        self.thinking = Thinking.UNKNOWN
        self.thinking_end: int | None = None
        """Offset in the message where the thinking ended."""
        self._marks: ThinkingMarks | None = None
        self._held = ""
        self._length = 0
        self._open_pieces = 0
        self._splitter: Splitter | None = None
        self._unopened: UnopenedEnd | None = None
        """None unless the answer may still turn out to have begun with thinking."""

    def feed(self, text: str) -> int:
        """Take more text of the message."""
        first = self._drop_open_piece()
        before = self.thinking
        self._length += len(text)
        self._route(text)
        self._show_tail()
        has_turned = before is Thinking.NONE and self.thinking is Thinking.CLOSED
        return 0 if has_turned else first

    def finish(self) -> int:
        """The message is complete."""
        first = self._drop_open_piece()
        if self.thinking is Thinking.UNKNOWN:
            self._start_answer(self._take_held())
        if self._splitter is not None:
            held = self._unopened.flush() if self._unopened is not None else self._take_held()
            if held:
                self._take(self._splitter.feed(held))
            self._take(self._splitter.finish())
            self._splitter = None
        return first

    def _route(self, text: str) -> None:
        text = self._take_held() + text
        if self.thinking is Thinking.UNKNOWN:
            stripped = text.lstrip()
            self._marks = marks_at(stripped)
            if self._marks is not None:
                self.thinking = Thinking.OPEN
                text = stripped[len(self._marks.start) :]
                self._splitter = Splitter(self._length - len(text), thinking=True)
            elif may_become_marks(stripped):
                self._held = text
                return
            else:
                self._start_answer(text)
                return
        if self.thinking is Thinking.OPEN:
            self._think(text)
        elif self._splitter is not None:
            self._answer(text)

    def _think(self, text: str) -> None:
        assert self._splitter is not None
        assert self._marks is not None
        thought, tag, answer = text.partition(self._marks.end)
        if tag:
            self.thinking_end = self._length - len(text) + len(thought)
            self._take(self._splitter.feed(thought))
            self._take(self._splitter.finish())
            self._close_thinking(answer)
            return
        held = partial_end(text, self._marks.end)
        self._held = text[len(text) - held :]
        self._take(self._splitter.feed(text[: len(text) - held]))

    def _start_answer(self, text: str) -> None:
        self.thinking = Thinking.NONE
        self._unopened = UnopenedEnd()
        self._splitter = Splitter(self._length - len(text))
        self._answer(text)

    def _close_thinking(self, answer: str) -> None:
        self.thinking = Thinking.CLOSED
        self._unopened = None
        self._splitter = Splitter(self._length - len(answer))
        self._take(self._splitter.feed(answer))

    def _answer(self, text: str) -> None:
        assert self._splitter is not None
        scanned = self._unopened.feed(text) if self._unopened is not None else Scanned(text)
        self._take(self._splitter.feed(scanned.passed))
        if scanned.marks is None:
            return
        self._take(self._splitter.finish())
        self.pieces = [replace(piece, thinking=True) for piece in self.pieces]
        self.thinking_end = self._length - len(scanned.rest) - len(scanned.marks.end)
        self._close_thinking(scanned.rest)

    def _take_held(self) -> str:
        held, self._held = self._held, ""
        return held

    def _take(self, pieces: list[Piece]) -> None:
        for piece in pieces:
            if not piece.source.strip():
                continue
            self.pieces += _cut_lines(piece)
            if len(piece.source) > LONGEST_BLOCK:
                continue
            for label, target in link_references(piece.source).items():
                self.references.setdefault(label, target)

    def _drop_open_piece(self) -> int:
        if self._open_pieces:
            del self.pieces[-self._open_pieces :]
            self._open_pieces = 0
        return len(self.pieces)

    def _show_tail(self) -> None:
        tail = self._splitter.tail() if self._splitter is not None else None
        if tail is not None:
            parts = _cut_lines(tail)
            self.pieces += parts
            self._open_pieces = len(parts)


def _cut_lines(piece: Piece) -> list[Piece]:
    """The piece, or parts of it without markup when one of its lines is far too long."""
    if len(piece.source) <= LONGEST_LINE or piece.kind is PieceKind.CODE:
        return [piece]
    if max(map(len, piece.source.splitlines()), default=0) <= LONGEST_LINE:
        return [piece]
    return [
        replace(
            part,
            offset=piece.offset + part.offset,
            thinking=piece.thinking,
            is_open=piece.is_open,
        )
        for part in plain_pieces(piece.source)
    ]


def plain_pieces(text: str) -> list[Piece]:
    """Text without markup in pieces of at most some lines; long lines are cut as well."""
    pieces: list[Piece] = []
    start = lines = 0
    for match in _PLAIN_LINE.finditer(text):
        lines += 1
        if (
            lines == PLAIN_LINES
            or match.end() - start > PLAIN_CHARACTERS
            or match.end() == len(text)
        ):
            pieces.append(
                Piece(kind=PieceKind.PLAIN, source=text[start : match.end()], offset=start)
            )
            start, lines = match.end(), 0
    return pieces
