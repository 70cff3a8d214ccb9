"""Keys of the chat view: moving between messages, scrolling, copying, folding."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from app.chat_view.code_block import CodeBlock
from app.chat_view.table_block import TableBlock

if TYPE_CHECKING:
    from app.chat_view.view import ChatView

LINE_STEP = 40
PAGE_OF_STEPS = 10
ALL_STEPS = 1 << 30
COPY_MARKDOWN = QKeySequence("Ctrl+Shift+C")

Action = Callable[[], None]


class ChatKeys:
    """Turns key presses into actions of a view."""

    def __init__(self, view: ChatView) -> None:
        self._view = view
        key = Qt.Key
        self._plain: dict[Qt.Key, Action] = {
            key.Key_PageUp: lambda: view.scroll_by(-self._page()),
            key.Key_PageDown: lambda: view.scroll_by(self._page()),
            key.Key_Home: lambda: view.verticalScrollBar().setValue(0),
            key.Key_End: view.scroll_to_bottom,
            key.Key_Up: lambda: self._step(-1),
            key.Key_Down: lambda: self._step(1),
            key.Key_Left: lambda: self._scroll_sideways(-LINE_STEP),
            key.Key_Right: lambda: self._scroll_sideways(LINE_STEP),
            key.Key_Return: self._open_menu,
            key.Key_Enter: self._open_menu,
            key.Key_Space: self._toggle_folded,
            key.Key_C: self._copy_message,
            key.Key_S: self._walk_steps,
        }
        self._walking: dict[Qt.Key, Action] = {
            key.Key_Left: lambda: view.steps.move(-1),
            key.Key_Right: lambda: view.steps.move(1),
            key.Key_PageUp: lambda: view.steps.move(-PAGE_OF_STEPS),
            key.Key_PageDown: lambda: view.steps.move(PAGE_OF_STEPS),
            key.Key_Home: lambda: view.steps.move(-ALL_STEPS),
            key.Key_End: lambda: view.steps.move(ALL_STEPS),
        }

    def press(self, event: QKeyEvent) -> bool:
        """Do what a key stands for; False when it stands for nothing here."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self._view.copy()
        elif QKeySequence(event.keyCombination()) == COPY_MARKDOWN:
            self._view.copy_markdown()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self._view.select_all()
        elif event.matches(QKeySequence.StandardKey.Find):
            self._view.finding.open()
        elif event.matches(QKeySequence.StandardKey.FindNext) and self._view.finding.is_open:
            self._view.finding.step(1)
        elif event.matches(QKeySequence.StandardKey.FindPrevious) and self._view.finding.is_open:
            self._view.finding.step(-1)
        elif self._view.messages.trigger_shortcut(QKeySequence(event.keyCombination())):
            return True
        else:
            return self._press_plain(event)
        return True

    def _press_plain(self, event: QKeyEvent) -> bool:
        if Qt.Key(event.key()) is Qt.Key.Key_Escape:
            return self._escape()
        plain = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        action = self._plain.get(Qt.Key(event.key()))
        if self._view.steps.is_walking:
            action = self._walking.get(Qt.Key(event.key()), action)
        if action is None or event.modifiers() not in plain:
            return False
        action()
        return True

    def _escape(self) -> bool:
        """Close what is open over the chat; False when nothing is."""
        if self._view.finding.is_open:
            self._view.finding.close()
            return True
        return self._view.clear_marks()

    def _page(self) -> int:
        return max(LINE_STEP, self._view.viewport().height() - LINE_STEP)

    def _step(self, direction: int) -> None:
        """To the next message; inside one that is higher than the view, scroll first."""
        view = self._view
        height = view.viewport().height()
        row = view.focused_row
        if row is None:
            view.focus_message(view.column.row_at(view.verticalScrollBar().value() + height))
            return
        rect = view.message_rect(row)
        more_below = direction > 0 and rect.bottom() > height + LINE_STEP
        more_above = direction < 0 and rect.top() < -LINE_STEP
        if more_below or more_above:
            view.scroll_by(direction * height // 2)
        else:
            view.focus_message(row + direction)

    def _open_menu(self) -> None:
        row = self._view.focused_row
        if row is not None and not self._view.messages.open_menu(row):
            self._toggle_folded()

    def _toggle_folded(self) -> None:
        """Thinking, or all attached texts: to the other state than the first of them."""
        row = self._view.focused_row
        if row is None:
            return
        item = self._view.column.parsed(row)
        if item.has_thinking:
            self._view.toggle_thinking(row)
        wanted = {block.is_unfolded for block in item.attachments[:1]}
        for block in item.attachments:
            if block.is_unfolded in wanted:
                self._view.toggle_attachment(row, block.attached.offset)

    def _walk_steps(self) -> None:
        """Through the steps of the message with the ring, else of the lowest answer in sight."""
        view = self._view
        top = view.verticalScrollBar().value()
        seen = view.column.visible_items(top, top + view.viewport().height())
        rows = [view.focused_row, *reversed([item.row for item in seen])]
        walkable = (row for row in rows if row is not None and view.steps.can_walk(row))
        row = next(walkable, None)
        if row is not None:
            view.walk_steps(row)

    def _copy_message(self) -> None:
        if self._view.focused_row is not None:
            self._view.copy_message(self._view.focused_row)

    def _scroll_sideways(self, pixels: int) -> None:
        row = self._view.focused_row
        if row is None:
            return
        blocks = self._view.column.items[row].blocks
        # The pieces of one table, or of one code, scroll as one.
        wide = {
            id(block.sideways): block
            for block in blocks
            if isinstance(block, CodeBlock | TableBlock)
        }
        scrolled = [block.scroll_by(pixels) for block in wide.values()]
        if any(scrolled):
            self._view.viewport().update()
