"""From the strip under an answer to its text: by pointing, by clicking, and with the keyboard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRectF
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QToolTip

from app.chat_view import style as measures
from app.chat_view.message_item import MessageItem
from app.chat_view.step_strip import StepStrip, StepStrips, describe_column

if TYPE_CHECKING:
    from app.chat_view.view import ChatView

REACH = 4
"""Pixels above and below the bars that still count."""


@dataclass(frozen=True, slots=True)
class ChosenColumn:
    """A bar of the strip of a message."""

    row: int
    index: int


class StepWalk(QObject):
    """Knows the chosen bar; choosing one marks its text in the answer.

    Between `begin` and `end` the arrow keys move from bar to bar.
    """

    def __init__(self, view: ChatView, strips: StepStrips) -> None:
        super().__init__(view)
        self._view = view
        self._strips = strips
        self.chosen: ChosenColumn | None = None
        self.is_walking = False

    def can_walk(self, row: int) -> bool:
        """Whether a message has a strip."""
        return self._strips.of(self._view.column.parsed(row)) is not None

    def bar_at(self, point: QPointF) -> ChosenColumn | None:
        """The bar under a point of the viewport."""
        view = self._view
        if not view.column.items:
            return None
        row = view.column.row_at(int(point.y()) + view.verticalScrollBar().value())
        item = view.column.items[row]
        strip = self._strips.of(item)
        if strip is None:
            return None
        inside = point - self._corner(item)
        if not -REACH <= inside.y() <= measures.STRIP_HEIGHT + REACH:
            return None
        index = strip.column_at(inside.x())
        return None if index is None else ChosenColumn(row, index)

    def tool_tip(self, point: QPointF) -> str:
        """What is known about the bar under a point, or an empty string."""
        bar = self.bar_at(point)
        return "" if bar is None else self._describe(bar)

    def click(self, point: QPointF) -> bool:
        """Choose the bar under a point; False when there is none."""
        bar = self.bar_at(point)
        if bar is not None:
            self._choose(bar)
        return bar is not None

    def begin(self, row: int) -> bool:
        """Choose the first bar of a message and let the keys move on; False without a strip."""
        if not self.can_walk(row):
            return False
        self.is_walking = True
        known = self.chosen
        self._choose(known if known is not None and known.row == row else ChosenColumn(row, 0))
        self._tell()
        return True

    def move(self, steps: int) -> None:
        """To another bar; beyond the ends is the end."""
        strip = self._strip()
        if strip is None or self.chosen is None:
            return
        index = max(0, min(len(strip.columns) - 1, self.chosen.index + steps))
        self._choose(ChosenColumn(self.chosen.row, index))
        self._tell()

    def end(self) -> bool:
        """Choose nothing; False when nothing was chosen."""
        had = self.chosen is not None
        self.chosen, self.is_walking = None, False
        if had:
            QToolTip.hideText()
            self._view.viewport().update()
        return had

    def _strip(self) -> StepStrip | None:
        items = self._view.column.items
        if self.chosen is None or self.chosen.row >= len(items):
            return None
        return self._strips.of(items[self.chosen.row])

    def _choose(self, bar: ChosenColumn) -> None:
        strip = self._strips.of(self._view.column.parsed(bar.row))
        if strip is None:
            return
        self.chosen = bar
        column = strip.columns[bar.index]
        self._view.highlight_step(bar.row, column.first, last=column.last)
        self._view.viewport().update()

    def _describe(self, bar: ChosenColumn) -> str:
        strip = self._strips.of(self._view.column.items[bar.row])
        return "" if strip is None else describe_column(strip.report, strip.columns[bar.index])

    def _tell(self) -> None:
        """Say aloud what the chosen bar stands for, beside it when it is in view."""
        strip, bar = self._strip(), self.chosen
        if strip is None or bar is None:
            return
        view, text = self._view, self._describe(bar)
        place = strip.place_of(bar.index).translated(self._corner(view.column.items[bar.row]))
        inside = QRectF(view.viewport().rect()).contains(place)
        # The text of a step of a long answer may be far from the strip.
        at = place.bottomLeft().toPoint() if inside else view.viewport().rect().center()
        QToolTip.showText(view.viewport().mapToGlobal(at), text, view.viewport())
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(view, text))

    def _corner(self, item: MessageItem) -> QPointF:
        rect = self._view.message_rect(item.row)
        return QPointF(rect.left(), rect.top() + item.strip_top)
