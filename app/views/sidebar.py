"""The column on the left: new chat above, the program's own entries at the foot."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.icons import icon
from app.palette import Palette
from app.views.labels import label

SIDEBAR_WIDTH = 248


class Sidebar(QFrame):
    """`new_chat_requested()`, `page_requested(key)`, `settings_requested()`, `about_requested()`.

    `body` is the place between "New chat" and the pages, for the list of chats.
    """

    new_chat_requested = Signal()
    page_requested = Signal(str)
    settings_requested = Signal()
    about_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidebar")
        self.setFixedWidth(SIDEBAR_WIDTH)
        self.new_chat = self._entry(self.tr("New chat"), role="newChat")
        self.new_chat.setToolTip(self.tr("New chat (Ctrl+N)"))
        self.settings = self._entry(self.tr("Settings"), role="side")
        self.settings.setToolTip(self.tr("Settings (Ctrl+,)"))
        self.about = self._entry(self.tr("About Slipstream"), role="side")
        self.body = QVBoxLayout()
        self._pages: dict[str, tuple[QPushButton, str]] = {}
        self._page_column = QVBoxLayout()
        self._palette: Palette | None = None
        self._mark = QLabel()
        self._build()
        self.new_chat.clicked.connect(self.new_chat_requested)
        self.settings.clicked.connect(self.settings_requested)
        self.about.clicked.connect(self.about_requested)

    def set_text_scale(self, scale: float) -> None:
        """Follow the size of text."""
        self.setFixedWidth(round(SIDEBAR_WIDTH * max(1.0, scale)))

    def add_page(self, key: str, text: str, icon_name: str) -> None:
        """Add an entry that asks for the page `key`; pressed again it goes back to the chat."""
        button = self._entry(text, role="side")
        button.setCheckable(True)
        button.clicked.connect(lambda checked: self.page_requested.emit(key if checked else "chat"))
        self._pages[key] = (button, icon_name)
        self._page_column.addWidget(button)
        if self._palette is not None:
            self._tint_pages(self._palette)

    def mark_page(self, key: str) -> None:
        """Show which page is in front."""
        for name, (button, _) in self._pages.items():
            button.setChecked(name == key)

    def apply_palette(self, palette: Palette) -> None:
        """Take the colours of a theme."""
        self._palette = palette
        self._tint_pages(palette)
        self.new_chat.setIcon(icon("square-pen", palette.text))
        self.settings.setIcon(icon("settings", palette.muted))
        self.about.setIcon(icon("info", palette.muted))
        mark = icon("app", palette.accent, size_px=22)
        self._mark.setPixmap(mark.pixmap(QSize(22, 22), self.devicePixelRatioF()))

    def _tint_pages(self, palette: Palette) -> None:
        for button, icon_name in self._pages.values():
            button.setIcon(icon(icon_name, palette.muted))

    def _entry(self, text: str, *, role: str) -> QPushButton:
        button = QPushButton(f" {text}")  # room between icon and text
        button.setProperty("role", role)
        button.setAccessibleName(text)
        button.setIconSize(QSize(17, 17))
        return button

    def _build(self) -> None:
        brand = QHBoxLayout()
        brand.setContentsMargins(8, 4, 0, 8)
        brand.setSpacing(8)
        brand.addWidget(self._mark)
        brand.addWidget(label("Slipstream", role="pair"), 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(8)
        layout.addLayout(brand)
        layout.addWidget(self.new_chat)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.addStretch(0)  # gives way to whatever is put into the body with a stretch
        layout.addLayout(self.body, 1)
        self._page_column.setSpacing(2)
        layout.addLayout(self._page_column)
        foot = QVBoxLayout()
        foot.setSpacing(2)
        foot.addWidget(self.settings)
        foot.addWidget(self.about)
        layout.addLayout(foot)
