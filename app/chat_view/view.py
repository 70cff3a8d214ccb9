"""The chat: a self-painted, virtualised list of messages. It shows a `TranscriptModel` and knows
no engine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QGuiApplication,
    QHelpEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from app.chat_view.accessibility import ChatAccessibility, announce_finished
from app.chat_view.column import MessageColumn
from app.chat_view.details import ChatDetails
from app.chat_view.highlighting import COMMON_LANGUAGES, preload
from app.chat_view.keyboard import ChatKeys
from app.chat_view.overlays import CopyButtons, CopyTarget, JumpButton, scroll_bar_sheet
from app.chat_view.painter import ChatPainter
from app.chat_view.pointer import ChatPointer
from app.chat_view.selection import Selection
from app.chat_view.style import COLUMN_WIDTH, SIDE_MARGIN, Style
from app.viewmodels.transcript_model import TranscriptModel

FOLLOW_PIXELS = 4
LINE_STEP = 40
WAITING_MS = 350
IDLE_MS = 400
"""Pause before each import of something that only makes the first code faster."""


class ChatView(QAbstractScrollArea):
    """Shows messages; only those near the viewport cost anything.

    `link_activated(url)` is for the window to open (only http, https and mailto), `copied()`
    follows a copy to the clipboard, `follow_changed(on)` a change of `follow`.
    """

    link_activated = Signal(str)
    copied = Signal()
    follow_changed = Signal(bool)

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model: TranscriptModel | None = None
        self._follow = True
        self._adjusting = False
        self._painted_scroll = 0
        self._live_rows: set[int] = set()
        self.column = MessageColumn(style)
        self.selection = Selection(self.column)
        self._painter = ChatPainter(self.column, self.selection)
        self._pointer = ChatPointer(self.column, self.selection, self)
        self._buttons = CopyButtons(self.viewport(), self.copy_text)
        self._jump = JumpButton(self)
        self._keys = ChatKeys(self)
        self.details = ChatDetails(self, self._pointer)
        self._waiting = QTimer(self)
        self._waiting.setInterval(WAITING_MS)
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._cold_languages = list(COMMON_LANGUAGES)
        self._set_up()
        self._connect_parts()
        self._apply_style(style)
        self._accessibility = ChatAccessibility(self)
        self._accessibility.register()

    def _set_up(self) -> None:
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Chat messages"))
        self.setAccessibleDescription(
            self.tr("Up and Down move between messages, C copies one, Enter unfolds thinking")
        )
        self.viewport().setMouseTracking(True)
        self.verticalScrollBar().setSingleStep(LINE_STEP)

    def _connect_parts(self) -> None:
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self._pointer.selection_changed.connect(self.viewport().update)
        self._pointer.link_clicked.connect(self.link_activated)
        self._pointer.thinking_clicked.connect(self.toggle_thinking)
        self._pointer.scroll_wanted.connect(self.scroll_by)
        self._jump.clicked.connect(self._jump_to_latest)
        self._waiting.timeout.connect(self._next_dot)
        self._idle.timeout.connect(self._warm_up)

    # -- what a window uses

    def set_model(self, model: TranscriptModel) -> None:
        """Show another model."""
        if self._model is not None:
            self._model.disconnect(self)
        self._model = model
        model.text_flushed.connect(self._text_flushed)
        model.message_changed.connect(self._row_changed)
        model.rowsInserted.connect(self._rows_inserted)
        model.modelReset.connect(self._reset)
        self._accessibility.register()
        self._reset()

    def set_style(self, style: Style) -> None:
        """Change theme or font size."""
        self._apply_style(style)
        with self._keeping_place():
            self.column.restyle(style, self._column_width())

    def set_token_colours(self, on: bool) -> None:
        """Tint the text of accepted draft tokens."""
        with self._keeping_place():
            self.column.recolour(on=on)

    @property
    def follow(self) -> bool:
        """Whether the view sticks to the newest text."""
        return self._follow

    @follow.setter
    def follow(self, on: bool) -> None:
        if on != self._follow:
            self._follow = on
            self.follow_changed.emit(on)
        self._refresh()

    def scroll_to_bottom(self) -> None:
        """Show the newest text and follow it."""
        self.follow = True

    def selected_text(self) -> str:
        """The selection as rendered text."""
        with self._keeping_place():
            return self.selection.text()

    def selected_markdown(self) -> str:
        """The selection as markdown source."""
        with self._keeping_place():
            return self.selection.markdown()

    def copy(self) -> None:
        """Copy the selection as it is drawn."""
        self.copy_text(self.selected_text())

    def copy_markdown(self) -> None:
        """Copy the selection as markdown."""
        self.copy_text(self.selected_markdown())

    def copy_message(self, row: int) -> None:
        """Copy the markdown of a whole message."""
        if self._model is not None and 0 <= row < len(self._model):
            self.copy_text(self._model.message(row).text)

    def select_all(self) -> None:
        """Select every message."""
        with self._keeping_place():
            self.selection.select_all()

    def toggle_thinking(self, row: int) -> None:
        """Fold or unfold the thinking of a message."""
        with self._keeping_place():
            self.column.toggle_thinking(row)

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
        self.viewport().update()

    @property
    def model(self) -> TranscriptModel | None:
        """What is shown."""
        return self._model

    def message_rect(self, row: int) -> QRect:
        """Where a message is, in viewport pixels; it may be outside the viewport."""
        top = self.column.top(row) - self._scroll_value()
        return QRect(self._left(), top, self.column.width, self.column.items[row].height)

    @property
    def is_animating(self) -> bool:
        """Whether the dots of a waiting answer move."""
        return self._waiting.isActive()

    def visible_copy_buttons(self) -> int:
        """How many copy buttons are shown."""
        return len(self._buttons.shown)

    # -- the model

    def _reset(self) -> None:
        assert self._model is not None
        self.selection.clear()
        self._painter.focused_row = None
        self._live_rows.clear()
        self.column.reset(self._model)
        self._follow = True
        self._refresh()

    def _rows_inserted(self, _parent: object, first: int, last: int) -> None:
        assert self._model is not None
        with self._keeping_place():
            for row in range(first, last + 1):
                self.column.append(self._model, row)
                if self.column.items[row].is_live:
                    self._live_rows.add(row)

    def _text_flushed(self, row: int) -> None:
        with self._keeping_place():
            self.column.sync(row, whole=False)

    def _row_changed(self, row: int) -> None:
        with self._keeping_place():
            self.column.sync(row)
        item = self.column.items[row]
        if item.is_live:
            self._live_rows.add(row)
        elif row in self._live_rows:
            self._live_rows.discard(row)
            announce_finished(self, item)

    # -- layout

    def _column_width(self) -> int:
        return max(160, min(COLUMN_WIDTH, self.viewport().width() - 2 * SIDE_MARGIN))

    def _left(self) -> int:
        return (self.viewport().width() - self.column.width) // 2

    def _scroll_value(self) -> int:
        return self.verticalScrollBar().value()

    @contextmanager
    def _keeping_place(self) -> Iterator[None]:
        """What the reader looks at stays where it is while the layout changes."""
        anchor = self.column.anchor(self._scroll_value())
        yield
        self._refresh(self.column.resolve(anchor))

    def _refresh(self, scroll: int | None = None) -> None:
        """Build what is visible and bring the scroll bar and the buttons in line."""
        if not self.isVisible() or self._adjusting:
            return
        height = self.viewport().height()
        before = self._painted_scroll
        wanted = self._scroll_value() if scroll is None else scroll
        bar = self.verticalScrollBar()
        self._adjusting = True
        try:
            place = self.column.ensure(wanted, height, follow=self._follow)
            bar.setPageStep(height)
            bar.setRange(0, max(0, self.column.height - height))
            bar.setValue(place)
        finally:
            self._adjusting = False
        self._painted_scroll = bar.value()
        self._pointer.set_view(left=self._left(), scroll=bar.value(), height=height)
        self._repaint(before, bar.value())
        self._arrange_overlays()

    def _repaint(self, before: int, scroll: int) -> None:
        """Paint what is new only; what just moved is moved on the screen."""
        viewport = self.viewport()
        moved = before - scroll
        dirty = self.column.take_dirty_from() - scroll
        if abs(moved) >= viewport.height() or dirty <= 0:
            viewport.update()
            return
        if moved:
            viewport.scroll(0, moved)
        if dirty < viewport.height():
            viewport.update(0, dirty, viewport.width(), viewport.height() - dirty)

    def _arrange_overlays(self) -> None:
        scroll, height = self._scroll_value(), self.viewport().height()
        targets = []
        is_waiting = False
        for item in self.column.visible_items(scroll, scroll + height):
            is_waiting = is_waiting or item.is_waiting
        for placed in self.column.visible(scroll, scroll + height):
            for area in placed.block.code_areas():
                x = self._left() + placed.item.left_of(placed.block)
                box = area.rect.translated(x, placed.top - scroll).toRect()
                targets.append(CopyTarget(box=box, source=area.source, language=area.language))
        self._buttons.arrange(targets)
        self._jump.setVisible(not self._follow)
        if not self._follow:
            self._jump.place(self.viewport().geometry())
        if is_waiting and not self._waiting.isActive():
            self._waiting.start()
        elif not is_waiting and self._waiting.isActive():
            self._waiting.stop()

    def _scrolled(self, value: int) -> None:
        if self._adjusting:
            return
        follow = value >= self.verticalScrollBar().maximum() - FOLLOW_PIXELS
        if follow != self._follow:
            self._follow = follow
            self.follow_changed.emit(follow)
        self._refresh()

    def scroll_by(self, pixels: int) -> None:
        """Scroll by some pixels, downwards when positive."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + pixels)

    def _jump_to_latest(self) -> None:
        self.scroll_to_bottom()
        self.setFocus()

    def _next_dot(self) -> None:
        self._painter.waiting_phase += 1
        self.viewport().update()

    def _warm_up(self) -> None:
        """Import what code will need in small portions while nothing else happens."""
        if self._cold_languages:
            preload(self._cold_languages.pop(0))
            self._idle.start(IDLE_MS)

    def _apply_style(self, style: Style) -> None:
        self.verticalScrollBar().setStyleSheet(scroll_bar_sheet(style))
        self._buttons.set_style(style)
        self._jump.set_style(style)

    # -- Qt

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """`_refresh` moves what is on the screen."""
        del dx, dy

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._resized()
        self._accessibility.register()
        self._idle.start(IDLE_MS)

    def hideEvent(self, event: QHideEvent) -> None:
        self._waiting.stop()
        self._idle.stop()
        super().hideEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._resized()

    def _resized(self) -> None:
        width = self._column_width()
        if width == self.column.width:
            self._refresh()
            return
        with self._keeping_place():
            self.column.restyle(self.column.style, width)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        try:
            self._painter.paint(
                painter,
                QRectF(event.rect()),
                left=self._left(),
                scroll=self._scroll_value(),
            )
        finally:
            painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._painter.focused_row = None
            self._pointer.press(event)
            self.viewport().update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._pointer.double_click(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer.move(event)
        if event.buttons() == Qt.MouseButton.NoButton:
            shape = self._pointer.cursor_shape(event.position())
            if self.viewport().cursor().shape() is not shape:
                self.viewport().setCursor(shape)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._pointer.release(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        delta = event.angleDelta()
        sideways = delta.x()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            sideways = sideways or delta.y()
        if sideways:
            hit = self._pointer.hit(event.position())
            if hit is not None and hit.block.scroll_by(-sideways // 2):
                self.viewport().update()
            event.accept()
            return
        super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._keys.press(event):
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.details.menu(QPointF(event.pos())).popup(event.globalPos())

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self.details.show_tool_tip(event.pos(), event.globalPos())
            return True
        return super().viewportEvent(event)

    def copy_text(self, text: str) -> None:
        """Put text on the clipboard; nothing happens without text."""
        if text:
            QGuiApplication.clipboard().setText(text)
            self.copied.emit()

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.FocusOut and self._painter.focused_row is not None:
            self._painter.focused_row = None
            self.viewport().update()
        return super().event(event)
