"""What a screen reader is told: the chat is a list, each message an item that reads back who said
what. Qt owns the interfaces; this module keeps their Python halves until Qt has deleted them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import ref

import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, QPoint, QRect
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAccessibleInterface,
    QWindow,
)
from PySide6.QtWidgets import QAccessibleWidget

from app.chat_view.attached import spoken_text
from app.chat_view.message_item import MessageItem
from app.chat_view.painter import role_label
from app.chat_view.step_strip import describe_runs

if TYPE_CHECKING:
    from app.chat_view.view import ChatView


_kept: list[QAccessibleInterface] = []


def _register(interface: QAccessibleInterface) -> int:
    """Give an interface to Qt, which deletes it; Python must not do so before."""
    _kept[:] = [kept for kept in _kept if shiboken6.isValid(kept)]
    _kept.append(interface)
    return QAccessible.registerAccessibleInterface(interface)


def _release(identifiers: list[int]) -> None:
    for identifier in identifiers:
        QAccessible.deleteAccessibleInterface(identifier)


class _MessageAccessible(QAccessibleInterface):
    """One message as a list item."""

    def __init__(self, view: ChatView, row: int) -> None:
        super().__init__()
        self._view = ref(view)
        self._row = row

    def _living_view(self) -> ChatView | None:
        view = self._view()
        return view if view is not None and shiboken6.isValid(view) else None

    def _item(self) -> MessageItem | None:
        view = self._living_view()
        if view is None or self._row >= len(view.column.items):
            return None
        return view.column.items[self._row]

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
        view = self._living_view()
        if view is not None and view.focused_row == self._row:
            state.focused = True
        return state

    def text(self, kind: QAccessible.Text) -> str:
        item = self._item()
        if item is None:
            return ""
        match kind:
            case QAccessible.Text.Name:
                text = item.model.text(item.row)
                return f"{role_label(item.role)}: {spoken_text(text) if item.is_user else text}"
            case QAccessible.Text.Description:
                report = item.model.report(item.row)
                runs = describe_runs(report) if item.strip_height and report is not None else ""
                lines = (item.model.notice(item.row), item.model.footer(item.row), runs)
                return "\n".join(line for line in lines if line)
        return ""

    def setText(self, kind: QAccessible.Text, text: str) -> None:  # noqa: N802
        """Messages cannot be changed."""

    def rect(self) -> QRect:
        view = self._living_view()
        if view is None or self._item() is None:
            return QRect()
        rect = view.message_rect(self._row)
        return rect.translated(view.viewport().mapToGlobal(QPoint(0, 0)))

    def parent(self) -> QAccessibleInterface | None:  # type: ignore[override]
        view = self._living_view()
        return QAccessible.queryAccessibleInterface(view) if view is not None else None

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
        view = self._living_view()
        return view.window().windowHandle() if view is not None else None


class _ChatAccessible(QAccessibleWidget):
    """The chat as a list of messages, followed by its real child widgets (buttons, scroll bar)."""

    def __init__(self, view: ChatView) -> None:
        super().__init__(view, QAccessible.Role.List, "")
        self._view = ref(view)
        self._messages: dict[int, _MessageAccessible] = {}
        self.identifiers: list[int] = []
        """Of the messages, in Qt's cache."""

    def _message_count(self) -> int:
        view = self._view()
        return len(view.column.items) if view is not None and shiboken6.isValid(view) else 0

    def childCount(self) -> int:
        return self._message_count() + super().childCount()

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        count = self._message_count()
        view = self._view()
        if view is None or not 0 <= index < count:
            return super().child(index - count)
        message = self._messages.get(index)
        if message is None:
            message = self._messages[index] = _MessageAccessible(view, index)
            self.identifiers.append(_register(message))
        return message

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        view = self._view()
        if view is None or not self._message_count():
            return super().childAt(x, y)
        point = view.viewport().mapFromGlobal(QPoint(x, y))
        if not view.viewport().rect().contains(point):
            return super().childAt(x, y)
        return self.child(view.column.row_at(point.y() + view.verticalScrollBar().value()))

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        for index, message in self._messages.items():
            if message is child:
                return index
        inner = super().indexOfChild(child)
        return inner if inner < 0 else inner + self._message_count()


class ChatAccessibility(QObject):
    """Stands for a view towards assistive technology as long as it lives.

    WORKAROUND: Qt's interface factories are of no use from Python. Once one is installed, Qt calls
    it for widgets whose constructors still run, and their second wrappers are freed twice. So the
    interface is registered for the finished view, and again when Qt has forgotten it because
    the dynamic meta object of the view has changed.
    """

    def __init__(self, view: ChatView) -> None:
        super().__init__(view)
        self._view = ref(view)

    def register(self) -> None:
        """Make sure that Qt describes the view by our interface."""
        view = self._view()
        known = QAccessible.queryAccessibleInterface(view) if view is not None else None
        if view is None or isinstance(known, _ChatAccessible):
            return
        if known is not None:
            QAccessible.deleteAccessibleInterface(QAccessible.uniqueId(known))
        interface = _ChatAccessible(view)
        _register(interface)
        identifiers = interface.identifiers
        view.destroyed.connect(lambda: _release(identifiers))


def announce_finished(view: ChatView, item: MessageItem) -> None:
    """Let a screen reader say that an answer has ended; it does not read each token."""
    if not QAccessible.isActive():
        return
    text = QCoreApplication.translate("ChatView", "Answer finished")
    notice = item.model.notice(item.row)
    message = f"{text}. {notice}" if notice else text
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(view, message))
