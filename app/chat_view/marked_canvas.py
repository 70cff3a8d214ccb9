"""Places in the chat that are shown and marked: the message with the ring, what was found, and the
text of a verify step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal

from app.chat_view.canvas import ChatCanvas
from app.chat_view.marks import Mark, MarkKind
from app.chat_view.places import drawn_place, reveal_sideways

REVEAL_MARGIN = 24
"""Pixels that a revealed place keeps from the edges."""


class MarkedCanvas(ChatCanvas):
    """Scrolls to places and marks them. `ring_moved()` follows another message with the ring."""

    ring_moved = Signal()

    @property
    def focused_row(self) -> int | None:
        """The message with the focus ring."""
        return self._painter.focused_row

    def focus_message(self, row: int) -> None:
        """Move the focus ring to a message and scroll to it."""
        if not 0 <= row < len(self.column.items):
            return
        self._painter.focused_row = row
        top, bottom = self.column.top(row), self.column.top(row) + self.column.items[row].height
        scroll, height = self._scroll_value(), self.viewport().height()
        if top < scroll or bottom - top > height:
            self.verticalScrollBar().setValue(top - 8)
        elif bottom > scroll + height:
            self.verticalScrollBar().setValue(bottom - height)
        self.ring_moved.emit()
        self.viewport().update()

    def scroll_to(
        self, row: int, offset: int | None = None, *, length: int = 0, highlight: bool = True
    ) -> None:
        """Show a message, or the character at a source offset of it.

        With `highlight` the message gets the focus ring, or `length` characters are marked until
        the next click or Escape. Raises IndexError for a row that does not exist.
        """
        if not 0 <= row < len(self.column.items):
            raise IndexError(row)
        if offset is None:
            self._scroll_to_message(row)
            if highlight:
                self.focus_message(row)
            return
        if highlight and length:
            mark = Mark(offset, offset + length, MarkKind.CURRENT)
            self._painter.marks.set_focus(row, [mark])
        self._reveal(row, offset)

    def _scroll_to_message(self, row: int) -> None:
        with self._keeping_place():
            self.column.parsed(row)
        self.verticalScrollBar().setValue(self.column.top(row) - 8)

    def _reveal(self, row: int, offset: int) -> None:
        """Bring a character into view; the view stays where it is when it is there already."""
        with self._keeping_place():
            place = drawn_place(self.column, row, offset)
        if place is None:
            self._scroll_to_message(row)
            return
        place = drawn_place(self.column, row, offset) or place
        reveal_sideways(place, self.column.items[row].left_of(place.block), self.column.width)
        y = round(place.rect.top()) - self._scroll_value()
        height = self.viewport().height()
        if y < REVEAL_MARGIN or y + place.rect.height() > height - REVEAL_MARGIN:
            self.verticalScrollBar().setValue(round(place.rect.top()) - height // 3)
        self.viewport().update()

    def show_found(
        self,
        rows: Mapping[int, Sequence[Mark]],
        current: tuple[int, Mark] | None,
        *,
        reveal: bool = False,
    ) -> None:
        """Mark what a search has found and its current hit, which `reveal` brings into view."""
        self._painter.marks.set_found(rows)
        self._painter.marks.clear_focus()
        if current is not None:
            row, mark = current
            self._painter.marks.set_focus(row, [mark])
            if reveal:
                self._reveal(row, mark.start)
        self.viewport().update()

    def highlight_step(self, row: int, step: int, *, last: int | None = None) -> bool:
        """Mark and show the text of one verify step, or of the steps up to `last`.

        False when the row has no text of them.

        Raises IndexError for a row that does not exist.
        """
        if not 0 <= row < len(self.column.items):
            raise IndexError(row)
        with self._keeping_place():
            ranges = self.column.parsed(row).tokens.ranges_of(step, last)
        if not ranges:
            return False
        self._painter.marks.set_focus(row, [Mark(*part, MarkKind.STEP) for part in ranges])
        self._reveal(row, ranges[0][0])
        return True

    def last_answer(self) -> int | None:
        """The row of the newest answer."""
        rows = range(len(self.column.items) - 1, -1, -1)
        return next((row for row in rows if not self.column.items[row].is_user), None)

    def clear_marks(self) -> bool:
        """Take a marked place away; False when there was none."""
        had = self._painter.marks.clear_focus()
        if had:
            self.viewport().update()
        return had

    def clear_focused_message(self) -> None:
        """Take the focus ring away."""
        if self._painter.focused_row is not None:
            self._painter.focused_row = None
            self.ring_moved.emit()
            self.viewport().update()
