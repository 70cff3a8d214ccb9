"""Stretches of messages that are shown marked: what was searched for, or one verify step.
They are given by source offsets and drawn wherever that source is drawn."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtGui import QColor

from app.chat_view.alignment import drawn_ranges
from app.chat_view.block import Block, Shade
from app.chat_view.style import Style


class MarkKind(StrEnum):
    """What a stretch is marked for."""

    FOUND = "found"
    CURRENT = "current"
    """The hit the reader stands at."""
    STEP = "step"


@dataclass(frozen=True, slots=True)
class Mark:
    """Characters `start` to `end` of a message, the latter excluded."""

    start: int
    end: int
    kind: MarkKind = MarkKind.FOUND


class Marks:
    """All marks of a chat, by row. Marks of a row are in order and do not overlap."""

    def __init__(self) -> None:
        self._rows: dict[int, Sequence[Mark]] = {}
        self._focus: dict[int, Sequence[Mark]] = {}

    @property
    def is_empty(self) -> bool:
        """Whether nothing is marked."""
        return not self._rows and not self._focus

    def set_found(self, rows: Mapping[int, Sequence[Mark]]) -> None:
        """Mark what a search has found, instead of what was marked for it before."""
        self._rows = dict(rows)

    def set_focus(self, row: int, marks: Iterable[Mark]) -> None:
        """Mark a place of one message, on top of what was found."""
        self._focus = {row: tuple(marks)}

    def clear_focus(self) -> bool:
        """Take the marked place away; False when there was none."""
        had, self._focus = bool(self._focus), {}
        return had

    def clear(self) -> None:
        """Mark nothing."""
        self._rows, self._focus = {}, {}

    def shades(self, row: int, block: Block, style: Style) -> list[Shade]:
        """Marked positions of a built block."""
        shades: list[Shade] = []
        for marks in (self._rows.get(row, ()), self._focus.get(row, ())):
            for mark in _within(marks, block):
                start, end = mark.start - block.piece.offset, mark.end - block.piece.offset
                colour = _colour(mark.kind, style)
                for first, last in drawn_ranges(block.built.segments, start, end):
                    shades.append(Shade(first, last, colour))
        return shades


def _within(marks: Sequence[Mark], block: Block) -> Iterable[Mark]:
    if not marks:
        return
    start = block.piece.offset
    end = start + len(block.piece.source)
    for index in range(bisect_left(marks, start, key=lambda mark: mark.end), len(marks)):
        if marks[index].start >= end:
            return
        yield marks[index]


def _colour(kind: MarkKind, style: Style) -> QColor:
    match kind:
        case MarkKind.FOUND:
            return style.colours.found
        case MarkKind.CURRENT:
            return style.colours.found_current
    return style.colours.step
