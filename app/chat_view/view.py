"""The chat: a self-painted, virtualised list of messages. It shows a `TranscriptModel` and knows
no engine."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from app.chat_view.accessibility import ChatAccessibility, announce_finished
from app.chat_view.details import ChatDetails
from app.chat_view.find import ChatFind
from app.chat_view.keyboard import ChatKeys
from app.chat_view.marked_canvas import MarkedCanvas
from app.chat_view.message_actions import ActionProvider
from app.chat_view.message_overlay import MessageOverlay
from app.chat_view.pointer import ChatPointer
from app.chat_view.step_walk import StepWalk
from app.chat_view.style import Style
from app.viewmodels.transcript_model import TranscriptModel


class ChatView(MarkedCanvas):
    """Shows messages; only those near the viewport cost anything.

    `link_activated(url)` is for the window to open: only http, https and mailto.
    `action_triggered(row, id)` follows the choice of an action that `set_actions` has offered,
    `version_requested(row, index)` a click on the switch between versions.
    """

    link_activated = Signal(str)
    action_triggered = Signal(int, str)
    version_requested = Signal(int, int)

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(style, parent)
        self._model: TranscriptModel | None = None
        self._live_rows: set[int] = set()
        self._pointer = ChatPointer(self.column, self.selection, self)
        self._keys = ChatKeys(self)
        self.messages = MessageOverlay(self)
        self.messages.set_style(style)
        self.finding = ChatFind(self)
        self.finding.set_style(style)
        self.details = ChatDetails(self, self._pointer)
        self.steps = StepWalk(self, self._painter.strips)
        self._painter.chosen_bar = self._chosen_bar
        self._painter.covered = self.messages.covered
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Chat messages"))
        self.setAccessibleDescription(
            self.tr(
                "Up and Down move between messages, C copies one, Enter opens its menu,"
                " Space unfolds thinking and attached texts, S goes through the verify steps"
            )
        )
        self.viewport().setMouseTracking(True)
        self.arranged.connect(self._tell_pointer)
        self._pointer.selection_changed.connect(self.viewport().update)
        self._pointer.link_clicked.connect(self.link_activated)
        self._pointer.thinking_clicked.connect(self.toggle_thinking)
        self._pointer.attachment_clicked.connect(self.toggle_attachment)
        self._pointer.scroll_wanted.connect(self.scroll_by)
        self.arranged.connect(self.messages.arrange)
        self.ring_moved.connect(self._ring_moved)
        self.messages.action_triggered.connect(self.action_triggered)
        self.messages.version_requested.connect(self.version_requested)
        self._accessibility = ChatAccessibility(self)
        self._accessibility.register()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._accessibility.register()

    def set_model(self, model: TranscriptModel) -> None:
        """Show another model."""
        if self._model is not None:
            self._model.disconnect(self)
        self._model = model
        model.text_flushed.connect(self._text_flushed)
        model.message_changed.connect(self._row_changed)
        model.rowsInserted.connect(self._rows_inserted)
        model.rowsRemoved.connect(self._rows_removed)
        model.modelReset.connect(self._reset)
        self._accessibility.register()
        self._reset()

    def set_actions(self, provider: ActionProvider | None) -> None:
        """Offer actions for messages: `provider(row)` says which, None takes them away."""
        self.messages.set_provider(provider)

    def refresh_actions(self) -> None:
        """Ask the provider again: what it offers has changed."""
        self.messages.refresh()

    def set_style(self, style: Style) -> None:
        super().set_style(style)
        self.messages.set_style(style)
        self.messages.arrange()
        self.finding.set_style(style)

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

    def message_text(self, row: int) -> str:
        """A whole message as it is drawn, without markup."""
        with self._keeping_place():
            return self.selection.message_text(row)

    def select_all(self) -> None:
        """Select every message."""
        with self._keeping_place():
            self.selection.select_all()

    def toggle_thinking(self, row: int) -> None:
        """Fold or unfold the thinking of a message."""
        with self._keeping_place():
            self.column.toggle_thinking(row)

    def toggle_attachment(self, row: int, offset: int) -> None:
        """Fold or unfold the attached text that starts at an offset of a message."""
        with self._keeping_place():
            self.column.toggle_attachment(row, offset)

    def walk_steps(self, row: int) -> bool:
        """Go through the verify steps of an answer with the arrow keys; False without a strip."""
        self.setFocus()
        self.focus_message(row)
        return self.steps.begin(row)

    def clear_marks(self) -> bool:
        had_bar = self.steps.end()
        return super().clear_marks() or had_bar

    def _ring_moved(self) -> None:
        self.messages.arrange()
        chosen, row = self.steps.chosen, self.focused_row
        if chosen is not None and row is not None and chosen.row != row:
            self.clear_marks()

    def _chosen_bar(self, row: int) -> int | None:
        chosen = self.steps.chosen
        return chosen.index if chosen is not None and chosen.row == row else None

    @property
    def model(self) -> TranscriptModel | None:
        """What is shown."""
        return self._model

    def _reset(self) -> None:
        assert self._model is not None
        self.selection.clear()
        self._painter.focused_row = None
        self._painter.marks.clear()
        self.steps.end()
        self._live_rows.clear()
        self.column.reset(self._model)
        self._follow = True
        self._refresh()
        self.finding.text_changed()

    def _rows_inserted(self, _parent: object, first: int, last: int) -> None:
        assert self._model is not None
        with self._keeping_place():
            for row in range(first, last + 1):
                self.column.append(self._model, row)
                if self.column.items[row].is_live:
                    self._live_rows.add(row)
        self.finding.text_changed()

    def _rows_removed(self, _parent: object, first: int, last: int) -> None:
        count = last - first + 1
        self.selection.clear()
        self._painter.focused_row = None
        self._painter.marks.clear()
        self.steps.end()
        kept = {row for row in self._live_rows if not first <= row <= last}
        self._live_rows = {row - count if row > last else row for row in kept}
        with self._keeping_place():
            self.column.remove(first, last)
        self.messages.refresh()
        self.finding.text_changed()

    def _text_flushed(self, row: int) -> None:
        self.finding.text_changed()
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
        self.messages.refresh(row)
        self.finding.text_changed()

    def _tell_pointer(self) -> None:
        bar, height = self.verticalScrollBar(), self.viewport().height()
        self._pointer.set_view(left=self._left(), scroll=bar.value(), height=height)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.clear_focused_message()
            self.clear_marks()
            if not self.steps.click(event.position()):
                self._pointer.press(event)
            self.viewport().update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._pointer.double_click(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer.move(event)
        if event.buttons() == Qt.MouseButton.NoButton:
            self.messages.hover(event.position())
            shape = self._pointer.cursor_shape(event.position())
            if self.steps.bar_at(event.position()) is not None:
                shape = Qt.CursorShape.PointingHandCursor
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.finding.place()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.details.menu(QPointF(event.pos())).popup(event.globalPos())

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self.details.show_tool_tip(event.pos(), event.globalPos())
            return True
        if event.type() is QEvent.Type.Leave:
            self.messages.hover(None)
        return super().viewportEvent(event)

    def event(self, event: QEvent) -> bool:
        is_leaving = event.type() is QEvent.Type.FocusOut
        if is_leaving and not self.messages.owns(QApplication.focusWidget()):
            self.clear_focused_message()
        return super().event(event)

    def focusNextPrevChild(self, forwards: bool) -> bool:
        into_bar = forwards and self.hasFocus() and self.focused_row is not None
        return (into_bar and self.messages.focus_bar()) or super().focusNextPrevChild(forwards)
