"""What a screen reader is told: the chat is a list, each message an item that reads back who said
what. Interfaces made in Python are kept here for as long as their view lives."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, QPoint, QRect
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAccessibleInterface,
    QWindow,
)
from PySide6.QtWidgets import QAccessibleWidget, QWidget

from app.chat_view.message_item import MessageItem
from app.chat_view.painter import role_label

if TYPE_CHECKING:
    from app.chat_view.view import ChatView


class _MessageAccessible(QAccessibleInterface):
    """One message as a list item."""

    def __init__(self, view: ChatView, row: int) -> None:
        super().__init__()
        self._view = view
        self._row = row

    def _item(self) -> MessageItem | None:
        if not shiboken6.isValid(self._view):
            return None
        items = self._view.column.items
        return items[self._row] if self._row < len(items) else None

    def isValid(self) -> bool:
        return self._item() is not None

    def object(self) -> QObject | None:  # type: ignore[override]
        return None

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.ListItem

    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        state.readOnly = True
        state.focusable = True
        if self.isValid() and self._view.focused_row == self._row:
            state.focused = True
        return state

    def text(self, kind: QAccessible.Text) -> str:
        item = self._item()
        if item is None:
            return ""
        match kind:
            case QAccessible.Text.Name:
                return f"{role_label(item.role)}: {item.model.message(item.row).text}"
            case QAccessible.Text.Description:
                lines = (item.model.notice(item.row), item.model.footer(item.row))
                return "\n".join(line for line in lines if line)
        return ""

    def setText(self, kind: QAccessible.Text, text: str) -> None:  # noqa: N802
        """Messages cannot be changed."""

    def rect(self) -> QRect:
        if self._item() is None:
            return QRect()
        rect = self._view.message_rect(self._row)
        return rect.translated(self._view.viewport().mapToGlobal(QPoint(0, 0)))

    def parent(self) -> QAccessibleInterface | None:  # type: ignore[override]
        if not shiboken6.isValid(self._view):
            return None
        return QAccessible.queryAccessibleInterface(self._view)

    def childCount(self) -> int:
        return 0

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        del index
        return None

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        del x, y
        return None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        del child
        return -1

    def window(self) -> QWindow | None:  # type: ignore[override]
        return self._view.window().windowHandle() if self.isValid() else None


class _ChatAccessible(QAccessibleWidget):
    """The chat as a list of messages, followed by its real child widgets (buttons, scroll bar)."""

    def __init__(self, view: ChatView) -> None:
        super().__init__(view, QAccessible.Role.List, "")
        self._view = view
        self._messages: dict[int, _MessageAccessible] = {}

    def _message_count(self) -> int:
        return len(self._view.column.items) if shiboken6.isValid(self._view) else 0

    def childCount(self) -> int:
        return self._message_count() + super().childCount()

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        count = self._message_count()
        if not 0 <= index < count:
            return super().child(index - count)
        message = self._messages.get(index)
        if message is None:
            message = self._messages[index] = _MessageAccessible(self._view, index)
            QAccessible.registerAccessibleInterface(message)
        return message

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        column = self._view.column
        point = self._view.viewport().mapFromGlobal(QPoint(x, y))
        if not self._view.viewport().rect().contains(point) or not column.items:
            return super().childAt(x, y)
        return self.child(column.row_at(point.y() + self._view.verticalScrollBar().value()))

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        for index, message in self._messages.items():
            if message is child:
                return index
        inner = super().indexOfChild(child)
        return inner if inner < 0 else inner + self._message_count()

    def release(self) -> None:
        """Take the messages out of Qt's cache; the view is going away."""
        messages, self._messages = self._messages, {}
        for message in messages.values():
            if shiboken6.isValid(message):
                QAccessible.deleteAccessibleInterface(QAccessible.uniqueId(message))


class _Factory:
    """Makes and keeps the interfaces of chat views."""

    def __init__(self, view_class: type[QWidget]) -> None:
        self._view_class = view_class
        self._kept: list[_ChatAccessible] = []

    def __call__(self, key: str, target: QObject) -> QAccessibleInterface | None:
        del key
        if not isinstance(target, self._view_class):
            return None
        self._kept = [kept for kept in self._kept if shiboken6.isValid(kept)]
        interface = _ChatAccessible(cast("ChatView", target))
        self._kept.append(interface)
        target.destroyed.connect(interface.release)
        return interface


_installed: set[type[QWidget]] = set()


def install_accessibility(view_class: type[QWidget]) -> None:
    """Tell Qt how to describe views of a class. Installing again does nothing."""
    if view_class not in _installed:
        _installed.add(view_class)
        QAccessible.installFactory(_Factory(view_class))


def announce_finished(view: ChatView, item: MessageItem) -> None:
    """Let a screen reader say that an answer has ended; it does not read each token."""
    if not QAccessible.isActive():
        return
    text = QCoreApplication.translate("ChatView", "Answer finished")
    notice = item.model.notice(item.row)
    message = f"{text}. {notice}" if notice else text
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(view, message))
