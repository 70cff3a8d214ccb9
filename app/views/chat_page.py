"""The middle of the window: greeting or chat, a banner when something is wrong, the composer."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.palette import Palette
from app.views.banner import Banner
from app.views.composer import Composer
from app.views.empty_state import EmptyState
from app.views.focus_heir import FocusHeir

COMPOSER_WIDTH = 760


class ChatPage(QFrame):
    """Puts the parts in their places and switches between greeting and chat.

    The chat itself comes with `set_chat`: a new window shows its greeting before it exists.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("chatPage")
        self.empty_state = EmptyState()
        self.banner = Banner()
        self.composer = Composer()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty_state)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self._foot())
        FocusHeir(self.banner, self.composer.edit)

    @property
    def shows_chat(self) -> bool:
        """Whether the chat is shown rather than the greeting."""
        return self._stack.currentWidget() is not self.empty_state

    def set_chat(self, chat: QWidget) -> None:
        """Take the view of the chat, once."""
        self._stack.addWidget(chat)

    def show_chat(self, on: bool) -> None:
        """Show the chat, or the greeting."""
        self._stack.setCurrentIndex(1 if on else 0)

    def add_above_composer(self, widget: QWidget) -> None:
        """Put a strip between banner and composer; it shows and hides itself."""
        self._column.insertWidget(self._column.count() - 1, widget)
        FocusHeir(widget, self.composer.edit)

    def apply_palette(self, palette: Palette) -> None:
        """Take the colours of a theme."""
        self.banner.apply_palette(palette)
        self.composer.apply_palette(palette)

    def _foot(self) -> QWidget:
        column = QWidget()
        column.setMaximumWidth(COMPOSER_WIDTH)
        inner = self._column = QVBoxLayout(column)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(8)
        inner.addWidget(self.banner)
        inner.addWidget(self.composer)
        foot = QWidget()
        layout = QHBoxLayout(foot)
        layout.setContentsMargins(24, 6, 24, 16)
        layout.addWidget(column, 1)
        layout.setAlignment(column, Qt.AlignmentFlag(0))
        return foot
