"""The chat: a self-painted, virtualised list of messages. It shows a `TranscriptModel` and knows no engine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QMenu, QToolTip, QWidget

from app.chat_view import keyboard
from app.chat_view.accessibility import announce_finished, install_accessibility
from app.chat_view.column import MessageColumn
from app.chat_view.overlays import CopyButtons, CopyTarget, JumpButton
from app.chat_view.painter import ChatPainter
from app.chat_view.pointer import ChatPointer, host_of
from app.chat_view.selection import Selection
from app.chat_view.style import COLUMN_WIDTH, SIDE_MARGIN, Style
from app.viewmodels.transcript_model import TranscriptModel

FOLLOW_PIXELS = 4
LINE_STEP = 40
WAITING_MS = 350


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
        self._live_rows: set[int] = set()
        self.column = MessageColumn(style)
        self.selection = Selection(self.column)
        self._painter = ChatPainter(self.column, self.selection)
        self._pointer = ChatPointer(self.column, self.selection, self)
        self._buttons = CopyButtons(self.viewport(), self._copy_text)
        self._jump = JumpButton(self)
        self._waiting = QTimer(self)
        self._waiting.setInterval(WAITING_MS)
        self._set_up()
        self._connect_parts()
        self._apply_style(style)
        install_accessibility(ChatView)

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
        self._pointer.scroll_wanted.connect(self._scroll_by)
        self._jump.clicked.connect(self._jump_to_latest)
        self._waiting.timeout.connect(self._next_dot)

    # -- what a window uses

    def set_model(self, model: TranscriptModel) -> None:
        """Show another model."""
        if self._model is not None:
            self._model.disconnect(self)
        self._model = model
        model.text_flushed.connect(self._row_changed)
        model.message_changed.connect(self._row_changed)
        model.rowsInserted.connect(self._rows_inserted)
        model.modelReset.connect(self._reset)
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
        self._copy_text(self.selected_text())

    def copy_markdown(self) -> None:
        """Copy the selection as markdown."""
        self._copy_text(self.selected_markdown())

    def copy_message(self, row: int) -> None:
        """Copy the markdown of a whole message."""
        if self._model is not None and 0 <= row < len(self._model):
            self._copy_text(self._model.message(row).text)

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

    def message_rect(self, row: int) -> QRect:
        """Where a message is, in viewport pixels; it may be outside the viewport."""
        top = self.column.top(row) - self._scroll_value()
        return QRect(self._left(), top, self.column.width, self.column.items[row].height)

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
        self._adjusting = True
        height = self.viewport().height()
        wanted = self._scroll_value() if scroll is None else scroll
        place = self.column.ensure(wanted, height, follow=self._follow)
        bar = self.verticalScrollBar()
        bar.setPageStep(height)
        bar.setRange(0, max(0, self.column.height - height))
        bar.setValue(place)
        self._adjusting = False
        self._pointer.set_view(left=self._left(), scroll=bar.value(), height=height)
        self._arrange_overlays()
        self.viewport().update()

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

    def _scroll_by(self, pixels: int) -> None:
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + pixels)

    def _jump_to_latest(self) -> None:
        self.scroll_to_bottom()
        self.setFocus()

    def _next_dot(self) -> None:
        self._painter.waiting_phase += 1
        self.viewport().update()

    def _apply_style(self, style: Style) -> None:
        self._buttons.set_style(style)
        self._jump.set_style(style)

    # -- Qt

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        del dx, dy
        self.viewport().update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._resized()

    def hideEvent(self, event: QEvent) -> None:
        self._waiting.stop()
        super().hideEvent(event)  # type: ignore[arg-type]

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
            painter.setClipRect(event.rect())
            self._painter.paint(
                painter,
                QRectF(self.viewport().rect()),
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
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif keyboard.pressed(event, keyboard.COPY_MARKDOWN):
            self.copy_markdown()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.select_all()
        elif not keyboard.plain_key(event, self._key_actions()):
            super().keyPressEvent(event)

    def _key_actions(self) -> dict[Qt.Key, keyboard.Action]:
        page = max(LINE_STEP, self.viewport().height() - LINE_STEP)
        key = Qt.Key
        return {
            key.Key_PageUp: lambda: self._scroll_by(-page),
            key.Key_PageDown: lambda: self._scroll_by(page),
            key.Key_Home: lambda: self.verticalScrollBar().setValue(0),
            key.Key_End: self.scroll_to_bottom,
            key.Key_Up: lambda: self._step(-1),
            key.Key_Down: lambda: self._step(1),
            key.Key_Left: lambda: self._scroll_focused(-LINE_STEP),
            key.Key_Right: lambda: self._scroll_focused(LINE_STEP),
            key.Key_Return: self._toggle_focused,
            key.Key_Enter: self._toggle_focused,
            key.Key_Space: self._toggle_focused,
            key.Key_C: self._copy_focused,
        }

    def _step(self, direction: int) -> None:
        """To the next message; inside one that is higher than the view, scroll first."""
        row = self._painter.focused_row
        if row is None:
            self.focus_message(self.column.row_at(self._scroll_value() + self.viewport().height()))
            return
        rect = self.message_rect(row)
        more_below = direction > 0 and rect.bottom() > self.viewport().height() + LINE_STEP
        more_above = direction < 0 and rect.top() < -LINE_STEP
        if more_below or more_above:
            self._scroll_by(direction * self.viewport().height() // 2)
        else:
            self.focus_message(row + direction)

    def _toggle_focused(self) -> None:
        row = self._painter.focused_row
        if row is not None and self.column.parsed(row).has_thinking:
            self.toggle_thinking(row)

    def _copy_focused(self) -> None:
        if self._painter.focused_row is not None:
            self.copy_message(self._painter.focused_row)

    def _scroll_focused(self, pixels: int) -> None:
        row = self._painter.focused_row
        for block in self.column.items[row].blocks if row is not None else ():
            block.scroll_by(pixels)
        self.viewport().update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.context_menu(QPointF(event.pos())).popup(event.globalPos())

    def context_menu(self, point: QPointF) -> QMenu:
        """The menu for a point of the viewport; it deletes itself when it closes."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy = menu.addAction(self.tr("Copy"), self.copy)
        copy_markdown = menu.addAction(self.tr("Copy as Markdown"), self.copy_markdown)
        for action in (copy, copy_markdown):
            action.setEnabled(not self.selection.is_empty)
        link = self._pointer.link_at(point)
        if link:
            menu.addAction(self.tr("Copy Link"), lambda: self._copy_text(link))
        hit = self._pointer.hit(point)
        if hit is not None:
            row = hit.item.row
            menu.addAction(self.tr("Copy Message"), lambda: self.copy_message(row))
        menu.addSeparator()
        menu.addAction(self.tr("Select All"), self.select_all)
        return menu

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._show_tool_tip(event.pos(), event.globalPos())
            return True
        return super().viewportEvent(event)

    def _show_tool_tip(self, point: QPoint, global_point: QPoint) -> None:
        text = self.tool_tip_at(QPointF(point))
        if text:
            QToolTip.showText(global_point, text, self.viewport())
        else:
            QToolTip.hideText()

    def tool_tip_at(self, point: QPointF) -> str:
        """What a tool tip says at a point of the viewport: where a link leads, or about a token."""
        link = self._pointer.link_at(point)
        if link:
            return self.tr("Opens {host}").format(host=host_of(link))
        hit = self._pointer.hit(point) if self.column.colours else None
        if hit is None:
            return ""
        offset = hit.block.message_offset(hit.block.exact_position_at(hit.point))
        return self._token_text(hit.item.row, offset) if offset is not None else ""

    def _token_text(self, row: int, offset: int) -> str:
        token = self.column.items[row].tokens.at(offset)
        if token is None or self._model is None:
            return ""
        report = self._model.message(row).report
        run_lengths = report.run_lengths if report is not None else ()
        known = token.step < len(run_lengths)
        run = run_lengths[token.step] if known else token.run_length
        origin = self.tr("accepted draft token") if token.accepted else self.tr("main model")
        return self.tr("Step {step}, {origin}\nTokens in this step: {run}").format(
            step=token.step, origin=origin, run=run
        )

    def _copy_text(self, text: str) -> None:
        if text:
            QGuiApplication.clipboard().setText(text)
            self.copied.emit()

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.FocusOut and self._painter.focused_row is not None:
            self._painter.focused_row = None
            self.viewport().update()
        return super().event(event)
