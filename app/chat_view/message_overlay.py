"""Which message has its action buttons shown, where they stand, and the version switches.
The actions come from a provider; what was chosen is only announced."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeySequence
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from app.chat_view import style as measures
from app.chat_view.attachment_block import folding_label
from app.chat_view.message_actions import ActionProvider, MessageAction, find_by_shortcut
from app.chat_view.message_bar import (
    BAR_HEIGHT,
    MessageBar,
    VersionSwitch,
    fill_menu,
    switch_width,
)
from app.chat_view.message_item import MessageItem
from app.chat_view.style import Style

if TYPE_CHECKING:
    from app.chat_view.view import ChatView

BAR_GAP = 8
"""Pixels between the figures of an answer and its buttons."""


class MessageOverlay(QObject):
    """One bar for the message under the mouse or with the focus ring; a switch for each message
    that has versions."""

    action_triggered = Signal(int, str)
    version_requested = Signal(int, int)

    def __init__(self, view: ChatView) -> None:
        super().__init__(view)
        self._view = view
        self._provider: ActionProvider | None = None
        self._mouse: QPointF | None = None
        self._row: int | None = None
        self.bar = MessageBar(view.viewport())
        self._switches: list[VersionSwitch] = []
        self._switch_rows: list[int] = []
        self.bar.triggered.connect(self._triggered)
        self.bar.left.connect(view.setFocus)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._focus_changed)

    @property
    def row(self) -> int | None:
        """The message whose buttons are shown."""
        return self._row if not self.bar.isHidden() else None

    @property
    def switches(self) -> list[VersionSwitch]:
        """Version switches in use, from top to bottom."""
        return [switch for switch in self._switches if not switch.isHidden()]

    def covered(self, row: int) -> int:
        """Pixels at the right end of the line below an answer that its buttons stand on."""
        hides = row == self.row and not self._view.column.items[row].is_user
        return self.bar.width() + BAR_GAP if hides else 0

    def set_provider(self, provider: ActionProvider | None) -> None:
        """Ask another provider for actions from now on."""
        self._provider = provider
        self.refresh()

    def set_style(self, style: Style) -> None:
        """Take the colours of a style."""
        self.bar.set_style(style)
        for switch in self._switches:
            switch.set_style(style)

    def actions_of(self, row: int) -> Sequence[MessageAction]:
        """What can be done with a message now."""
        return self._provider(row) if self._provider is not None else ()

    def hover(self, point: QPointF | None) -> None:
        """The mouse is at a point of the viewport, or has left it."""
        self._mouse = point
        self._choose()

    def refresh(self, row: int | None = None) -> None:
        """Actions may have changed: of one message, or of all."""
        if row is None or row == self._row:
            self._row = None
            self._choose()

    def arrange(self) -> None:
        """The layout or the scroll position has changed."""
        self._choose()
        self._place_switches()

    def trigger_shortcut(self, keys: QKeySequence) -> bool:
        """Do what a key sequence stands for on the message with the focus ring."""
        row = self._view.focused_row
        if row is None:
            return False
        portable = keys.toString(QKeySequence.SequenceFormat.PortableText)
        action = find_by_shortcut(self.actions_of(row), portable)
        if action is not None:
            self.action_triggered.emit(row, action.id)
        return action is not None

    def fill_menu(self, menu: QMenu, row: int) -> bool:
        """Add the actions of a message to a menu; False when it has none."""
        actions = self.actions_of(row)
        fill_menu(menu, actions, lambda name: self.action_triggered.emit(row, name))
        return bool(actions)

    def open_menu(self, row: int) -> bool:
        """Open the menu of a message beside it; False when it has no actions."""
        menu = QMenu(self._view)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._add_thinking(menu, row)
        self.add_attachments(menu, row)
        self._add_steps(menu, row)
        if not self.fill_menu(menu, row):
            menu.deleteLater()
            return False
        rect = self._view.message_rect(row).intersected(self._view.viewport().rect())
        menu.popup(self._view.viewport().mapToGlobal(rect.topLeft() + QPoint(8, 24)))
        menu.setActiveAction(menu.actions()[0])
        return True

    def focus_bar(self) -> bool:
        """Move the keyboard to the first button; False when there is none."""
        usable = [button for button in self.bar.buttons if button.isEnabled()]
        if self.bar.isHidden() or not usable:
            return False
        usable[0].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def owns(self, widget: QWidget | None) -> bool:
        """Whether a widget belongs to the bar."""
        return widget is not None and (widget is self.bar or self.bar.isAncestorOf(widget))

    def _add_thinking(self, menu: QMenu, row: int) -> None:
        item = self._view.column.parsed(row)
        if item.has_thinking:
            text = self.tr("Hide thinking") if item.thinking_open else self.tr("Show thinking")
            menu.addAction(text, lambda: self._view.toggle_thinking(row))

    def add_attachments(self, menu: QMenu, row: int) -> None:
        """Add a way to show or hide each attached text of a message."""
        for block in self._view.column.parsed(row).attachments:
            attached = block.attached
            menu.addAction(
                folding_label(attached, is_unfolded=block.is_unfolded),
                partial(self._view.toggle_attachment, row, attached.offset),
            )

    def _add_steps(self, menu: QMenu, row: int) -> None:
        if self._view.steps.can_walk(row):
            menu.addAction(self.tr("Go through the steps"), lambda: self._view.walk_steps(row))

    def _triggered(self, name: str) -> None:
        if self._row is not None:
            self.action_triggered.emit(self._row, name)

    def _focus_changed(self, before: QWidget | None, now: QWidget | None) -> None:
        if self.owns(before) and not self.owns(now) and now is not self._view:
            self._view.clear_focused_message()

    def _choose(self) -> None:
        """Show the bar at the message with the ring, else at the one under the mouse."""
        row = self._wanted_row()
        if row != self._row:
            self._row = row
            self.bar.set_actions(self.actions_of(row) if row is not None else ())
            self._view.viewport().update()
        if row is None or not self.bar.actions_shown:
            self.bar.hide()
            return
        self._place(self.bar, self._view.column.items[row])
        self.bar.show()

    def _wanted_row(self) -> int | None:
        count = len(self._view.column.items)
        row = self._view.focused_row
        if row is None and self._mouse is not None and count:
            y = int(self._mouse.y()) + self._view.verticalScrollBar().value()
            row = self._view.column.row_at(y)
            if y >= self._view.column.height:
                row = None
        return row if row is not None and row < count else None

    def _place(self, widget: QWidget, item: MessageItem) -> None:
        rect = self._view.message_rect(item.row)
        x = rect.right() - widget.width() + 1
        if item.is_user and item.model.versions(item.row).count > 1:
            x -= switch_width(self._view.column.style)
        widget.move(x, self._line_top(item))

    def _line_top(self, item: MessageItem) -> int:
        """Where widgets of the line below a message start, in viewport pixels."""
        end = self._view.message_rect(item.row).bottom() + 1 - measures.MESSAGE_GAP
        if not item.has_line_below:
            return end
        height = QFontMetrics(self._view.column.style.small_font).height()
        return end - (height + BAR_HEIGHT) // 2

    def _place_switches(self) -> None:
        view = self._view
        scroll, height = view.verticalScrollBar().value(), view.viewport().height()
        shown = [
            item
            for item in view.column.visible_items(scroll, scroll + height)
            if item.model.versions(item.row).count > 1
        ]
        while len(self._switches) < len(shown):
            self._switches.append(self._new_switch(len(self._switches)))
        self._switch_rows = [item.row for item in shown]
        for switch, item in zip(self._switches, shown, strict=False):
            switch.set_versions(item.model.versions(item.row))
            rect = view.message_rect(item.row)
            x = rect.right() + 1 - switch.width() if item.is_user else rect.left()
            switch.move(x, self._line_top(item))
            switch.show()
        for switch in self._switches[len(shown) :]:
            switch.hide()

    def _new_switch(self, index: int) -> VersionSwitch:
        switch = VersionSwitch(self._view.viewport())
        switch.set_style(self._view.column.style)
        switch.wanted.connect(
            lambda version: self.version_requested.emit(self._switch_rows[index], version)
        )
        return switch
