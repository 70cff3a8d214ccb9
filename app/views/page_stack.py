"""The pages of the window: the chat and what fills its place. Made when first shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.palette import Palette

CHAT_PAGE = "chat"


class Page(Protocol):
    """What a page offers besides being a QWidget."""

    def apply_palette(self, palette: Palette) -> None:
        """Take the colours of a theme."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PageEntry:
    """One page besides the chat, with its place at the foot of the sidebar."""

    key: str
    label: str
    """Translated."""
    icon: str
    make: Callable[[], QWidget]
    """Called once, when the page is first shown; the widget offers `apply_palette`."""


class PageStack(QStackedWidget):
    """`page_changed(key)` when another page came to the front."""

    page_changed = Signal(str)

    def __init__(self, chat: QWidget, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._palette = palette
        self._pages: dict[str, QWidget] = {CHAT_PAGE: chat}
        self._entries: dict[str, PageEntry] = {}
        self._current = CHAT_PAGE
        self.addWidget(chat)

    @property
    def current(self) -> str:
        """Key of the page in front."""
        return self._current

    @property
    def entries(self) -> tuple[PageEntry, ...]:
        """The pages besides the chat."""
        return tuple(self._entries.values())

    def register(self, entry: PageEntry) -> None:
        """Make a page known; nothing is built yet."""
        self._entries[entry.key] = entry

    def page(self, key: str) -> QWidget | None:
        """The widget of a page, None when it was never shown."""
        return self._pages.get(key)

    def show_page(self, key: str) -> QWidget:
        """Bring a page to the front, building it the first time."""
        if key not in self._pages:
            widget = self._entries[key].make()
            self._pages[key] = widget
            self.addWidget(widget)
            _dress(widget, self._palette)
        widget = self._pages[key]
        if key != self._current:
            self._current = key
            self.setCurrentWidget(widget)
            self.page_changed.emit(key)
        return widget

    def retell(self, words: Callable[[str], str]) -> None:
        """Name the pages in another language."""
        for key, entry in self._entries.items():
            self._entries[key] = replace(entry, label=words(entry.label))

    def apply_palette(self, palette: Palette) -> None:
        """Hand the colours of a theme to the pages there are (not to the chat's parts)."""
        self._palette = palette
        for key, widget in self._pages.items():
            if key != CHAT_PAGE:
                _dress(widget, palette)


def _dress(page: Page | QWidget, palette: Palette) -> None:
    page.apply_palette(palette)  # type: ignore[union-attr]
