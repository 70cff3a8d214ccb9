"""What the mouse does in the chat: selecting, dragging beyond the edge, links, folding, bars."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from PySide6.QtCore import QObject, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QTextCursor
from PySide6.QtWidgets import QApplication

from app.chat_view.attachment_block import AttachmentBlock
from app.chat_view.block import Block
from app.chat_view.code_block import CodeBlock
from app.chat_view.column import MessageColumn
from app.chat_view.message_item import MessageItem
from app.chat_view.selection import Place, Selection
from app.chat_view.sideways import BAR_ROOM
from app.chat_view.table_block import TableBlock

AUTO_SCROLL_MS = 30
AUTO_SCROLL_STEP = 24


@dataclass(frozen=True, slots=True)
class Hit:
    """The block nearest to a point, and the point in the coordinates of that block."""

    item: MessageItem
    index: int
    block: Block
    point: QPointF

    def place(self) -> Place:
        """The text position nearest to the point."""
        return Place(self.item.row, self.index, self.block.position_at(self.point))


class ChatPointer(QObject):
    """Turns mouse events of a viewport into selections and signals.

    `set_view(left, scroll, height)` tells it where the column is drawn.
    """

    selection_changed = Signal()
    link_clicked = Signal(str)
    thinking_clicked = Signal(int)
    attachment_clicked = Signal(int, int)
    scroll_wanted = Signal(int)

    def __init__(self, column: MessageColumn, selection: Selection, parent: QObject) -> None:
        super().__init__(parent)
        self._column = column
        self._selection = selection
        self._left = self._scroll = self._height = 0
        self._dragging = False
        self._pressed_link = ""
        self._bar: tuple[CodeBlock | TableBlock, float] | None = None
        self._last_point = QPointF()
        self._clicks = 0
        self._click_timer = QTimer(self)
        self._click_timer.setSingleShot(True)
        self._auto_scroll = QTimer(self)
        self._auto_scroll.setInterval(AUTO_SCROLL_MS)
        self._auto_scroll.timeout.connect(self._scroll_on)

    def set_view(self, *, left: int, scroll: int, height: int) -> None:
        """Where the column is drawn in the viewport, and how high the viewport is."""
        self._left, self._scroll, self._height = left, scroll, height

    def hit(self, point: QPointF) -> Hit | None:
        """The built block nearest to a point of the viewport."""
        under = self._message_at(point)
        if under is None:
            return None
        item, inside = under
        best = _nearest(item, inside)
        if best is None:
            return None
        left = self._left + item.left_of(best[1])
        return Hit(item, *best, QPointF(point.x() - left, inside - best[1].top))

    def _message_at(self, point: QPointF) -> tuple[MessageItem, int] | None:
        """The message at the height of a point, and how far below its top that is."""
        if not self._column.items:
            return None
        y = int(point.y()) + self._scroll
        item = self._column.items[self._column.row_at(y)]
        return item, y - self._column.top(item.row)

    def thinking_row_at(self, point: QPointF) -> int | None:
        """The message whose thinking header is under a point."""
        under = self._message_at(point)
        if under is None:
            return None
        item, inside = under
        top = item.label_height - 4
        in_header = top <= inside < top + item.think_header
        in_column = self._left <= point.x() < self._left + item.width
        return item.row if item.has_thinking and in_header and in_column else None

    def link_at(self, point: QPointF) -> str:
        """The link under a point of the viewport, or an empty string."""
        hit = self.hit(point)
        return hit.block.link_at(hit.point) if hit is not None else ""

    def cursor_shape(self, point: QPointF) -> Qt.CursorShape:
        """The cursor that belongs to a point."""
        if self.link_at(point) or self.thinking_row_at(point) is not None:
            return Qt.CursorShape.PointingHandCursor
        hit = self.hit(point)
        if hit is not None and _on_chip(hit):
            return Qt.CursorShape.PointingHandCursor
        over_text = hit is not None and 0 <= hit.point.y() < hit.block.height
        return Qt.CursorShape.IBeamCursor if over_text else Qt.CursorShape.ArrowCursor

    def press(self, event: QMouseEvent) -> None:
        """Begin to select, fold, drag a bar, or extend the selection with Shift."""
        point = event.position()
        self._last_point = point
        row = self.thinking_row_at(point)
        if row is not None:
            self.thinking_clicked.emit(row)
            return
        hit = self.hit(point)
        if hit is None:
            return
        if _on_chip(hit):
            assert hit.block.piece.attached is not None
            self.attachment_clicked.emit(hit.item.row, hit.block.piece.attached.offset)
            return
        if self._on_bar(hit):
            self._grab_bar(hit)
            return
        self._pressed_link = hit.block.link_at(hit.point)
        self._clicks = self._clicks + 1 if self._click_timer.isActive() else 1
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self._selection.anchor:
            self._selection.set(self._selection.anchor, hit.place())
        elif self._clicks >= 3:
            self._select_unit(hit, QTextCursor.SelectionType.BlockUnderCursor)
        else:
            self._selection.set(hit.place(), hit.place())
        self._dragging = True
        self.selection_changed.emit()

    def double_click(self, event: QMouseEvent) -> None:
        """Select a word; another click soon after selects the paragraph."""
        hit = self.hit(event.position())
        if hit is None:
            return
        self._select_unit(hit, QTextCursor.SelectionType.WordUnderCursor)
        self._clicks = 2
        self._click_timer.start(QApplication.doubleClickInterval())
        self.selection_changed.emit()

    def move(self, event: QMouseEvent) -> None:
        """Extend the selection, or move a bar."""
        self._last_point = event.position()
        if self._bar is not None:
            self._drag_bar(event.position().x())
        elif self._dragging:
            self._extend()
            outside = not 0 <= self._last_point.y() < self._height
            if outside and not self._auto_scroll.isActive():
                self._auto_scroll.start()
            elif not outside:
                self._auto_scroll.stop()

    def release(self, event: QMouseEvent) -> None:
        """End a drag; a link that was pressed and released without selecting is followed."""
        self._auto_scroll.stop()
        self._dragging = False
        self._bar = None
        link, self._pressed_link = self._pressed_link, ""
        if link and self._selection.is_empty and self.link_at(event.position()) == link:
            self.link_clicked.emit(link)

    def _extend(self) -> None:
        x = self._last_point.x()
        y = min(max(self._last_point.y(), 0.0), self._height - 1.0)
        hit = self.hit(QPointF(x, y))
        if hit is not None and self._selection.anchor is not None:
            self._selection.set(self._selection.anchor, hit.place())
            self.selection_changed.emit()

    def _scroll_on(self) -> None:
        up = self._last_point.y() < 0
        self.scroll_wanted.emit(-AUTO_SCROLL_STEP if up else AUTO_SCROLL_STEP)
        self._extend()

    def _select_unit(self, hit: Hit, unit: QTextCursor.SelectionType) -> None:
        if hit.block.document is None:
            return
        cursor = QTextCursor(hit.block.document)
        cursor.setPosition(min(hit.place().position, hit.block.end_position()))
        if unit is QTextCursor.SelectionType.BlockUnderCursor:
            cursor.movePosition(QTextCursor.MoveOperation.StartOfBlock)
            cursor.movePosition(
                QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor
            )
        else:
            cursor.select(unit)
        row, index = hit.item.row, hit.index
        self._selection.set(
            Place(row, index, cursor.selectionStart()), Place(row, index, cursor.selectionEnd())
        )

    def _on_bar(self, hit: Hit) -> bool:
        block = hit.block
        return (
            isinstance(block, CodeBlock | TableBlock)
            and block.sideways.maximum > 0
            and block.height - BAR_ROOM <= hit.point.y() < block.height
        )

    def _grab_bar(self, hit: Hit) -> None:
        assert isinstance(hit.block, CodeBlock | TableBlock)
        self._bar = (hit.block, self._last_point.x())

    def _drag_bar(self, x: float) -> None:
        assert self._bar is not None
        block, before = self._bar
        content = self._column.width + block.sideways.maximum
        if block.scroll_by(round((x - before) * content / self._column.width)):
            self._bar = (block, x)
            self.selection_changed.emit()


def _on_chip(hit: Hit) -> bool:
    return isinstance(hit.block, AttachmentBlock) and hit.block.box.contains(hit.point)


def _nearest(item: MessageItem, y: int) -> tuple[int, Block] | None:
    """The last drawn block that starts above a position, or else the first one."""
    start = item.block_at(y)
    indexes = (*range(start, -1, -1), *range(start + 1, len(item.blocks)))
    for index in indexes:
        block = item.blocks[index] if item.blocks else None
        if block is not None and block.is_built and not block.hidden:
            return index, block
    return None


def host_of(link: str) -> str:
    """Where a link really leads: its host, or the address of a mail link."""
    parts = urlsplit(link)
    return parts.path if parts.scheme == "mailto" else (parts.hostname or link)
